"""Days on which nothing comes out."""

import datetime as dt

from vertebra.org.queries.care import Areas
from vertebra.releases.models import FreezeWindow, Release


def freezes_between(first: dt.date, last: dt.date) -> list[FreezeWindow]:
    """The freezes that touch a time, the earliest first."""
    rows = FreezeWindow.objects.filter(archived_at=None, from_on__lte=last, until_on__gte=first)
    return list(rows.select_related("market"))


def freezes_of(release: Release, day: dt.date) -> list[FreezeWindow]:
    """The freezes that hold on a day for a release: everywhere, in its area or one above, in a market of it."""
    rows = list(FreezeWindow.objects.filter(archived_at=None, from_on__lte=day, until_on__gte=day))
    if any(row.area_id for row in rows):
        inside = _with_above(release.area_id, day)
        rows = [row for row in rows if not row.area_id or row.area_id in inside]
    if any(row.market_id for row in rows):
        markets = set(release.markets.values_list("market_id", flat=True))
        # Without markets it comes out in all of them.
        rows = [row for row in rows if not row.market_id or not markets or row.market_id in markets]
    return rows


def _with_above(area_id: int | None, day: dt.date) -> set[int]:
    if area_id is None:
        return set()
    return {area_id, *(node.id for node in Areas.as_of(day).above(area_id))}
