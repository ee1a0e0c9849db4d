"""Student's distribution and mixtures of it, as intervals need them."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Dense around zero, out to where even three degrees of freedom leave nothing.
_GRID = np.sinh(np.linspace(-6.5, 6.5, 4001))
_STEPS = 32


@lru_cache(maxsize=512)
def _table(freedom: int) -> Array:
    """The share of Student's distribution below each point of the grid."""
    density = np.exp(-0.5 * (freedom + 1) * np.log1p(_GRID**2 / freedom))
    below = np.concatenate(([0.0], np.cumsum(np.diff(_GRID) * (density[1:] + density[:-1]) / 2)))
    found: Array = below / below[-1]
    return found


def share_below(value: Array, freedom: int) -> Array:
    """The share of Student's distribution below each value."""
    return np.interp(value, _GRID, _table(freedom))


def quantile(share: float, freedom: int) -> float:
    """The value below which that share of Student's distribution lies."""
    return float(np.interp(share, _table(freedom), _GRID))


def mixed_interval(
    weights: Array, means: Array, spreads: Array, freedom: int, outside: float = 0.05
) -> tuple[float, float]:
    """The bounds that leave half of `outside` on either side of a mixture of Student's distributions."""
    kept = weights > weights.max() * 1e-7
    weights, means, spreads = weights[kept] / weights[kept].sum(), means[kept], spreads[kept]
    reach = max(quantile(1 - outside / 2, freedom) * 4, 12.0)
    low = np.full(2, float((means - reach * spreads).min()))
    high = np.full(2, float((means + reach * spreads).max()))
    wanted = np.array([outside / 2, 1 - outside / 2])
    for _step in range(_STEPS):
        middle = (low + high) / 2
        shares = share_below((middle[:, None] - means) / spreads, freedom) @ weights
        is_below = shares < wanted
        low, high = np.where(is_below, middle, low), np.where(is_below, high, middle)
    found = (low + high) / 2
    return float(found[0]), float(found[1])
