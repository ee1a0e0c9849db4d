"""How many work items a check points at, by group: counts and a few keys; who is behind is only ever counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ibis

from vertebra.analysis.expressions.compiling import compiled
from vertebra.analysis.expressions.parsing import Expression

NAME = "hygiene"
VERSION = 1
MOST_EXAMPLES = 10


@dataclass(frozen=True, slots=True)
class Looked:
    """What a check found in a group: among how many items, how many it points at, whose (pseudonyms, never shown)."""

    count: int = 0
    flagged: int = 0
    people: frozenset[str] = frozenset()

    def __add__(self, other: Looked) -> Looked:
        return Looked(self.count + other.count, self.flagged + other.flagged, self.people | other.people)


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found: in all, by group, and the keys of some items, the latest touched first."""

    whole: Looked = Looked()
    groups: Mapping[int, Looked] = field(default_factory=dict)
    examples: tuple[str, ...] = ()


def marked(states: Any, among: Expression | None, flags: Expression, today: dt.date) -> Any:
    """The states that a check looks at, each with whether it points at it."""
    rows = states if among is None else states.filter(compiled(among, states, today))
    return rows.select("external_id", "key", "updated_at", "held_by", is_flagged=compiled(flags, rows, today))


def marked_by(states: Any, agreed: Sequence[str], departed: Sequence[str]) -> Any:
    """The states that a rule could judge, each with whether it departed from it."""
    told = ibis.memtable(
        {"item": [*agreed, *departed], "is_flagged": [False] * len(agreed) + [True] * len(departed)},
        schema={"item": "string", "is_flagged": "boolean"},
    )
    joined = states.join(told, [states.external_id == told.item])
    return joined.select("external_id", "key", "updated_at", "held_by", "is_flagged")


def count(rows: Any, groups: Any | None = None) -> Found:
    """Count what was marked; `groups` ties each item (`item`) to the one group (`unit`) that it belongs to."""
    kept = rows.cache()
    try:
        shown = kept.filter(kept.is_flagged).order_by(ibis.desc("updated_at"), "key").limit(MOST_EXAMPLES)
        examples = tuple(shown.key.to_pyarrow().to_pylist())
        whole = _looked(kept.agg(**_counted(kept)).to_pyarrow().to_pylist()[0])
        by_group: dict[int, Looked] = {}
        if groups is not None:
            tied = kept.join(groups, [kept.external_id == groups.item])
            for row in tied.group_by("unit").agg(**_counted(tied)).to_pyarrow().to_pylist():
                by_group[int(row["unit"])] = _looked(row)
        return Found(whole, by_group, examples)
    finally:
        kept.release()


def _counted(rows: Any) -> dict[str, Any]:
    return {
        "items": rows.count(),
        "flagged": rows.is_flagged.sum(),
        "people": rows.held_by.collect(distinct=True),
    }


def _looked(row: Mapping[str, Any]) -> Looked:
    return Looked(
        int(row["items"]), int(row["flagged"] or 0), frozenset(one for one in row["people"] or () if one)
    )
