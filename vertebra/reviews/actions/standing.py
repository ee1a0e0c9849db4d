"""What every change of a review writes: where search finds it, the entry of what was done to it."""

import datetime as dt
from typing import Any

from vertebra.accounts import audit, search
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.reviews.models import Review


def locked(review: Review) -> Review:
    """The review as it is now, held until the end of the transaction."""
    rows = Review.objects.select_for_update(of=("self",)).select_related("cadence", "survey")
    return rows.get(pk=review.pk)


def entry_of(row: Review) -> search.Entry:
    """What search knows of a review."""
    said = "\n".join([row.reason, *row.findings.values_list("line", flat=True)])
    return search.Entry(Kind.REVIEW, row.pk, row.title, row.frozen_on.isoformat(), said, row.language)


def written(
    verb: str, row: Review, tracker: audit.Tracker, now: dt.datetime, *, actor: User | None, **told: Any
) -> AuditEntry:
    """Bring search up to date with a review, and write the entry of what was done to it."""
    search.index(entry_of(row), now=now)
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.REVIEW,
        object_id=row.pk,
        object_name=row.title,
        particulars={name: value for name, value in told.items() if value},
        now=now,
        rows=tracker.changes,
    )
