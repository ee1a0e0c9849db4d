"""How many work items a check points at, by group: counts and a few keys; who is behind is only ever counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import ibis
import pyarrow as pa

from vertebra.analysis.expressions.compiling import compiled
from vertebra.analysis.expressions.parsing import Expression

NAME = "hygiene"
VERSION = 2
MOST_EXAMPLES = 10
_SAID = pa.schema([("at", pa.int64()), ("item", pa.string()), ("is_flagged", pa.bool_())])
_KEPT = ("nth", "external_id", "key", "updated_at", "held_by")


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
    """What a check found at a moment: in all, by group, and the keys of some items, the latest touched first."""

    whole: Looked = Looked()
    groups: Mapping[int, Looked] = field(default_factory=dict)
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """What a rule says at a moment: the items (Arrow or a list) that kept to it, and those that departed from it."""

    nth: int
    agreed: Any
    departed: Any


def marked(states: Any, among: Expression | None, flags: Expression) -> Any:
    """The states that a check looks at, each with whether it points at it."""
    rows = states if among is None else states.filter(compiled(among, states))
    return rows.select(*_KEPT, is_flagged=compiled(flags, rows))


def marked_by(states: Any, judged: Iterable[Judged]) -> Any:
    """The states that a rule could judge, each with whether it departed from it."""
    told = _told(judged)
    joined = states.join(told, [states.external_id == told.item, states.nth == told.at])
    return joined.select(*_KEPT, "is_flagged")


def _told(judged: Iterable[Judged]) -> Any:
    """What a rule says of items at moments, as a table."""
    parts = [_SAID.empty_table()]
    for one in judged:
        for items, is_flagged in ((one.agreed, False), (one.departed, True)):
            given = pa.array(items, pa.string())
            at, flagged = (pa.repeat(pa.scalar(value), len(given)) for value in (one.nth, is_flagged))
            parts.append(pa.table([at, given, flagged], schema=_SAID))
    return ibis.memtable(pa.concat_tables(parts))


def count(rows: Any, groups: Any | None = None) -> dict[int, Found]:
    """Count what was marked, moment by moment; `groups` ties each item (`item`) to the one group (`unit`) it belongs to."""
    kept = rows.cache()
    try:
        examples = _examples(kept)
        tied = kept.mutate(unit=ibis.null("int64"))
        if groups is not None:
            tied = kept.left_join(groups, [kept.external_id == groups.item])
        wholes: dict[int, Looked] = {}
        by_group: dict[int, dict[int, Looked]] = {}
        for row in tied.group_by(["nth", "unit"]).agg(**_counted(tied)).to_pyarrow().to_pylist():
            nth, looked = int(row["nth"]), _looked(row)
            wholes[nth] = wholes.get(nth, Looked()) + looked
            if row["unit"] is not None:
                by_group.setdefault(nth, {})[int(row["unit"])] = looked
        return {
            nth: Found(whole, by_group.get(nth, {}), examples.get(nth, ())) for nth, whole in wholes.items()
        }
    finally:
        kept.release()


def _examples(rows: Any) -> dict[int, tuple[str, ...]]:
    """The keys of some of what a check points at, at each moment."""
    order = [ibis.desc("updated_at"), ibis.asc("key")]
    ranked = rows.filter(rows.is_flagged)
    ranked = ranked.mutate(place=ibis.row_number().over(ibis.window(group_by="nth", order_by=order)))
    shown = ranked.filter(ranked.place < MOST_EXAMPLES).order_by(["nth", "place"]).select("nth", "key")
    found: dict[int, list[str]] = {}
    for row in shown.to_pyarrow().to_pylist():
        found.setdefault(int(row["nth"]), []).append(row["key"])
    return {nth: tuple(keys) for nth, keys in found.items()}


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
