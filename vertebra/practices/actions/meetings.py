"""Meetings of a routine: held with notes and decisions, moved, cancelled; what was decided is done one day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit import clock
from vertebra.org.models import Person
from vertebra.practices.actions.routine_standing import locked, written
from vertebra.practices.labels.routines import MeetingState
from vertebra.practices.models import Meeting, MeetingDecision, Routine
from vertebra.practices.queries.routines import due_at


class NoSuchDay(Refusal):
    """A meeting is one that the rhythm of its routine has."""


class NotYet(Refusal):
    """What is still to come was not held yet."""


class WasHeld(Refusal):
    """What was held is not moved or cancelled any more."""


class NoReason(Refusal):
    """Whoever had kept the hour free reads why it is cancelled."""


class NoLine(Refusal):
    """A decision says in a sentence what was decided."""


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision of a meeting: what, who does it, by when."""

    line: str
    person: Person | None = None
    due_on: dt.date | None = None


@transaction.atomic
def hold_meeting(
    *, actor: User, routine: Routine, due_on: dt.date, notes: str, language: str, people_count: int | None = None,
    decisions: Sequence[Decided] = (), now: dt.datetime,
) -> AuditEntry:  # fmt: skip
    """Write what a meeting noted and decided, as it was typed; how many came is a number only."""
    row = locked(routine)
    meeting, at = _meeting(row, due_on)
    if clock.today(meeting.at if meeting else at) > clock.today(now):
        raise NotYet(_("It is still to come: write its notes on the day."))
    said: dict[str, Any] = {"state": MeetingState.HELD, "noted": notes[:20_000], "people_count": people_count}
    tracker = audit.Tracker()
    meeting, touched = _write(tracker, row, meeting, due_on, at, actor, language, now, **said)
    new = [
        MeetingDecision(
            meeting=meeting, line=_line(one.line), language=language, person=one.person, due_on=one.due_on,
            made_by=actor, created_at=now,
        )
        for one in decisions
    ]  # fmt: skip
    tracker.create_all(new)
    if not touched and not new:
        raise NothingChanges(_("It is written like this already."))
    return written("hold", row, tracker, now, actor=actor, day=due_on, decisions=len(new))


@transaction.atomic
def move_meeting(
    *, actor: User, routine: Routine, due_on: dt.date, to: dt.datetime, reason: str = "", now: dt.datetime
) -> AuditEntry:
    """Hold one meeting at another moment; calendars take it."""
    return _put(
        actor, routine, due_on, now, "move", state=MeetingState.MOVED, at=to, reason=reason.strip()[:300]
    )


@transaction.atomic
def cancel_meeting(
    *, actor: User, routine: Routine, due_on: dt.date, reason: str, now: dt.datetime
) -> AuditEntry:
    """Do not hold one meeting; calendars take it."""
    if not reason.strip():
        raise NoReason(_("Say in one sentence why: those who kept the hour free read it."))
    said = {"state": MeetingState.CANCELLED, "reason": reason.strip()[:300]}
    return _put(actor, routine, due_on, now, "cancel", **said)


def _put(
    actor: User, routine: Routine, due_on: dt.date, now: dt.datetime, verb: str, **said: Any
) -> AuditEntry:
    row = locked(routine)
    meeting, at = _meeting(row, due_on)
    if meeting is not None and meeting.state == MeetingState.HELD:
        raise WasHeld(_("It was held: its notes are kept."))
    tracker = audit.Tracker()
    meeting, touched = _write(tracker, row, meeting, due_on, at, actor, row.language, now, **said)
    if not touched:
        raise NothingChanges(_("It is written like this already."))
    tracker.change(meeting, sequence=meeting.sequence + 1)
    return written(verb, row, tracker, now, actor=actor, day=due_on, reason=said["reason"])


@transaction.atomic
def settle_decision(*, actor: User, decision: MeetingDecision, is_done: bool, now: dt.datetime) -> AuditEntry:
    """Say that what was decided is done, or that it is not after all."""
    row = locked(decision.meeting.routine)
    found = MeetingDecision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if (found.done_at is not None) == is_done:
        raise NothingChanges(_("It stands like this already."))
    tracker = audit.Tracker()
    tracker.change(found, done_at=now if is_done else None)
    return written("settle" if is_done else "reopen", row, tracker, now, actor=actor, line=found.line)


def _meeting(row: Routine, due_on: dt.date) -> tuple[Meeting | None, dt.datetime]:
    """What was written of the meeting of a day, and when it begins."""
    found = row.meetings.select_for_update().filter(due_on=due_on).first()
    at = found.at if found else due_at(row, due_on)
    if at is None:
        raise NoSuchDay(_("The routine is not held on that day."))
    return found, at


def _write(
    tracker: audit.Tracker, row: Routine, meeting: Meeting | None, due_on: dt.date, planned_at: dt.datetime,
    actor: User, language: str, now: dt.datetime, **said: Any,
) -> tuple[Meeting, bool]:  # fmt: skip
    """The meeting with what is said of it, and whether that is new."""
    if meeting is None:
        meeting = Meeting(
            routine=row, due_on=due_on, made_by=actor, language=language, created_at=now, changed_at=now,
            **{"at": planned_at, **said},
        )  # fmt: skip
        tracker.create(meeting)
        return meeting, True
    touched = tracker.change(meeting, **said)
    if touched:
        tracker.change(meeting, changed_at=now)
    return meeting, bool(touched)


def _line(line: str) -> str:
    line = " ".join(line.split())[:500]
    if not line:
        raise NoLine(_("Say in one sentence what was decided."))
    return line
