"""The desk of a Product Champion: what is asked, what is being designed, what was passed on, the time it takes."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.kit import clock
from vertebra.org.empty_spaces import person_of
from vertebra.org.labels import Function
from vertebra.org.models import Person
from vertebra.org.pages.frame import refused
from vertebra.releases.actions import relays as actions
from vertebra.releases.forms.consultations import BecameForm, RelayForm
from vertebra.releases.labels.consultations import CERTAINTY_TONES, IMPACT_TONES
from vertebra.releases.models import Relay
from vertebra.releases.pages.frame import written_in
from vertebra.releases.queries.audiences import Reading
from vertebra.releases.queries.consultations import due_asks
from vertebra.releases.queries.desk import (
    MOST,
    answered_by,
    champion_mandates,
    relays_of,
    time_of,
    to_agree,
)
from vertebra.releases.queries.in_design import around, places_of
from vertebra.roadmap.models import Topic

ANSWERS = 8
DESIGNS = 12


@require_GET
@requires(Right.READ)
def desk(request: PageRequest) -> HttpResponseBase:
    """Show one's own desk."""
    return _desk(request, person_of(request.user), is_mine=True)


@require_GET
@requires(Right.PRODUCT_OPS)
def desk_of(request: PageRequest, person_id: int) -> HttpResponseBase:
    """Show the desk of a champion to Product Ops."""
    person = get_object_or_404(Person, pk=person_id)
    mine = person_of(request.user)
    return _desk(request, person, is_mine=mine is not None and mine.pk == person.pk)


def _desk(request: PageRequest, person: Person | None, *, is_mine: bool) -> HttpResponse:
    now = clock.now()
    day = clock.today(now)
    mandates = list(champion_mandates(day).filter(person=person).order_by("pk")) if person else []
    context: dict[str, Any] = {"person": person, "is_mine": is_mine, "mandates": _mandates(mandates)}
    if person is not None and (mandates or Relay.objects.filter(person=person).exists()):
        time = time_of(person, mandates, day)
        context |= {
            "is_champion": bool(mandates),
            "time": time,
            "highest": max([one.minutes for one in time.months] + [time.agreed, 1]),
            "asks": [_asked(row, day) for row in due_asks(person, now)[:MOST]],
            "to_agree": to_agree(places_of(mandates, Reading(day))),
            "answers": [
                {"row": row, "tone": IMPACT_TONES[row.answer.impact]} for row in answered_by(person)[:ANSWERS]
            ],
            "relays": list(relays_of(person)[:MOST]),
            "form": RelayForm(auto_id="relay-%s") if is_mine and mandates else None,
        }
    return render(request, "releases/desk.html", context)


def _mandates(rows: list[Any]) -> list[dict[str, Any]]:
    functions = dict(Function.choices)
    return [{"row": row, "function": functions.get(row.function, "")} for row in rows]


def _asked(row: Any, day: dt.date) -> dict[str, Any]:
    return {"row": row, "is_late": row.consultation.due_on < day}


@require_GET
@requires(Right.READ)
def desk_design(request: PageRequest) -> HttpResponseBase:
    """Show what is being designed in the places of one's mandates: a part of the desk."""
    person = person_of(request.user)
    wanted = request.GET.get("person", "")
    if wanted.isdecimal() and len(wanted) < 18 and may(request.user, Right.PRODUCT_OPS):
        person = get_object_or_404(Person, pk=int(wanted))
    day = clock.today()
    mandates = champion_mandates(day).filter(person=person) if person else ()
    here = Reading(day)
    found = around(places_of(mandates, here), here, DESIGNS + 1)
    rows = [{"row": one, "tone": CERTAINTY_TONES[one.certainty]} for one in found[:DESIGNS]]
    context = {"rows": rows, "has_more": len(found) > DESIGNS, "today": day}
    return render(request, "releases/desk_design.html", context)


@require_POST
@requires(Right.TAKE_PART)
def relay_create(request: PageRequest) -> HttpResponse:
    """Note what one passed on."""
    form = RelayForm(request.POST)
    person = person_of(request.user)
    if person is None:
        raise PermissionDenied
    if not form.is_valid():
        return refused(request, form, reverse("releases:desk"))
    given = form.cleaned_data
    topic = Topic.objects.filter(pk=given["topic"], archived_at=None).first() if given["topic"] else None
    if given["topic"] and topic is None:
        messages.error(request, _("There is no topic of that number."))
        return redirect("releases:desk")
    return _done(
        request,
        lambda: actions.pass_on(
            actor=request.user, person=person, line=given["line"], minutes=given["minutes"] or 0,
            release=given["release"], topic=topic, language=written_in(), now=clock.now(),
        ),
        _("Noted. What becomes of it is said here."),
        None,
    )  # fmt: skip


@require_POST
@requires(Right.TAKE_PART)
def relay_outcome(request: PageRequest, relay_id: int) -> HttpResponse:
    """Say what became of something passed on: the champion, or Product Ops."""
    row = _relay(request, relay_id, for_ops=True)
    form = BecameForm(request.POST)
    became = form.cleaned_data["became"] if form.is_valid() else ""
    return _done(
        request,
        lambda: actions.say_what_became(actor=request.user, relay=row, became=became, now=clock.now()),
        _("Noted: what became of it is on the desk."),
        row,
    )


@require_POST
@requires(Right.TAKE_PART)
def relay_removal(request: PageRequest, relay_id: int) -> HttpResponse:
    """Take back something noted by mistake: by the champion alone."""
    row = _relay(request, relay_id, for_ops=False)
    return _done(
        request,
        lambda: actions.take_back_relay(actor=request.user, relay=row, now=clock.now()),
        _("Taken back."),
        None,
    )


def _relay(request: PageRequest, relay_id: int, *, for_ops: bool) -> Relay:
    """The relay, if it is one's own, or if one may say what became of it."""
    row = get_object_or_404(Relay.objects.select_related("person"), pk=relay_id)
    me = person_of(request.user)
    if me is not None and row.person_id == me.pk:
        return row
    if not (for_ops and may(request.user, Right.PRODUCT_OPS)):
        raise PermissionDenied
    return row


def _done(request: PageRequest, act: Any, text: str, row: Relay | None) -> HttpResponse:
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, text)
    me = person_of(request.user)
    if row is not None and (me is None or row.person_id != me.pk):
        return redirect("releases:desk-of", row.person_id)
    return redirect("releases:desk")
