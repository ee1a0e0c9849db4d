"""The effect on one series, with or without others that nothing was done to: interrupted time series."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from vertebra.analysis.impact.fitting import Fitted
from vertebra.analysis.impact.placebos import placebo_dates, placebo_units
from vertebra.analysis.impact.series import PERIODS, Cleaned, Values, clean, grain_of, number_of
from vertebra.analysis.impact.values import (
    Caution,
    Estimate,
    Grain,
    Method,
    Point,
    Reason,
    Verdict,
    cannot_tell,
    verdict_of,
)
from vertebra.analysis.impact.window import (
    Edges,
    Window,
    cut_at,
    first_day,
    fit_window,
    scaled,
    why_not,
)

MOST_ALARMS = 1 / 3


def estimate(
    series: Values,
    effect_from: dt.date,
    effect_until: dt.date,
    controls: Sequence[Values] = (),
    *,
    before_until: dt.date | None = None,
    grain: Grain | None = None,
    hoped: float | None = None,
    is_quick: bool = False,
) -> Estimate:
    """The effect between two days beside what would have been expected from before (and from the controls).

    `before_until` ends what counts as before earlier, where a roll-out lies between. `hoped` is the change aimed at:
    an interval that holds both it and zero tells nothing. Quick leaves out the fuller noise, placebos and the picture.
    """
    step = Grain(grain) if grain else grain_of([moment for moment, _value in series])
    own = clean(series, step)
    beside, dropped = _usable([clean(each, step) for each in controls], own)
    cautions = _cautions(own, bool(dropped))
    method = Method.CONTROLS if beside else Method.SERIES
    if not own.values:
        return cannot_tell(Reason.NO_VALUES, cautions=cautions)
    last = number_of(before_until, step) + 1 if before_until else number_of(effect_from, step)
    edges = (
        min(last, number_of(effect_from, step)),
        number_of(effect_from, step),
        number_of(effect_until, step),
    )
    cut = cut_at(own, beside, step, edges)
    reason = why_not(cut, edges)
    if reason is not None:
        return _without(cut, reason, cautions)
    told = fit_window(cut, is_quick=is_quick)
    found = _estimate(cut, told, method, hoped, _more_cautions(cut, edges, cautions))
    return found if is_quick else _checked(found, cut)


def _usable(controls: list[Cleaned], own: Cleaned) -> tuple[list[Cleaned], int]:
    """Controls that cover most of the series; the others would cost more periods than they tell."""
    kept = [
        each for each in controls if len(each.values.keys() & own.values.keys()) >= 0.8 * len(own.values) > 0
    ]
    return kept, len(controls) - len(kept)


def _cautions(own: Cleaned, has_dropped: bool) -> tuple[Caution, ...]:
    found = {
        Caution.NOT_FINITE: own.not_finite > 0,
        Caution.DUPLICATES: own.duplicates > 0,
        Caution.CONTROLS_DROPPED: has_dropped,
    }
    return tuple(code for code, holds in found.items() if holds)


def _more_cautions(cut: Window, edges: Edges, first: tuple[Caution, ...]) -> tuple[Caution, ...]:
    span = cut.before_at[-1] - cut.before_at[0] + 1
    found = {
        Caution.GAPS: len(cut.before_at) < span or len(cut.after_at) < cut.after_at[-1] - edges[1] + 1,
        Caution.SEASON_UNKNOWN: cut.grain in PERIODS and span < 2 * PERIODS[cut.grain],
        Caution.SHORT_BEFORE: len(cut.before_at) < 2 * len(cut.after_at),
        Caution.WINDOW_INCOMPLETE: cut.after_at[-1] < edges[2],
    }
    return first + tuple(code for code, holds in found.items() if holds)


def _without(
    cut: Window, reason: Reason, cautions: tuple[Caution, ...], memory: float | None = None
) -> Estimate:
    """What is known when nothing can be told: the figures before and after, without an effect."""
    return cannot_tell(
        reason,
        observed=float(cut.after.mean()) if len(cut.after) else None,
        before_count=len(cut.before),
        after_count=len(cut.after),
        autocorrelation=memory,
        points=_points(cut, None),
        cautions=cautions,
    )


def _estimate(
    cut: Window, told: Fitted, method: Method, hoped: float | None, cautions: tuple[Caution, ...]
) -> Estimate:
    verdict, reason = verdict_of(told.average, hoped)
    observed = float(cut.after.mean())
    return Estimate(
        method=method,
        verdict=verdict,
        reason=reason,
        effect=told.average,
        total=scaled(told.average, len(cut.after)),
        slope=told.slope,
        observed=observed,
        expected=observed - told.average.mean,
        before_count=len(cut.before),
        after_count=len(cut.after),
        autocorrelation=told.autocorrelation,
        season=told.season,
        points=_points(cut, told) if told.bands is not None else (),
        cautions=cautions,
    )


def _points(cut: Window, told: Fitted | None) -> tuple[Point, ...]:
    """The picture: each period before with what was usual, each after with what would have been expected."""
    usual = None if told is None else told.usual
    bands = None if told is None else told.bands
    before = [
        Point(first_day(int(at), cut.grain), float(value), None if usual is None else float(usual[k]))
        for k, (at, value) in enumerate(zip(cut.before_at, cut.before, strict=True))
    ]
    after = []
    for k, (at, value) in enumerate(zip(cut.after_at, cut.after, strict=True)):
        day = first_day(int(at), cut.grain)
        if bands is None:
            after.append(Point(day, float(value), None, is_after=True))
        else:
            middle, reach = float(bands.expected[k]), float(bands.reach[k])
            after.append(Point(day, float(value), middle, middle - reach, middle + reach, is_after=True))
    return (*before, *after)


def _checked(found: Estimate, cut: Window) -> Estimate:
    """The estimate with the same reckoning where nothing happened beside it; too many alarms there, and it tells nothing."""
    dates, units = placebo_dates(cut), placebo_units(cut)
    alarms = sum(each.is_alarm for each in dates)
    verdict, reason, cautions = found.verdict, found.reason, found.cautions
    if found.verdict in {Verdict.RISE, Verdict.FALL} and alarms >= 2 and alarms > MOST_ALARMS * len(dates):
        verdict, reason = Verdict.CANNOT_TELL, Reason.PLACEBO_FAILED
    if units and sum(each.is_alarm for each in units) > MOST_ALARMS * len(units):
        cautions = (*cautions, Caution.CONTROLS_MOVED)
    return dataclasses.replace(
        found, verdict=verdict, reason=reason, cautions=cautions, placebo_dates=dates, placebo_units=units
    )
