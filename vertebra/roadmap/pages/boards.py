"""Boards: now, next and later, where initiatives are moved by hand or by keyboard; and every state side by side."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import saved_views
from vertebra.kit import clock
from vertebra.kit.numbers import whole_number
from vertebra.org.pages.frame import do
from vertebra.roadmap.actions import placing
from vertebra.roadmap.labels.initiatives import Horizon, InitiativeState
from vertebra.roadmap.pages.frame import list_of, list_url, narrowing, shared, standing_of
from vertebra.roadmap.queries.initiatives import initiatives
from vertebra.roadmap.queries.rights import may_change
from vertebra.roadmap.queries.standing import OPEN, Rows, Standing

PER_COLUMN = 20


@require_GET
@requires(Right.READ)
def board(request: PageRequest) -> HttpResponseBase:
    """Show now, next and later, and what nobody placed yet."""
    day, standing = standing_of(request)
    page = "roadmap-board"
    listed = list_of(request, standing, [], page, "")
    views = saved_views(request.user, page, request.get_full_path())
    rows, listing = narrowing(request, standing, listed, views)
    columns = columns_by_horizon(standing, rows)
    for column in columns:
        column["url"] = list_url(request, horizon=column["code"] or "none", state="open")
    _chrome(listing, columns)
    context = {
        **shared(request, day, "board"),
        "listing": listing,
        "columns": columns[:-1],
        "unplaced": columns[-1],
        "unplaced_url": list_url(request, horizon="none", state="open"),
        "may_move": standing.is_today and may(request.user, Right.EDIT_ORGANISATION),
        "here": request.get_full_path(),
    }
    return render(request, "roadmap/board.html", context)


@require_GET
@requires(Right.READ)
def state_board(request: PageRequest) -> HttpResponseBase:
    """Show every state side by side."""
    day, standing = standing_of(request)
    page = "roadmap-states"
    listed = list_of(request, standing, [], page, "")
    views = saved_views(request.user, page, request.get_full_path())
    rows, listing = narrowing(request, standing, listed, views)
    columns = columns_by_state(standing, rows)
    for column in columns:
        column["url"] = list_url(request, state=column["code"])
    _chrome(listing, columns)
    context = {**shared(request, day, "states"), "listing": listing, "columns": columns}
    return render(request, "roadmap/state_board.html", context)


def _chrome(listing: Any, columns: list[dict[str, Any]]) -> None:
    """Give the bar above a board its count, and say that there is something to filter."""
    listing.total = sum(column["count"] for column in columns)
    listing.rows = [item for column in columns for item in column["items"]]


def columns_by_horizon(standing: Standing, rows: Rows) -> list[dict[str, Any]]:
    """The columns now, next, later and not placed: their counts and their first cards."""
    rows = rows.filter(state__in=OPEN)
    counts = standing.counted(rows, "horizon")
    order = ("position", "pk")
    codes = [str(code) for code in Horizon.values]
    found = standing.first_of(rows, [Q(horizon=code) for code in codes], order, PER_COLUMN)
    words = dict(Horizon.choices)
    return [
        {
            "code": code,
            "label": words.get(code, ""),
            "count": counts.get((code,), 0),
            "items": [item for item in found if item.horizon == code],
        }
        for code in (*codes, "")
    ]


def columns_by_state(standing: Standing, rows: Rows) -> list[dict[str, Any]]:
    """A column for each state: its count and its first cards, what is due first on top."""
    counts = standing.counted(rows, "state")
    order = ("due_on", "pk")
    codes = [str(code) for code in InitiativeState.values]
    found = standing.first_of(rows, [Q(state=code) for code in codes], order, PER_COLUMN)
    words = dict(InitiativeState.choices)
    return [
        {
            "code": code,
            "label": words[code],
            "count": counts.get((code,), 0),
            "items": [item for item in found if item.state == code],
        }
        for code in codes
    ]


@require_POST
@requires(Right.TAKE_PART)
def place(request: PageRequest) -> HttpResponseBase:
    """Move an initiative: to a column, above another one, one place up or down."""
    number, how, *rest = (str(request.POST.get("move", "")) + "  ").split(" ")
    row = get_object_or_404(initiatives().select_related("lead"), pk=whole_number(number) or 0)
    if not may_change(request.user, row):
        return HttpResponseRedirect(reverse("roadmap:initiative-show", args=(row.pk,)))
    now = clock.now()
    wanted = str(request.POST.get("next", ""))
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    back = wanted if is_ours else reverse("roadmap:board")
    if how in {"up", "down"}:
        return do(
            request,
            lambda: placing.shift_initiative(actor=request.user, initiative=row, is_up=how == "up", now=now),
            _("%(name)s is moved."),
            back,
        )
    before = initiatives().filter(pk=whole_number(rest[0]) or 0).first()
    horizon = "" if how == "off" else how
    return do(
        request,
        lambda: placing.place_initiative(
            actor=request.user, initiative=row, horizon=horizon, before=before, now=now
        ),
        _("%(name)s is moved."),
        back,
    )
