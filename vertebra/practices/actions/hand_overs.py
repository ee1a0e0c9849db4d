"""Hand-overs: a practice or a routine goes to somebody by a day; they say when they have it, and are reminded once."""

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, Message, User
from vertebra.accounts.outbox import queue_messages
from vertebra.kit import clock
from vertebra.org.models import Person
from vertebra.org.queries.people import language_for
from vertebra.practices.models import HandOver, Practice, Routine
from vertebra.practices.queries.self_supporting import under_way

SOON = dt.timedelta(days=3)


class ToNobody(Refusal):
    """What is handed over goes to somebody else, by a day that is still to come."""


class UnderWay(Refusal):
    """A thing is handed over once at a time."""


@transaction.atomic
def begin_hand_over(
    *, actor: User, thing: Practice | Routine, to: Person, by_on: dt.date, words: str = "", now: dt.datetime
) -> AuditEntry:
    """Hand a practice or a routine over to somebody by a day; they are told."""
    row = type(thing)._default_manager.select_for_update(of=("self",)).get(pk=thing.pk)
    holder = _holder(row)
    if holder == to.pk or to.archived_at or by_on < clock.today(now):
        raise ToNobody(_("Choose somebody else, and a day that is still to come."))
    if row.hand_overs.filter(done_at=None, stopped_at=None).exists():
        raise UnderWay(_("It is being handed over already."))
    hand_over = HandOver(
        practice=row if isinstance(row, Practice) else None, routine=row if isinstance(row, Routine) else None,
        from_person_id=holder, to_person=to, by_on=by_on, words=words.strip()[:1000], made_by=actor,
        created_at=now,
    )  # fmt: skip
    tracker = audit.Tracker()
    tracker.create(hand_over)
    _write_to(hand_over, "hand_over", now)
    return _recorded("hand_over", hand_over, tracker, now, actor, to=to.name, by=by_on, mailed=1)


@transaction.atomic
def take_over(*, actor: User, hand_over: HandOver, now: dt.datetime) -> AuditEntry:
    """Say that it is taken over: from now on the other runs it."""
    row = _open(hand_over)
    thing = row.practice or row.routine
    tracker = audit.Tracker()
    tracker.change(row, done_at=now)
    if thing is not None:
        tracker.change(thing, **{_named(thing): row.to_person})
    return _recorded("take_over", row, tracker, now, actor)


@transaction.atomic
def stop_hand_over(*, actor: User, hand_over: HandOver, now: dt.datetime) -> AuditEntry:
    """Let it stay where it is."""
    row = _open(hand_over)
    tracker = audit.Tracker()
    tracker.change(row, stopped_at=now)
    return _recorded("stop_hand_over", row, tracker, now, actor)


@transaction.atomic
def remind_of_hand_overs(*, actor: User | None, now: dt.datetime) -> int:
    """Remind, once, those who are to take something over within three days; how many they are."""
    due = under_way().filter(by_on__lte=clock.today(now) + SOON, reminded_at=None)
    found = list(due.select_for_update(of=("self",)))
    for row in found:
        tracker = audit.Tracker()
        tracker.change(row, reminded_at=now)
        _write_to(row, "hand_over_soon", now)
        _recorded("remind", row, tracker, now, actor, mailed=1)
    return len(found)


def _open(hand_over: HandOver) -> HandOver:
    row = HandOver.objects.select_for_update(of=("self",)).get(pk=hand_over.pk)
    if row.done_at or row.stopped_at:
        raise NothingChanges(_("This hand-over is over."))
    return row


def _holder(thing: Practice | Routine) -> int | None:
    return thing.carrier_id if isinstance(thing, Practice) else thing.lead_id


def _named(thing: Practice | Routine) -> str:
    return "carrier" if isinstance(thing, Practice) else "lead"


def _name_of(row: HandOver) -> str:
    """What is handed over is called."""
    return row.practice.name if row.practice else row.routine.title if row.routine else ""


def _write_to(row: HandOver, template: str, now: dt.datetime) -> None:
    """Write to whoever takes it over, if they can be written to."""
    to = row.to_person
    if to is None or not (to.user_id or to.email):
        return
    told = {"title": _name_of(row), "by": row.by_on.isoformat(), "words": row.words}
    told["who"] = row.from_person.name if row.from_person else ""
    message = Message(
        key=f"{template}:{row.pk}", template=template, particulars=told, language=language_for(to),
        to_user=to.user, to_email="" if to.user else to.email, address=reverse("practices:self-supporting"),
    )  # fmt: skip
    queue_messages([message], now)


def _recorded(
    verb: str, row: HandOver, tracker: audit.Tracker, now: dt.datetime, actor: User | None, **told: object
) -> AuditEntry:
    kind, number = (Kind.PRACTICE, row.practice_id) if row.practice_id else (Kind.ROUTINE, row.routine_id)
    return audit.record(
        actor=actor, verb=verb, kind=kind, object_id=number, object_name=_name_of(row),
        particulars={name: value for name, value in told.items() if value}, now=now, rows=tracker.changes,
    )  # fmt: skip
