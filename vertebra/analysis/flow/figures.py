"""The figures of flow, of each group, type of work and period of which they may be told.

Of finished work: how much, how long it took, where its time went, what came back, what was carried over. Of work under
way at the end of a period: how old it is. Too little data is a figure that is not there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ibis

from vertebra.analysis.crossing import outwards
from vertebra.analysis.flow.behind import adds_of, behind_of, group_of, stood_of, whole
from vertebra.analysis.flow.changing import Said, and_now, may_be_told_anew, said_of
from vertebra.analysis.flow.facts import (
    DAY,
    FIRST_MONDAY,
    HOUR,
    LEAF,
    Tables,
    facts,
    meant,
    seconds_of,
    stood,
    table,
    week_of,
)
from vertebra.analysis.flow.periods import Period
from vertebra.analysis.flow.telling import Behind, Told, told_of

# So many statuses are told of each group, those with most of its time; the others together.
MOST_STATUSES = 12
EVERY = ""
DONE, UNDER_WAY = "done", "under_way"
# Later than any week.
_NEVER = 1_000_000


@dataclass(frozen=True, slots=True)
class Done:
    """What was finished by a group in a period: hours are medians and percentiles, shares go from 0 to 1."""

    group: str
    kind: str
    period: Period
    finished: int
    lead_50: float | None
    lead_85: float | None
    lead_95: float | None
    cycle_50: float | None
    cycle_85: float | None
    cycle_95: float | None
    todo: float
    doing: float
    waiting: float
    blocked: float
    reopened: float
    handed: float
    handed_back: float
    team_handed: float
    team_back: float
    carried: float | None
    late: float | None
    late_days: float | None
    # Status and its share of the time from beginning to end, the largest first; "" are the others together.
    statuses: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class UnderWay:
    """What a group had begun and not finished at the end of a period: how much, in steps of five, and how old, in days."""

    group: str
    kind: str
    period: Period
    count: int
    age_50: float
    age_85: float


@dataclass(frozen=True, slots=True)
class Flow:
    """All that may be told of flow anew; of the months that are `kept` what was told of them before stays.

    `said` is what to compare with the next time: what was told of each month, the last of it at the end.
    """

    done: tuple[Done, ...]
    under_way: tuple[UnderWay, ...]
    said: Mapping[tuple[str, Period], tuple[Said, ...]] = field(default_factory=dict)
    kept: frozenset[tuple[str, Period]] = frozenset()


@dataclass(frozen=True, slots=True)
class Before:
    """What was told of months before, and the key of the signs by which it is compared."""

    said: Mapping[tuple[str, Period], tuple[Said, ...]] = field(default_factory=dict)
    key: bytes = b""


def figures(
    trail: Tables,
    parents: Mapping[str, str],
    asked: Collection[str],
    months: Sequence[Period],
    before: Before = Before(),
) -> Flow:
    """All figures of the groups that are asked for, and of their areas, in months that are over."""
    if not months or not asked:
        return Flow((), ())
    held = facts(trail).cache()
    until = months[-1].number + months[-1].weeks
    done = held.filter(held.done_at.notnull() & held.week.between(months[0].number, until - 1))
    inside = _inside(held, parents)
    spent = _spent(trail, done)
    behind = behind_of(done, months, adds_of(done), stood_of(spent))
    finished = _frame(DONE, behind, inside, asked, before)
    begun = _begun(held, months)
    days = begun.age / DAY
    ages = {"since": begun.age, "spread": whole(days * days)}
    waiting = _frame(UNDER_WAY, behind_of(begun, months, ages), inside, asked, before)
    return Flow(
        _done(done, spent, finished) if finished.cells else (),
        _under_way(begun, waiting) if waiting.cells else (),
        {**finished.said, **waiting.said}, finished.kept | waiting.kept,
    )  # fmt: skip


def _inside(held: Any, parents: Mapping[str, str]) -> dict[str, str]:
    """Every group with the one around it: units, and areas inside units."""
    pairs = held.select("unit", "area").distinct().to_pyarrow().to_pylist()
    areas = {group_of(one["unit"], one["area"]): f"u{one['unit']}" for one in pairs if one["area"]}
    return {**{f"u{one['unit']}": "" for one in pairs}, **areas, **parents}


def _asked(inside: Mapping[str, str], asked: Collection[str]) -> set[str]:
    return {group for group in inside if group in asked or ("/" in group and inside[group] in asked)}


@dataclass(frozen=True, slots=True)
class Frame:
    """The figures that are told (group, type or none for all, period), and a table that says whose items count for which."""

    cells: tuple[tuple[str, str | None, Period], ...]
    rows: Any
    said: Mapping[tuple[str, Period], tuple[Said, ...]]
    kept: frozenset[tuple[str, Period]]


def _frame(
    what: str,
    behind: Mapping[Period, Sequence[Behind]],
    inside: Mapping[str, str],
    asked: Collection[str],
    before: Before,
) -> Frame:
    """What is told of each month, and of its weeks where they may be; none of the months that stay as they were told."""
    wanted, places = _asked(inside, asked), dict[tuple[str, str | None, Period], int]()
    rows: list[tuple[Any, ...]] = []
    said, kept = dict[tuple[str, Period], tuple[Said, ...]](), set[tuple[str, Period]]()
    for month, some in behind.items():
        told = told_of(some, inside, wanted)
        now, shown = said_of(some, told, inside, before.key), before.said.get((what, month), ())
        # The last was told beside those before it: mostly it differs too little as well.
        if not all(may_be_told_anew(was, now, some, inside) for was in reversed(shown)):
            said[what, month] = shown
            kept.add((what, month))
            continue
        said[what, month] = and_now(shown, now)
        is_by_week = told.is_by_week and what == DONE and month.weeks > 1
        for (group, kind), weeks in _weeks_of(some).items():
            unit, _sign, area = group[1:].partition("/a")
            leaf = (int(unit), int(area or 0), kind)
            for cell in _counts_for(group, kind, told, inside):
                whole = places.setdefault((*cell, month), len(places))
                rows += [(whole, week, *leaf) for week in weeks]
                if is_by_week:
                    periods = ((week, (*cell, Period(week, 1, True))) for week in weeks)
                    rows += [(places.setdefault(one, len(places)), week, *leaf) for week, one in periods]
    kinds = {"week": "int64", "unit": "int64", "area": "int64", "kind": "string"}
    return Frame(tuple(places), table(rows, {"cell": "int64", **kinds}), said, frozenset(kept))


def _weeks_of(rows: Iterable[Behind]) -> dict[tuple[str, str], set[int]]:
    """The weeks in which there is something of each group and type."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for one in rows:
        found[one.group, one.kind].add(one.week)
    return found


def _counts_for(
    group: str, kind: str, told: Told, inside: Mapping[str, str]
) -> Iterable[tuple[str, str | None]]:
    """The groups, and types inside groups, that are told and hold the items of this group and type."""
    for up in outwards(group, inside):
        if up in told.groups:
            yield up, None
        if (up, kind) in told.kinds:
            yield up, kind


def _done(done: Any, spent: Any, frame: Frame) -> tuple[Done, ...]:
    sums = _by_cell(_sums(done).inner_join(frame.rows, LEAF).group_by("cell"), _SUMMED)
    rows = done.inner_join(frame.rows, LEAF)
    times = rows.group_by("cell").agg(
        **{name: rows[name].quantile([part / 100 for part in _PARTS]) for name in ("lead", "cycle")},
        late_by=rows.late_days.quantile(0.5, where=rows.late_days > 0),
    )
    times = {one["cell"]: one for one in times.to_pyarrow().to_pylist()}
    stands = _standing(spent, frame)
    found = (
        _said(cell, sums[at] | times[at], stands.get(at, []))
        for at, cell in enumerate(frame.cells)
        if at in sums
    )
    return tuple(sorted(found, key=_order))


_PARTS = (50, 85, 95)
_SUMMED = (
    "finished", "blocked", "reopened", "handed", "handed_back", "team_handed", "team_back", "sprinted", "carried",
    "dated", "late",
)  # fmt: skip


def _sums(done: Any) -> Any:
    """What adds up, of the items that are told together: few rows, from which the sums of all groups are made."""

    def count(condition: Any) -> Any:
        return condition.cast("int64").sum()

    return done.group_by(LEAF).agg(
        finished=done.count(), blocked=done.blocked.sum(), reopened=count(done.reopened > 0),
        handed=done.handed.sum(), handed_back=count(done.handed_back > 0),
        team_handed=done.team_handed.sum(), team_back=count(done.team_back > 0),
        sprinted=count(done.sprints > 0), carried=count(done.sprints > 1),
        dated=done.late_days.count(), late=count(ibis.coalesce(done.late_days, 0) > 0),
    )  # fmt: skip


def _by_cell(groups: Any, names: Iterable[str]) -> dict[int, dict[str, Any]]:
    found = groups.agg(**{name: ibis._[name].sum() for name in names})
    return {one["cell"]: one for one in found.to_pyarrow().to_pylist()}


def _spent(trail: Tables, done: Any) -> Any:
    """How long items that are told together stood, by status; what it means is asked of these few rows only."""
    rows = stood(trail, done)
    found = rows.group_by(["source", *LEAF, "person", "status"]).agg(held=rows.held.sum())
    return meant(trail, found).cache()


def _standing(spent: Any, frame: Frame) -> dict[int, list[tuple[str, str, int]]]:
    """The seconds of what each group finished, by status and what it means."""
    leaves = spent.group_by([*LEAF, "status", "means"]).agg(held=spent.held.sum())
    rows = leaves.inner_join(frame.rows, LEAF)
    rows = rows.group_by(["cell", "status", "means"]).agg(held=rows.held.sum())
    found: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    for one in rows.to_pyarrow().to_pylist():
        found[one["cell"]].append((one["status"], one["means"], int(one["held"])))
    return found


def _order(one: Any) -> tuple[Any, ...]:
    return one.period.number, one.period.is_week, one.group, one.kind


def _kind(kind: str | None) -> str:
    """The type of work of a figure: all of them where it is every one."""
    return EVERY if kind is None else kind or "?"


def _rounded(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(float(value), digits)


def _hours(seconds: float | None) -> float | None:
    """Seconds in hours; where engines put a percentile between two items, the last bits of it are their own."""
    return None if seconds is None else round(round(seconds, 3) / HOUR, 2)


def _said(
    cell: tuple[str, str | None, Period], one: Mapping[str, Any], stands: Sequence[tuple[str, str, int]]
) -> Done:
    group, kind, period = cell
    times: dict[str, Any] = {
        f"{name}_{part}": _hours(value)
        for name in ("lead", "cycle")
        for part, value in zip(_PARTS, one[name] or [None] * len(_PARTS), strict=True)
    }
    spent: dict[str, Any] = {
        name: _hours(sum(held for _status, means, held in stands if means == name))
        for name in ("todo", "doing", "waiting")
    }
    shares = {
        name: round(one[name] / one["finished"], 4)
        for name in ("reopened", "handed", "handed_back", "team_handed", "team_back")
    }
    statuses: dict[str, int] = defaultdict(int)
    for status, _means, held in stands:
        statuses[status] += held
    spent["blocked"] = _hours(int(one["blocked"]))
    return Done(
        group, _kind(kind), period, int(one["finished"]), **times, **spent,
        **shares, carried=_share(one["carried"], one["sprinted"]), late=_share(one["late"], one["dated"]),
        late_days=_rounded(one["late_by"], 1), statuses=shares_of(statuses.items()),
    )  # fmt: skip


def _share(count: float, of: float) -> float | None:
    return round(count / of, 4) if of else None


def shares_of(times: Iterable[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """Statuses with their share of all time, the largest first; the small ones together at the end."""
    rows = sorted(times, key=lambda one: (-one[1], one[0]))
    total = sum(held for _status, held in rows)
    if total <= 0:
        return ()
    told = [(status, round(held / total, 2)) for status, held in rows[:MOST_STATUSES] if held / total >= 0.01]
    rest = round(1 - sum(held for _status, held in rows[: len(told)]) / total, 2)
    return (*told, ("", rest)) if rest > 0 and len(told) < len(rows) else tuple(told)


def _begun(held: Any, months: Sequence[Period]) -> Any:
    """What was begun and not finished at the end of each month."""
    ends = table([(one.number + one.weeks - 1,) for one in months], {"at_week": "int64"})
    begun = held.filter(held.started_at.notnull()).drop("week")
    begun = begun.mutate(
        from_week=week_of(begun.started_at), to_week=ibis.coalesce(week_of(begun.done_at), _NEVER)
    )
    begun = begun.filter(begun.from_week < begun.to_week)
    rows = begun.inner_join(ends, [begun.from_week <= ends.at_week, begun.to_week > ends.at_week])
    end = (rows.at_week + 1) * 7 * DAY + FIRST_MONDAY
    return rows.select(
        "unit", "area", "kind", "person", week="at_week", age=end - seconds_of(rows.started_at)
    )


def _under_way(begun: Any, frame: Frame) -> tuple[UnderWay, ...]:
    rows = begun.inner_join(frame.rows, LEAF)
    found = rows.group_by("cell").agg(count=rows.count(), ages=rows.age.quantile([0.5, 0.85]))
    told = (_aged(frame.cells[one["cell"]], one) for one in found.to_pyarrow().to_pylist())
    return tuple(sorted(told, key=_order))


def _aged(cell: tuple[str, str | None, Period], one: Mapping[str, Any]) -> UnderWay:
    group, kind, period = cell
    ages = (round(round(age, 3) / DAY, 1) for age in one["ages"])
    return UnderWay(group, _kind(kind), period, int(one["count"]) // 5 * 5, *ages)
