"""The room where directors rank together: how many have, the timer, then the result for all at once."""

import datetime as dt
import hashlib
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import User
from vertebra.accounts.pages.limits import too_often, who_asks
from vertebra.accounts.permissions import PageRequest, Right, may, open_by_secret, requires
from vertebra.accounts.rate_limits import is_allowed
from vertebra.accounts.tokens import digest_of
from vertebra.discovery.pages.audit_rooms import code_of
from vertebra.kit import clock
from vertebra.roadmap.actions import cycle_rooms as actions
from vertebra.roadmap.actions.cycles import reveal_rankings
from vertebra.roadmap.actions.room_timers import set_timer
from vertebra.roadmap.labels.topics import STEADY_TONES, CycleState
from vertebra.roadmap.models import CycleRoom
from vertebra.roadmap.pages.table_frame import act as do
from vertebra.roadmap.pages.table_frame import cycle_or_404
from vertebra.roadmap.queries.counting import shown
from vertebra.roadmap.queries.seats import Turnout, imported, missing_words, seat_of_user, turnout_of

WHY_OPEN = "those who are in the room follow it by an address that ends with it"
MINUTES = (5, 10, 15)


@require_GET
@requires(Right.PRODUCT_OPS)
def room(request: PageRequest, cycle_id: int) -> HttpResponse:
    """Where the room is opened and closed, and what earlier ones left."""
    cycle = cycle_or_404(cycle_id)
    held = cycle.rooms.filter(closed_at=None, expires_at__gt=clock.now()).first()
    past = cycle.rooms.filter(closed_at__isnull=False).select_related("opened_by").order_by("-pk")[:20]
    can_open = cycle.state in {CycleState.RANKING, CycleState.ARBITRATING}
    context = {"cycle": cycle, "held": held, "past": past, "can_open": can_open}
    return render(request, "roadmap/cycle_room_door.html", context)


@require_POST
@requires(Right.PRODUCT_OPS)
def room_opening(request: PageRequest, cycle_id: int) -> HttpResponse:
    """Open the room, or make a new address of the open one, and go in."""
    cycle = cycle_or_404(cycle_id)
    try:
        _entry, secret = actions.open_room(actor=request.user, cycle=cycle, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("roadmap:cycle-room", cycle_id)
    return redirect("roadmap:room-inside", secret)


@require_POST
@requires(Right.PRODUCT_OPS)
def room_closing(request: PageRequest, cycle_id: int) -> HttpResponse:
    """Close the room with its record."""
    held = get_object_or_404(CycleRoom, cycle=cycle_id, closed_at=None)
    present = request.POST.get("present", "")
    return do(
        request,
        lambda: actions.close_room(actor=request.user, room=held, present=present, now=clock.now()),
        _("The room is closed."),
        reverse("roadmap:cycle-room", args=(cycle_id,)),
    )


def _found(token: str) -> CycleRoom | None:
    return CycleRoom.objects.select_related("cycle").filter(digest=digest_of(token)).first()


def _is_open(found: CycleRoom | None, now: dt.datetime) -> bool:
    return found is not None and found.closed_at is None and now < found.expires_at


@require_GET
@open_by_secret(reason=WHY_OPEN)
def inside(request: HttpRequest, token: str) -> HttpResponse:
    """The room itself, on the screen and on each phone."""
    found = _found(token)
    if found is None or not _is_open(found, clock.now()):
        return _over(request, found)
    return _shown(request, found, token, "roadmap/cycle_room.html", turnout_of(found.cycle))


@require_GET
@open_by_secret(reason=WHY_OPEN)
def room_state(request: HttpRequest, token: str) -> HttpResponse:
    """What the room shows now, or nothing when the page shows it already: asked every second by each phone."""
    found = _found(token)
    if found is None or not _is_open(found, clock.now()):
        response = _over(request, found, status=200)
        response["HX-Refresh"] = "true"
        return response
    people = turnout_of(found.cycle)
    if request.GET.get("stamp") == _stamp(found, people):
        return HttpResponse(status=204)
    return _shown(request, found, token, "roadmap/cycle_room.html#room", people)


def _stamp(found: CycleRoom, people: list[Turnout]) -> str:
    """What changes when something to show changed: who has ranked, the timer, the reveal."""
    counts = [(one.function, one.done, one.seats) for one in people]
    said = [found.timer_until, found.cycle.state, found.cycle.revealed_at, counts]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


@require_POST
@open_by_secret(reason=WHY_OPEN)
def room_act(request: HttpRequest, token: str) -> HttpResponse:
    """Start the timer, by whoever is in the room; show the rankings, by Product Ops."""
    now = clock.now()
    found = _found(token)
    if found is None or not _is_open(found, now):
        return _over(request, found)
    if not is_allowed("ranking_room", f"{found.pk}:{who_asks(request)}"):
        return too_often(request)
    minutes = request.POST.get("timer", "")
    if minutes.isdecimal() and len(minutes) < 4:
        set_timer(found, int(minutes), now)
    if request.POST.get("reveal") and isinstance(request.user, User) and may(request.user, Right.PRODUCT_OPS):
        try:
            reveal_rankings(actor=request.user, cycle=found.cycle, now=now)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        found = CycleRoom.objects.select_related("cycle").get(pk=found.pk)
    if request.headers.get("HX-Request"):
        return _shown(request, found, token, "roadmap/cycle_room.html#room", turnout_of(found.cycle))
    return redirect("roadmap:room-inside", token)


def _shown(
    request: HttpRequest, found: CycleRoom, token: str, template: str, people: list[Turnout]
) -> HttpResponse:
    cycle, now = found.cycle, clock.now()
    address = request.build_absolute_uri(reverse("roadmap:room-inside", args=(token,)))
    is_shown = cycle.revealed_at is not None and bool(cycle.count)
    user = request.user if isinstance(request.user, User) else None
    is_presenter = may(request.user, Right.PRODUCT_OPS)
    context: dict[str, Any] = {
        "cycle": cycle,
        "room": found,
        "token": token,
        "turnout": people,
        "ranked": sum(one.done for one in people),
        "seat_count": sum(one.seats for one in people),
        "missing": missing_words(cycle, sum(one.done for one in people) + imported(cycle))
        if is_presenter
        else "",
        "stamp": _stamp(found, people),
        "seconds_left": int((found.timer_until - now).total_seconds()) if found.timer_until else None,
        "minutes": MINUTES,
        "is_presenter": is_presenter,
        "language": cycle.language,
        "address": address,
        "messages": messages.get_messages(request) if request.method == "POST" else [],
        "result": shown(cycle, cycle.count) if is_shown else None,
    }
    if context["result"]:
        context["steady_tone"] = STEADY_TONES[context["result"].steady]
    if "#" not in template:
        context["code"] = code_of(address)
        context["own_seat"] = seat_of_user(user, cycle) if user else None
    with translation.override(cycle.language):
        return render(request, template, context)


def _over(request: HttpRequest, found: CycleRoom | None, status: int = 0) -> HttpResponse:
    language = found.cycle.language if found else translation.get_language() or "fr"
    with translation.override(language):
        context = {"language": language}
        return render(
            request, "roadmap/cycle_room_over.html", context, status=status or (410 if found else 404)
        )
