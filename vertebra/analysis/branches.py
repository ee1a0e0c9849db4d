"""Figures of a tree of units: summed up from below, and kept back wherever one to four people stand behind them.

No difference between what is shown of a unit and of the units inside it leaves fewer than five people either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from typing import TypeVar

from vertebra.analysis.privacy import FEWEST

NAME = "branches"
VERSION = 1
K = TypeVar("K", bound=Hashable)
People = frozenset[str]


def summed(own: Mapping[K, People], parents: Mapping[K, K | None]) -> dict[K, People]:
    """The people behind each unit and everything inside it."""
    found: dict[K, set[str]] = defaultdict(set)
    for unit, people in own.items():
        at: K | None = unit
        while at is not None:
            found[at] |= people
            at = parents.get(at)
    return {unit: frozenset(people) for unit, people in found.items()}


def shown_units(own: Mapping[K, People], parents: Mapping[K, K | None]) -> frozenset[K]:
    """The units whose figure may be shown; `own` are the people behind what belongs to a unit itself.

    Each item belongs to one unit. A unit that keeps its figure back keeps back those of all units inside it.
    """
    whole = summed(own, parents)
    inside: dict[K | None, list[K]] = defaultdict(list)
    for unit in whole:
        inside[parents.get(unit)].append(unit)
    shown: set[K] = set()
    # What is at the top has nothing above it that a difference could be taken from.
    waiting = [unit for unit in inside[None] if not _is_few(whole[unit])]
    while waiting:
        unit = waiting.pop()
        shown.add(unit)
        waiting += _shown_inside(inside[unit], whole, own.get(unit, frozenset()))
    return frozenset(shown)


def _shown_inside(children: list[K], whole: Mapping[K, People], rest: People) -> list[K]:
    """Of the units inside a shown one, those that may be shown: what is left is nobody's, or that of five."""
    left = set(rest)
    kept: list[K] = []
    for child in children:
        if _is_few(whole[child]):
            left |= whole[child]
        else:
            kept.append(child)
    kept.sort(key=lambda child: len(whole[child]))
    while kept and _is_few(left):
        left |= whole[kept.pop(0)]
    return kept


def _is_few(people: People | set[str]) -> bool:
    return 0 < len(people) < FEWEST
