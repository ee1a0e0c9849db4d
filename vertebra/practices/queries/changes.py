"""What changes in how we work: announced and not begun, begun lately, written anew, opened again, retired."""

import datetime as dt
from dataclasses import dataclass

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry
from vertebra.kit import clock
from vertebra.org.queries.structure import Structure
from vertebra.practices.labels.practices import Reach
from vertebra.practices.models import Practice, PracticeReach, PracticeVersion
from vertebra.practices.queries.texts import with_names

# So far back one looks: half a year, as reviews do.
BACK = dt.timedelta(days=183)
MOST = 200


@dataclass(frozen=True, slots=True)
class Change:
    """One change of how we work, on its day."""

    practice: Practice
    what: str
    on: dt.date
    at: dt.datetime
    reach: str = ""
    unit: str = ""
    words: str = ""
    key: str = ""


def to_come(day: dt.date) -> list[Change]:
    """What is announced and has not begun, the next first: objections are still heard."""
    rows = PracticeReach.objects.all_time().filter(
        announced_at__isnull=False, starts_on__gt=day, ends_on=None, practice__archived_at=None
    )
    return _named(_reaches(list(rows.select_related("practice").order_by("starts_on", "pk")[:MOST]), day))


def lately(day: dt.date) -> list[Change]:
    """What changed in the last half-year, the latest first."""
    since = day - BACK
    begun = PracticeReach.objects.all_time().filter(
        announced_at__isnull=False, starts_on__lte=day, starts_on__gt=since, practice__archived_at=None
    )
    # Taken back before its day, it never held.
    held = [row for row in begun.select_related("practice")[:MOST] if row.ends_on != row.starts_on]
    versions = PracticeVersion.objects.filter(
        published_at__gt=clock.midnight(since), number__gt=1, practice__archived_at=None
    )
    found = _reaches(held, day) + [
        Change(
            row.practice,
            "version",
            clock.today(row.published_at),
            row.published_at,
            words=row.what_changed,
            key=f"version-{row.pk}",
        )
        for row in versions.select_related("practice")[:MOST]
        if row.published_at
    ]
    found += [*_reopened(since), *_retired(since)]
    return _named(sorted(found, key=lambda one: (one.on, one.at), reverse=True)[:MOST])


def _named(changes: list[Change]) -> list[Change]:
    with_names(one.practice for one in changes)
    return changes


def _reaches(rows: list[PracticeReach], day: dt.date) -> list[Change]:
    structure = Structure.as_of(day, with_members=False)
    return [
        Change(
            row.practice, "reach", row.starts_on, row.announced_at or row.created_at, str(Reach(row.reach).label),
            node.name if (node := structure.get(row.unit_id)) else "", row.reason, key=f"reach-{row.pk}",
        )
        for row in rows
    ]  # fmt: skip


def _reopened(since: dt.date) -> list[Change]:
    """What is built together anew, with the reason that was given: each time it was."""
    entries = AuditEntry.objects.filter(kind=Kind.PRACTICE, verb="reopen", at__gt=clock.midnight(since))
    found = list(entries.order_by("-at")[:MOST])
    rows = Practice.objects.filter(archived_at=None).in_bulk([entry.object_id or 0 for entry in found])
    return [
        Change(
            rows[entry.object_id], "reopened", clock.today(entry.at), entry.at,
            words=str(entry.particulars.get("reason", "")), key=f"reopened-{entry.pk}",
        )
        for entry in found
        if entry.object_id in rows
    ]  # fmt: skip


def _retired(since: dt.date) -> list[Change]:
    entries = AuditEntry.objects.filter(kind=Kind.PRACTICE, verb="retire", at__gt=clock.midnight(since))
    latest = {entry.object_id or 0: entry for entry in entries.order_by("at")[:MOST]}
    rows = Practice.objects.filter(pk__in=latest.keys(), state="retired", archived_at=None)
    return [
        Change(
            row,
            "retired",
            clock.today(latest[row.pk].at),
            latest[row.pk].at,
            words=row.reason,
            key=f"retired-{row.pk}",
        )
        for row in rows
    ]
