"""Incidents in figures: how long until users were served again, until the field was told, until what follows was done.

Times that are not over yet count as "longer than that" (Kaplan-Meier), so a hidden long one does not flatter the median.
Two times are compared by the typical ratio between them (Hodges-Lehmann on logarithms), never by two means.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist, median

NAME = "incidents"
VERSION = 1
FEWEST = 5
Z = NormalDist().inv_cdf(0.975)
# Comparing every pair of more incidents than this says no more, and takes longer.
MOST_COMPARED = 400


class Verdict(StrEnum):
    """What a comparison of two times says."""

    TOO_FEW = "too_few"
    BETTER = "better"
    WORSE = "worse"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Lasted:
    """How long something took, in hours; not over yet: at least so long."""

    hours: float
    is_over: bool = True


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its 95 % interval (an end that the data cannot tell is None), and how many stand behind it."""

    value: float | None
    low: float | None
    high: float | None
    count: int
    open_count: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a figure changed from one time to another: a ratio or a difference with its interval, and how sure it is."""

    change: float | None
    low: float | None
    high: float | None
    verdict: Verdict


def typical(times: Sequence[Lasted]) -> Figure:
    """The time within which half were over, with its interval."""
    over = sum(1 for one in times if one.is_over)
    still_open = len(times) - over
    if not over:
        return Figure(None, None, None, len(times), still_open)
    steps = _survival(times)
    value = _first(steps, lambda share, spread: share <= 0.5)
    low = _first(steps, lambda share, spread: _bounds(share, spread)[0] <= 0.5)
    high = _first(steps, lambda share, spread: _bounds(share, spread)[1] <= 0.5)
    return Figure(value, low if value is not None else None, high, len(times), still_open)


def _survival(times: Sequence[Lasted]) -> list[tuple[float, float, float]]:
    """After each time at which something was over: the share not over yet, and Greenwood's sum."""
    steps, at_risk, share, spread = [], len(times), 1.0, 0.0
    ordered = sorted(times, key=lambda one: (one.hours, not one.is_over))
    at = 0
    while at < len(ordered):
        hours, ended, gone = ordered[at].hours, 0, 0
        while at < len(ordered) and ordered[at].hours == hours:
            ended += ordered[at].is_over
            gone += 1
            at += 1
        if ended:
            share *= 1 - ended / at_risk
            spread += ended / (at_risk * (at_risk - ended)) if at_risk > ended else math.inf
            steps.append((hours, share, spread))
        at_risk -= gone
    return steps


def _bounds(share: float, spread: float) -> tuple[float, float]:
    """The interval of a share not over yet, on the scale of log(-log), which stays between nothing and all."""
    if share <= 0:
        return 0.0, 0.0
    if share >= 1:
        return 1.0, 1.0
    reach = Z * math.sqrt(spread) / abs(math.log(share))
    return share ** math.exp(reach), share ** math.exp(-reach)


def _first(steps: list[tuple[float, float, float]], holds: Callable[[float, float], bool]) -> float | None:
    return next((hours for hours, share, spread in steps if holds(share, spread)), None)


def share(done: int, of: int) -> Figure:
    """A share in percent with Wilson's interval."""
    return Figure(*_wilson(done, of), of) if of else Figure(None, None, None, 0)


def _wilson(done: int, of: int) -> tuple[float, float, float]:
    p, squared = done / of, Z * Z
    middle = (p + squared / (2 * of)) / (1 + squared / of)
    reach = Z * math.sqrt(p * (1 - p) / of + squared / (4 * of * of)) / (1 + squared / of)
    return 100 * p, 100 * max(0.0, middle - reach), 100 * min(1.0, middle + reach)


def compare_times(before: Sequence[Lasted], after: Sequence[Lasted]) -> Comparison:
    """By how much a typical time after is longer than one before (0.5: half as long), and whether that is sure."""
    if min(sum(one.is_over for one in side) for side in (before, after)) < FEWEST:
        return Comparison(None, None, None, Verdict.TOO_FEW)
    first, second = _logs(before), _logs(after)
    ratios = sorted(b - a for a in first for b in second)
    pairs, n, m = len(ratios), len(first), len(second)
    reach = Z * math.sqrt(n * m * (n + m + 1) / 12)
    at = max(0, math.floor(pairs / 2 - reach))
    low, high = math.exp(ratios[at]), math.exp(ratios[pairs - 1 - at])
    return Comparison(math.exp(median(ratios)), low, high, _verdict(low, high, 1.0, is_less_better=True))


def _logs(times: Sequence[Lasted]) -> list[float]:
    """Hours on a logarithmic scale; of very many, as many as say the same."""
    # A minute at least: what was over at once has no logarithm.
    found = sorted(math.log(max(one.hours, 1 / 60)) for one in times)
    if len(found) <= MOST_COMPARED:
        return found
    return [found[(2 * at + 1) * len(found) // (2 * MOST_COMPARED)] for at in range(MOST_COMPARED)]


def compare_shares(before: tuple[int, int], after: tuple[int, int]) -> Comparison:
    """By how many points a share (done, of) changed, with Newcombe's interval."""
    if min(before[1], after[1]) < FEWEST:
        return Comparison(None, None, None, Verdict.TOO_FEW)
    (one, one_low, one_high), (two, two_low, two_high) = _wilson(*before), _wilson(*after)
    change = two - one
    low = change - math.hypot(two - two_low, one_high - one)
    high = change + math.hypot(two_high - two, one - one_low)
    return Comparison(change, low, high, _verdict(low, high, 0.0, is_less_better=False))


def compare_counts(before: Sequence[int], after: Sequence[int]) -> Comparison:
    """How many times as many there were per month, from the counts of whole months; months that cluster widen it."""
    if min(len(before), len(after)) < 3 or sum(before) + sum(after) < 2 * FEWEST:
        return Comparison(None, None, None, Verdict.TOO_FEW)
    # Half of one is added to each side, so that a time without incidents has a ratio as well.
    one, two = sum(before) + 0.5, sum(after) + 0.5
    ratio = math.log(two / len(after)) - math.log(one / len(before))
    reach = Z * math.sqrt((1 / one + 1 / two) * max(1.0, _clustering(before, after)))
    low, high = math.exp(ratio - reach), math.exp(ratio + reach)
    # What is said is the ratio of the two rates as they stand, wherever both are known: it lies inside the interval.
    is_known = bool(sum(before) and sum(after))
    change = (sum(after) / len(after)) / (sum(before) / len(before)) if is_known else math.exp(ratio)
    return Comparison(change, low, high, _verdict(low, high, 1.0, is_less_better=True))


def _clustering(*sides: Sequence[int]) -> float:
    """How much more months differ than chance alone would make them (1: not at all)."""
    squared, freedom = 0.0, 0
    for months in sides:
        mean = sum(months) / len(months)
        if mean > 0:
            squared += sum((count - mean) ** 2 for count in months) / mean
            freedom += len(months) - 1
    return squared / freedom if freedom else 1.0


def _verdict(low: float, high: float, none: float, *, is_less_better: bool) -> Verdict:
    if low <= none <= high:
        return Verdict.UNCLEAR
    return Verdict.BETTER if (high < none) == is_less_better else Verdict.WORSE
