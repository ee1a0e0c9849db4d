"""The effect of what reaches some units before others: difference in differences for staged roll-outs.

Units that were not reached yet say how each period was for everybody; what the others would have had is put together
from their own level and that period. No unit that was reached already serves as a comparison.
"""

import datetime as dt
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from vertebra.analysis.impact.series import Values, clean, grain_of, number_of
from vertebra.analysis.impact.student import quantile
from vertebra.analysis.impact.values import (
    Caution,
    Estimate,
    Figure,
    Grain,
    Method,
    Point,
    Reason,
    cannot_tell,
    verdict_of,
)
from vertebra.analysis.impact.window import first_day

Array = NDArray[np.float64]

FEWEST_UNITS = 6
FEWEST_REACHED = 3
FEWEST_BEFORE = 3


def estimate_staged(
    units: Mapping[str, Values],
    reached_on: Mapping[str, dt.date],
    until: dt.date,
    *,
    grain: Grain | None = None,
    hoped: float | None = None,
) -> Estimate:
    """The average effect, up to a day, on the units that were reached, beside those not reached yet at each moment."""
    days = [moment for series in units.values() for moment, _value in series]
    step = Grain(grain) if grain else grain_of(sorted(set(days)))
    names = sorted(units)
    values, periods, cautions = _table([units[name] for name in names], step, number_of(until, step))
    if not len(periods):
        return cannot_tell(Reason.NO_VALUES, Method.STAGED, cautions=cautions)
    starts = np.array(
        [number_of(reached_on[name], step) if name in reached_on else periods[-1] + 1 for name in names]
    )
    is_reached = periods[None, :] >= starts[:, None]
    kept, reason = _usable(values, is_reached)
    if reason is not None:
        return cannot_tell(
            reason, Method.STAGED, before_count=int((~is_reached).any(axis=0).sum()), cautions=cautions
        )
    values, is_reached = values[kept], is_reached[kept]
    # Where no unit is left to compare with, nothing can be said of the period.
    has_peer = (~is_reached & ~np.isnan(values)).sum(axis=0) >= 2
    values, is_reached, periods = values[:, has_peer], is_reached[:, has_peer], periods[has_peer]
    return _estimate(values, is_reached, periods, step, hoped, cautions)


def _table(
    series: list[Values], grain: Grain, last: int
) -> tuple[Array, NDArray[np.int64], tuple[Caution, ...]]:
    """Units by periods, not a number where nothing is known."""
    cleaned = [clean(each, grain) for each in series]
    known = sorted({at for each in cleaned for at in each.values if at <= last})
    table = np.array([[each.values.get(at, np.nan) for at in known] for each in cleaned], dtype=float)
    found = {
        Caution.NOT_FINITE: any(each.not_finite for each in cleaned),
        Caution.DUPLICATES: any(each.duplicates for each in cleaned),
        Caution.GAPS: bool(np.isnan(table).any()),
    }
    return table, np.array(known, dtype=np.int64), tuple(code for code, holds in found.items() if holds)


def _usable(values: Array, is_reached: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], Reason | None]:
    """The units with enough values from before, and why that is not enough."""
    kept: NDArray[np.bool_] = (~is_reached & ~np.isnan(values)).sum(axis=1) >= FEWEST_BEFORE
    reached = kept & (is_reached & ~np.isnan(values)).any(axis=1)
    if (
        kept.sum() < FEWEST_UNITS
        or reached.sum() < FEWEST_REACHED
        or (kept.sum() - reached.sum() < 1 and len({int(row.argmax()) for row in is_reached[kept]}) < 2)
    ):
        return kept, Reason.TOO_FEW_UNITS
    if np.nanstd(values[kept][~is_reached[kept]]) <= 0:
        return kept, Reason.FLAT_BEFORE
    return kept, None


def _imputed(values: Array, is_reached: NDArray[np.bool_]) -> Array | None:
    """What each unit would have had in each period: its own level and that of the period, from cells not reached."""
    is_known = ~is_reached & ~np.isnan(values)
    filled = np.where(is_known, values, 0.0)
    by_unit, by_period = is_known.sum(axis=1), is_known.sum(axis=0)
    if (by_unit == 0).any() or (by_period == 0).any():
        return None
    units, periods = len(by_unit), len(by_period)
    # Normal equations of levels of units and of periods, the first period being the measure of the others.
    matrix = np.zeros((units + periods, units + periods))
    matrix[:units, :units] = np.diag(by_unit)
    matrix[units:, units:] = np.diag(by_period)
    matrix[:units, units:] = is_known
    matrix[units:, :units] = is_known.T
    sums = np.concatenate((filled.sum(axis=1), filled.sum(axis=0)))
    found, *_rest = np.linalg.lstsq(matrix, sums, rcond=None)
    level: Array = found[:units, None] + found[None, units:]
    return level


def _average(values: Array, is_reached: NDArray[np.bool_]) -> float | None:
    """The average effect over reached units and periods."""
    level = _imputed(values, is_reached)
    cells = is_reached & ~np.isnan(values)
    return None if level is None or not cells.any() else float((values - level)[cells].mean())


def _estimate(
    values: Array,
    is_reached: NDArray[np.bool_],
    periods: NDArray[np.int64],
    grain: Grain,
    hoped: float | None,
    cautions: tuple[Caution, ...],
) -> Estimate:
    level, middle = _imputed(values, is_reached), _average(values, is_reached)
    many = len(values)
    without = [_average(np.delete(values, unit, 0), np.delete(is_reached, unit, 0)) for unit in range(many)]
    known = np.array([each for each in without if each is not None])
    before, after = int((~is_reached).any(axis=0).sum()), int(is_reached.any(axis=0).sum())
    if level is None or middle is None or len(known) < many:
        return cannot_tell(
            Reason.TOO_FEW_UNITS, Method.STAGED, before_count=before, after_count=after, cautions=cautions
        )
    # Units are what varies: the spread comes from leaving each of them out in turn.
    spread = float(np.sqrt((many - 1) / many * ((known - known.mean()) ** 2).sum()))
    reached = int(is_reached.any(axis=1).sum())
    reach = quantile(0.975, max(min(reached, many - 1) - 1, 1)) * spread
    effect = Figure(middle, middle - reach, middle + reach)
    cells = is_reached & ~np.isnan(values)
    verdict, reason = verdict_of(effect, hoped)
    count = int(cells.sum())
    return Estimate(
        method=Method.STAGED,
        verdict=verdict,
        reason=reason,
        effect=effect,
        total=Figure(effect.mean * count, effect.low * count, effect.high * count),
        observed=float(values[cells].mean()),
        expected=float(level[cells].mean()),
        points=_points(values, level, is_reached, periods, grain),
        before_count=before,
        after_count=after,
        cautions=cautions,
    )


def _points(
    values: Array, level: Array, is_reached: NDArray[np.bool_], periods: NDArray[np.int64], grain: Grain
) -> tuple[Point, ...]:
    """The units that are reached sooner or later, on average: what they had, and would have had."""
    ever = is_reached.any(axis=1)
    found = []
    for at, number in enumerate(periods):
        known = ever & ~np.isnan(values[:, at])
        if known.any():
            seen, expected = float(values[known, at].mean()), float(level[known, at].mean())
            found.append(
                Point(
                    first_day(int(number), grain), seen, expected, is_after=bool(is_reached[known, at].any())
                )
            )
    return tuple(found)
