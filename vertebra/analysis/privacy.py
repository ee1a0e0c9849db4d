"""Fewer than five is nobody's business: what may be shown of a group, and of the groups inside it."""

from collections.abc import Mapping
from typing import TypeVar

FEWEST = 5
K = TypeVar("K")


def shown(count: int, fewest: int = FEWEST) -> int | None:
    """The count as it may be said: nothing from one to four."""
    return None if 0 < count < fewest else count


def in_steps(count: int, fewest: int = FEWEST) -> int | None:
    """A count as those may know it who can look again: rounded down to a multiple of five; nothing for too few."""
    known = shown(count, fewest)
    return None if known is None else known - known % FEWEST


def hide(parts: Mapping[K, int], total: int, fewest: int = FEWEST) -> frozenset[K]:
    """The parts of a shown total to keep back, so that what is kept back is nobody or `fewest` together.

    Parts do not overlap; whoever is in the total and in no part is kept back already. The smallest parts go first.
    """
    hidden = {key for key, count in parts.items() if 0 < count < fewest}
    kept_back = total - sum(count for key, count in parts.items() if key not in hidden)
    # Sorting is stable: parts of one size go in the order in which they are given.
    for key in sorted((k for k, n in parts.items() if n and k not in hidden), key=lambda k: parts[k]):
        if not 0 < kept_back < fewest:
            break
        hidden.add(key)
        kept_back += parts[key]
    return frozenset(hidden)
