"""What every change of a lesson or a path writes: where search finds it, the entry of what was done to it."""

import datetime as dt
from typing import Any

from vertebra.accounts import audit, search
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.learning.models import Lesson, LessonText, Path
from vertebra.learning.queries.lessons import holds


def locked(lesson: Lesson) -> Lesson:
    """The lesson as it is now, held until the end of the transaction."""
    rows = Lesson.objects.select_for_update(of=("self",)).select_related("release", "owner")
    return rows.get(pk=lesson.pk)


def entry_of(row: Lesson) -> search.Entry:
    """What search knows of a lesson: what its version that holds says."""
    texts = LessonText.objects.filter(holds("version__"), version__lesson=row)
    said = "\n".join("\n".join(pair) for pair in texts.order_by("language").values_list("title", "body"))
    return search.Entry(Kind.LESSON, row.pk, row.title, "", said, row.language)


def path_entry(row: Path) -> search.Entry:
    """What search knows of a path."""
    said = "\n".join([row.description, *row.steps.filter(archived_at=None).values_list("title", flat=True)])
    return search.Entry(Kind.PATH, row.pk, row.title, "", said, row.language)


def written(
    verb: str, row: Lesson, tracker: audit.Tracker, now: dt.datetime, *, actor: User | None, **told: Any
) -> AuditEntry:
    """Bring search up to date with a lesson, and write the entry of what was done to it."""
    tracker.change(row, changed_at=now)
    if row.archived_at is None:
        search.index(entry_of(row), now=now)
    return _entry(verb, Kind.LESSON, row, tracker, now, actor, told)


def path_written(
    verb: str, row: Path, tracker: audit.Tracker, now: dt.datetime, *, actor: User | None, **told: Any
) -> AuditEntry:
    """Bring search up to date with a path, and write the entry of what was done to it."""
    tracker.change(row, changed_at=now)
    if row.archived_at is None:
        search.index(path_entry(row), now=now)
    return _entry(verb, Kind.PATH, row, tracker, now, actor, told)


def _entry(
    verb: str,
    kind: str,
    row: Lesson | Path,
    tracker: audit.Tracker,
    now: dt.datetime,
    actor: User | None,
    told: dict[str, Any],
) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=kind,
        object_id=row.pk,
        object_name=row.title,
        particulars={name: value for name, value in told.items() if value},
        now=now,
        rows=tracker.changes,
    )
