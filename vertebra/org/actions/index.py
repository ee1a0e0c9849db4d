"""Keeping search true to the organisation after a change."""

import datetime as dt
from collections.abc import Iterable

from vertebra.accounts import search
from vertebra.kit import clock
from vertebra.org.models import Person
from vertebra.org.queries.search import KINDS, entries, newcomer


def reindex(kind: str, ids: Iterable[int], now: dt.datetime) -> None:
    """Bring what search knows of these objects up to date, and forget those that are no more (list SEARCH)."""
    if kind not in KINDS:
        return
    wanted = set(ids)
    found = list(entries(kind, wanted, clock.today(now)))
    search.index_many(found, now=now)
    search.unindex(kind, wanted - {entry.object_id for entry in found})


def index_newcomer(person: Person, now: dt.datetime) -> None:
    """Let search know somebody who has just been added: nothing is to be read of them, they work nowhere yet."""
    if person.is_present(clock.today(now)):
        search.index(newcomer(person), now=now)
