"""The timeline: what is under way and due, quarter by quarter, by field, objective, unit or kind."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.accounts.together import saved_views
from vertebra.kit.numbers import whole_number
from vertebra.roadmap.labels.initiatives import InitiativeState
from vertebra.roadmap.pages.frame import (
    address,
    list_of,
    list_url,
    narrowing,
    nothing_called,
    shared,
    standing_of,
)
from vertebra.roadmap.queries.periods import Quarter, Window
from vertebra.roadmap.queries.standing import GROUPINGS, Item, Rows, Standing, branches_of

QUARTERS = 6
MOST_GROUPS = 12
PER_GROUP = 8
WIDTH = 600


@dataclass(frozen=True, slots=True)
class Bar:
    """One initiative on the timeline: from where to where, already as the picture wants it."""

    item: Item
    x: str
    width: str
    is_open_left: bool
    is_open_right: bool
    is_late: bool


@require_GET
@requires(Right.READ)
def timeline(request: PageRequest) -> HttpResponseBase:
    """Draw what stands between two quarters."""
    day, standing = standing_of(request)
    page = "roadmap-timeline"
    listed = list_of(request, standing, [], page, "")
    views = saved_views(request.user, page, request.get_full_path())
    rows, listing = narrowing(request, standing, listed, views)
    window = window_of(request, day.date)
    drawn = drawing(standing, rows, window, grouping_of(request), whole_number(request.GET.get("unit", "")))
    listing.total = drawn["count"]
    listing.rows = [True]
    context = {
        **shared(request, day, "timeline"),
        **drawn,
        "groups": _with_lists(request, drawn["groups"], drawn["by"]),
        "listing": listing,
        "groupings": [
            {"label": label, "url": address(request, by=key), "is_current": key == grouping_of(request)}
            for key, label in (
                ("field", _("Field of action")),
                ("objective", _("Objective")),
                ("unit", _("Unit")),
                ("kind", _("Kind")),
            )
        ],
        "earlier_url": address(request, **{"from": window.first.moved(-QUARTERS + 2).key}),
        "later_url": address(request, **{"from": window.first.moved(QUARTERS - 2).key}),
    }
    return render(request, "roadmap/timeline.html", context)


def window_of(request: HttpRequest, day: dt.date) -> Window:
    """The quarters that the address asks for; else the one before, this one, and the next four."""
    first = Quarter.read(request.GET.get("from", "")) or Quarter.of(day).moved(-1)
    return Window(first, QUARTERS)


def grouping_of(request: HttpRequest) -> str:
    """What the address groups by."""
    by = request.GET.get("by", "")
    return by if by in GROUPINGS else "field"


def drawing(standing: Standing, rows: Rows, window: Window, by: str, inside: int | None) -> dict[str, Any]:
    """Everything that the picture needs: quarters, groups with their bars, what did not fit."""
    begun = Q(starts_on__lt=window.ends_on) | Q(starts_on__isnull=True, due_on__lt=window.ends_on)
    rows = rows.filter(begun, due_on__gte=window.starts_on)
    found = branches_of(standing, rows, by, inside)
    shown, rest = found[:MOST_GROUPS], found[MOST_GROUPS:]
    items = standing.first_of(rows, [branch.condition for branch in shown], ("due_on", "pk"), PER_GROUP)
    groups = []
    for branch in shown:
        bars = [bar_of(item, window, standing.day) for item in items if branch.holds(item)]
        label = branch.label or nothing_called()
        groups.append({"branch": branch, "label": label, "bars": bars, "more": branch.count - len(bars)})
    return {
        "window": window,
        "quarters": _quarters(window, standing.day),
        "groups": groups,
        "by": by,
        "count": sum(branch.count for branch in found),
        "other_groups": len(rest),
        "other_count": sum(branch.count for branch in rest),
        "today_x": f"{window.place(standing.day, WIDTH):.1f}",
        "is_today_shown": window.starts_on <= standing.day < window.ends_on,
        "width": WIDTH,
        "state_key": [(label, code) for code, label in InitiativeState.choices],
    }


def _quarters(window: Window, today: dt.date) -> list[dict[str, Any]]:
    step = WIDTH / window.count
    return [
        {
            "label": quarter.label,
            "key": quarter.key,
            "x": f"{at * step:.1f}",
            "is_now": quarter == Quarter.of(today),
        }
        for at, quarter in enumerate(window.quarters)
    ]


def bar_of(item: Item, window: Window, day: dt.date) -> Bar:
    """Where the bar of an initiative begins and ends; without a first day it is a mark at its last."""
    due = item.due_on or day
    end = window.place(due + dt.timedelta(days=1), WIDTH)
    start = window.place(item.starts_on, WIDTH) if item.starts_on else end - 6
    start = max(0.0, min(start, end - 6))
    return Bar(
        item=item,
        x=f"{start:.1f}",
        width=f"{max(end - start, 6):.1f}",
        is_open_left=bool(item.starts_on and item.starts_on < window.starts_on),
        is_open_right=due >= window.ends_on,
        is_late=item.is_open and due < day,
    )


def _with_lists(request: PageRequest, groups: list[dict[str, Any]], by: str) -> list[dict[str, Any]]:
    """The groups, each with the address of the list of all that it holds."""
    for each in groups:
        key = each["branch"].key
        each["url"] = "" if by == "unit" and key == "none" else list_url(request, **{by: key})
    return groups
