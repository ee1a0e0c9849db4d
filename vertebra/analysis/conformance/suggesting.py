"""Rules that a trail already keeps to, more or less: offered to choose from, with what would have agreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vertebra.analysis.conformance.histories import Histories
from vertebra.analysis.conformance.rules import (
    NeverAfter,
    Presence,
    PresentAt,
    Rule,
    StepBefore,
    Verdict,
    judge,
)

# Steps that are looked at: the commonest. Each pair of them is compared.
MOST_STEPS = 12
# What holds for fewer items says nothing of how people work.
FEWEST_ITEMS = 30
# Kept by fewer than this it is no habit.
LEAST_SHARE = 0.7
MOST_EXAMPLES = 10
MOST_SUGGESTIONS = 12


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A rule, how many items it concerns, the share that kept to it, and the keys of some that did not."""

    rule: Rule
    count: int
    share: float
    examples: tuple[str, ...]


def suggest(told: Histories, presences: Mapping[str, Presence] | None = None) -> list[Suggestion]:
    """Habits of a trail, told by most items first: what comes before what, what never follows, what is filled when."""
    steps = _common(told)
    firsts = {name: told.first(told.is_step(name)) for name in steps}
    rules: list[Rule] = []
    for one in steps:
        for other in steps:
            if one != other and _is_habit(firsts[one], firsts[other], len(told.steps)):
                rules += [StepBefore(one, other), NeverAfter(other, one)]
    rules += [PresentAt(step, field) for step in steps for field in presences or {}]
    found = [made for rule in rules if (made := _suggestion(rule, told, presences or {})) is not None]
    # A rule with departures tells more than one that nobody ever broke.
    found.sort(key=lambda one: (one.share == 1.0, -one.count, -one.share))
    return found[:MOST_SUGGESTIONS]


def _common(told: Histories) -> list[str]:
    counts = np.bincount(told.steps[told.steps >= 0], minlength=len(told.names))
    order = np.argsort(-counts, kind="stable")[:MOST_STEPS]
    return [told.names[code] for code in order if counts[code] >= FEWEST_ITEMS]


def _is_habit(one: object, other: object, end: int) -> bool:
    """Whether the first step comes first in most items that have both."""
    first, then = np.asarray(one), np.asarray(other)
    both = (first < end) & (then < end)
    count = int(both.sum())
    return count >= FEWEST_ITEMS and int((first < then)[both].sum()) >= LEAST_SHARE * count


def _suggestion(rule: Rule, told: Histories, presences: Mapping[str, Presence]) -> Suggestion | None:
    presence = presences.get(rule.field) if isinstance(rule, PresentAt) else None
    verdict = judge(rule, told, presence=presence)
    share = verdict.share
    if share is None or share < LEAST_SHARE or verdict.count < FEWEST_ITEMS:
        return None
    return Suggestion(rule, verdict.count, share, examples(verdict, told.items))


def examples(verdict: Verdict, keys: Sequence[str], most: int = MOST_EXAMPLES) -> tuple[str, ...]:
    """The keys of some items that did not keep to a rule, the latest in the trail first."""
    return tuple(keys[int(place)] for place in verdict.departed[::-1][:most])
