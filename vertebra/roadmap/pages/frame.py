"""What every view of the roadmap shares: the day it shows, its filters, its tabs, the cards of initiatives."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from vertebra.accounts.permissions import PageRequest, Right, may
from vertebra.kit.listing import Column, Filter, Listing, ListOf
from vertebra.org.pages.frame import Day, base, day_of
from vertebra.roadmap.labels.initiatives import (
    Horizon,
    InitiativeKind,
    InitiativeState,
    Pace,
)
from vertebra.roadmap.queries import conditions
from vertebra.roadmap.queries.standing import Standing

MOST_CHOICES = 80
Rows = QuerySet[Any]
Pairs = list[tuple[str, str | Promise]]
VIEWS = (
    ("table", gettext_lazy("Table"), "table", "roadmap:initiative-list"),
    ("board", gettext_lazy("Now, next, later"), "columns-3", "roadmap:board"),
    ("states", gettext_lazy("By state"), "columns-3", "roadmap:state-board"),
    ("timeline", gettext_lazy("Timeline"), "calendar", "roadmap:timeline"),
    ("changes", gettext_lazy("What changed"), "history", "roadmap:change-list"),
    ("slips", gettext_lazy("What slipped"), "calendar-clock", "roadmap:slip-list"),
)


def standing_of(request: PageRequest) -> tuple[Day, Standing]:
    """The day that the address asks for, and the initiatives of that day."""
    day = day_of(request)
    return day, Standing(day.date, is_today=day.date >= day.today)


def shared(request: PageRequest, day: Day, view: str) -> dict[str, Any]:
    """What every template of the roadmap reads."""
    asked = request.GET.copy()
    asked.pop("as_of", None)
    return {
        "day": day.date,
        "today": day.today,
        "keep": day.keep,
        "as_of": None
        if day.is_today
        else {"date": day.date, "back_url": f"{request.path}?{asked.urlencode()}"},
        "kept": list(asked.items()),
        "views": views(request, view),
        "initiative_base": base("roadmap:initiative-show"),
        "may_import": may(request.user, Right.IMPORT),
        "may_write": may(request.user, Right.EDIT_ORGANISATION),
        "share_url": _share_url(request, day, view),
    }


def _share_url(request: PageRequest, day: Day, view: str) -> str:
    """Where the view shown can be shared by a link, for those who may."""
    if (
        view not in {"board", "timeline"}
        or not day.is_today
        or not may(request.user, Right.EDIT_ORGANISATION)
    ):
        return ""
    asked = request.GET.copy()
    asked["view"] = view
    return f"{reverse('roadmap:roadmap-link-list')}?{asked.urlencode()}"


def list_url(request: PageRequest, **values: str) -> str:
    """The table of what this view holds, with more filters."""
    asked = request.GET.copy()
    for key in ("by", "from", "since", "after", "before"):
        asked.pop(key, None)
    for key, value in values.items():
        asked[key] = value
    return f"{reverse('roadmap:initiative-list')}?{asked.urlencode()}"


def views(request: PageRequest, current: str) -> list[dict[str, Any]]:
    """The same rows as a table, boards, a timeline, what changed, what slipped: filters go along."""
    asked = request.GET.copy()
    for key in ("after", "before", "format", "sort", "columns", "by", "from", "since"):
        asked.pop(key, None)
    query = f"?{asked.urlencode()}" if asked else ""
    return [
        {"label": label, "icon": icon, "url": reverse(name) + query, "is_current": key == current}
        for key, label, icon, name in VIEWS
    ]


def address(request: PageRequest, **values: str | None) -> str:
    """This address with other values."""
    asked = request.GET.copy()
    for key, value in values.items():
        if value:
            asked[key] = value
        else:
            asked.pop(key, None)
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


def narrowing(
    request: PageRequest, standing: Standing, listed: ListOf, saved_views: Any = ()
) -> tuple[Rows, Listing]:
    """The rows that the filters leave, uncut, and the filters as the page shows them."""
    rows = listed.narrowed(request, standing.rows())
    listing = listed.read(request, standing.rows().none(), saved_views=saved_views)
    return rows, listing


def list_of(request: PageRequest, standing: Standing, columns: list[Column], page: str, sort: str) -> ListOf:
    """What every view of the roadmap filters by and looks for."""
    return ListOf(
        page=page,
        file_name="roadmap",
        columns=columns,
        filters=filters(request, standing),
        search=lambda rows, text: rows.filter(title__icontains=text),
        sort=sort,
        keeps=("as_of", "by", "from", "since"),
    )


def filters(request: PageRequest, standing: Standing) -> list[Filter]:
    """The filters of every view of the roadmap."""
    names = standing.names
    structure = names.structure

    def inside(rows: Rows, value: str) -> Rows:
        return conditions.inside(rows, int(value), standing)

    def for_market(rows: Rows, value: str) -> Rows:
        return conditions.for_market(rows, value, standing)

    units: Pairs = [(str(node.id), node.name) for node in structure.all() if node.children and node.depth < 4]
    found = [
        Filter("state", gettext_lazy("State"), conditions.of_state, lambda: _states()),
        Filter("kind", gettext_lazy("Kind"), _is("kind"), lambda: InitiativeKind.choices),
        Filter("horizon", pgettext_lazy("roadmap", "When"), conditions.placed, _horizons),
        Filter("pace", gettext_lazy("Said to be"), _is("pace"), lambda: Pace.choices),
        Filter("due", pgettext_lazy("an initiative", "Due"), _due(standing.day), _dues),
        Filter("unit", gettext_lazy("Unit"), inside, lambda: units[:MOST_CHOICES]),
        Filter("field", gettext_lazy("Field of action"), _named("field"), lambda: _pairs(names.fields)),
        Filter("objective", gettext_lazy("Objective"), _named("objective"), lambda: _pairs(names.objectives)),
        Filter(
            "market",
            gettext_lazy("Market"),
            for_market,
            lambda: [(str(pk), name) for pk, name in names.markets.items()],
        ),
    ]
    return [*found, *_of_today(request)] if standing.is_today else found


def _of_today(request: PageRequest) -> list[Filter]:
    def led(rows: Rows, value: str) -> Rows:
        return rows.filter(lead__user=request.user) if value == "me" else rows.filter(lead__isnull=True)

    people: Pairs = [("me", gettext_lazy("me")), ("nobody", pgettext_lazy("lead", "nobody"))]
    baselines: Pairs = [
        ("with", gettext_lazy("with a baseline")),
        ("without", gettext_lazy("started without one")),
    ]
    places: Pairs = [("here", gettext_lazy("written here")), ("tool", gettext_lazy("read from another tool"))]
    return [
        Filter("lead", gettext_lazy("Led by"), led, lambda: people),
        Filter("baseline", gettext_lazy("Baseline"), conditions.measured, lambda: baselines),
        Filter("from_tool", gettext_lazy("Origin"), conditions.read_from, lambda: places),
    ]


def _horizons() -> Pairs:
    return [*Horizon.choices, ("none", gettext_lazy("not placed"))]


def _is(column: str) -> Callable[[Rows, str], Rows]:
    return lambda rows, value: rows.filter(**{column: value})


def _named(column: str) -> Callable[[Rows, str], Rows]:
    def one(rows: Rows, value: str) -> Rows:
        return rows.filter(**({f"{column}__isnull": True} if value == "none" else {column: value}))

    return one


def _pairs(names: dict[int, str]) -> Pairs:
    return [*((str(pk), name) for pk, name in names.items()), ("none", pgettext_lazy("a choice", "none"))]


def _states() -> Pairs:
    return [("open", gettext_lazy("everything open")), *InitiativeState.choices]


def _dues() -> Pairs:
    return [
        ("late", gettext_lazy("past its date")),
        ("month", gettext_lazy("within thirty days")),
        ("none", gettext_lazy("without a date")),
    ]


def _due(day: dt.date) -> Callable[[Rows, str], Rows]:
    return lambda rows, value: conditions.due(rows, value, day)


def written_in() -> str:
    """The language that the reader writes in."""
    return (get_language() or "fr")[:2]


def nothing_called() -> str:
    """What stands where a group has no name."""
    return _("None of them")
