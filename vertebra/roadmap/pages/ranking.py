"""The ranking page: pick a few topics and order them, on a phone or a desk, signed in or by a link of one's own."""

import math
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import User
from vertebra.accounts.pages.limits import too_often, who_asks
from vertebra.accounts.permissions import PageRequest, Right, open_by_secret, requires
from vertebra.accounts.rate_limits import is_allowed
from vertebra.kit import clock
from vertebra.kit.headers import private
from vertebra.org.models import Person
from vertebra.org.queries.people import language_for
from vertebra.roadmap.actions.ranking_drafts import Saved, choose_draft, parts_of, save_draft
from vertebra.roadmap.actions.rankings import cast_ranking
from vertebra.roadmap.labels.topics import CycleState
from vertebra.roadmap.models import Seat
from vertebra.roadmap.pages.table_frame import cycle_or_404
from vertebra.roadmap.queries.ranking_cards import board_of
from vertebra.roadmap.queries.seats import seat_of_link, seat_of_user

MOVES = ("add", "out", "up", "down", "first")


@require_http_methods(["GET", "POST"])
@requires(Right.READ)
def rank(request: PageRequest, cycle_id: int) -> HttpResponse:
    """Rank signed in: in one's own seat, or in that of whoever named one their delegate."""
    cycle = cycle_or_404(cycle_id)
    seat = seat_of_user(request.user, cycle)
    if seat is None:
        raise Http404
    return private(_ranked(request, seat, request.user, "kit/base.html"))


@require_http_methods(["GET", "POST"])
@open_by_secret(
    reason="a director ranks through a link of their own, without an account; opening it changes nothing"
)
def rank_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Rank through the link that was sent."""
    seat = seat_of_link(token)
    if seat is None:
        if not is_allowed("ranking_link", who_asks(request)):
            return too_often(request)
        return render(request, "roadmap/ranking_over.html", {"is_unknown": True}, status=404)
    ranker = _ranker(seat)
    language = language_for(ranker, seat.cycle.language)
    with translation.override(language):
        return _ranked(request, seat, ranker.user, "kit/signed_out.html", language=language)


def _ranker(seat: Seat) -> Person:
    return seat.delegate or seat.person


def _ranked(
    request: HttpRequest, seat: Seat, user: User | None, layout: str, language: str = ""
) -> HttpResponse:
    """Show the table and what is picked, or keep what a gesture made of it."""
    is_open = (
        seat.cycle.state == CycleState.RANKING and seat.ended_at is None and seat.cycle.archived_at is None
    )
    wants_json = "application/json" in request.headers.get("Accept", "")
    if not is_open:
        if wants_json:
            return JsonResponse({"problem": _("Rankings are no longer taken.")}, status=409)
        return _over(request, seat, layout, language)
    if request.method == "POST":
        if not is_allowed("ranking", f"{seat.pk}:{who_asks(request)}"):
            return too_often(request)
        return _kept(request, seat, user, wants_json=wants_json)
    parts = parts_of(seat.cycle, seat.function)
    board = board_of(seat.cycle, seat, parts)
    context = {
        "layout": layout, "cycle": seat.cycle, "seat": seat, "board": board, "ranker": _ranker(seat),
        "action": request.path, "has_scores": bool(parts), "language": language or None, "now": clock.now(),
        "is_mine": layout == "kit/base.html" and seat.delegate_id is None,
    }  # fmt: skip
    return render(request, "roadmap/ranking.html", context)


def _kept(request: HttpRequest, seat: Seat, user: User | None, *, wants_json: bool) -> HttpResponse:
    now = clock.now()
    ranker = _ranker(seat)
    if choice := request.POST.get("choose"):
        with transaction.atomic():
            choose_draft(seat=seat, is_aside=choice == "aside", by=ranker, now=now)
        messages.success(request, _("Kept."))
        return redirect(request.path)
    revision = _number(request.POST.get("revision", ""))
    try:
        with transaction.atomic():
            saved = save_draft(
                seat=seat, by=ranker, order=_order(request), scores=_scores(request),
                revision=-1 if revision is None else revision, now=now,
            )  # fmt: skip
            is_said = request.POST.get("done") == "yes"
            if not saved.is_conflict and saved.ranking.done_at is None and (is_said or saved.is_complete):
                cast_ranking(actor=user, seat=seat, by=ranker, now=now)
                saved.ranking.done_at = now
    except Refusal as refusal:
        if wants_json:
            return JsonResponse({"problem": str(refusal)}, status=422)
        messages.error(request, str(refusal))
        return redirect(request.path)
    if wants_json:
        return JsonResponse(_told(saved))
    if is_said and not saved.is_conflict:
        messages.success(request, _("Thank you: your ranking counts. You can change it until all are shown."))
    return redirect(request.path)


def _told(saved: Saved) -> dict[str, Any]:
    if saved.is_conflict:
        return {"conflict": True}
    is_done = saved.ranking.done_at is not None
    words = (
        _("Saved: it counts.")
        if is_done
        else _("Saved. It counts once all are picked, or when you say that it is yours.")
    )
    return {"revision": saved.ranking.revision, "is_done": is_done, "words": words}


def _order(request: HttpRequest) -> list[int]:
    """The order as the page had it, with the gesture that was made."""
    order = [pk for each in request.POST.getlist("order")[:200] if (pk := _number(each)) is not None]
    verb, _colon, which = request.POST.get("move", "").partition(":")
    topic = _number(which)
    if verb not in MOVES or topic is None:
        return order
    return _moved(order, verb, topic)


def _moved(order: list[int], verb: str, topic: int) -> list[int]:
    if verb == "add":
        return [*(pk for pk in order if pk != topic), topic]
    if topic not in order:
        return order
    at = order.index(topic)
    rest = [pk for pk in order if pk != topic]
    if verb == "out":
        return rest
    places: dict[str, Callable[[], int]] = {
        "up": lambda: max(0, at - 1),
        "down": lambda: at + 1,
        "first": lambda: 0,
    }
    rest.insert(places[verb](), topic)
    return rest


def _scores(request: HttpRequest) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for name, text in request.POST.items():
        start, _dash, rest = name.partition("-")
        topic, _dash, part = rest.partition("-")
        if start == "score" and _number(topic) is not None and (value := _figure(str(text))) is not None:
            found.setdefault(topic, {})[part[:20]] = value
    return found


def _figure(text: str) -> float | None:
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def _over(request: HttpRequest, seat: Seat, layout: str, language: str) -> HttpResponse:
    """Why nothing can be ranked here now."""
    is_shown = seat.cycle.revealed_at is not None
    context = {
        "layout": layout, "cycle": seat.cycle, "seat": seat, "is_shown": is_shown,
        "is_early": not is_shown and seat.ended_at is None, "language": language or None,
        "result_url": reverse("roadmap:cycle-result", args=(seat.cycle_id,)) if is_shown else "",
    }  # fmt: skip
    return render(request, "roadmap/ranking_over.html", context, status=200 if is_shown else 410)
