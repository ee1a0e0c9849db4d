"""When a count reaches its total: an interval of days, from how fast it moved and how evenly.

What is left is taken as a walk with a drift (work done less work added, per week). The pace is known only as well as the
past lets it be, and the weeks to come vary as those before: both stand in the interval (Student's law, four times in five).
"""

import datetime as dt
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

NAME = "forecast"
VERSION = 1
# The days of the interval leave one chance in ten on either side.
FEWEST_COUNTS = 4
FEWEST_DAYS = 14
MOST_STEPS = 20
FARTHEST_WEEKS = 260.0
_STUDENT = (3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372)
_NORMAL = 1.2816
_BAND = 8


class Verdict(StrEnum):
    """What can be said of the end."""

    NO_COUNT = "no_count"
    TOO_FEW = "too_few"
    DONE = "done"
    NOT_MOVING = "not_moving"
    FORECAST = "forecast"


@dataclass(frozen=True, slots=True)
class Counted:
    """How many were done of how many, at the end of a day."""

    on: dt.date
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """When all will be done: most likely, at the earliest, at the latest (None: nobody can say)."""

    verdict: Verdict
    likely: dt.date | None = None
    earliest: dt.date | None = None
    latest: dt.date | None = None
    per_week: float | None = None
    band: tuple[tuple[dt.date, float, float], ...] = ()


def forecast(counts: Sequence[Counted]) -> Forecast:
    """When the last of these counts reaches its total, if it goes on as it went."""
    rows = sorted(counts, key=lambda row: row.on)
    if not rows:
        return Forecast(Verdict.NO_COUNT)
    last = rows[-1]
    left = last.total - last.done
    if last.total and left <= 0:
        first = next(at for at in range(len(rows)) if all(row.done >= row.total for row in rows[at:]))
        return Forecast(Verdict.DONE, likely=rows[first].on)
    rows = rows[-(MOST_STEPS + 1) :]
    if len(rows) < FEWEST_COUNTS or (last.on - rows[0].on).days < FEWEST_DAYS:
        return Forecast(Verdict.TOO_FEW)
    pace = _pace(rows)
    if pace.mean <= 0:
        return Forecast(Verdict.NOT_MOVING, per_week=pace.mean)
    days = [_day(last.on, pace.reaches(left, side)) for side in (0, 1, -1)]
    band = tuple(_band(last, pace, days))
    return Forecast(Verdict.FORECAST, days[0], days[1], days[2], pace.mean, band)


@dataclass(frozen=True, slots=True)
class _Pace:
    """Units a week: the mean, how much a week varies around it, the weeks looked at, the factor of the interval."""

    mean: float
    variance: float
    weeks: float
    factor: float

    def after(self, weeks: float, side: int) -> float:
        """How far it has come after some weeks: likely (0), at best (1), at worst (-1)."""
        spread = math.sqrt(self.variance * (weeks + weeks * weeks / self.weeks))
        return self.mean * weeks + side * self.factor * spread

    def reaches(self, left: float, side: int) -> float | None:
        """After how many weeks what is left is done."""
        if side == 0:
            return left / self.mean
        high = 1.0
        while self.after(high, side) < left:
            high *= 2
            if high > FARTHEST_WEEKS:
                return None
        low = 0.0
        for _step in range(50):
            middle = (low + high) / 2
            low, high = (middle, high) if self.after(middle, side) < left else (low, middle)
        return high


def _pace(rows: Sequence[Counted]) -> _Pace:
    """The drift of what is left and its variance, for counts made at whatever days."""
    steps = [
        ((after.on - before.on).days / 7, (before.total - before.done) - (after.total - after.done))
        for before, after in itertools.pairwise(rows)
        if after.on > before.on
    ]
    weeks = sum(span for span, _units in steps)
    mean = sum(units for _span, units in steps) / weeks
    freedom = max(len(steps) - 1, 1)
    variance = sum((units - mean * span) ** 2 / span for span, units in steps) / freedom
    return _Pace(mean, variance, weeks, _student(freedom))


def _student(freedom: int) -> float:
    """The point that Student's law exceeds one time in ten."""
    if freedom <= len(_STUDENT):
        return _STUDENT[freedom - 1]
    return _NORMAL + 0.846 / freedom + 0.6 / freedom**2


def _day(start: dt.date, weeks: float | None) -> dt.date | None:
    if weeks is None or weeks > FARTHEST_WEEKS:
        return None
    return start + dt.timedelta(days=math.ceil(weeks * 7 - 1e-9))


def _band(last: Counted, pace: _Pace, days: Sequence[dt.date | None]) -> list[tuple[dt.date, float, float]]:
    """What will be done from the last count on, between at worst and at best, up to the total."""
    ends = [day for day in days if day is not None]
    if not ends:
        return []
    # A latest day far behind the likely one would flatten the picture.
    span = (ends[0] - last.on).days
    until = min(max(ends), last.on + dt.timedelta(days=max(28, span * 2)))
    found = [(last.on, float(last.done), float(last.done))]
    for part in range(1, _BAND + 1):
        day = last.on + (until - last.on) * part / _BAND
        weeks = (day - last.on).days / 7
        low, high = (last.done + pace.after(weeks, side) for side in (-1, 1))
        low = max(low, float(last.done))
        found.append((day, min(low, float(last.total)), min(max(low, high), float(last.total))))
    return found
