"""Keeping search true to lessons and paths after a change that no other action of them made, such as one taken back."""

import datetime as dt
from collections.abc import Iterable

from vertebra.accounts import search
from vertebra.accounts.labels import Kind
from vertebra.learning.actions.standing import entry_of, path_entry
from vertebra.learning.models import Lesson, Path


def reindex(kind: str, ids: Iterable[int], now: dt.datetime) -> None:
    """Bring what search knows of these up to date, and forget those that are put away (list SEARCH)."""
    wanted = set(ids)
    if kind == Kind.LESSON:
        lessons = list(Lesson.objects.filter(pk__in=wanted, archived_at=None))
        entries, found = [entry_of(row) for row in lessons], {row.pk for row in lessons}
    elif kind == Kind.PATH:
        paths = list(Path.objects.filter(pk__in=wanted, archived_at=None))
        entries, found = [path_entry(row) for row in paths], {row.pk for row in paths}
    else:
        return
    search.index_many(entries, now=now)
    search.unindex(kind, wanted - found)
