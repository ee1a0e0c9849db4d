"""Consultations: champions are asked what something changes for their trade, and told what became of it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit, search
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User, Watch
from vertebra.accounts.tokens import digest_of, new_secret
from vertebra.evidence.asks import note_asks, room_to_ask
from vertebra.kit import clock
from vertebra.org.empty_spaces import person_of
from vertebra.org.models import Area, Market, Person
from vertebra.releases.actions.consultation_letters import (
    lasts_until,
    leave_in_peace,
    write_ask,
    write_outcome,
)
from vertebra.releases.actions.index import consultation_entry
from vertebra.releases.labels.consultations import OPEN_ASKS, AskState
from vertebra.releases.models import Consultation, ConsultationAsk, Release
from vertebra.releases.queries.audiences import can_be_reached
from vertebra.releases.queries.consultations import (
    Subject,
    is_going_on,
    is_gone,
    mandates_of,
)
from vertebra.roadmap.models import Initiative

MOST = 12
EDITABLE = frozenset({"title", "details", "questions", "due_on"})


class NotAsked(Refusal):
    """A consultation says what it is about, and by when answers help."""


class NobodyToAsk(Refusal):
    """Champions are asked by name: a few, who have not been asked yet."""


class IsClosed(Refusal):
    """A consultation that is closed stays as it was."""


class NoOutcome(Refusal):
    """Those who answered are told what became of it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What champions are asked."""

    title: str
    due_on: dt.date
    language: str
    details: str = ""
    questions: str = ""
    area: Area | None = None
    market: Market | None = None
    release: Release | None = None
    initiative: Initiative | None = None


@transaction.atomic
def ask_champions(
    *, actor: User, wanted: Wanted, people: Mapping[int, Sequence[str]], now: dt.datetime
) -> tuple[Consultation, AuditEntry]:
    """Ask these champions, each by a link of their own; whoever was asked twice this week waits for a free one.

    Whom no mail reaches is asked by whoever hands them a link (`make_consultation_link`).
    """
    title = " ".join(wanted.title.replace("\x00", "").split())[:200]
    if not title:
        raise NotAsked(_("Say in one sentence what it is about."))
    _refuse_past(wanted.due_on, now)
    row = Consultation(
        title=title, details=wanted.details.strip(), questions=wanted.questions.strip(), language=wanted.language,
        release=wanted.release, initiative=wanted.initiative, area=wanted.area, market=wanted.market,
        asked_by=person_of(actor), made_by=actor, due_on=wanted.due_on, created_at=now,
    )  # fmt: skip
    tracker = audit.Tracker()
    tracker.create(row)
    tracker.create(Watch(user=actor, kind=Kind.CONSULTATION, object_id=row.pk, since_at=now))
    told = _ask(tracker, row, people, actor, now)
    return row, _written("ask", row, tracker, actor, now, **told)


@transaction.atomic
def ask_more_champions(
    *, actor: User, consultation: Consultation, people: Mapping[int, Sequence[str]], now: dt.datetime
) -> AuditEntry:
    """Ask other champions the same."""
    row = _locked_open(consultation)
    _refuse_past(row.due_on, now)
    tracker = audit.Tracker()
    told = _ask(tracker, row, people, actor, now)
    return _written("ask", row, tracker, actor, now, **told)


@transaction.atomic
def change_consultation(
    *, actor: User, consultation: Consultation, changes: Mapping[str, Any], now: dt.datetime
) -> AuditEntry:
    """Say better what is asked, or give more time: whoever had not answered in time is waited for again."""
    row = _locked_open(consultation)
    values = {name: value for name, value in changes.items() if name in EDITABLE}
    values = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    if "title" in values and not values["title"]:
        raise NotAsked(_("Say in one sentence what it is about."))
    if (due_on := values.get("due_on", row.due_on)) != row.due_on:
        _refuse_past(due_on, now)
    tracker = audit.Tracker()
    touched = tracker.change(row, **values)
    if not touched:
        raise NothingChanges(_("It is written like this already."))
    if "due_on" in touched:
        for ask in row.asks.select_for_update(of=("self",)).order_by("pk"):
            state = _waited_for(ask) if ask.state == AskState.LAPSED else ask.state
            tracker.change(ask, state=state, expires_at=lasts_until(row.due_on))
    return _written("change", row, tracker, actor, now, fields=touched)


def _waited_for(ask: ConsultationAsk) -> AskState:
    return AskState.REMINDED if ask.reminded_at else AskState.WAITING


@transaction.atomic
def close_consultation(
    *, actor: User, consultation: Consultation, outcome: str, now: dt.datetime
) -> AuditEntry:
    """Say what became of it: whoever answered is told, whoever did not is asked no more."""
    row = _locked_open(consultation)
    outcome = outcome.strip()[:4000]
    if not outcome:
        raise NoOutcome(_("Say what became of it: those who answered are told."))
    tracker = audit.Tracker()
    tracker.change(row, closed_at=now, outcome=outcome)
    mailed = 0
    asks = ConsultationAsk.objects.select_for_update(of=("self",)).select_related("person__user")
    asked = list(asks.filter(consultation=row).order_by("pk"))
    leave_in_peace(asked)
    for ask in asked:
        if ask.state in OPEN_ASKS:
            tracker.change(ask, state=AskState.LAPSED)
        if ask.state == AskState.ANSWERED and not is_gone(ask.person, clock.today(now)):
            mailed += write_outcome(ask, row, actor.name, now)
    return _written("close", row, tracker, actor, now, mailed=mailed)


def _locked_open(consultation: Consultation) -> Consultation:
    """The consultation as it is now, held until the end of the transaction, if it is not closed."""
    rows = Consultation.objects.select_for_update(of=("self",))
    row = rows.select_related("area", "market", "release", "initiative", "asked_by").get(pk=consultation.pk)
    if row.closed_at is not None:
        raise IsClosed(_("This consultation is closed: it stays as it was."))
    return row


def _refuse_past(due_on: dt.date, now: dt.datetime) -> None:
    """Refuse a day that leaves nobody the time to answer."""
    if due_on <= clock.today(now):
        raise NotAsked(_("Leave them a day to answer at least: choose tomorrow or later."))


def _ask(
    tracker: audit.Tracker,
    row: Consultation,
    people: Mapping[int, Sequence[str]],
    actor: User,
    now: dt.datetime,
) -> dict[str, int]:
    """Ask those who can be asked: how many are, now or later; by how many messages; how many need a link handed over."""
    if not is_going_on(row):
        raise NotAsked(_("It is withdrawn or archived: this is asked no more."))
    if len(people) > MOST:
        raise NobodyToAsk(_("Ask %(count)d champions at most: a few answers say more.") % {"count": MOST})
    found = _askable(row, people, actor, now)
    if not found:
        raise NobodyToAsk(_("Choose at least one champion who was not asked yet."))
    about = Subject(row.title, row.area, row.market)
    mandates = mandates_of([one.pk for one in found], about, clock.today(now))
    found = [one for one in found if one.pk in mandates]
    if not found:
        raise NobodyToAsk(_("None of these is a Product Champion today."))
    reached = [one.pk for one in found if can_be_reached(one)]
    room = room_to_ask(reached, now)
    note_asks(room, Kind.CONSULTATION, row.pk, now)
    for person in found:
        secret = new_secret()
        ask = ConsultationAsk(
            consultation=row, mandate=mandates[person.pk], person=person, reasons=list(people[person.pk]),
            state=AskState.WAITING if person.pk in room else AskState.HELD, digest=digest_of(secret), asked_at=now,
            expires_at=lasts_until(row.due_on),
        )  # fmt: skip
        tracker.create(ask)
        if person.pk in room:
            write_ask(ask, row, secret, now)
    return {"count": len(found), "mailed": len(room), "by_hand": len(found) - len(reached)}


def _askable(
    row: Consultation, people: Mapping[int, Sequence[str]], actor: User, now: dt.datetime
) -> list[Person]:
    """Those of these people who work here, were not asked yet, and are not the one who asks."""
    known = set(row.asks.values_list("person_id", flat=True))
    me = person_of(actor)
    wanted = set(people) - known - ({me.pk} if me else set())
    rows = Person.objects.filter(pk__in=wanted).select_related("user")
    day = clock.today(now)
    return [one for one in rows.order_by("pk") if not is_gone(one, day)]


def _written(
    verb: str, row: Consultation, tracker: audit.Tracker, actor: User | None, now: dt.datetime, **told: Any
) -> AuditEntry:
    search.index(consultation_entry(row), now=now)
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.CONSULTATION,
        object_id=row.pk,
        object_name=row.title,
        particulars={name: value for name, value in told.items() if value},
        now=now,
        rows=tracker.changes,
    )
