"""Keeping search true to the organisation after a change."""

import datetime as dt
from collections.abc import Iterable

from vertebra.accounts import search
from vertebra.kit import clock
from vertebra.org.queries.search import KINDS, entries


def reindex(kind: str, ids: Iterable[int], now: dt.datetime) -> None:
    """Bring what search knows of these objects up to date, and forget those that are no more (list SEARCH)."""
    if kind not in KINDS:
        return
    wanted = set(ids)
    found = list(entries(kind, wanted, clock.today(now)))
    search.index_many(found, now=now)
    search.unindex(kind, wanted - {entry.object_id for entry in found})
