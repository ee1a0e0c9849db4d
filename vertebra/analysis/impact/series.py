"""Series as they arrive made fit for reckoning: numbered periods, gaps, duplicates, infinities, columns of a design."""

import datetime as dt
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vertebra.analysis.impact.values import Grain

Array = NDArray[np.float64]
Values = Sequence[tuple[dt.date, float | None]]

# How many periods make a round of the season, and how many waves it is drawn with.
PERIODS = {Grain.DAY: 7, Grain.WEEK: 52, Grain.MONTH: 12, Grain.QUARTER: 4}
MOST_WAVES = 6
# Beyond this a value is a fault of whatever wrote it, and its square is no number any more.
LARGEST = 1e100


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A series by number of its period, in order; how much of it was no number, or said twice."""

    values: dict[int, float]
    not_finite: int = 0
    duplicates: int = 0


def day_of(moment: dt.date) -> dt.date:
    """The day of a moment, in its own zone: a value belongs to the day it was written for."""
    return moment.date() if isinstance(moment, dt.datetime) else moment


def number_of(moment: dt.date, grain: Grain) -> int:
    """The number of the period that holds a day: neighbours differ by one."""
    day = day_of(moment)
    if grain == Grain.DAY:
        return day.toordinal()
    if grain == Grain.WEEK:
        return (day.toordinal() - 1) // 7
    if grain == Grain.MONTH:
        return day.year * 12 + day.month - 1
    return day.year * 4 + (day.month - 1) // 3 if grain == Grain.QUARTER else day.year


def grain_of(days: Sequence[dt.date]) -> Grain:
    """How long the periods of a series are, from how far its days usually lie apart."""
    ordinals = sorted({day_of(day).toordinal() for day in days})
    if len(ordinals) < 2:
        return Grain.MONTH
    apart = statistics.median(b - a for a, b in pairwise(ordinals))
    for most, grain in ((3, Grain.DAY), (14, Grain.WEEK), (45, Grain.MONTH), (150, Grain.QUARTER)):
        if apart <= most:
            return grain
    return Grain.YEAR


def clean(series: Values, grain: Grain) -> Cleaned:
    """Number the periods; what is no finite number is left out, and the latest of two values of a period counts."""
    found: dict[int, float] = {}
    not_finite = duplicates = 0
    for moment, value in series:
        if value is None or not math.isfinite(value) or abs(value) > LARGEST:
            not_finite += 1
            continue
        at = number_of(moment, grain)
        duplicates += at in found
        found[at] = float(value) if abs(value) > 1 / LARGEST else 0.0
    return Cleaned(dict(sorted(found.items())), not_finite, duplicates)


def waves(periods: Array, grain: Grain) -> Array:
    """Columns of the season: waves that come back each round, as fine as the round has room for."""
    length = PERIODS[grain]
    count = min(length // 2, MOST_WAVES if length <= 12 else 4)
    angle = 2 * np.pi * np.outer(periods % length, np.arange(1, count + 1)) / length
    columns = [np.cos(angle) * np.sqrt(2)]
    # The finest wave of an even round has no second phase.
    columns.append(np.sin(angle[:, : count - (length == 2 * count)]) * np.sqrt(2))
    return np.hstack(columns)


def wave_costs(grain: Grain) -> Array:
    """How dear each wave of the season is beforehand: the finer, the dearer, so that seasons are smooth unless seen not to be."""
    length = PERIODS[grain]
    count = min(length // 2, MOST_WAVES if length <= 12 else 4)
    order = np.arange(1.0, count + 1) ** 2
    return np.concatenate((order, order[: count - (length == 2 * count)]))
