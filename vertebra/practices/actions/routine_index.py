"""Keeping search true to routines after a change that no other action of them made, such as one taken back."""

import datetime as dt
from collections.abc import Iterable

from vertebra.accounts import search
from vertebra.accounts.labels import Kind
from vertebra.practices.actions.routine_standing import entry_of
from vertebra.practices.models import Routine


def reindex(kind: str, ids: Iterable[int], now: dt.datetime) -> None:
    """Bring what search knows of these up to date, and forget those that are put away (list SEARCH)."""
    if kind != Kind.ROUTINE:
        return
    wanted = set(ids)
    rows = list(Routine.objects.filter(pk__in=wanted, archived_at=None))
    search.index_many([entry_of(row) for row in rows], now=now)
    search.unindex(kind, wanted - {row.pk for row in rows})
