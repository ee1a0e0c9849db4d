"""Pages of areas, journeys and hand-overs: list, tree, matrix, each one, and what one does to it."""

from typing import Any, cast

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.accounts.together import discussion, saved_views
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.kit.numbers import whole_number
from vertebra.kit.text import fold
from vertebra.org.actions import areas as actions
from vertebra.org.forms.areas import AreaCloseForm, AreaForm, StepsForm
from vertebra.org.forms.together import remember_shown
from vertebra.org.labels import AreaKind
from vertebra.org.models import Area, AreaStep, AreaVersion, Ownership
from vertebra.org.pages.frame import Ask, answer, day_of, frame, suggest
from vertebra.org.queries.areas import area_versions, crossings, matrix, owners_by_name
from vertebra.org.queries.care import Areas, Owners
from vertebra.org.queries.structure import Structure
from vertebra.org.queries.units import mandates_of, spaces_beside

MOST_CHOICES = 60
MOST_INSIDE = 200
Rows = QuerySet[Any, Any]


@require_GET
@requires(Right.READ)
def area_list(request: PageRequest) -> HttpResponseBase:
    """List what the company takes care of, and who does."""
    day = day_of(request)
    areas, owners = Areas.as_of(day.date), Owners.as_of(day.date)
    structure = Structure.as_of(day.date, with_members=False)
    rows = AreaVersion.objects.as_of(day.date).select_related("area")
    views = saved_views(request.user, "areas", request.get_full_path())
    listing = _list_of(areas, owners, structure).read(request, rows, saved_views=views)
    if listing.export:
        return listing.export
    for row in listing.rows:
        row.kind_label = areas.nodes[row.area_id].kind_label
        row.above = " › ".join(node.name for node in areas.above(row.area_id))
        row.owners = [structure.nodes[u] for u in owners.of_area.get(row.area_id, ()) if u in structure.nodes]
    unowned = sum(1 for node in areas.nodes.values() if not node.children and not owners.of_area.get(node.id))
    context = {
        **frame(request, day, "areas"),
        "listing": listing,
        "total": len(areas.nodes),
        "unowned": unowned,
    }
    return render(request, "org/area_list.html", context)


def _list_of(areas: Areas, owners: Owners, structure: Structure) -> ListOf:
    def searched(rows: Rows, text: str) -> Rows:
        wanted = fold(text)
        return rows.filter(area__in=[n.id for n in areas.nodes.values() if wanted in fold(n.name)])

    return ListOf(
        page="areas",
        file_name="areas",
        sort="name",
        columns=_columns(areas, owners, structure),
        filters=_filters(areas, owners, structure),
        search=searched,
    )


def _columns(areas: Areas, owners: Owners, structure: Structure) -> list[Column]:
    def names(row: Any) -> str:
        return ", ".join(structure.names(owners.of_area.get(row.area_id, ())))

    def above(row: Any) -> str:
        return " › ".join(node.name for node in areas.above(row.area_id))

    def kind(row: Any) -> str:
        return areas.nodes[row.area_id].kind_label

    return [
        Column("name", gettext_lazy("Area"), lambda row: row.name, sort="name"),
        Column("kind", gettext_lazy("Kind"), kind, sort="area__kind"),
        Column("above", gettext_lazy("Part of"), above),
        Column("owners", gettext_lazy("Taken care of by"), names),
        Column("description", gettext_lazy("Description"), lambda row: row.description, is_optional=True),
    ]


def _filters(areas: Areas, owners: Owners, structure: Structure) -> list[Filter]:
    held = Ownership.objects.as_of(areas.day).filter(area=OuterRef("area"))
    parents = [(str(node.id), node.name) for node in areas.all() if node.children][:MOST_CHOICES]
    tops = [node for node in structure.all() if node.children and node.depth < 3][:MOST_CHOICES]
    units = [(str(node.id), node.name) for node in tops]
    counts = [("nobody", gettext_lazy("nobody")), ("several", gettext_lazy("several units"))]

    def owned(rows: Rows, value: str) -> Rows:
        if value == "several":
            return rows.filter(area__in=[area for area, by in owners.of_area.items() if len(by) > 1])
        inside = AreaVersion.objects.as_of(areas.day).filter(parent=OuterRef("area"))
        return rows.exclude(Exists(held)).exclude(Exists(inside))

    def by_unit(rows: Rows, value: str) -> Rows:
        return rows.filter(Exists(held.filter(unit__in=structure.under(int(value)))))

    def inside(rows: Rows, value: str) -> Rows:
        return rows.filter(area__in=areas.under(int(value)))

    def of_kind(rows: Rows, value: str) -> Rows:
        return rows.filter(area__kind=value)

    return [
        Filter("kind", gettext_lazy("Kind"), of_kind, lambda: AreaKind.choices),
        Filter("inside", pgettext_lazy("an area", "Inside"), inside, lambda: parents),
        Filter("owner", gettext_lazy("Taken care of by"), owned, lambda: counts),
        Filter("unit", gettext_lazy("A unit of"), by_unit, lambda: units),
    ]


@require_GET
@requires(Right.READ)
def area_matrix(request: PageRequest) -> HttpResponseBase:
    """Show areas by units: who owns how much of what."""
    day = day_of(request)
    areas, owners = Areas.as_of(day.date), Owners.as_of(day.date)
    structure = Structure.as_of(day.date, with_members=False)
    area_id, unit_id = ((whole_number(request.GET.get(key, "")) or 0) for key in ("area", "unit"))
    found = matrix(areas, owners, structure, area_id, unit_id)
    context = {
        **frame(request, day, "areas"),
        "matrix": found,
        "area": areas.get(area_id),
        "unit": structure.get(unit_id),
        "unowned": sum(row.unowned for row in found.rows),
    }
    return render(request, "org/area_matrix.html", context)


@require_GET
@requires(Right.READ)
def area_page(request: PageRequest, area_id: int) -> HttpResponseBase:
    """Show an area: who takes care of it, what crosses it, what lies beside it."""
    day = day_of(request)
    versions = area_versions(area_id)
    if not versions:
        raise Http404
    areas = Areas.as_of(day.date)
    node = areas.get(area_id)
    crossed = crossings(areas, area_id)
    inside = node.children[:MOST_INSIDE] if node else []
    owners = owners_by_name([area_id, *(one.id for one in (*inside, *crossed.steps))], day.date)
    shown = next((version for version in versions if version.holds(day.date)), None)
    context = {
        **frame(request, day, "areas"),
        "area_id": area_id,
        "node": node,
        "version": shown or versions[0],
        "is_there": shown is not None,
        "is_journey": node is not None and node.kind != AreaKind.PRODUCT,
        "above": areas.above(area_id),
        "owners": owners.get(area_id, []),
        "inside": [{"node": one, "owners": owners.get(one.id, [])} for one in inside],
        "steps": [{"node": one, "owners": owners.get(one.id, [])} for one in crossed.steps],
        "journeys": crossed.journeys,
        "neighbours": crossed.neighbours,
        "mandates": mandates_of(request.user, day.date, area=area_id),
        "spaces": spaces_beside(area=area_id),
        "history": [(version.starts_on, version.name) for version in versions],
        "discussion": discussion(request.user, Kind.AREA, area_id, clock.now()),
    }
    return render(request, "org/area.html", context)


@require_GET
@requires(Right.READ)
def area_suggest(request: PageRequest) -> HttpResponseBase:
    """Suggest areas of today while one types the name of an area."""
    return suggest(request, Areas.as_of(clock.today()).all())


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def area_create(request: PageRequest) -> HttpResponseBase:
    """Create an area, a journey or a hand-over; a hand-over says at once what it goes between."""
    now = clock.now()
    today = clock.today(now)
    initial = {"parent": request.GET.get("parent", ""), "kind": request.GET.get("kind", AreaKind.PRODUCT)}
    areas = Areas.as_of(today)
    form = AreaForm(request.POST or None, today=today, areas=areas, initial=initial)
    kind = form.data.get("kind") if form.is_bound else initial["kind"]
    steps = StepsForm(None, today=today, areas=areas, journey_id=None, steps=[]).fields
    asked = [name for name in steps if name.startswith("step_")] if kind != AreaKind.PRODUCT else []
    form.fields |= {name: steps[name] for name in asked}

    def act(given: dict[str, Any]) -> AuditEntry:
        return actions.create_area(
            actor=request.user,
            name=given["name"],
            kind=given["kind"],
            parent=_area(given["parent"]),
            description=given["description"],
            steps=[given[name] for name in asked if given.get(name)],
            on=given["on"],
            now=now,
        )

    ask = Ask(
        form=form,
        act=act,
        heading=_("Create an area"),
        submit=_("Create the area"),
        done=_("%(name)s now exists."),
        cancel_url=reverse("org:area-list"),
        back=lambda entry: reverse("org:area-show", args=(entry.object_id,)),
    )
    return answer(request, ask)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def area_edit(request: PageRequest, area_id: int) -> HttpResponseBase:
    """Change an area: everything in a form, or the one field edited in place."""
    now = clock.now()
    today = clock.today(now)
    area = get_object_or_404(Area, pk=area_id)
    version = AreaVersion.objects.as_of(today).filter(area=area).first()
    if version is None:
        raise Http404
    initial = {"name": version.name, "description": version.description, "parent": version.parent_id}
    form = AreaForm(
        request.POST or None, today=today, areas=Areas.as_of(today), area_id=area_id, initial=initial
    )
    remember_shown(form)
    if form.is_bound:
        form.keep_given()
    back = reverse("org:area-show", args=(area_id,))

    def act(given: dict[str, Any]) -> AuditEntry:
        changes: dict[str, Any] = {name: given[name] for name in ("name", "description") if name in given}
        if "parent" in given:
            changes["parent"] = _area(given["parent"])
        return actions.change_area(
            actor=request.user,
            area=area,
            changes=cast(actions.AreaChanges, changes),
            on=given["on"],
            now=now,
        )

    ask = Ask(
        form=form,
        act=act,
        heading=_("Change %(name)s") % {"name": version.name},
        submit=_("Save"),
        done=_("%(name)s is changed."),
        cancel_url=back,
        back=lambda entry: back,
    )
    return answer(request, ask)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def area_close(request: PageRequest, area_id: int) -> HttpResponseBase:
    """Close an area."""
    now = clock.now()
    today = clock.today(now)
    area = get_object_or_404(Area, pk=area_id)
    node = Areas.as_of(today).get(area_id)
    if node is None:
        raise Http404
    back = reverse("org:area-show", args=(area_id,))
    ask = Ask(
        form=AreaCloseForm(request.POST or None, today=today, has_children=bool(node.children)),
        act=lambda given: actions.close_area(
            actor=request.user, area=area, contents=given.get("contents") or None, on=given["on"], now=now
        ),
        heading=_("Close %(name)s") % {"name": node.name},
        submit=_("Close the area"),
        done=_("%(name)s is closed."),
        cancel_url=back,
        back=lambda entry: back,
        intro=_("Who took care of it no longer does from that day; the past keeps it."),
    )
    return answer(request, ask)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def step_edit(request: PageRequest, area_id: int) -> HttpResponseBase:
    """Say which areas a journey or a hand-over crosses."""
    now = clock.now()
    today = clock.today(now)
    journey = get_object_or_404(Area.objects.exclude(kind=AreaKind.PRODUCT), pk=area_id)
    steps = list(AreaStep.objects.filter(journey=journey).values_list("area_id", flat=True))
    form = StepsForm(
        request.POST or None, today=today, areas=Areas.as_of(today), journey_id=area_id, steps=steps
    )
    back = reverse("org:area-show", args=(area_id,))
    ask = Ask(
        form=form,
        act=lambda given: actions.set_steps(
            actor=request.user, journey=journey, steps=given["steps"], on=given["on"], now=now
        ),
        heading=_("What it crosses, in order"),
        submit=_("Save"),
        done=_("The steps of %(name)s are changed."),
        cancel_url=back,
        back=lambda entry: back,
    )
    return answer(request, ask)


def _area(area_id: int | None) -> Area | None:
    return Area.objects.get(pk=area_id) if area_id else None
