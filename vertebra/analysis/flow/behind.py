"""Who is behind the items of a month, and what their items add to its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zlib import crc32

import ibis

from vertebra.analysis.flow.facts import HOUR, LEAF, table
from vertebra.analysis.flow.periods import Period
from vertebra.analysis.flow.telling import Behind


def group_of(unit: int, area: int) -> str:
    """The innermost group of an item."""
    return f"u{unit}/a{area}" if area else f"u{unit}"


def behind_of(
    rows: Any, months: Sequence[Period], adds: Mapping[str, Any], more: Any = None
) -> dict[Period, list[Behind]]:
    """Who is behind the items of each month, and what these add to figures: pseudonyms that are counted and forgotten."""
    month_of = {number: one for one in months for number in range(one.number, one.number + one.weeks)}
    counted = rows.group_by([*LEAF, "person"]).agg(
        items=rows.count(), **{name: ibis.coalesce(value, 0).sum() for name, value in adds.items()}
    )
    names = [*adds]
    if more is not None:
        names += [name for name in more.columns if name not in (*LEAF, "person")]
        counted = counted.left_join(more, [*LEAF, "person"])
    counted = counted.select(*LEAF, "person", "items", *names).to_pyarrow()
    found: dict[Period, list[Behind]] = {one: [] for one in months}
    columns = (counted[name].to_pylist() for name in counted.column_names)
    for week, unit, area, kind, person, items, *added in zip(*columns, strict=True):
        if week in month_of:
            found[month_of[week]].append(
                Behind(week, group_of(unit, area), kind, person, items, tuple(int(one or 0) for one in added))
            )
    return found


def whole(value: Any) -> Any:
    """The nearest whole number, which is the same in whatever order they are added."""
    return value.round().cast("int64")


def adds_of(done: Any) -> dict[str, Any]:
    """What an item adds to figures of finished work, in whole numbers: their sums do not depend on the order."""
    times = {name: done[name] for name in ("lead", "cycle", "blocked")}
    hours = done.lead / HOUR
    often = {
        name: done[name].cast("int64")
        for name in ("reopened", "handed", "handed_back", "team_handed", "team_back", "sprints", "late_days")
    }
    return {**times, "spread": whole(hours * hours), **often}


def stood_of(spent: Any) -> Any:
    """In which statuses the items of people stood for how long, as one number each that tells others apart."""
    pairs = spent.select("status", "means").distinct().to_pyarrow().to_pylist()
    codes = [
        (one["status"], one["means"], crc32(f"{one['means']} {one['status']}".encode()) % 65_521)
        for one in pairs
    ]
    known = table(codes, {"status": "string", "means": "string", "code": "int64"})
    rows = spent.inner_join(known, ["status", "means"])
    return rows.group_by([*LEAF, "person"]).agg(stood=(rows.held * (rows.code + 1)).sum())
