"""What is to be done after an incident: added with an owner and a day, done, or dropped with a reason."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.evidence.models import FollowUpAction, Incident
from vertebra.org.models import Person, Unit


class NothingToDo(Refusal):
    """A follow-up says what is to be done."""


class NoOwner(Refusal):
    """What nobody answers for is not done: a follow-up has an owner."""


class NoReason(Refusal):
    """Dropping a follow-up needs a reason."""


class AlreadyOver(Refusal):
    """A follow-up is done or dropped once."""


@transaction.atomic
def add_follow_up(
    *,
    actor: User,
    incident: Incident,
    title: str,
    owner: Person | None,
    due_on: dt.date | None = None,
    of_unit: Unit | None = None,
    now: dt.datetime,
) -> AuditEntry:
    """Add something to do after an incident, with who answers for it and until when."""
    title = " ".join(title.split())[:300]
    if not title:
        raise NothingToDo(_("Say what is to be done."))
    if owner is None:
        raise NoOwner(_("Say who answers for it: what nobody answers for is not done."))
    row = FollowUpAction(
        incident=incident, title=title, owner=owner, of_unit=of_unit, due_on=due_on, created_at=now
    )
    tracker = audit.Tracker()
    tracker.create(row)
    return _record(actor, "assign", row, tracker, now)


@transaction.atomic
def change_follow_up(
    *,
    actor: User,
    follow_up: FollowUpAction,
    owner: Person | None,
    due_on: dt.date | None,
    now: dt.datetime,
) -> AuditEntry:
    """Give a follow-up to somebody else, or another day."""
    row = _open(follow_up)
    if owner is None:
        raise NoOwner(_("Say who answers for it: what nobody answers for is not done."))
    tracker = audit.Tracker()
    if not tracker.change(row, owner=owner, due_on=due_on):
        raise NothingChanges(_("It is written like this already."))
    return _record(actor, "change", row, tracker, now)


@transaction.atomic
def finish_follow_up(
    *, actor: User, follow_up: FollowUpAction, done_on: dt.date, now: dt.datetime
) -> AuditEntry:
    """Say that a follow-up is done."""
    row = _open(follow_up)
    tracker = audit.Tracker()
    tracker.change(row, done_on=done_on)
    return _record(actor, "deliver", row, tracker, now)


@transaction.atomic
def drop_follow_up(
    *, actor: User, follow_up: FollowUpAction, reason: str, dropped_on: dt.date, now: dt.datetime
) -> AuditEntry:
    """Say that a follow-up will not be done, and why."""
    row = _open(follow_up)
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise NoReason(_("Say why it will not be done: it stays with the incident."))
    tracker = audit.Tracker()
    tracker.change(row, dropped_on=dropped_on, drop_reason=reason)
    return _record(actor, "dismiss", row, tracker, now)


def _open(follow_up: FollowUpAction) -> FollowUpAction:
    row = FollowUpAction.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
    if row.done_on or row.dropped_on:
        raise AlreadyOver(_("This is over already."))
    return row


def _record(
    actor: User, verb: str, row: FollowUpAction, tracker: audit.Tracker, now: dt.datetime
) -> AuditEntry:
    return audit.record(
        actor=actor, verb=verb, kind=Kind.INCIDENT, object_id=row.incident_id, object_name=row.title,
        now=now, rows=tracker.changes,
    )  # fmt: skip
