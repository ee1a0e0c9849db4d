"""Plain before and after: what groups answered to the same question, or two figures noted by hand."""

from dataclasses import dataclass
from math import sqrt

from vertebra.analysis.impact.student import quantile
from vertebra.analysis.impact.values import Estimate, Figure, Method, Reason, cannot_tell, verdict_of
from vertebra.analysis.privacy import FEWEST


@dataclass(frozen=True, slots=True)
class Answered:
    """What a group answered: how many, the mean, and the 95 % interval of it."""

    count: int
    mean: float
    low: float
    high: float

    @property
    def error(self) -> float:
        """The standard error that the interval was made of."""
        return (self.high - self.low) / 2 / quantile(0.975, max(self.count - 1, 1))


def compare_answers(before: Answered | None, after: Answered | None, hoped: float | None = None) -> Estimate:
    """The change between two askings of the same question, fewer than five answers counting for nothing.

    Who answered is not known, so that the two are taken as independent: the interval is wide rather than narrow.
    """
    if before is None or after is None or min(before.count, after.count) < FEWEST:
        return cannot_tell(Reason.TOO_FEW_ANSWERS)
    one, other = before.error**2, after.error**2
    counts = {"before_count": before.count, "after_count": after.count}
    known = {"observed": after.mean, "expected": before.mean, **counts}
    if one + other <= 0:
        # All said the same, twice: the scale is too coarse to tell how sure that is.
        return cannot_tell(Reason.NO_UNCERTAINTY, Method.BEFORE_AFTER, **known)
    freedom = (one + other) ** 2 / (one**2 / (before.count - 1) + other**2 / (after.count - 1))
    reach = quantile(0.975, max(int(freedom), 1)) * sqrt(one + other)
    change = after.mean - before.mean
    effect = Figure(change, change - reach, change + reach)
    verdict, reason = verdict_of(effect, hoped)
    return Estimate(
        method=Method.BEFORE_AFTER,
        verdict=verdict,
        reason=reason,
        effect=effect,
        observed=after.mean,
        expected=before.mean,
        before_count=before.count,
        after_count=after.count,
    )


def compare_two_figures(before: float, after: float | None) -> Estimate:
    """Two figures noted by hand: what was and what is, and nothing about how sure the difference is."""
    if after is None:
        return cannot_tell(Reason.TOO_FEW_AFTER, Method.BEFORE_AFTER, expected=before)
    return cannot_tell(Reason.NO_UNCERTAINTY, Method.BEFORE_AFTER, observed=after, expected=before)
