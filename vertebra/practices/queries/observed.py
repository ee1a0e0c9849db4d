"""What the tools show of a practice, by unit: the share of work items that kept to its checks, or why it is not told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from vertebra.practices.labels.checks import Unseen
from vertebra.practices.models import Check, CheckCount, PracticeVersion

# What was computed longer ago says nothing of today.
FRESH = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Observed:
    """The share that kept to a practice in a unit, among how many looks; or the reason why it is not told."""

    share: float | None
    count: int | None = None
    reason: str = ""
    week: dt.date | None = None
    # From this day on others than the unit's own people see it.
    open_on: dt.date | None = None


def observed_shares(version: PracticeVersion, day: dt.date) -> dict[int, float | None]:
    """The share of work items that kept to a practice, unit by unit; nothing where it is not told."""
    return {unit: one.share for unit, one in observed(version, day).items()}


def observed(version: PracticeVersion, day: dt.date) -> dict[int, Observed]:
    """What is observed of a practice in each unit in its latest week: the mean over its checks that are on."""
    ids = list(
        Check.objects.filter(
            practice=version.practice_id, on_since__isnull=False, archived_at=None
        ).values_list("pk", flat=True)
    )
    latest: dict[int, dict[int, CheckCount]] = {}
    counts = CheckCount.objects.filter(check_row__in=ids, week__lte=day, week__gte=day - FRESH)
    for row in counts.order_by("week"):
        latest.setdefault(row.unit_id, {})[row.check_row_id] = row
    return {unit: _observed(list(rows.values())) for unit, rows in latest.items()}


def _observed(rows: list[CheckCount]) -> Observed:
    """Checks on which too few people stand are left out; a mean of those that remain would not tell of them."""
    told = [row for row in rows if row.item_count]
    if not told:
        return Observed(None, reason=Unseen.NOTHING)
    shown = [row for row in told if row.is_shown]
    if not shown:
        return Observed(None, reason=Unseen.FEW)
    shares = [1 - row.flagged_count / row.item_count for row in shown]
    return Observed(
        sum(shares) / len(shares),
        sum(row.item_count for row in shown),
        "",
        max(row.week for row in shown),
        max(row.open_on for row in shown),
    )
