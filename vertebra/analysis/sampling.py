"""Choosing whom to hear so that few conversations reach many places: the same people in give the same people out."""

import zlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from typing import NamedTuple

NAME, VERSION = "sampling", 1


class Candidate(NamedTuple):
    """Somebody who could be heard: their function, their unit, and how many days ago they were heard (None: never)."""

    id: int
    function: Hashable
    unit: Hashable
    days_unheard: int | None


def balanced(
    candidates: Iterable[Candidate],
    most: int,
    chosen: Iterable[tuple[Hashable, Hashable]] = (),
    seed: str = "",
) -> list[int]:
    """At most so many people, spread over functions and units beside the places chosen before.

    Each step takes from the place heard least so far: first the pair of function and unit, then the function, then
    the unit; among equals, whoever was heard longest ago, never heard first, and by a fixed draw that no name decides.
    """
    waiting: dict[tuple[Hashable, Hashable], list[Candidate]] = defaultdict(list)
    for one in candidates:
        waiting[one.function, one.unit].append(one)
    salt = zlib.crc32(seed.encode())
    for queue in waiting.values():
        queue.sort(key=lambda one: _turn(one, salt), reverse=True)
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
        place = min(
            waiting,
            key=lambda at: (pairs[at], functions[at[0]], units[at[1]], _turn(waiting[at][-1], salt)),
        )
        found.append(waiting[place].pop().id)
        take(place)
        if not waiting[place]:
            del waiting[place]
    return found


def _turn(one: Candidate, salt: int) -> tuple[int, int, int]:
    """What puts somebody before others: the longer unheard the sooner; the draw differs from one seed to another."""
    unheard = -1_000_000 if one.days_unheard is None else -one.days_unheard
    return unheard, (one.id + salt) * 0x9E3779B1 & 0xFFFFFFFF, one.id
