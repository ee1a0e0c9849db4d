"""What every change of a routine writes: where search finds it, the entry of what was done to it."""

import datetime as dt
from typing import Any

from vertebra.accounts import audit, search
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.practices.models import MeetingDecision, Routine

MOST_NOTES_SEARCHED = 50


def locked(routine: Routine) -> Routine:
    """The routine as it is now, held until the end of the transaction."""
    return Routine.objects.select_for_update(of=("self",)).get(pk=routine.pk)


def entry_of(row: Routine) -> search.Entry:
    """What search knows of a routine: its agenda, what was noted and decided lately."""
    notes = row.meetings.exclude(noted="").values_list("noted", flat=True)[:MOST_NOTES_SEARCHED]
    decided = MeetingDecision.objects.filter(meeting__routine=row).order_by("-pk")
    lines = decided.values_list("line", flat=True)[: 10 * MOST_NOTES_SEARCHED]
    text = "\n".join((row.agenda, *lines, *notes))
    return search.Entry(Kind.ROUTINE, row.pk, row.title, "", text, row.language)


def written(
    verb: str, row: Routine, tracker: audit.Tracker, now: dt.datetime, *, actor: User | None, **told: Any
) -> AuditEntry:
    """Bring search up to date with a routine, and write the entry of what was done to it."""
    if row.archived_at:
        search.unindex(Kind.ROUTINE, [row.pk])
    else:
        search.index(entry_of(row), now=now)
    return audit.record(
        actor=actor, verb=verb, kind=Kind.ROUTINE, object_id=row.pk, object_name=row.title,
        particulars={name: value for name, value in told.items() if value}, now=now, rows=tracker.changes,
    )  # fmt: skip
