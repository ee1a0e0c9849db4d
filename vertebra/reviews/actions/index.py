"""Keeping search true to reviews after a change that no other action of them made, such as one taken back."""

import datetime as dt
from collections.abc import Iterable

from vertebra.accounts import search
from vertebra.accounts.labels import Kind
from vertebra.reviews.actions.standing import entry_of
from vertebra.reviews.models import Review


def reindex(kind: str, ids: Iterable[int], now: dt.datetime) -> None:
    """Bring what search knows of these reviews up to date (list SEARCH)."""
    if kind != Kind.REVIEW:
        return
    wanted = set(ids)
    found = list(Review.objects.filter(pk__in=wanted))
    search.index_many([entry_of(row) for row in found], now=now)
    search.unindex(kind, wanted - {row.pk for row in found})
