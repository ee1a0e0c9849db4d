"""Which groups may be told apart from the whole: beside each other, and beside all that was told of them before.

Two tellings of the same work divide it twice, each into the groups told apart and the rest; what stands in one of them
only is told by nobody. Whatever adding and subtracting the figures of both singles out is a cut between the parts of
either (`analysis.crossing`): what is told of groups at one time is the special case in which the other told the whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from vertebra.analysis.crossing import Point, weakest
from vertebra.analysis.flow.changing import sign
from vertebra.analysis.flow.telling import ENOUGH, WHOLE

# Group and who; and what their work there adds to figures.
Parts = Mapping[tuple[str, str], str]
_UNTOLD = ("", "")
Cells = Counter[tuple[Point, str | None]]


@dataclass(frozen=True, slots=True)
class Shown:
    """Groups told apart, in which rest the others are told together (`homes`), and signs of what everybody adds."""

    groups: frozenset[str]
    homes: Mapping[str, str]
    parts: Parts

    def piece(self, group: str) -> tuple[str, str]:
        """With what a group is told: by itself, or in a rest."""
        return ("apart", group) if group in self.groups else ("rest", self.homes.get(group, ""))


def parts_of(adds: Mapping[tuple[str, str], object], key: bytes) -> dict[tuple[str, str], str]:
    """What somebody adds to figures of a group, as signs; nobody known stays nobody."""
    return {
        (group, sign(who, key) if who else ""): sign(repr((who, added)), key)
        for (group, who), added in adds.items()
    }


def weights_of(parts: Collection[tuple[str, str]]) -> Counter[str]:
    """How much of people is in each group: somebody is in each of theirs in part."""
    places = Counter(who for _group, who in parts)
    found: Counter[str] = Counter()
    for group, who in parts:
        found[group] += WHOLE // places[who] if who else 0
    return found


def told_beside(
    parts: Parts, homes: Mapping[str, str], asked: Sequence[str], before: Iterable[Shown]
) -> Shown | None:
    """The groups that may be told apart, the first of those asked for giving way first; nothing where the whole may not
    be told anew."""
    held = {group for group, _who in parts}
    now = Shown(frozenset(held.intersection(asked)), homes, parts)
    for was in (Shown(frozenset(), {}, parts), *before):
        cells = _cells(was, parts)
        # Telling less apart opens no cut that was closed, so that each state is looked at once.
        while cut := weakest(_lines(cells, now), ENOUGH):
            left = [group for group in asked if group in now.groups]
            gone = next(
                (group for group in left if ("now", *now.piece(group)) in cut), left[0] if left else None
            )
            if gone is None:
                return None
            now = Shown(now.groups - {gone}, homes, parts)
    return now


def _cells(was: Shown, parts: Parts) -> Cells:
    """How much of people is in each piece of what was told and each group of what is: the same, gone, or come."""
    same = was.parts.items() & parts.items()
    found: list[tuple[str, Point, str | None]] = []
    for (group, who), _adds in same:
        found.append((who, ("was", *was.piece(group)), group))
    for (group, who), _adds in was.parts.items() - same:
        found.append((who, ("was", *was.piece(group)), None))
    for (group, who), _adds in parts.items() - same:
        found.append((who, _UNTOLD, group))
    places = Counter(who for who, _before, _group in found)
    cells: Cells = Counter()
    for who, before, now in found:
        cells[before, now] += WHOLE // places[who] if who else 0
    return cells


def _lines(cells: Cells, now: Shown) -> dict[tuple[Point, Point], int]:
    """The graph of both; what nobody known did weighs next to nothing, but is there."""
    lines: Counter[tuple[Point, Point]] = Counter()
    for (before, group), weight in cells.items():
        lines[before, _UNTOLD if group is None else ("now", *now.piece(group))] += max(1, weight)
    return lines
