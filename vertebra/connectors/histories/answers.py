"""What stands in an answer of a system, whatever else it holds: a word, an object, a list of objects, a moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from vertebra.connectors.histories.jira_issues import text_of
from vertebra.connectors.histories.moments import utc
from vertebra.connectors.trail import Change

# Called as others call them, so that what is carried over and estimated anew is found whichever tool tells of it.
SPRINT, POINTS = "Sprint", "points"


def thing(record: Any, *path: str) -> Mapping[str, Any]:
    """The object that lies there; an empty one where there is none."""
    for name in path:
        record = record.get(name) if isinstance(record, Mapping) else None
    return record if isinstance(record, Mapping) else {}


def things(record: Any, *path: str) -> list[Mapping[str, Any]]:
    """The objects of the list that lies there."""
    found = thing(record, *path[:-1]).get(path[-1])
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def word(record: Any, *path: str) -> str:
    """The text or number that lies there, as text with whole characters only."""
    found = text_of(thing(record, *path[:-1]).get(path[-1]))
    return found.encode("utf-8", "replace").decode().replace("\0", " ").strip()


def moment(record: Any, *path: str) -> dt.datetime | None:
    """The moment that is written there, in UTC."""
    return utc(word(record, *path))


def words(found: Iterable[str]) -> tuple[str, ...]:
    """Each that says something, once."""
    return tuple(dict.fromkeys(one for one in found if one))


def in_order(changes: Iterable[Change]) -> list[Change]:
    """The changes by their moment, those of one moment as they came; what changed nothing is none."""
    return sorted((one for one in changes if one.before != one.after), key=lambda one: one.at)
