"""What the answers to “how much does this still cost you?” say: better, still costly, or too few to tell."""

import calendar
import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from vertebra.analysis.privacy import FEWEST

NAME = "re_ask"
VERSION = 1
COSTLY = 6.0
MARGIN = 1.0
MONTHS = 6


class Verdict(StrEnum):
    """What one asking says."""

    TOO_FEW = "too_few"
    NOTED = "noted"
    BETTER = "better"
    UNCLEAR = "unclear"
    COSTLY = "costly"
    NO_BETTER = "no_better"


STILL_HURTS = frozenset({Verdict.COSTLY, Verdict.NO_BETTER})


@dataclass(frozen=True, slots=True)
class Reading:
    """What a group answered from 0 to 10: how many, the mean, and its interval."""

    answered: int
    mean: float
    low: float
    high: float


def verdict(reading: Reading | None, before: Reading | None, *, is_baseline: bool = False) -> Verdict:
    """What an asking says beside the one before anything was done.

    Fewer than five answers say nothing. The first asking is only noted. Later ones say that it still hurts when the
    mean is 6 of 10 or more (costly), or when even the lower bound of the interval is not a point below the mean of
    before (no better). It is better when the whole interval lies a point or more below that mean. In between, and
    without a first asking, it is unclear: nothing follows from it.
    """
    if reading is None or reading.answered < FEWEST:
        return Verdict.TOO_FEW
    if is_baseline:
        return Verdict.NOTED
    if reading.mean >= COSTLY:
        return Verdict.COSTLY
    if before is None or before.answered < FEWEST:
        return Verdict.UNCLEAR
    if reading.low > before.mean - MARGIN:
        return Verdict.NO_BETTER
    return Verdict.BETTER if reading.high <= before.mean - MARGIN else Verdict.UNCLEAR


def still_hurts(reading: Reading | None, before: Reading | None) -> bool:
    """Whether an asking at delivery or later opens the pain point again."""
    return verdict(reading, before) in STILL_HURTS


def months_later(day: dt.date, months: int = MONTHS) -> dt.date:
    """The same day some months later, or the last of that month where it has no such day."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
