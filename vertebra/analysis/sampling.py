"""Choosing whom to hear so that few conversations reach many places: the same people in give the same people out."""

import zlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from heapq import heapify, heappop
from typing import NamedTuple

NAME, VERSION = "sampling", 1
LONGEST, MASK, PERSON = 1_000_000, (1 << 32) - 1, (1 << 64) - 1


class Candidate(NamedTuple):
    """Somebody who could be heard: their function, their unit, and how many days ago they were heard (None: never)."""

    id: int
    function: Hashable
    unit: Hashable
    days_unheard: int | None


def balanced(
    candidates: Iterable[Candidate | tuple[int, Hashable, Hashable, int | None]],
    most: int,
    chosen: Iterable[tuple[Hashable, Hashable]] = (),
    seed: str = "",
) -> list[int]:
    """At most so many people, spread over functions and units beside the places chosen before.

    Each step takes from the place heard least so far: first the pair of function and unit, then the function, then
    the unit; among equals, whoever was heard longest ago, never heard first, and by a fixed draw that no name decides.
    """
    # Each place has its people in the order of their turn, as a heap: only those first in it are ever looked at.
    # A turn is one number, for twenty thousand tuples would cost more than all the rest: the longer unheard the sooner,
    # then by a draw that differs from one seed to another; its end is the person.
    waiting: dict[tuple[Hashable, Hashable], list[int]] = defaultdict(list)
    salt = zlib.crc32(seed.encode())
    for pk, function, unit, days in candidates:
        unheard = 0 if days is None else LONGEST - days
        waiting[function, unit].append((unheard << 32 | (pk + salt) * 0x9E3779B1 & MASK) << 64 | pk)
    for queue in waiting.values():
        heapify(queue)
    pairs: Counter[tuple[Hashable, Hashable]] = Counter()
    functions: Counter[Hashable] = Counter()
    units: Counter[Hashable] = Counter()

    def take(place: tuple[Hashable, Hashable]) -> None:
        pairs[place] += 1
        functions[place[0]] += 1
        units[place[1]] += 1

    for place in chosen:
        take(place)
    found: list[int] = []
    while waiting and len(found) < most:
        place = min(waiting, key=lambda at: (pairs[at], functions[at[0]], units[at[1]], waiting[at][0]))
        found.append(heappop(waiting[place]) & PERSON)
        take(place)
        if not waiting[place]:
            del waiting[place]
    return found
