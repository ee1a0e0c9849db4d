"""How far the changes of one metric go with later changes of another: an association with its interval, never a cause.

Levels that both grow go together without one moving the other: only changes from period to period are compared, the
usual season taken out. What a series repeats of its own past is taken out too (prewhitening by its own memory), since
two sluggish series look alike by chance. Several lags are tried, and the interval is widened for having chosen one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

NAME = "levers"
VERSION = 1
FEWEST = 20
Array = NDArray[np.float64]
# How many lags are tried, and how many periods make a season, by grain.
LAGS = {"day": 14, "week": 8, "month": 6, "quarter": 3}
CYCLES = {"day": 7, "week": 52, "month": 12, "quarter": 4}


class Verdict(StrEnum):
    """What the data say of a lever."""

    TOO_LITTLE = "too_little"
    UNCLEAR = "unclear"
    WITH = "with"
    AGAINST = "against"


@dataclass(frozen=True, slots=True)
class Seen:
    """The association at the lag where it is strongest, with its interval, and how many periods stand behind it."""

    verdict: Verdict
    count: int
    lag: int | None = None
    strength: float | None = None
    low: float | None = None
    high: float | None = None


def association(driver: Mapping[int, float], outcome: Mapping[int, float], grain: str) -> Seen:
    """How later changes of the outcome go with changes of the driver; both are values by number of period."""
    first, cause = _changes(driver, CYCLES[grain])
    second, effect = _changes(outcome, CYCLES[grain])
    if cause is None or effect is None:
        return Seen(Verdict.TOO_LITTLE, min(len(first), len(second)))
    cause, effect = _fresh(cause), _fresh(effect)
    tried = LAGS[grain] + 1
    found = [one for lag in range(tried) if (one := _at_lag(cause, effect, lag)) is not None]
    if not found:
        return Seen(Verdict.TOO_LITTLE, min(len(first), len(second)))
    lag, strength, count = max(found, key=lambda one: abs(one[1]) * np.sqrt(one[2]))
    # What the season took, and the memory of both sides, no longer tells anything.
    used = CYCLES[grain] - 1 if min(len(first), len(second)) >= 3 * CYCLES[grain] else 0
    low, high = _interval(strength, count - used - 4, len(found))
    verdict = Verdict.WITH if low > 0 else Verdict.AGAINST if high < 0 else Verdict.UNCLEAR
    return Seen(verdict, count, lag, strength, low, high)


def _changes(values: Mapping[int, float], cycle: int) -> tuple[list[int], dict[int, float] | None]:
    """The change from each period to the next, where both are known, without the usual one of its season."""
    periods = sorted(number for number, value in values.items() if np.isfinite(value))
    known = [number for number in periods if number - 1 in values and np.isfinite(values[number - 1])]
    if len(known) < FEWEST:
        return known, None
    steps = np.array([values[number] - values[number - 1] for number in known], dtype=float)
    # A few huge jumps would be all that is seen.
    middle = float(np.median(steps))
    limit = 2.5 * 1.4826 * float(np.median(np.abs(steps - middle))) or 2.5 * float(steps.std())
    steps = np.clip(steps, middle - limit, middle + limit)
    steps -= steps.mean()
    if len(known) >= 3 * cycle:
        places = np.array(known) % cycle
        for place in set(places.tolist()):
            steps[places == place] -= steps[places == place].mean()
    least = 1e-12 * (1 + max(abs(values[number]) for number in known))
    return known, dict(zip(known, steps.tolist(), strict=True)) if steps.std() > least else None


def _fresh(changes: Mapping[int, float]) -> dict[int, float]:
    """The changes without what each repeats of the two before it."""
    numbers = [number for number in changes if number - 1 in changes and number - 2 in changes]
    if len(numbers) < FEWEST:
        return dict(changes)
    past = np.array([[changes[number - 1], changes[number - 2]] for number in numbers])
    now = np.array([changes[number] for number in numbers])
    memory, *_rest = np.linalg.lstsq(past, now, rcond=None)
    return dict(zip(numbers, (now - past @ memory).tolist(), strict=True))


def _at_lag(
    cause: Mapping[int, float], effect: Mapping[int, float], lag: int
) -> tuple[int, float, int] | None:
    numbers = [number for number in effect if number - lag in cause]
    if len(numbers) < FEWEST:
        return None
    before: Array = np.array([cause[number - lag] for number in numbers])
    after: Array = np.array([effect[number] for number in numbers])
    if before.std() < 1e-12 or after.std() < 1e-12:
        return None
    return lag, float(np.clip(np.corrcoef(before, after)[0, 1], -0.999, 0.999)), len(numbers)


def _interval(strength: float, freedom: int, tried: int) -> tuple[float, float]:
    """Fisher's interval, as wide as having chosen the best of several lags asks for."""
    reach = NormalDist().inv_cdf(1 - 0.025 / tried) / np.sqrt(max(freedom - 3, 1))
    middle = np.arctanh(strength)
    return float(np.tanh(middle - reach)), float(np.tanh(middle + reach))
