"""The figures of flow, of each group, type of work and period of which they may be told.

Of finished work: how much, how long it took, where its time went, what came back, what was carried over. Of work under
way at the end of a period: how old it is. Too little data is a figure that is not there.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vertebra.analysis.flow.facts import DAY, FIRST_MONDAY, HOUR, Tables, clipped, facts, spans, table
from vertebra.analysis.flow.telling import Behind, Told, told_of

MONDAY = dt.date(1970, 1, 5)
WEEK = dt.timedelta(days=7)
# So many statuses are told of each group, those with most of its time; the others together.
MOST_STATUSES = 12
EVERY = ""
_AGE = DAY / HOUR


@dataclass(frozen=True, slots=True)
class Period:
    """A month of whole weeks, or one of its weeks; `number` is its first week, `weeks` how many it has."""

    number: int
    weeks: int
    is_week: bool = False

    @property
    def starts_on(self) -> dt.date:
        """Its first Monday."""
        return MONDAY + self.number * WEEK


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
    """All that may be told of flow."""

    done: tuple[Done, ...]
    under_way: tuple[UnderWay, ...]


def months_of(first: int, last: int) -> list[Period]:
    """The months that lie wholly between two weeks (the last one included): the weeks whose Thursday is in the month."""
    weeks: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number in range(first - 5, last + 6):
        thursday = MONDAY + number * WEEK + dt.timedelta(days=3)
        weeks[thursday.year, thursday.month].append(number)
    found = [Period(some[0], len(some)) for some in list(weeks.values())[1:-1]]
    return [one for one in found if first <= one.number and one.number + one.weeks - 1 <= last]


def week_number(day: dt.date) -> int:
    """The number of the week that holds a day."""
    return (day - MONDAY).days // 7


def group_of(unit: int, area: int) -> str:
    """The innermost group of an item."""
    return f"u{unit}/a{area}" if area else f"u{unit}"


def figures(
    trail: Tables,
    parents: Mapping[str, str],
    asked: Collection[str],
    months: Sequence[Period],
    *,
    cache: bool = True,
) -> Flow:
    """All figures of the groups that are asked for, and of their areas, in months that are over."""
    if not months or not asked:
        return Flow((), ())
    held = facts(trail)
    held = held.cache() if cache else held
    until = months[-1].number + months[-1].weeks
    done = held.filter(held.done_at.notnull() & held.week.between(months[0].number, until - 1))
    inside = _inside(held, parents)
    told = _told_by_month(done, "week", inside, asked, months)
    frame = _wanted(told, inside)
    found = _done(done, frame, _statuses(trail, held, frame) if frame else {})
    return Flow(found, _under_way(held, inside, asked, months))


def _inside(held: Any, parents: Mapping[str, str]) -> dict[str, str]:
    """Every group with the one around it: units, and areas inside units."""
    pairs = held.select("unit", "area").distinct().to_pyarrow().to_pylist()
    areas = {group_of(one["unit"], one["area"]): f"u{one['unit']}" for one in pairs if one["area"]}
    return {**{f"u{one['unit']}": "" for one in pairs}, **areas, **parents}


def _asked(inside: Mapping[str, str], asked: Collection[str]) -> set[str]:
    return {group for group in inside if group in asked or ("/" in group and inside[group] in asked)}


def _behind(rows: Any, week: str) -> dict[int, list[Behind]]:
    """Who is behind the items of each month: pseudonyms that are counted and forgotten."""
    pairs = rows.group_by(["month", "unit", "area", "kind", "person", week]).agg(items=rows.count())
    found: dict[int, list[Behind]] = defaultdict(list)
    for one in pairs.to_pyarrow().to_pylist():
        group = group_of(one["unit"], one["area"])
        behind = Behind(one[week], group, one["kind"] or "", one["person"] or "", one["items"])
        found[one["month"]].append(behind)
    return found


def _with_months(rows: Any, week: str, months: Sequence[Period]) -> Any:
    weeks = [(number, one.number) for one in months for number in range(one.number, one.number + one.weeks)]
    known = table(weeks, {"in_week": "int64", "month": "int64"})
    return rows.inner_join(known, [rows[week] == known.in_week])


def _told_by_month(
    rows: Any, week: str, inside: Mapping[str, str], asked: Collection[str], months: Sequence[Period]
) -> dict[Period, Told]:
    behind = _behind(_with_months(rows, week, months), week)
    wanted = _asked(inside, asked)
    return {one: told_of(behind.get(one.number, []), inside, wanted) for one in months}


def _periods(month: Period, told: Told) -> list[Period]:
    """The month, and its weeks where they may be told."""
    weeks = range(month.number, month.number + month.weeks) if told.by_week and month.weeks > 1 else ()
    return [month, *(Period(number, 1, True) for number in weeks)]


def _wanted(told: Mapping[Period, Told], inside: Mapping[str, str]) -> list[tuple[Any, ...]]:
    """The frame of what is told: whose items (unit, area), of which type ("" all), of which week, count for which figure."""
    own: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for group in inside:
        unit, _sign, area = group[1:].partition("/a")
        up, seen = group, set[str]()
        while up and up not in seen:
            own[up].append((int(unit), int(area or 0)))
            seen.add(up)
            up = inside.get(up, "")
    rows: list[tuple[Any, ...]] = []
    for month, one in told.items():
        cells = [(group, True, "") for group in one.groups]
        cells += [(group, False, kind) for group, kind in one.kinds]
        for name, is_every, kind in cells:
            for period in _periods(month, one):
                about = (name, is_every, kind, period.number, period.weeks, period.is_week)
                for week in range(period.number, period.number + period.weeks):
                    rows += [(*about, week, *home) for home in own[name]]
    return rows


_FRAME = ["group", "is_every", "of_kind", "number", "weeks", "is_week"]


def _frame(rows: Iterable[tuple[Any, ...]]) -> Any:
    return table(
        [(g, int(e), k, n, w, int(i), week, unit, area) for g, e, k, n, w, i, week, unit, area in rows],
        {"group": "string", "is_every": "int64", "of_kind": "string", "number": "int64", "weeks": "int64",
         "is_week": "int64", "in_week": "int64", "of_unit": "int64", "of_area": "int64"},
    )  # fmt: skip


def _framed(rows: Any, frame: Any) -> Any:
    """Each item once for each figure that it counts for."""
    rows = rows.inner_join(
        frame, [rows.week == frame.in_week, rows.unit == frame.of_unit, rows.area == frame.of_area]
    )
    return rows.filter((rows.is_every == 1) | (rows.kind == rows.of_kind))


def _done(
    done: Any, frame: list[tuple[Any, ...]], statuses: Mapping[tuple[Any, ...], tuple[tuple[str, float], ...]]
) -> tuple[Done, ...]:
    if not frame:
        return ()
    rows = _framed(done, _frame(frame))

    def share(condition: Any, of: Any = None) -> Any:
        return condition.cast("float64").mean(where=of)

    found = rows.group_by(_FRAME).agg(
        finished=rows.count(),
        **{f"{name}_{part}": rows[name].quantile(part / 100) for name in ("lead", "cycle") for part in (50, 85, 95)},
        **{f"{name}_hours": rows[name].sum() for name in ("todo", "doing", "waiting", "blocked")},
        reopened=share(rows.reopened > 0),
        handed=rows.handed.mean(), handed_back=share(rows.handed_back > 0),
        team_handed=rows.team_handed.mean(), team_back=share(rows.team_back > 0),
        carried=share(rows.sprints > 1, rows.sprints > 0),
        late=share(rows.late_days > 0, rows.late_days.notnull()),
        late_by=rows.late_days.quantile(0.5, where=rows.late_days > 0),
    )  # fmt: skip
    return tuple(sorted((_said(one, statuses) for one in found.to_pyarrow().to_pylist()), key=_order))


def _order(one: Any) -> tuple[Any, ...]:
    return one.period.number, one.period.is_week, one.group, one.kind


def _period(one: Mapping[str, Any]) -> Period:
    return Period(one["number"], one["weeks"], bool(one["is_week"]))


def _kind(one: Mapping[str, Any]) -> str:
    """The type of work of a row: all of them where it is every one."""
    return EVERY if one["is_every"] else one["of_kind"] or "?"


def _rounded(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(float(value), digits)


def _said(one: Mapping[str, Any], statuses: Mapping[tuple[Any, ...], tuple[tuple[str, float], ...]]) -> Done:
    times: dict[str, Any] = {
        f"{name}_{part}": _rounded(one[f"{name}_{part}"], 2)
        for name in ("lead", "cycle")
        for part in (50, 85, 95)
    }
    spent = {
        name: _rounded(one[f"{name}_hours"], 2) or 0.0 for name in ("todo", "doing", "waiting", "blocked")
    }
    shares = {
        name: _rounded(one[name]) or 0.0
        for name in ("reopened", "handed", "handed_back", "team_handed", "team_back")
    }
    return Done(
        one["group"], _kind(one), _period(one), int(one["finished"]), **times, **spent, **shares,
        carried=_rounded(one["carried"]), late=_rounded(one["late"]), late_days=_rounded(one["late_by"], 1),
        statuses=statuses.get(tuple(one[name] for name in _FRAME), ()),
    )  # fmt: skip


def _statuses(
    trail: Tables, held: Any, frame: list[tuple[Any, ...]]
) -> dict[tuple[Any, ...], tuple[tuple[str, float], ...]]:
    """The share of each status in the time of what a group finished."""
    times = clipped(spans(trail), held)
    times = times.group_by(["source", "item", "status"]).agg(held=times.held.sum())
    about = held.select("source", "item", "unit", "area", "kind", "week")
    rows = _framed(times.inner_join(about, ["source", "item"]), _frame(frame))
    found: dict[tuple[Any, ...], list[tuple[str, float]]] = defaultdict(list)
    for one in rows.group_by([*_FRAME, "status"]).agg(hours=rows.held.sum()).to_pyarrow().to_pylist():
        found[tuple(one[name] for name in _FRAME)].append((one["status"], one["hours"]))
    return {key: shares_of(some) for key, some in found.items()}


def shares_of(hours: Iterable[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """Statuses with their share of all hours, the largest first; the small ones together at the end."""
    rows = sorted(hours, key=lambda one: (-one[1], one[0]))
    total = sum(held for _status, held in rows)
    if total <= 0:
        return ()
    told = [(status, round(held / total, 2)) for status, held in rows[:MOST_STATUSES] if held / total >= 0.01]
    rest = round(1 - sum(held for _status, held in rows[: len(told)]) / total, 2)
    return (*told, ("", rest)) if rest > 0 and len(told) < len(rows) else tuple(told)


def _under_way(
    held: Any, inside: Mapping[str, str], asked: Collection[str], months: Sequence[Period]
) -> tuple[UnderWay, ...]:
    """What was begun and not finished at the end of each month."""
    ends = table(
        [(one.number + one.weeks - 1, (one.number + one.weeks) * 7 * DAY + FIRST_MONDAY) for one in months],
        {"at_week": "int64", "end": "int64"},
    )
    rows = held.filter(held.started_at.notnull()).cross_join(ends)
    begun, ended = rows.started_at.epoch_seconds(), rows.done_at.epoch_seconds()
    rows = rows.filter((begun < rows.end) & (ended.isnull() | (ended >= rows.end)))
    rows = rows.mutate(age=(rows.end - begun) / DAY).drop("week").rename(week="at_week")
    told = _told_by_month(rows, "week", inside, asked, months)
    whole = {month: Told(one.groups, one.kinds) for month, one in told.items()}
    wanted = [row for row in _wanted(whole, inside) if row[6] == row[3] + row[4] - 1]
    if not wanted:
        return ()
    rows = _framed(rows, _frame(wanted))
    found = rows.group_by(_FRAME).agg(
        count=rows.count(), age_50=rows.age.quantile(0.5), age_85=rows.age.quantile(0.85)
    )
    return tuple(
        sorted(
            (
                UnderWay(
                    one["group"], _kind(one), _period(one), int(one["count"]) // 5 * 5, round(one["age_50"], 1),
                    round(one["age_85"], 1),
                )
                for one in found.to_pyarrow().to_pylist()
            ),
            key=_order,
        )
    )  # fmt: skip
