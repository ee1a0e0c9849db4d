"""How many did something, for readers who look twice: today and tomorrow, at a group and at what it is part of.

A figure says that so many at least did it, in steps of five. The first step is the same for nobody and for four; the
last is reached while four have not done it: no figure says that everybody did, nor that nobody did. Of a group in
which there is no room for both steps nothing is told, whatever it did: keeping back says nothing either.
"""

from collections.abc import Iterable

from vertebra.analysis.privacy import FEWEST, in_steps

# In each step there are five numbers at least: from none to four, and as many up to all.
FEW = FEWEST - 1
ROOM = FEWEST + FEW


def at_least(count: int, size: int) -> int | None:
    """How many of a group did something, at least: 0 stands for fewer than five; nothing for a group without room."""
    return None if size < ROOM else min(in_steps(count) or 0, in_steps(size - FEW) or 0)


def together(groups: Iterable[tuple[int, int]]) -> int | None:
    """How many did something, at least, of all those groups together, each a count and a size, without any overlap.

    Beside what is told of the groups it tells nothing more of any: it stays as far below the most that they can add up
    to as the least known of them leaves open.
    """
    rows = [(count, size) for count, size in groups if size]
    told = at_least(sum(count for count, _size in rows), sum(size for _count, size in rows))
    if told is None:
        return None
    between = [_between(count, size) for count, size in rows]
    open_to = max(FEWEST, *(most - least for least, most in between))
    most = sum(most for _least, most in between) - open_to
    return min(told, max(in_steps(most) or 0, sum(least for least, _most in between)))


def _between(count: int, size: int) -> tuple[int, int]:
    """Between how many and how many of a group did something, as far as its own figure tells."""
    least = at_least(count, size) or 0
    is_last = least == (at_least(size, size) or 0)
    return least, size if is_last else least + FEW
