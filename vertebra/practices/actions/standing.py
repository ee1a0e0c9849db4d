"""What every change of a practice writes: where search finds it, the entry of what was done to it."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from vertebra.accounts import audit, search
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.practices.labels.practices import PracticeState
from vertebra.practices.models import Practice, PracticeReach, PracticeText, PracticeVersion


class PutAway(Refusal):
    """What is archived is brought back before it is changed."""


class IsRetired(Refusal):
    """What was retired is taken up again before it is changed."""


class NotReady(Refusal):
    """What is published says at least why, and how."""


def locked(practice: Practice) -> Practice:
    """The practice as it is now, held until the end of the transaction."""
    rows = Practice.objects.select_for_update(of=("self",)).select_related("carrier", "validation__version")
    return rows.get(pk=practice.pk)


def open_one(practice: Practice) -> Practice:
    """The practice, held, if it can be changed: neither put away nor retired."""
    row = locked(practice)
    if row.archived_at:
        raise PutAway(_("It is archived: bring it back first."))
    if row.state == PracticeState.RETIRED:
        raise IsRetired(_("It was retired: take it up again first."))
    return row


def entry_of(row: Practice) -> search.Entry:
    """What search knows of a practice: what its latest version says, in each language."""
    texts = PracticeText.objects.filter(version=row.versions.order_by("-number").values("pk")[:1])
    said = texts.order_by("language").values_list("name", "why", "steps")
    words = "\n".join("\n".join(parts) for parts in said)
    return search.Entry(Kind.PRACTICE, row.pk, row.name, "", words, row.language)


def written(
    verb: str, row: Practice, tracker: audit.Tracker, now: dt.datetime, *, actor: User | None, **told: Any
) -> AuditEntry:
    """Bring search up to date with a practice, and write the entry of what was done to it."""
    tracker.change(row, changed_at=now)
    if row.archived_at is None:
        search.index(entry_of(row), now=now)
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.PRACTICE,
        object_id=row.pk,
        object_name=row.name,
        particulars={name: value for name, value in told.items() if value},
        now=now,
        rows=tracker.changes,
    )


def end_of(row: Practice) -> tuple[str, int]:
    """A practice as an end of the thread."""
    return str(Kind.PRACTICE), row.pk


def refuse_unfit(version: PracticeVersion) -> None:
    """Refuse a version that nobody could follow."""
    if not any(text.why.strip() and text.steps.strip() for text in version.texts.all()):
        raise NotReady(_("Say why, and in which steps: nobody can build on less."))


def take_back(tracker: audit.Tracker, reach: PracticeReach) -> None:
    """Take back what was announced and has not begun; what it was to follow goes on."""
    before = PracticeReach.objects.all_time().filter(
        practice=reach.practice_id, unit=reach.unit_id, ends_on=reach.starts_on, starts_on__lt=reach.starts_on
    )
    tracker.change(reach, ends_on=reach.starts_on)
    for one in before.exclude(pk=reach.pk):
        tracker.change(one, ends_on=None)
