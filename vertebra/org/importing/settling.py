"""Three-way comparison of one row: what the source said last, what it says now, and what hands made of it."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from vertebra.org.importing.plan import CLOSED, PENDING, Entity

# What a column holds when nobody said anything.
_SILENT: Mapping[str, object] = {"function": "other", "share": 100, "is_acting": False}


class Told:
    """What a record says of its columns: the values, what the source itself wrote, and which mentions are unknown."""

    __slots__ = ("said", "unknown", "values")

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.said: dict[str, Any] = {}
        self.unknown: set[str] = set()

    def tell(self, column: str, value: Any, said: Any = None) -> None:
        """The record gives the column this value; `said` is how the source wrote it, for mentions."""
        self.values[column] = value
        self.said[column] = plain(value) if said is None else said


def plain(value: Any) -> Any:
    """The value as JSON keeps it."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def is_silent(column: str, value: Any) -> bool:
    """Whether the column says nothing that somebody wrote."""
    return value in (None, "", ()) or _SILENT.get(column) == value


def same(current: Any, wanted: Any) -> bool:
    """Whether the column already holds the value (an entity that is not written yet is never there)."""
    if isinstance(wanted, Entity):
        return wanted.pk is not None and current == wanted.pk
    if isinstance(wanted, tuple):
        return len(current or ()) == len(wanted) and all(map(same, current or (), wanted))
    return bool(current == wanted)


def settle(entity: Entity, told: Told) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The columns to change, and what to remember of the source's words (None when that stays the same).

    A hand edit wins until the source itself says something else than last time. Rows of hand or of another
    source only get what they lack.
    """
    current = entity.values
    if not entity.is_own:
        return {
            column: value
            for column, value in told.values.items()
            if is_silent(column, current.get(column)) and not is_silent(column, value)
        }, None
    last = entity.imported or {}
    if not told.unknown and PENDING not in last and told.said.items() <= last.items():
        return {}, None
    pending = last.get(PENDING, ())
    changes: dict[str, Any] = {}
    for column, value in told.values.items():
        now = current.get(column)
        if column in last and last[column] == told.said[column]:
            if column in pending and column not in told.unknown and is_silent(column, now):
                changes[column] = value
        elif (column in last or is_silent(column, now)) and not same(now, value):
            changes[column] = value
    return changes, _remembered(last, told)


def _remembered(last: dict[str, Any], told: Told) -> dict[str, Any] | None:
    fresh = {key: value for key, value in last.items() if key != PENDING}
    fresh.update(told.said)
    waiting = sorted(told.unknown | (set(last.get(PENDING, ())) - told.said.keys()))
    if waiting:
        fresh[PENDING] = waiting
    return fresh if fresh != last else None


def first_memory(told: Told) -> dict[str, Any]:
    """What to remember of a row that is made now."""
    return _remembered({}, told) or {}


def reopened(memory: dict[str, Any] | None, last: dict[str, Any] | None) -> dict[str, Any]:
    """What to remember of a row that an import had closed and that the source tells again."""
    kept = memory if memory is not None else (last or {})
    return {key: value for key, value in kept.items() if key != CLOSED}
