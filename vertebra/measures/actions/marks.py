"""Marks on the lines of metrics: what happened when, written by the action that makes it happen.

mark(tracker, MarkKind.INITIATIVE, title, starts_on, ends_on, Kind.INITIATIVE, initiative.pk, [metric])
"""

import datetime as dt
from collections.abc import Iterable

from vertebra.accounts.audit import Tracker
from vertebra.measures.models import Mark, Metric


def mark(
    tracker: Tracker | None,
    kind: str,
    title: str,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    object_kind: str = "",
    object_id: int | None = None,
    metrics: Iterable[Metric | int] = (),
) -> Mark:
    """Mark on lines that something happened (on all of them when no metric is named); the same object's day once."""
    tracker = tracker if tracker is not None else Tracker()
    row = (
        Mark.objects.filter(object_kind=object_kind, object_id=object_id, starts_on=starts_on).first()
        if object_kind
        else None
    )
    if row is None:
        row = Mark(
            kind=kind, title=title[:200], starts_on=starts_on, ends_on=ends_on,
            object_kind=object_kind, object_id=object_id,
        )  # fmt: skip
        tracker.create(row)
    else:
        tracker.change(row, kind=kind, title=title[:200], ends_on=ends_on)
    row.metrics.add(*metrics)
    return row


def unmark(tracker: Tracker | None, object_kind: str, object_id: int) -> None:
    """Take the marks of an object off all lines."""
    tracker = tracker if tracker is not None else Tracker()
    for row in Mark.objects.filter(object_kind=object_kind, object_id=object_id):
        tracker.delete(row)
