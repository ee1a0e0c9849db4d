"""Help asked of Product Ops: taken, planned, taken over for a time, handed back, done or declined; whoever asked hears."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User, Watch
from vertebra.discovery.actions.help_news import index_requests, planned_for, tell, tell_asker
from vertebra.discovery.labels import HelpForm, HelpState
from vertebra.discovery.models import HelpRequest
from vertebra.discovery.queries.help_requests import OPEN
from vertebra.kit import clock
from vertebra.org.empty_spaces import person_of
from vertebra.org.models import Person, Unit

AN_HOUR = 60


class NothingAsked(Refusal):
    """A request says in one line what is needed."""


class NoReason(Refusal):
    """Declining needs a reason that whoever asked can read."""


class NobodyCarriesOn(Refusal):
    """What Product Ops gives back, somebody carries on."""


class NoHandBackDate(Refusal):
    """What Product Ops takes over goes back on a day that is known."""


class NotOpen(Refusal):
    """What was done or declined is opened again before anything else happens to it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the help: in words, on which day, how many hours, and who carries on."""

    words: str
    held_on: dt.date | None = None
    hours: Decimal | None = None
    carried_on_by: Person | None = None


@transaction.atomic
def ask_for_help(
    *, actor: User, sentence: str, language: str, unit: Unit | None, now: dt.datetime
) -> AuditEntry:
    """Ask Product Ops for help in one line; whoever asks follows what becomes of it."""
    sentence = " ".join(sentence.split())
    if not sentence:
        raise NothingAsked(_("Say in one line what you need help with."))
    request = HelpRequest(
        sentence=sentence, language=language, unit=unit, asked_by=actor, asked_at=now, changed_at=now
    )
    tracker = audit.Tracker()
    tracker.create(request)
    tracker.create(Watch(user=actor, kind=Kind.HELP_REQUEST, object_id=request.pk, since_at=now))
    index_requests([request], now)
    return _record(actor, "report", request, tracker, now)


@transaction.atomic
def take_request(*, actor: User, request: HelpRequest, now: dt.datetime) -> AuditEntry:
    """Take a request on oneself."""
    request = _open(request)
    values = {"state": HelpState.ACCEPTED, "helper": person_of(actor)}
    return _step(actor, "take", "taken", request, values, now)


@transaction.atomic
def plan_help(
    *,
    actor: User,
    request: HelpRequest,
    form: HelpForm,
    held_on: dt.date,
    now: dt.datetime,
    at: dt.time | None = None,
    minutes: int | None = None,
    place: str = "",
) -> AuditEntry:
    """Plan a session or a workshop on a day, the whole of it unless an hour is said; calendars are told."""
    if form == HelpForm.TAKEN_OVER:
        raise NoHandBackDate(_("What you take over needs the day it goes back."))
    request = _open(request)
    zone = timezone.get_default_timezone()
    values = {
        "form": form,
        "held_on": held_on,
        "starts_at": dt.datetime.combine(held_on, at, zone) if at else None,
        "minutes": (minutes or AN_HOUR) if at else None,
        "place": place,
        "hand_back_on": None,
        **_taken(actor, request),
    }
    return _step(actor, "change", "planned", request, values, now)


@transaction.atomic
def take_over(
    *, actor: User, request: HelpRequest, hand_back_on: dt.date | None, now: dt.datetime
) -> AuditEntry:
    """Do it in the team's place for a time, until a day; the same again moves that day."""
    request = _open(request)
    if hand_back_on is None or hand_back_on <= clock.today(now):
        raise NoHandBackDate(_("Name the day, after today, on which it goes back to the team."))
    is_moved = request.form == HelpForm.TAKEN_OVER and request.hand_back_on is not None
    values = {"form": HelpForm.TAKEN_OVER, "hand_back_on": hand_back_on, **_taken(actor, request)}
    return _step(actor, "change", "postponed" if is_moved else "taken_over", request, values, now)


@transaction.atomic
def record_outcome(*, actor: User, request: HelpRequest, outcome: Outcome, now: dt.datetime) -> AuditEntry:
    """Say what came of a session or a workshop, and who carries on: it is done."""
    request = _open(request)
    if request.form == HelpForm.TAKEN_OVER:
        raise NobodyCarriesOn(_("You took this over: hand it back to somebody instead."))
    values = {
        **_taken(actor, request),
        **_came_of(outcome, now),
        "form": request.form or HelpForm.SESSION,
        "state": HelpState.DONE,
        "closed_at": now,
    }
    return _step(actor, "settle", "done", request, values, now)


@transaction.atomic
def hand_back(*, actor: User, request: HelpRequest, outcome: Outcome, now: dt.datetime) -> AuditEntry:
    """Give back to the team what was taken over; somebody of theirs carries on."""
    request = _open(request)
    if request.form != HelpForm.TAKEN_OVER:
        raise NotOpen(_("Only what was taken over is handed back."))
    if outcome.carried_on_by is None:
        raise NobodyCarriesOn(_("Name who carries on: nothing is handed back to nobody."))
    values = {
        **_came_of(outcome, now),
        "state": HelpState.DONE,
        "handed_back_on": clock.today(now),
        "closed_at": now,
    }
    return _step(actor, "hand_back", "handed_back", request, values, now)


@transaction.atomic
def decline_request(*, actor: User, request: HelpRequest, reason: str, now: dt.datetime) -> AuditEntry:
    """Say no, with the reason."""
    if not reason.strip():
        raise NoReason(_("Say why: whoever asked will read it."))
    request = _open(request)
    values = {"state": HelpState.DECLINED, "reason": reason.strip(), "closed_at": now}
    return _step(actor, "decline", "declined", request, values, now)


@transaction.atomic
def reopen_request(*, actor: User, request: HelpRequest, now: dt.datetime) -> AuditEntry:
    """Open again what was done or declined: there is more to it."""
    request = _locked(request)
    if request.state in OPEN:
        raise NothingChanges(_("Nothing changes: it is so already."))
    state = HelpState.ACCEPTED if request.helper_id else HelpState.ASKED
    values = {"state": state, "reason": "", "closed_at": None, "handed_back_on": None}
    return _step(actor, "reopen", "reopened", request, values, now)


@transaction.atomic
def say_request(*, actor: User, request: HelpRequest, sentence: str, now: dt.datetime) -> AuditEntry:
    """Say more clearly what is needed."""
    sentence = " ".join(sentence.split())
    if not sentence:
        raise NothingAsked(_("Say in one line what you need help with."))
    request = _locked(request)
    before = request.sentence
    tracker = audit.Tracker()
    if not tracker.change(request, sentence=sentence):
        raise NothingChanges(_("It is said like this already."))
    tracker.change(request, changed_at=now)
    index_requests([request], now)
    return _record(actor, "change", request, tracker, now, changes={"sentence": [before, sentence]})


def _taken(actor: User, request: HelpRequest) -> dict[str, Any]:
    """Whoever acts on a request that nobody took has taken it."""
    helper = {} if request.helper_id else {"helper": person_of(actor)}
    return {"state": HelpState.ACCEPTED, **helper}


def _came_of(outcome: Outcome, now: dt.datetime) -> dict[str, Any]:
    return {
        "outcome": outcome.words.strip(),
        "hours": outcome.hours,
        "carried_on_by": outcome.carried_on_by,
        "held_on": outcome.held_on or clock.today(now),
    }


def _locked(request: HelpRequest) -> HelpRequest:
    rows = HelpRequest.objects.select_for_update(of=("self",)).select_related("asked_by", "helper")
    return rows.get(pk=request.pk)


def _open(request: HelpRequest) -> HelpRequest:
    found = _locked(request)
    if found.state not in OPEN:
        raise NotOpen(_("This was done or declined: open it again first."))
    return found


def _step(
    actor: User, verb: str, step: str, request: HelpRequest, values: dict[str, Any], now: dt.datetime
) -> AuditEntry:
    """Change a request, write it down, tell whoever asked and whoever carries on."""
    before = request.state
    dropped = planned_for(request) if step in {"declined", "taken_over"} else None
    tracker = audit.Tracker()
    if not tracker.change(request, **values):
        raise NothingChanges(_("Nothing changes: it is so already."))
    calendars = request.sequence + (1 if step == "planned" or dropped else 0)
    tracker.change(request, changed_at=now, sequence=calendars)
    changes = {"state": [before, request.state]} if before != request.state else {}
    entry = _record(actor, verb, request, tracker, now, changes=changes, step=step)
    tell_asker(request, step, entry=entry, actor=actor, dropped=dropped, now=now)
    carrier = (
        request.carried_on_by.user if step in {"done", "handed_back"} and request.carried_on_by else None
    )
    if carrier is not None and carrier not in (actor, request.asked_by):
        tell(carrier, request, "carries_on", entry=entry, now=now)
    index_requests([request], now)
    return entry


def _record(
    actor: User, verb: str, request: HelpRequest, tracker: audit.Tracker, now: dt.datetime, **told: Any
) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.HELP_REQUEST,
        object_id=request.pk,
        object_name=request.sentence,
        particulars={name: value for name, value in told.items() if value},
        now=now,
        rows=tracker.changes,
    )
