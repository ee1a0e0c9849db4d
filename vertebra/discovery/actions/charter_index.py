"""Keeping search true to the charter that holds."""

import datetime as dt
from collections.abc import Iterable

from vertebra.accounts import search
from vertebra.accounts.labels import Kind
from vertebra.discovery.models import Charter
from vertebra.discovery.queries.charters import search_entries


def reindex(kind: str, ids: Iterable[int], now: dt.datetime) -> None:
    """Bring what search knows of charters up to date, and forget versions that hold no more (list SEARCH)."""
    if kind != Kind.CHARTER:
        return
    every = set(Charter.objects.values_list("pk", flat=True)) | set(ids)
    found = search_entries(every)
    search.index_many(found, now=now)
    search.unindex(kind, every - {entry.object_id for entry in found})
