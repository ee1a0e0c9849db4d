"""The same people divided in two ways, both told: no sum or difference of their figures is of one to four people.

Each figure counts those in one part of one division. Drawn as a graph, a part of either division is a point, and those
who are in a part of the one and a part of the other are the line between them. Whatever adding and subtracting figures
can single out is a cut of this graph: the figures are safe together when no cut through what hangs together has one to
four people in it.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping
from functools import cache, partial
from itertools import pairwise

from vertebra.analysis.privacy import FEWEST

Point = Hashable
Lines = Mapping[tuple[Point, Point], int]
Graph = dict[Point, dict[Point, int]]
Division = Mapping[str, str]
Walk = Callable[[str], list[str]]
Cells = Mapping[tuple[str, str, str], int]


def weakest(lines: Lines, fewest: int = FEWEST) -> frozenset[Point]:
    """One side of a cut with fewer than `fewest` people in it; empty where there is none."""
    graph: Graph = defaultdict(dict)
    for (one, other), count in lines.items():
        if count:
            graph[one][other] = graph[one].get(other, 0) + count
            graph[other][one] = graph[other].get(one, 0) + count
    members: dict[Point, set[Point]] = {point: {point} for point in graph}
    while graph:
        order = _ordered(graph, next(iter(graph)))
        last, reached = order[-1]
        if len(order) == 1:
            del graph[last]
        elif reached < fewest:
            return frozenset(members[last])
        else:
            # Two neighbours of this order hang together at least as strongly as the later one hung on those before.
            for (before, _reached), (point, held) in reversed(list(pairwise(order))):
                if held >= fewest:
                    members[before] |= members.pop(point)
                    _merge(graph, before, point)
    return frozenset()


def _ordered(graph: Graph, start: Point) -> list[tuple[Point, int]]:
    """What hangs together with a point, each time the one that hangs most strongly on those before, and how strongly."""
    held: dict[Point, int] = {start: 0}
    waiting: list[tuple[int, int, Point]] = [(0, 0, start)]
    found: list[tuple[Point, int]] = []
    seen: set[Point] = set()
    turn = 0
    while waiting:
        weight, _turn, point = heapq.heappop(waiting)
        if point in seen:
            continue
        seen.add(point)
        found.append((point, -weight))
        for other, count in graph[point].items():
            if other not in seen:
                held[other] = held.get(other, 0) + count
                turn += 1
                heapq.heappush(waiting, (-held[other], turn, other))
    return found


def _merge(graph: Graph, kept: Point, gone: Point) -> None:
    """Make one point of two."""
    for other, count in graph.pop(gone).items():
        del graph[other][gone]
        if other != kept:
            graph[kept][other] = graph[kept].get(other, 0) + count
            graph[other][kept] = graph[kept][other]


def told_together(
    cells: Cells,
    parents: tuple[Division, Division],
    told: tuple[Collection[str], Collection[str]],
    fewest: int = FEWEST,
) -> tuple[frozenset[str], frozenset[str]]:
    """The groups of each division whose figures may be told beside those of the other; the smallest give way first.

    `cells` counts people by their group in the first, in the second, and what is told of them. Groups stand inside
    each other; the outermost of each division, everybody, is told in any case.
    """
    kept = (set(told[0]), set(told[1]))
    walks = (walk_of(parents[0]), walk_of(parents[1]))
    sizes: Counter[tuple[int, str]] = Counter()
    pieces: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for (one, other, _said), count in cells.items():
        for side, group in enumerate((one, other)):
            pieces[side][group] = ""
            for up in walks[side](group):
                sizes[side, up] += count
    for side in (0, 1):
        _place(pieces[side], walks[side], kept[side], "")
    while side_of_cut := weakest(_drawn(cells, pieces), fewest):
        leaves, cut = _leaves(parents, walks, kept), {point[:2] for point in side_of_cut}  # type: ignore[index]
        near = [leaf for leaf in leaves if leaf in cut]
        if not leaves:
            break
        side, gone = min(near or leaves, key=lambda leaf: (sizes[leaf], leaf))
        kept[side].discard(gone)
        _place(pieces[side], walks[side], kept[side], gone)
    return frozenset(kept[0]), frozenset(kept[1])


def _place(pieces: dict[str, str], walk: Walk, kept: Collection[str], gone: str) -> None:
    """Put the groups that were told by one that is told no longer into the innermost around them that is."""
    for group, piece in pieces.items():
        if piece == gone:
            pieces[group] = next((up for up in walk(group) if up in kept), "")


def _drawn(cells: Cells, pieces: tuple[Division, Division]) -> Lines:
    """The graph of what is told: each person in the innermost group of either division of which something is told."""
    ones, others = pieces
    lines: dict[tuple[Point, Point], int] = defaultdict(int)
    for (one, other, said), count in cells.items():
        lines[(0, ones[one], said), (1, others[other], said)] += count
    return lines


def _leaves(
    parents: tuple[Division, Division], walks: tuple[Walk, Walk], kept: tuple[set[str], set[str]]
) -> list[tuple[int, str]]:
    """The groups that are told and around none that is told, other than everybody."""
    found = []
    for side in (0, 1):
        around = {up for group in kept[side] for up in walks[side](group)[1:]}
        found += [
            (side, group)
            for group in sorted(kept[side])
            if group not in around and parents[side].get(group, "")
        ]
    return found


def walk_of(parents: Division) -> Walk:
    """What gives a group and those around it; it remembers whom it was asked about."""
    return cache(partial(outwards, parents=parents))


def outwards(group: str, parents: Division) -> list[str]:
    """The group and those around it; a circle is walked once."""
    found: list[str] = []
    while group and group not in found:
        found.append(group)
        group = parents.get(group, "")
    return found
