"""How many people of some functions there are for one of others: month by month, and ahead with those expected."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

NAME = "ratios"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Spell:
    """Somebody works in a function (and a part of the company) from a day up to another (open when None)."""

    person: int
    function: str
    starts_on: dt.date
    ends_on: dt.date | None
    part: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """So many people of a function expected from a day on (below zero: to leave)."""

    on: dt.date
    function: str
    count: int
    part: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A ratio on a day: how many of the first there are for one of the second (None: there is none of the second)."""

    on: dt.date
    many: int
    one: int

    @property
    def value(self) -> float | None:
        """The ratio."""
        return self.many / self.one if self.one > 0 else None


def heads(spells: Iterable[Spell], days: Sequence[dt.date]) -> dict[str, list[dict[str, int]]]:
    """People by function on each day, by part and for the whole ("") : each person once per function and part."""
    people: dict[tuple[str, str], list[set[int]]] = defaultdict(lambda: [set() for _day in days])
    for spell in spells:
        for part in {"", spell.part}:
            found = people[part, spell.function]
            for at, day in enumerate(days):
                if spell.starts_on <= day and (spell.ends_on is None or day < spell.ends_on):
                    found[at].add(spell.person)
    counted: dict[str, list[dict[str, int]]] = defaultdict(lambda: [{} for _day in days])
    for (part, function), by_day in people.items():
        for at, found_there in enumerate(by_day):
            if found_there:
                counted[part][at][function] = len(found_there)
    return dict(counted)


def point(day: dt.date, counts: Mapping[str, int], many: Iterable[str], one: Iterable[str]) -> Point:
    """The ratio of a day."""
    return Point(day, sum(counts.get(name, 0) for name in many), sum(counts.get(name, 0) for name in one))


def ahead(
    counts: Mapping[str, int],
    expected: Iterable[Expected],
    days: Sequence[dt.date],
    many: Sequence[str],
    one: Sequence[str],
) -> list[Point]:
    """The ratio on days to come, when those expected arrive and nobody else comes or leaves."""
    plan = list(expected)
    found = []
    for day in days:
        then = dict(counts)
        for row in plan:
            if row.on <= day:
                then[row.function] = max(0, then.get(row.function, 0) + row.count)
        found.append(point(day, then, many, one))
    return found


def growth(now: int, before: int) -> float | None:
    """By how many percent a number of people grew."""
    return 100 * (now - before) / before if before > 0 else None


def crosses(points: Sequence[Point], threshold: float | None) -> dt.date | None:
    """The first day on which a ratio is above its threshold."""
    if threshold is None:
        return None
    return next((one.on for one in points if one.value is not None and one.value > threshold), None)
