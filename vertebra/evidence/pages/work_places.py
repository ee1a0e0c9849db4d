"""Whose work is where: projects, components, labels and teams of tools, and the units and areas they belong to."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from vertebra.accounts.audit import NothingChanges
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.evidence.actions.flow import map_each_place, map_places
from vertebra.evidence.forms.flow import BelongsForm, PlacesFileForm
from vertebra.evidence.labels import PlaceWay
from vertebra.evidence.models import WorkPlace
from vertebra.evidence.queries.flow import latest_run
from vertebra.evidence.queries.work_places import Line, Unfit, read_file, suggestions, work_places
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.kit.numbers import whole_number
from vertebra.org.models import Area, Unit
from vertebra.org.queries.care import Areas
from vertebra.org.queries.structure import Structure
from vertebra.sources.models import Source

MOST_BYTES = 2_000_000
MOST_TOLD = 20
BACK = reverse_lazy("evidence:trail-places")
HEADINGS = {
    "source": gettext_lazy("Source"),
    "way": gettext_lazy("What it is"),
    "value": gettext_lazy("Called in the tool"),
    "items": gettext_lazy("Work items"),
    "unit": gettext_lazy("Unit"),
    "area": gettext_lazy("Area"),
}


def _list(structure: Structure, areas: Areas) -> ListOf:
    def named(nodes: Any, number: int | None) -> str:
        node = nodes.get(number)
        return node.name if node else ""

    return ListOf(
        page="work-places",
        file_name="work-places",
        sort="items",
        columns=(
            Column("value", HEADINGS["value"], lambda row: row.value, sort="value"),
            Column("way", HEADINGS["way"], lambda row: str(PlaceWay(row.way).label)),
            Column("source", HEADINGS["source"], lambda row: row.source.name),
            Column("items", HEADINGS["items"], lambda row: row.count, sort="order", is_numeric=True),
            Column("unit", HEADINGS["unit"], lambda row: named(structure, row.unit_id)),
            Column("area", HEADINGS["area"], lambda row: named(areas, row.area_id)),
        ),
        filters=(
            Filter(
                "state", gettext_lazy("State"), lambda rows, value: rows.filter(is_mapped=value == "mapped"),
                lambda: [("open", gettext_lazy("not said yet")), ("mapped", gettext_lazy("said"))],
            ),
            Filter("way", HEADINGS["way"], lambda rows, value: rows.filter(way=value), lambda: PlaceWay.choices),
            Filter(
                "source", HEADINGS["source"], lambda rows, value: rows.filter(source=value),
                lambda: [
                    (str(pk), name)
                    for pk, name in Source.objects.filter(
                        pk__in=WorkPlace.objects.order_by().values("source")
                    ).order_by("name").values_list("pk", "name")
                ],
            ),
        ),
        search=lambda rows, text: rows.filter(value__icontains=text),
    )  # fmt: skip


@require_GET
@requires(Right.IMPORT)
def trail_places(request: PageRequest) -> HttpResponseBase:
    """The places of work: those nobody spoke of first, with the unit or area that is called alike."""
    today = clock.today()
    structure, areas = Structure.as_of(today, with_members=False), Areas.as_of(today)
    listing = _list(structure, areas).read(request, work_places())
    if listing.export:
        return listing.export
    alike = (
        suggestions(listing.rows, structure, areas) if any(not row.is_mapped for row in listing.rows) else {}
    )
    for row in listing.rows:
        row.label = str(PlaceWay(row.way).label)
        row.unit_node, row.area_node = structure.get(row.unit_id), areas.get(row.area_id)
        row.suggested = alike.get(row.pk)
    states = WorkPlace.objects.order_by().values_list("is_mapped", flat=True)
    context = {
        "listing": listing,
        "can_select": True,
        "open": sum(1 for is_mapped in states if not is_mapped),
        "form": BelongsForm(structure=structure, areas=areas),
        "file_form": PlacesFileForm(),
        "run": latest_run(),
    }
    return render(request, "evidence/work_places.html", context)


@require_POST
@requires(Right.IMPORT)
def trail_places_belong(request: PageRequest) -> HttpResponse:
    """Say whose work the ticked places are, or the one whose suggestion was taken; or that it is nobody's yet."""
    today = clock.today()
    structure, areas = Structure.as_of(today, with_members=False), Areas.as_of(today)
    form = BelongsForm(request.POST, structure=structure, areas=areas)
    kind, _sign, taken = request.POST.get("take", "").partition(":")
    number, _sign, one = taken.partition(":")
    chosen = [one] if one else request.POST.getlist("selected")
    numbers = [whole_number(text) for text in chosen[:1000]]
    places = list(WorkPlace.objects.filter(pk__in=[pk for pk in numbers if pk is not None]))
    unit, area = None, None
    if one:
        wanted = whole_number(number) or 0
        unit = Unit.objects.filter(pk=wanted).first() if kind == "unit" else None
        area = Area.objects.filter(pk=wanted).first() if kind == "area" else None
    elif request.POST.get("verb") != "clear":
        if not form.is_valid():
            messages.error(request, " ".join(str(error) for some in form.errors.values() for error in some))
            return HttpResponseRedirect(str(BACK))
        unit = Unit.objects.filter(pk=form.cleaned_data["unit"] or 0).first()
        area = Area.objects.filter(pk=form.cleaned_data["area"] or 0).first()
    if not places or (not (unit or area) and request.POST.get("verb") != "clear"):
        messages.error(request, _("Tick places first, and choose a unit or an area for them."))
        return HttpResponseRedirect(str(BACK))
    try:
        entry = map_places(actor=request.user, places=places, unit=unit, area=area, now=clock.now())
    except NothingChanges as refusal:
        messages.error(request, str(refusal))
    else:
        _told(request, entry.particulars["places"], entry.pk)
    return HttpResponseRedirect(str(BACK))


def _told(request: PageRequest, count: int, entry: int) -> None:
    text = ngettext(
        "%(count)d place is said; figures follow within minutes.",
        "%(count)d places are said; figures follow within minutes.",
        count,
    )
    messages.success(request, text % {"count": count}, extra_tags=f"undo:{entry}")


@require_POST
@requires(Right.IMPORT)
def trail_places_file(request: PageRequest) -> HttpResponse:
    """Say whose work is where by a file: all of its lines, or none."""
    form = PlacesFileForm(request.POST, request.FILES)
    if not form.is_valid() or form.cleaned_data["file"].size > MOST_BYTES:
        messages.error(request, _("Choose a CSV file of at most 2 MB: the list gives one to begin with."))
        return HttpResponseRedirect(str(BACK))
    today = clock.today()
    structure, areas = Structure.as_of(today, with_members=False), Areas.as_of(today)
    headings = {key: str(label) for key, label in HEADINGS.items()}
    read = list(read_file(form.cleaned_data["file"].read(), headings, structure, areas))
    if unfit := [one for one in read if isinstance(one, Unfit)]:
        messages.error(request, " ".join(_said(unfit)))
        return HttpResponseRedirect(str(BACK))
    lines = [one for one in read if isinstance(one, Line)]
    units = Unit.objects.in_bulk([one.unit for one in lines if one.unit])
    held = Area.objects.in_bulk([one.area for one in lines if one.area])
    wanted = {one.place: (units.get(one.unit or 0), held.get(one.area or 0)) for one in lines}
    try:
        entry = map_each_place(actor=request.user, wanted=wanted, now=clock.now())
    except NothingChanges as refusal:
        messages.error(request, str(refusal))
    else:
        _told(request, entry.particulars["places"], entry.pk)
    return HttpResponseRedirect(str(BACK))


def _said(unfit: list[Unfit]) -> Iterator[str]:
    """What is wrong with a file: nothing of it was taken."""
    yield _("Nothing was taken from the file.")
    for one in unfit[:MOST_TOLD]:
        yield _("Line %(line)d: %(what)s %(remedy)s") % {
            "line": one.line, "what": one.what, "remedy": one.remedy,
        }  # fmt: skip
