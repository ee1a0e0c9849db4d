"""Of which groups and types of work the figures of a month may be told: nothing that adding or subtracting them tells
is about one to four people.

Who is behind a work item is one person. A month divides its items twice: by unit (with its areas), each inside the unit
around it, and by type of work, each type inside units again. Somebody who works in several places counts for a part of
a person in each, by their items there, so that whatever is told together is of five people at least
(`analysis.crossing`). A month is told by
weeks where all that is told of it could be told of each of its weeks, and as a whole otherwise.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from vertebra.analysis.crossing import Walk, told_together, walk_of
from vertebra.analysis.privacy import FEWEST

ALL = "all"
# A person is divided into so many parts.
WHOLE = 720_720
ENOUGH = FEWEST * WHOLE


class Behind(NamedTuple):
    """Somebody is behind items of one group and one type in one week; nobody known where `person` is empty.

    `adds` is what these items add to figures, to know whether it is the same as it was.
    """

    week: int
    group: str
    kind: str
    person: str
    items: int = 1
    adds: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What may be told of a month: groups, types inside groups (group, type), and whether of each of its weeks as well."""

    groups: frozenset[str]
    kinds: frozenset[tuple[str, str]]
    is_by_week: bool = False


Cells = Mapping[tuple[str, str], Mapping[str, int]]
NOTHING = Told(frozenset(), frozenset())


def told_of(rows: Collection[Behind], parents: Mapping[str, str], asked: Collection[str]) -> Told:
    """What may be told of the items of one month: of the groups that are asked for, each inside its parent."""
    # In an order of their own: which of two groups gives way must not depend on how rows came.
    rows = sorted(rows, reverse=True)
    whole = _told(_cells(rows), parents, asked)
    if not whole.groups:
        return NOTHING
    weeks: dict[int, list[Behind]] = defaultdict(list)
    for row in rows:
        weeks[row.week].append(row)
    is_by_week = len(weeks) == 1 or all(
        _holds(_told(_cells(some), parents, asked), whole) for some in weeks.values()
    )
    return Told(whole.groups, whole.kinds, is_by_week)


def _holds(week: Told, month: Told) -> bool:
    return month.groups <= week.groups and month.kinds <= week.kinds


def _cells(rows: Iterable[Behind]) -> dict[tuple[str, str], Counter[str]]:
    """How many items of whom are in each cell."""
    found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in rows:
        found[row.group, row.kind][row.person] += row.items
    return found


def _weights(cells: Cells) -> Counter[tuple[str, str]]:
    """How much of people is in each cell; a cell of nobody known weighs next to nothing, but is not empty."""
    items: Counter[str] = Counter()
    for people in cells.values():
        items.update(people)
    return Counter(
        {
            cell: max(1, sum(WHOLE * count // items[person] for person, count in people.items() if person))
            for cell, people in cells.items()
        }
    )


def _told(cells: Cells, parents: Mapping[str, str], asked: Collection[str]) -> Told:
    """The largest groups and types that may be told together, as far as taking the smallest away finds them."""
    weights, walk = _weights(cells), walk_of(parents)
    names = {_key(up, kind): up for group, kind in cells for up in walk(group)}
    units = {group: parents.get(group) or ALL for group in names.values()}
    kinds = {
        key: f"{units[group]}{key[len(group) :]}" if units[group] != ALL else ALL
        for key, group in names.items()
    }
    walks = (walk_of(units), walk_of(kinds))
    of_kinds = _sums(weights, walks[1], 1)
    told = (_apart(_sums(weights, walks[0], 0), walks[0], asked), set(kinds))
    while True:
        told = (told[0], {key for key in told[1] if names[key] in told[0]})
        told = (told[0], _apart(of_kinds, walks[1], told[1]))
        drawn = {
            (group, _key(group, kind), ""): weight
            for (group, kind), weight in weights.items()
            if not (told[0].isdisjoint(walks[0](group)) and told[1].isdisjoint(walks[1](_key(group, kind))))
        }
        one, other = told_together(drawn, (units, kinds), told, ENOUGH)
        if (set(one), set(other)) == told:
            break
        told = (set(one), set(other))
    return Told(frozenset(told[0]), frozenset((names[key], key.partition("\x1f")[2]) for key in told[1]))


def _key(group: str, kind: str) -> str:
    return f"{group}\x1f{kind}"


def _sums(weights: Mapping[tuple[str, str], int], walk: Walk, side: int) -> Counter[str]:
    """How much of people is in each group of a division, with all that is inside it."""
    found: Counter[str] = Counter()
    own: Counter[str] = Counter()
    for (group, kind), weight in weights.items():
        own[_key(group, kind) if side else group] += weight
    for group, weight in own.items():
        for up in walk(group):
            found[up] += weight
    return found


def _apart(sums: Mapping[str, int], walk: Walk, asked: Collection[str]) -> set[str]:
    """The groups with enough people, without those whose rest, beside the groups told inside them, is of too few."""
    told = {group for group in asked if sums.get(group, 0) >= ENOUGH}
    rest = {group: sums[group] for group in told}
    for group in sorted(told, key=lambda one: (-len(walk(one)), one)):
        if 0 < rest[group] < ENOUGH:
            told.discard(group)
            continue
        around = next((up for up in walk(group)[1:] if up in told), None)
        if around:
            rest[around] -= sums[group]
    return told
