"""A series cut at the day from which an effect was expected, and the columns it is reckoned with."""

import dataclasses
import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vertebra.analysis.impact.fitting import Fitted, Option, Problem, fit
from vertebra.analysis.impact.noise import FAST, full_grid
from vertebra.analysis.impact.series import PERIODS, Cleaned, wave_costs, waves
from vertebra.analysis.impact.values import Figure, Grain, Reason

Array = NDArray[np.float64]
Edges = tuple[int, int, int]

# Where simulated intervals hold the truth as often as they say: see the table of `make bench ONLY=results`.
FEWEST_BEFORE = 24
FEWEST_BESIDE_CONTROLS = 18
FEWEST_AFTER = 3
# Of fewer, how lively a series is that remembers cannot be seen, and holding noise to it would be too sure.
FEWEST_TO_HOLD = 48
LEAST_COVERED = 0.4
# Less than one round of the season, and what comes back each year cannot be told from an effect.
FEWEST_ROUNDS = 1.0
_SEASON_COSTS = (0.02, 0.3)
# Few controls are taken at their word (worth a hundredth of a value against them); of many, how much they weigh is
# averaged over. Both bounds are the published defaults of structural time series with static regression.
_FEW_CONTROLS = 3
_CONTROL_COSTS = (0.01, 0.1, 1.0, 10.0)
_TREND_COST = 0.05


@dataclass(frozen=True, slots=True)
class Window:
    """A series cut at the day from which an effect was expected."""

    grain: Grain
    before: Array
    before_at: Array
    after: Array
    after_at: Array
    control_before: Array
    control_after: Array

    @property
    def has_controls(self) -> bool:
        """Whether other series stand beside."""
        return bool(self.control_before.shape[1] > 0)


def cut_at(own: Cleaned, controls: list[Cleaned], grain: Grain, edges: Edges) -> Window:
    """Cut the series at the day of the effect, keeping periods that every control knows too."""
    until, start, end = edges
    known = [at for at in own.values if all(at in each.values for each in controls)]
    before, after = [at for at in known if at < until], [at for at in known if start <= at <= end]

    def table(periods: list[int]) -> Array:
        rows = [[each.values[at] for each in controls] for at in periods]
        return np.array(rows, dtype=float).reshape(len(periods), len(controls))

    return Window(
        grain,
        np.array([own.values[at] for at in before], dtype=float),
        np.array(before, dtype=float),
        np.array([own.values[at] for at in after], dtype=float),
        np.array(after, dtype=float),
        table(before),
        table(after),
    )


def why_not(cut: Window, edges: Edges) -> Reason | None:
    """Why nothing can be reckoned, looking at the dates and values alone."""
    if len(cut.before) < (FEWEST_BESIDE_CONTROLS if cut.has_controls else FEWEST_BEFORE):
        return Reason.TOO_FEW_BEFORE
    if len(cut.after) < FEWEST_AFTER:
        return Reason.TOO_FEW_AFTER
    span = cut.before_at[-1] - cut.before_at[0] + 1
    ahead = cut.after_at[-1] - edges[1] + 1
    if len(cut.before) < LEAST_COVERED * span or len(cut.after) < LEAST_COVERED * ahead:
        return Reason.TOO_MANY_GAPS
    if cut.grain in PERIODS and span < FEWEST_ROUNDS * PERIODS[cut.grain] and not cut.has_controls:
        return Reason.SEASON_UNKNOWN
    if np.ptp(cut.before) <= 1e-12 * float(np.abs(cut.before).max()):
        return Reason.FLAT_BEFORE
    return None


def _problem(cut: Window, *, is_quick: bool) -> tuple[Problem, float, float]:
    """Columns of the reckoning, all on a scale of one: level, trend, controls, season and the series itself."""
    centre, scale = float(cut.before.mean()), float(cut.before.std())
    middle = (cut.before_at.mean(), max(float(cut.before_at.std()), 1e-9))
    spread = cut.control_before.std(axis=0)
    moves = spread > 1e-12
    shift = cut.control_before.mean(axis=0)[moves]
    has_season = _may_have_season(cut)

    def columns(values: Array, periods: Array, beside: Array) -> Array:
        parts = [
            np.ones((len(periods), 1)),
            ((periods - middle[0]) / middle[1])[:, None],
            (beside[:, moves] - shift) / spread[moves],
        ]
        if has_season:
            parts.append(waves(periods, cut.grain))
        return np.hstack([*parts, ((values - centre) / scale)[:, None]])

    before = columns(cut.before, cut.before_at, cut.control_before)
    after = columns(cut.after, cut.after_at, cut.control_after)
    options, free = _options(cut.grain, int(moves.sum()), has_season)
    # Beside controls the level is held, so that noise can be no livelier than the series, which has a scale of one.
    is_known = bool(moves.any()) and len(before) >= FEWEST_TO_HOLD and not is_quick
    ceiling = len(before) / (len(before) - 1) if is_known else None
    return Problem(before, cut.before_at, after, cut.after_at, options, free, ceiling), centre, scale


def _may_have_season(cut: Window) -> bool:
    if cut.grain not in PERIODS:
        return False
    return bool(cut.before_at[-1] - cut.before_at[0] + 1 >= FEWEST_ROUNDS * PERIODS[cut.grain])


def _options(grain: Grain, controls: int, has_season: bool) -> tuple[list[Option], int]:
    """What is averaged over: with or without season; with controls, also with or without a trend of its own.

    Without controls level and trend are free; beside controls, which carry the common course, a trend has to earn it.
    """
    seasons: list[tuple[tuple[float, ...], float]] = [((), 1.0)]
    if has_season:
        costs = wave_costs(grain)
        share = 0.5 / len(_SEASON_COSTS)
        seasons = [((), 0.5), *((tuple(cost * costs), share) for cost in _SEASON_COSTS)]
    if not controls:
        starts: list[tuple[tuple[int, ...], tuple[float, ...], float]] = [((0, 1), (0.0, 0.0), 1.0)]
    else:
        held = tuple(range(2, 2 + controls))
        dear = _CONTROL_COSTS[:1] if controls <= _FEW_CONTROLS else _CONTROL_COSTS
        starts = [
            (
                (0, *trend, *held),
                (0.0, *[_TREND_COST] * len(trend), *[cost] * controls),
                0.5 / len(dear),
            )
            for trend in ((), (1,))
            for cost in dear
        ]
    return [
        Option(
            (*used, *range(2 + controls, 2 + controls + len(waved))),
            (*costs_of, *waved),
            prior * share_of,
            bool(waved),
        )
        for used, costs_of, prior in starts
        for waved, share_of in seasons
    ], (1 if controls else 2)


def fit_window(cut: Window, *, is_quick: bool, with_points: bool | None = None) -> Fitted:
    problem, centre, scale = _problem(cut, is_quick=is_quick)
    told = fit(
        problem,
        FAST if is_quick else full_grid(),
        with_points=not is_quick if with_points is None else with_points,
    )
    bands = told.bands
    if bands is not None:
        bands = dataclasses.replace(
            bands, expected=bands.expected * scale + centre, reach=bands.reach * scale
        )
    return dataclasses.replace(
        told,
        average=scaled(told.average, scale),
        slope=None if told.slope is None else scaled(told.slope, scale),
        bands=bands,
        usual=None if told.usual is None else told.usual * scale + centre,
    )


def scaled(figure: Figure, by: float) -> Figure:
    return Figure(figure.mean * by, figure.low * by, figure.high * by)


def first_day(number: int, grain: Grain) -> dt.date:
    """The first day of the period of that number."""
    if grain == Grain.DAY:
        return dt.date.fromordinal(number)
    if grain == Grain.WEEK:
        return dt.date.fromordinal(number * 7 + 1)
    if grain == Grain.MONTH:
        return dt.date(number // 12, number % 12 + 1, 1)
    return dt.date(number // 4, number % 4 * 3 + 1, 1) if grain == Grain.QUARTER else dt.date(number, 1, 1)
