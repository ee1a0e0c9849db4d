"""Fitting what came before and reckoning ahead: every kind of noise and of season weighed by how well it fits.

Nothing is chosen and then taken for certain: trend, season, weight of controls and memory of the noise are averaged
over, each with its probability given the data, so that intervals also hold what is not known about the model.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vertebra.analysis.impact.noise import Grid, Whitened, fresh, spread_ahead, whiten
from vertebra.analysis.impact.student import mixed_interval, quantile, share_below
from vertebra.analysis.impact.values import Figure

Array = NDArray[np.float64]
_LEAST = 1e-12
# Student's distribution with so many degrees of freedom is the normal one.
_NORMAL = 10_000


@dataclass(frozen=True, slots=True)
class Option:
    """Which columns are used, how dear each is beforehand (0: free), and how probable that is."""

    columns: tuple[int, ...]
    costs: tuple[float, ...]
    prior: float
    has_season: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Columns before and after (the last one is the series itself), with the numbers of their periods.

    `ceiling`: the variance of the series, which no noise beside controls may exceed.
    """

    before: Array
    before_at: Array
    after: Array
    after_at: Array
    options: Sequence[Option]
    free: int
    ceiling: float | None = None


@dataclass(frozen=True, slots=True)
class Bands:
    """What would have been expected of each period afterwards, and how far either side of it is likely."""

    expected: Array
    reach: Array


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weighed effects: of the average, of the slope, and of each period where asked."""

    average: Figure
    slope: Figure | None
    autocorrelation: float
    season: float
    bands: Bands | None
    usual: Array | None


@dataclass(frozen=True, slots=True)
class _Weighed:
    """One option under each kind of noise: how probable, and what it says."""

    evidence: Array
    size: Array
    means: Array
    spreads: Array
    coefficients: Array
    matrix: Array


def fit(problem: Problem, grid: Grid, *, with_points: bool = False) -> Fitted:
    """Weigh every option under every kind of noise, and reckon the average effect and its slope."""
    seen = whiten(problem.before, problem.before_at, grid)
    gram = np.matmul(seen.columns.transpose(0, 2, 1), seen.columns)
    gaps = np.diff(problem.after_at, prepend=problem.before_at[-1])
    ahead = problem.after_at - problem.before_at[-1]
    sums = _weights(problem.after_at)[: 2 if with_points else 1]
    targets = np.stack([_target(problem, seen, grid, weights, ahead) for weights in sums], axis=1)
    noise = np.stack([spread_ahead(each, gaps, grid, seen.end_spread) for each in sums], axis=1)
    weighed = [_weigh(problem, seen, gram, targets, noise, option) for option in problem.options]
    freedom = len(problem.before_at) - problem.free
    evidence = np.stack([each.evidence for each in weighed]) + np.log(grid.prior)
    if problem.ceiling is not None:
        evidence += np.stack([_held_below(problem.ceiling, each.size, freedom, grid) for each in weighed])
    weights = np.exp(evidence - evidence.max())
    weights /= weights.sum()
    figures = [
        _mixed(
            weights, [each.means[:, k] for each in weighed], [each.spreads[:, k] for each in weighed], freedom
        )
        for k in range(len(sums))
    ]
    slow = 1 / (1 - grid.memory**2)
    by_noise = weights.sum(axis=0)
    season = sum(float(row.sum()) for row, o in zip(weights, problem.options, strict=True) if o.has_season)
    return Fitted(
        average=figures[0],
        slope=figures[1] if len(figures) > 1 else None,
        autocorrelation=float((by_noise * grid.memory * slow / (slow + grid.rough)).sum()),
        season=season,
        bands=_bands(problem, seen, grid, weights, weighed, freedom) if with_points else None,
        usual=_usual(problem, seen, weights, weighed) if with_points else None,
    )


def _weights(periods: Array) -> list[Array]:
    """The sums that are asked for: the average over the window and, given three periods, the change per period."""
    many = len(periods)
    found = [np.full(many, 1 / many)]
    if many >= 3:
        centred = periods - periods.mean()
        found.append(centred / (centred**2).sum())
    return found


def _target(problem: Problem, seen: Whitened, grid: Grid, weights: Array, ahead: Array) -> Array:
    """A weighted sum of the columns afterwards, less what the noise carries over from the end of before."""
    carried = (weights * grid.memory[:, None] ** ahead).sum(axis=1)
    found: Array = weights @ problem.after - carried[:, None] * seen.end
    return found


def _weigh(
    problem: Problem, seen: Whitened, gram: Array, targets: Array, noise: Array, option: Option
) -> _Weighed:
    used = np.array(option.columns)
    costs = np.array(option.costs)
    matrix = gram[:, used[:, None], used] + np.diag(costs)
    # A column that never moves before would make the matrix singular: it counts for nothing.
    matrix += np.eye(len(used)) * 1e-9
    products = gram[:, used, -1]
    asked = targets[:, :, used]
    solved = np.linalg.solve(matrix, np.concatenate((products[:, :, None], asked.transpose(0, 2, 1)), axis=2))
    coefficients: Array = np.asarray(solved[:, :, 0], dtype=np.float64)
    left = np.maximum(gram[:, -1, -1] - (products * coefficients).sum(axis=1), _LEAST)
    freedom = len(problem.before_at) - problem.free
    _sign, size = np.linalg.slogdet(matrix)
    evidence = -0.5 * (seen.log_size + size + freedom * np.log(left))
    evidence += 0.5 * float(np.log(costs[costs > 0]).sum()) + float(np.log(option.prior))
    means = targets[:, :, -1] - (asked * coefficients[:, None, :]).sum(axis=2)
    unsure = (asked * solved[:, :, 1:].transpose(0, 2, 1)).sum(axis=2)
    spreads = np.sqrt(left[:, None] / freedom * (noise + unsure))
    return _Weighed(evidence, left / freedom, means, spreads, coefficients, matrix)


def _held_below(ceiling: float, size: Array, freedom: int, grid: Grid) -> Array:
    """How probable it is (as a logarithm) that noise of each kind varies no more than the ceiling.

    What is left over its variance follows a chi-square law, brought to the normal one by Wilson and Hilferty's root.
    """
    lively = size * (1 / (1 - grid.memory**2) + grid.rough)
    slack = 2 / (9 * freedom)
    apart = (np.cbrt(lively / ceiling) - (1 - slack)) / np.sqrt(slack)
    found: Array = np.log(np.maximum(share_below(-apart, _NORMAL), _LEAST))
    return found


def _mixed(weights: Array, means: list[Array], spreads: list[Array], freedom: int) -> Figure:
    """The mean of what all say, and the bounds that hold it with 95 % certainty."""
    share, mean = weights.ravel(), np.concatenate(means)
    spread = np.maximum(np.concatenate(spreads), _LEAST)
    low, high = mixed_interval(share, mean, spread, freedom)
    return Figure(float(np.clip((share * mean).sum(), low, high)), low, high)


def _likely(weights: Array, least: float = 1e-3) -> list[tuple[int, NDArray[np.intp]]]:
    """Options with the kinds of noise that count for something."""
    found = [(at, np.flatnonzero(row > least * weights.max())) for at, row in enumerate(weights)]
    return [(at, kinds) for at, kinds in found if len(kinds)]


def _bands(
    problem: Problem, seen: Whitened, grid: Grid, weights: Array, weighed: list[_Weighed], freedom: int
) -> Bands:
    """What is expected of each period afterwards: mean and spread of the mixture, by its first two moments."""
    ahead = problem.after_at - problem.before_at[-1]
    total, mean, square = 0.0, np.zeros(len(ahead)), np.zeros(len(ahead))
    for at, kinds in _likely(weights):
        used = np.array(problem.options[at].columns)
        kept = grid.memory[kinds][:, None] ** ahead
        columns = problem.after[:, used] - kept[:, :, None] * seen.end[kinds][:, None, used]
        says = weighed[at]
        expected = kept * seen.end[kinds][:, None, -1]
        expected = expected + (columns * says.coefficients[kinds][:, None, :]).sum(axis=2)
        unsure = (
            columns * np.linalg.solve(says.matrix[kinds], columns.transpose(0, 2, 1)).transpose(0, 2, 1)
        ).sum(2)
        noise = fresh(grid.memory[kinds], ahead).T + grid.rough[kinds][:, None]
        noise = noise + kept**2 * seen.end_spread[kinds][:, None]
        spread = says.size[kinds][:, None] * (noise + unsure)
        share = weights[at, kinds][:, None]
        total += float(share.sum())
        mean += (share * expected).sum(axis=0)
        square += (share * (spread + expected**2)).sum(axis=0)
    mean, square = mean / total, square / total
    return Bands(mean, quantile(0.975, freedom) * np.sqrt(np.maximum(square - mean**2, 0.0)))


def _usual(problem: Problem, seen: Whitened, weights: Array, weighed: list[_Weighed]) -> Array:
    """What each period before led to expect of itself, given those before it: weighed over what is likely."""
    total, found = 0.0, np.zeros(len(problem.before_at))
    for at, kinds in _likely(weights):
        used = np.array(problem.options[at].columns)
        says = weighed[at].coefficients[kinds]
        left = seen.columns[kinds][:, :, -1] - (seen.columns[kinds][:, :, used] * says[:, None, :]).sum(
            axis=2
        )
        share = weights[at, kinds][:, None]
        found += (share * (problem.before[:, -1] - left * seen.scatter[kinds])).sum(axis=0)
        total += float(share.sum())
    return found / total
