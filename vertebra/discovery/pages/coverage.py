"""Who was heard: the matrix of functions and units, and the people behind each figure."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import DateField, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.accounts.together import saved_views
from vertebra.analysis.privacy import FEWEST
from vertebra.discovery.actions.campaigns import add_people
from vertebra.discovery.labels import CampaignState, InterviewState
from vertebra.discovery.models import Interview
from vertebra.discovery.pages.listen import chosen_ids
from vertebra.discovery.queries.coverage import Cell, Coverage, coverage, latest_heard, months_before
from vertebra.discovery.queries.hearing import campaigns_open_to
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.kit.tables import table_response
from vertebra.kit.templatetags.ui import figure, level
from vertebra.org.forms.fields import EARLIEST
from vertebra.org.labels import Function
from vertebra.org.models import Membership, Person
from vertebra.org.queries.people import Places, called
from vertebra.org.queries.structure import Structure

PERIODS = (3, 6, 12, 24)
DEPTHS = (1, 2, 3)
Rows = QuerySet[Any, Any]


def _number(request: PageRequest, name: str, known: tuple[int, ...], other: int) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and int(text[:9]) in known else other


@require_GET
@requires(Right.PRODUCT_OPS)
def coverage_page(request: PageRequest) -> HttpResponseBase:
    """Show functions by units: how many people, how many of them heard lately, and when last."""
    today = clock.today()
    months = _number(request, "months", PERIODS, 12)
    depth = _number(request, "depth", DEPTHS, 1)
    unit = next(iter(chosen_ids([request.GET.get("unit", "")])), None)
    found = coverage(today, months, unit, depth)
    if request.GET.get("format") in {"csv", "xlsx"}:
        return _export(found, request.GET["format"])
    shows_dates = request.GET.get("show") == "latest"
    shown_now = "latest" if shows_dates else None

    def address(**changes: object) -> str:
        values = {"unit": unit, "months": months, "depth": depth, "show": shown_now, **changes}
        return "?" + "&".join(f"{name}={value}" for name, value in values.items() if value)

    shown = _Figures(found, months, shows_dates)
    context = {
        "coverage": found,
        "rows": [(row, shown.of(row.node.id, found.functions, row.cells, row.total)) for row in found.rows],
        "totals": shown.of(
            found.inside.id if found.inside else None, found.functions, found.columns, found.total
        ),
        "months": months,
        "shows_dates": shows_dates,
        "periods": [(each, address(months=each), each == months) for each in PERIODS],
        "depths": [(each, address(depth=each), each == depth) for each in DEPTHS],
        "shows": [
            (_("how many"), address(show=None), not shows_dates),
            (_("when last"), address(show="latest"), shows_dates),
        ],
        "keep": address(unit=None).removeprefix("?"),
        "csv_url": address(format="csv"),
    }
    return render(request, "discovery/coverage.html", context)


class _Figures:
    """The figures of the matrix as the page writes them: a text, the list behind it, a shade."""

    def __init__(self, found: Coverage, months: int, shows_dates: bool) -> None:
        self.shows_dates = shows_dates
        shares = [cell.share or 0 for row in found.rows for cell in row.cells if cell.people >= FEWEST]
        # In a large company nobody hears everyone: the darkest is the best covered, from a tenth on.
        self.highest = max([0.1, *shares])
        self.base = f"{reverse('discovery:coverage-people')}?months={months}"

    def of(
        self, unit: int | None, functions: list[Function], cells: list[Cell], total: Cell
    ) -> list[tuple[str, str, str]]:
        """The figure for all functions, then one for each."""
        here = f"{self.base}&unit={unit}" if unit else self.base
        urls = [f"{here}&function={function.value}" for function in functions]
        return [self._one(cell, url) for cell, url in zip([total, *cells], [here, *urls], strict=True)]

    def _one(self, cell: Cell, url: str) -> tuple[str, str, str]:
        if not cell.people:
            return "", "", "0"
        text = f"{figure(cell.heard)}/{figure(cell.people)}"
        if self.shows_dates:
            text = formats.date_format(cell.latest, "m/Y") if cell.latest else "–"
        return text, url, level(cell.share, self.highest)


def _export(found: Coverage, form: str) -> HttpResponseBase:
    """One line for each unit and function, as figures."""
    header = [_("Unit"), _("Function"), _("People"), _("Heard"), _("Heard last on")]
    lines = [
        [row.node.name, function.label, cell.people, cell.heard, cell.latest]
        for row in found.rows
        for function, cell in zip(found.functions, row.cells, strict=True)
        if cell.people
    ]
    return table_response("coverage", form, header, lines)


def _heard(day: dt.date, months: int) -> Callable[[Rows, str], Rows]:
    """What narrows people to those heard lately, not for long, or never."""
    held = Interview.objects.filter(state=InterviewState.HELD, archived_at=None, person__isnull=False)
    recent = held.filter(held_on__gt=months_before(day, months)).values("person")

    def narrowed(rows: Rows, value: str) -> Rows:
        if value == "recent":
            return rows.filter(pk__in=recent)
        return rows.exclude(pk__in=held.values("person") if value == "never" else recent)

    return narrowed


def _filters(request: PageRequest, day: dt.date, structure: Structure) -> list[Filter]:
    months = _number(request, "months", PERIODS, 12)
    function = request.GET.get("function", "")
    at_work = Membership.objects.as_of(day)

    def in_unit(rows: Rows, value: str) -> Rows:
        within = at_work.filter(unit__in=structure.under(int(value)))
        if function in Function.values:
            within = within.filter(function=function)
        return rows.filter(pk__in=within.values("person"))

    def in_function(rows: Rows, value: str) -> Rows:
        return rows.filter(pk__in=at_work.filter(function=value).values("person"))

    states = [
        ("recent", gettext_lazy("heard lately")),
        ("silent", gettext_lazy("not heard for long")),
        ("never", gettext_lazy("never heard")),
    ]
    asked = structure.get(next(iter(chosen_ids([request.GET.get("unit", "")])), None))
    units = [node for node in structure.all() if node.children and node.depth < 3][:60]
    choices = [
        (str(node.id), node.name) for node in ([*units, asked] if asked and asked not in units else units)
    ]
    return [
        Filter("unit", gettext_lazy("Unit"), in_unit, lambda: choices),
        Filter("function", gettext_lazy("Function"), in_function, lambda: Function.choices),
        Filter("heard", gettext_lazy("Heard"), _heard(day, months), lambda: states),
    ]


def _people_list(request: PageRequest, day: dt.date, places: Places, heard: dict[int, dt.date]) -> ListOf:
    return ListOf(
        page="coverage-people",
        file_name="coverage-people",
        sort="name",
        columns=(
            Column("name", gettext_lazy("Name"), lambda row: row.name, sort="name_folded"),
            Column("function", gettext_lazy("Function"), lambda row: ", ".join(places.functions(row.pk))),
            Column("unit", gettext_lazy("Unit"), lambda row: ", ".join(n for _i, n in places.units(row.pk))),
            Column("heard", gettext_lazy("Heard last on"), lambda row: heard.get(row.pk), sort="latest_sort"),
            Column("title", gettext_lazy("Job title"), lambda row: row.title, is_optional=True),
        ),
        filters=_filters(request, day, places.structure),
        search=called,
        keeps=("months",),
    )


@require_GET
@requires(Right.PRODUCT_OPS)
def coverage_people(request: PageRequest) -> HttpResponseBase:
    """List the people behind a figure, with the day each was last heard."""
    today = clock.today()
    structure = Structure.as_of(today, with_members=False)
    places = Places(structure)
    rows = Person.objects.filter(archived_at=None).present_on(today)
    if request.GET.get("sort", "").removeprefix("-") == "heard":
        mine = Interview.objects.filter(person=OuterRef("pk"), state=InterviewState.HELD, archived_at=None)
        latest = mine.order_by().values("person").annotate(day=Max("held_on")).values("day")
        never = Value(EARLIEST)
        rows = rows.annotate(latest_sort=Coalesce(Subquery(latest), never, output_field=DateField()))
    if request.GET.get("format"):
        places.load()
    views = saved_views(request.user, "coverage-people", request.get_full_path())
    heard = latest_heard()
    listing = _people_list(request, today, places, heard).read(request, rows, saved_views=views)
    if listing.export:
        return listing.export
    places.load([row.pk for row in listing.rows])
    for row in listing.rows:
        row.units = places.units(row.pk)
        row.functions = ", ".join(places.functions(row.pk))
        row.latest = heard.get(row.pk)
    campaigns = campaigns_open_to(request.user).filter(archived_at=None).exclude(state=CampaignState.CLOSED)
    context = {
        "listing": listing,
        "can_select": True,
        "campaigns": list(campaigns.order_by("-changed_at")[:20]),
    }
    return render(request, "discovery/coverage_people.html", context)


@require_POST
@requires(Right.PRODUCT_OPS)
def coverage_choice(request: PageRequest) -> HttpResponseBase:
    """Put the people ticked on the list of a campaign."""
    ids = chosen_ids([request.POST.get("campaign", "")])
    campaign = get_object_or_404(campaigns_open_to(request.user), pk=ids[0] if ids else 0)
    people = list(Person.objects.filter(pk__in=chosen_ids(request.POST.getlist("selected"))))
    back = reverse("discovery:campaign-show", args=(campaign.pk,))
    try:
        if not people:
            raise Refusal(_("Choose somebody first: tick the boxes beside their names."))
        entry = add_people(actor=request.user, campaign=campaign, people=people, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("discovery:coverage-people"))
    added = int(entry.particulars["added"])
    text = ngettext("%(count)d person is on the list.", "%(count)d people are on the list.", added)
    messages.success(request, text % {"count": added}, extra_tags=f"undo:{entry.pk}")
    return HttpResponseRedirect(back)
