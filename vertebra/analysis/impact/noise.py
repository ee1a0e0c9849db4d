"""What is left when trend, season and controls are taken out: noise that remembers, over a grid of what it may be.

Noise is a slow part z (each period keeps a share `memory` of the one before) and, in the fuller grid, a part that
forgets at once. Columns are whitened for each point of the grid; neighbouring periods may be missing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Equally probable by Jeffreys' rule: memory is the sine of an angle that is spread evenly.
_ANGLES = np.linspace(-0.45, np.pi / 2, 23)[:-1]
MEMORIES: Array = np.sin(_ANGLES + (_ANGLES[1] - _ANGLES[0]) / 2)
_SLOW = np.array([0.6, 0.8, 0.9, 0.95, 0.98, 0.995, 0.999])
_ROUGH = np.array([0.5, 2.0, 8.0, 32.0, 128.0, 512.0])


@dataclass(frozen=True, slots=True)
class Grid:
    """Kinds of noise: how much is kept, how rough it is beside, how probable beforehand."""

    memory: Array
    rough: Array
    prior: Array


FAST = Grid(MEMORIES, np.zeros_like(MEMORIES), np.full(len(MEMORIES), 1 / len(MEMORIES)))


def full_grid() -> Grid:
    """The fuller grid: two thirds of the weight on noise of one part, a third on noise of two."""
    memory, rough = (each.ravel() for each in np.meshgrid(_SLOW, _ROUGH, indexing="ij"))
    many = len(memory)
    return Grid(
        np.concatenate((MEMORIES, memory)),
        np.concatenate((np.zeros_like(MEMORIES), rough)),
        np.concatenate((FAST.prior * 2 / 3, np.full(many, 1 / 3 / many))),
    )


@dataclass(frozen=True, slots=True)
class Whitened:
    """Columns made independent, for each point of a grid; what is known of the slow part at the end."""

    columns: Array
    scatter: Array
    log_size: Array
    end: Array
    end_spread: Array


def fresh(memory: Array, gaps: Array) -> Array:
    """How much of the slow part is new after a number of periods, for each kind of noise."""
    kept = memory**2
    found: Array = (1 - kept ** gaps[..., None]) / (1 - kept)
    return found


def whiten(columns: Array, periods: Array, grid: Grid) -> Whitened:
    """Make the rows of the columns independent and of equal spread, under each kind of noise."""
    is_plain = grid.rough == 0
    parts = []
    if is_plain.any():
        parts.append(_whiten_plain(columns, periods, grid.memory[is_plain]))
    if not is_plain.all():
        parts.append(_whiten_rough(columns, periods, grid.memory[~is_plain], grid.rough[~is_plain]))
    if len(parts) == 1:
        return parts[0]
    return Whitened(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("columns", "scatter", "log_size", "end", "end_spread")
        )
    )


def _whiten_plain(columns: Array, periods: Array, memory: Array) -> Whitened:
    """Noise of one part: each row less what is kept of the row before."""
    gaps = np.diff(periods)
    kept = memory[:, None] ** gaps
    scale = np.concatenate((np.sqrt(1 / (1 - memory**2))[:, None], np.sqrt(fresh(memory, gaps)).T), axis=1)
    rows = np.empty((len(memory), *columns.shape))
    rows[:, 0] = columns[0]
    rows[:, 1:] = columns[1:] - kept[:, :, None] * columns[:-1]
    rows /= scale[:, :, None]
    end = np.broadcast_to(columns[-1], (len(memory), columns.shape[1]))
    return Whitened(rows, scale, 2 * np.log(scale).sum(axis=1), end, np.zeros(len(memory)))


def _whiten_rough(columns: Array, periods: Array, memory: Array, rough: Array) -> Whitened:
    """Noise of two parts: a Kalman filter, all columns and all points of the grid at once."""
    many, (length, width) = len(memory), columns.shape
    rows = np.empty((many, length, width))
    scale = np.empty((many, length))
    gaps = np.concatenate(([0.0], np.diff(periods)))
    kept = memory[:, None] ** gaps
    new = fresh(memory, gaps).T
    state = np.zeros((many, width))
    spread = 1 / (1 - memory**2)
    for at in range(length):
        if at:
            spread = spread * kept[:, at] ** 2 + new[:, at]
            state *= kept[:, at, None]
        size = spread + rough
        scale[:, at] = np.sqrt(size)
        surprise = columns[at] - state
        rows[:, at] = surprise / scale[:, at, None]
        gain = spread / size
        state += gain[:, None] * surprise
        spread = spread * (1 - gain)
    return Whitened(rows, scale, 2 * np.log(scale).sum(axis=1), state, spread)


def spread_ahead(weights: Array, gaps: Array, grid: Grid, end_spread: Array) -> Array:
    """The variance of a weighted sum of noise over periods ahead, `gaps` apart, given all that came before."""
    carried = np.zeros_like(grid.memory)
    found = grid.rough * float((weights**2).sum())
    new = fresh(grid.memory, gaps)
    kept = grid.memory ** gaps[:, None]
    for at in range(len(weights) - 1, -1, -1):
        carried += weights[at]
        found = found + carried**2 * new[at]
        carried = carried * kept[at]
    return found + carried**2 * end_spread
