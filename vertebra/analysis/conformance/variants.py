"""Which ways items went, what follows what, and how long it all took."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vertebra.analysis.conformance.histories import Histories, Numbers

_Hash = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Variant:
    """One way through: its steps in order, how many items went it, and the place of one of them."""

    steps: tuple[str, ...]
    count: int
    example: int


def variants(told: Histories, most: int | None = None) -> list[Variant]:
    """The ways items went, the commonest first; of equally common ones the earliest met."""
    filled = np.flatnonzero(np.diff(told.starts))
    if not len(filled):
        return []
    place = np.arange(len(told.steps), dtype=np.uint64) - told.starts[told.owners].astype(np.uint64)
    mixed = told.steps.astype(np.uint64) << np.uint64(32) | place
    # Two sums of 64 bits each: that two ways share both does not happen.
    one, other = (np.add.reduceat(_scattered(mixed, seed), told.starts[:-1][filled]) for seed in (1, 2))
    # Stable, so that of the items of one way the earliest comes first.
    alike = np.lexsort((other, one))
    is_new = np.ones(len(alike), np.bool_)
    is_new[1:] = (one[alike][1:] != one[alike][:-1]) | (other[alike][1:] != other[alike][:-1])
    places = np.flatnonzero(is_new)
    first, counts = alike[places], np.diff(np.append(places, len(alike)))
    order = np.lexsort((first, -counts))[:most]
    return [
        Variant(_steps(told, int(filled[first[at]])), int(counts[at]), int(filled[first[at]])) for at in order
    ]


def _scattered(values: _Hash, seed: int) -> _Hash:
    """Each number sent far from its neighbours (the mixing of SplitMix64)."""
    with np.errstate(over="ignore"):
        z = values * np.uint64(0x9E3779B97F4A7C15) + np.uint64(seed) * np.uint64(0xD1B54A32D192ED03)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        found: _Hash = z ^ (z >> np.uint64(31))
    return found


def _steps(told: Histories, item: int) -> tuple[str, ...]:
    return tuple(told.names[code] for code in told.steps[told.starts[item] : told.starts[item + 1]])


def directly_follows(told: Histories) -> dict[tuple[str, str], int]:
    """How often one step came right after another, within one item."""
    if len(told.steps) < 2:
        return {}
    count = len(told.names)
    is_same = told.owners[1:] == told.owners[:-1]
    pairs = told.steps[:-1].astype(np.int64) * count + told.steps[1:]
    found = np.bincount(pairs[is_same], minlength=count * count)
    return {
        (told.names[pair // count], told.names[pair % count]): int(found[pair])
        for pair in np.flatnonzero(found)
    }


def durations(told: Histories) -> Numbers:
    """From the first event of each item to its last, in microseconds; nothing for one without events."""
    found = np.zeros(len(told.items), np.int64)
    filled = np.flatnonzero(np.diff(told.starts))
    found[filled] = told.at[told.starts[1:][filled] - 1] - told.at[told.starts[:-1][filled]]
    return found
