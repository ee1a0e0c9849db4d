"""Time asked of each function by all standards and routines together, against a ceiling, and what a new one adds."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

NAME, VERSION = "time_asked", 1
Group = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """Minutes a month that one thing asks of each person of a function in some units."""

    kind: str
    number: int
    function: str
    minutes: float
    units: frozenset[int]


@dataclass(frozen=True, slots=True)
class OfFunction:
    """What is asked of a function: minutes each where most is asked and on average, hours all together.

    `over` are the units in which it is more than the ceiling.
    """

    function: str
    most: float
    mean: float
    hours: float
    people: int
    ceiling: int | None = None
    over: frozenset[int] = frozenset()

    @property
    def is_over(self) -> bool:
        """Whether more is asked somewhere than may be."""
        return bool(self.over)


def by_group(asked: Iterable[Asked], people: Mapping[Group, int]) -> dict[Group, float]:
    """Minutes a month asked of each person, by unit and function in which somebody works."""
    found: dict[Group, float] = defaultdict(float)
    for one in asked:
        for unit in one.units:
            if people.get((unit, one.function)):
                found[unit, one.function] += one.minutes
    return dict(found)


def by_function(
    asked: Iterable[Asked], people: Mapping[Group, int], ceilings: Mapping[str, int]
) -> list[OfFunction]:
    """What is asked of each function of which anything is asked or that has a ceiling, the most asked first."""
    minutes = by_group(asked, people)
    counts: dict[str, int] = defaultdict(int)
    for (_unit, function), count in people.items():
        counts[function] += count
    functions = {function for _unit, function in minutes} | {one for one in ceilings if counts.get(one)}
    rows = [_of_function(one, minutes, people, counts[one], ceilings.get(one)) for one in functions]
    return sorted(rows, key=lambda row: (-row.most, row.function))


def _of_function(
    function: str,
    minutes: Mapping[Group, float],
    people: Mapping[Group, int],
    count: int,
    ceiling: int | None,
) -> OfFunction:
    own = {unit: value for (unit, one), value in minutes.items() if one == function}
    total = sum(value * people[unit, function] for unit, value in own.items())
    over = frozenset(unit for unit, value in own.items() if ceiling is not None and value > ceiling)
    return OfFunction(
        function,
        max(own.values(), default=0.0),
        total / count if count else 0.0,
        total / 60,
        count,
        ceiling,
        over,
    )


@dataclass(frozen=True, slots=True)
class Displaced:
    """What a new standard would ask of a function where most is asked: before, after, and by how much it is too much."""

    function: str
    before: float
    after: float
    ceiling: int | None

    @property
    def too_much(self) -> float:
        """Minutes a month each that something else would have to give back."""
        return max(0.0, self.after - self.ceiling) if self.ceiling is not None else 0.0


def displaced(
    before: Iterable[Asked], after: Iterable[Asked], people: Mapping[Group, int], ceilings: Mapping[str, int]
) -> list[Displaced]:
    """For each function of which a new standard asks more in some unit, the unit in which most would be asked."""
    old, new = by_group(before, people), by_group(after, people)
    found: dict[str, Displaced] = {}
    for (unit, function), minutes in new.items():
        earlier = old.get((unit, function), 0.0)
        known = found.get(function)
        if minutes > earlier and (known is None or minutes > known.after):
            found[function] = Displaced(function, earlier, minutes, ceilings.get(function))
    return sorted(found.values(), key=lambda one: (-one.too_much, -one.after, one.function))
