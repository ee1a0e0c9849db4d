"""What was read of a day is remembered until something changes: every change leaves an audit entry."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from django.db import connection

from vertebra.accounts.models import AuditEntry

P = ParamSpec("P")
R = TypeVar("R")
KEPT = 64
_kept: "OrderedDict[object, tuple[int | None, object]]" = OrderedDict()
_lock = threading.Lock()
# What a reading within another reads is as new as the outer one takes itself to be: it asks no more.
_around: ContextVar[int | None] = ContextVar("_around", default=None)


@cache
def _asked() -> str:
    # The latest hundred, not the latest one: a transaction may commit after one that took a later number.
    return str(AuditEntry.objects.order_by("-pk").values_list("pk", flat=True)[:100].query)


def _latest_entries() -> int:
    """What is another number after every change; a page asks several times, so that the question is put together once."""
    with connection.cursor() as cursor:
        cursor.execute(_asked())
        return hash(tuple(cursor.fetchall()))


def remembered(read: Callable[P, R]) -> Callable[P, R]:
    """Keep the latest results of a reading function in this process; nobody may change what it gives.

    Inside a transaction nothing is remembered: an action reads what it has written before its entry is.
    """

    @wraps(read)
    def reading(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            return read(*args, **kwargs)
        around = _around.get()
        latest = _latest_entries() if around is None else around
        key = (read.__module__, read.__qualname__, args, tuple(sorted(kwargs.items())))
        with _lock:
            stamp, found = _kept.get(key, (None, None))
            if stamp:
                _kept.move_to_end(key)  # today's stay while days of the past are looked through
        if stamp != latest:
            token = _around.set(latest)
            try:
                found = read(*args, **kwargs)
            finally:
                _around.reset(token)
            with _lock:
                _kept[key] = (latest, found)
                _kept.move_to_end(key)
                while len(_kept) > KEPT:
                    _kept.popitem(last=False)
        return found  # type: ignore[return-value]

    return reading
