"""Mending a faulty recipe just enough to see what else is wrong with it: the reader stops at the first fault."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import msgspec

_MISSING = re.compile(r"Object missing required field `([^`]+)`")
_UNKNOWN = re.compile(r"Object contains unknown field `([^`]+)`")
_STEP = re.compile(r"\.([\w-]+)|\[(\d+)\]")
# In place of what every part must have.
_STAND_INS: dict[str, Any] = {
    "recipe": 1, "name": "x", "title": "x", "inputs": {}, "kind": "unit", "from": "x", "fields": {},
    "records": [{"kind": "unit", "from": "x", "fields": {}}], "path": "@", "files": "*", "pattern": "x",
    "field": "name",
}  # fmt: skip
# In place of an element of a list: the name of a function, a key and a path all at once.
_WORD = "strip"


@dataclass(frozen=True, slots=True)
class Fault:
    """What the reader says, and where: the way to it, and the key that is missing or unknown there."""

    detail: str
    place: tuple[str | int, ...]
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def fault_of(error: msgspec.ValidationError) -> Fault:
    """The fault that the reader tells in a sentence."""
    detail, _, where = str(error).partition(" - at `$")
    # What stands under any key of a mapping is written `[...]`: the mapping itself is the place.
    where = where.partition("[...]")[0]
    place = tuple(int(index) if index else name for name, index in _STEP.findall(where))
    missing, unknown = _MISSING.match(detail), _UNKNOWN.match(detail)
    return Fault(detail, place, (missing[1],) if missing else (), (unknown[1],) if unknown else ())


def mend(value: Any, fault: Fault) -> bool:
    """Put something harmless in place of the fault; False when there is nothing to put."""
    way = [*fault.place, *fault.missing, *fault.unknown]
    if not way:
        return False
    node = value
    for step in way[:-1]:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            return False
    last = way[-1]
    if fault.missing:
        if not isinstance(node, dict) or last not in _STAND_INS:
            return False
        node[last] = _STAND_INS[last]
    elif isinstance(node, dict):
        node.pop(last, None)
    elif isinstance(node, list) and isinstance(last, int) and last < len(node) and node[last] != _WORD:
        node[last] = _WORD
    else:
        return False
    return True
