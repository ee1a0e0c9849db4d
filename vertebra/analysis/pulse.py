"""Surveys by groups: who is counted together before anybody answers, and what may be said of each group after.

Groups are nested: a unit in the unit above it, a function of a unit in that unit, all of them in everybody (the empty
chain). Every figure that is shown, and every difference between two of them, speaks of nobody or of the threshold.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor, sqrt
from typing import Literal, TypeVar

from vertebra.analysis.privacy import FEWEST, hide
from vertebra.analysis.spread import Shape, Spread, spreads

Cut = Literal["unit", "function"]
Chain = tuple[str, ...]
Asked = tuple[Sequence[int], str]
EVERYBODY = "all"
OTHERS = "others"
K = TypeVar("K", bound=Hashable)

# Two-sided 95 % quantiles of Student's t, by degrees of freedom from 1 on; 1.96 beyond.
_T = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14, 2.13, 2.12, 2.11, 2.10,
      2.09, 2.09, 2.08, 2.07, 2.07, 2.06, 2.06, 2.06, 2.05, 2.05, 2.05, 2.04)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cells:
    """The cell of each person, in the order given, and the groups each cell is part of, the widest first."""

    of: list[int]
    chains: list[Chain]


@dataclass(slots=True)
class _Cell:
    chain: Chain
    people: list[int]


@dataclass(slots=True)
class _Node:
    own: list[int] = field(default_factory=list)
    children: "dict[int, _Node]" = field(default_factory=dict)


class TooFew(Exception):
    """There are not enough people for one group."""


def cells(people: Sequence[Asked], cut: Cut, fewest: int = FEWEST) -> Cells:
    """Put each person (path of units from the outermost, function) into a cell of `fewest` people at least.

    Too few in a unit climb to the unit above and are counted with it; too few of a function are counted with others.
    """
    if len(people) < fewest:
        raise TooFew
    everyone = list(range(len(people)))
    if cut == "unit":
        made = _by_unit(people, everyone, (), fewest)
        made = [part for cell in made for part in _by_function_inside(people, cell, made, fewest)]
    else:
        made = _by_function(people, everyone, fewest)
    of = [0] * len(people)
    for number, cell in enumerate(made):
        for person in cell.people:
            of[person] = number
    return Cells(of, _without_repeats([cell.chain for cell in made]))


def named_cells(names: Sequence[str], fewest: int = FEWEST) -> Cells:
    """Cells of people known by the name of one group each: those too few are counted together."""
    if len(names) < fewest:
        raise TooFew
    kept = kept_apart(Counter(names), fewest)
    order = {name: number for number, name in enumerate(sorted(kept))}
    of = [order.get(name, len(order)) for name in names]
    chains: list[Chain] = [(name,) for name in order]
    if len(order) in of:
        chains.append((OTHERS,) if order else ())
    return Cells(of, _without_repeats(chains))


def kept_apart(sizes: Mapping[K, int], fewest: int = FEWEST) -> set[K]:
    """The parts that can be told apart: each large enough, and the rest together nobody or large enough."""
    kept = {key for key, size in sizes.items() if size >= fewest}
    rest = sum(size for key, size in sizes.items() if key not in kept)
    for key in sorted(kept, key=lambda key: (sizes[key], str(key))):
        if not 0 < rest < fewest:
            break
        kept.remove(key)
        rest += sizes[key]
    return kept


def _by_unit(people: Sequence[Asked], members: list[int], root: Chain, fewest: int) -> list[_Cell]:
    """Cells of these people along their units, inside the group that `root` names."""
    tree = _Node()
    for person in members:
        node = tree
        for unit in people[person][0]:
            node = node.children.setdefault(unit, _Node())
        node.own.append(person)
    found, left = _climb(
        tree, root, lambda unit: f"{root[-1]}/unit:{unit}" if root else f"unit:{unit}", fewest
    )
    if left and found:
        # Too few are left on top: the group that is least of a group of its own joins them.
        joined = min(found, key=lambda cell: (len(cell.chain), len(cell.people)))
        found.remove(joined)
        found.append(_Cell(root, [*joined.people, *left]))
    elif left:
        found = [_Cell(root, left)]
    return found


def _climb(
    node: _Node, chain: Chain, key: Callable[[int], str], fewest: int
) -> tuple[list[_Cell], list[int]]:
    """The cells inside a unit, and those of its people who are too few and climb."""
    found: list[_Cell] = []
    left = list(node.own)
    for unit in sorted(node.children):
        inside, climbing = _climb(node.children[unit], (*chain, key(unit)), key, fewest)
        found += inside
        left += climbing
    if len(left) >= fewest:
        found.append(_Cell(chain, left))
        left = []
    return found, left


def _by_function_inside(people: Sequence[Asked], cell: _Cell, made: list[_Cell], fewest: int) -> list[_Cell]:
    """A cell that is a whole unit, told apart by function as far as each and the rest are enough."""
    depth = len(cell.chain)
    if any(other is not cell and other.chain[:depth] == cell.chain for other in made):
        return [cell]
    parts = _apart(people, cell, f"{cell.chain[-1]}/" if cell.chain else "", None, fewest)
    return parts if len(parts) > 1 else [cell]


def _by_function(people: Sequence[Asked], members: list[int], fewest: int) -> list[_Cell]:
    by_function = _apart(people, _Cell((), members), "", OTHERS, fewest)
    found = []
    for cell in by_function:
        is_function = bool(cell.chain) and cell.chain[-1] != OTHERS
        found += _by_unit(people, cell.people, cell.chain, fewest) if is_function else [cell]
    return found


def _apart(
    people: Sequence[Asked], cell: _Cell, prefix: str, rest_name: str | None, fewest: int
) -> list[_Cell]:
    """A cell as one cell per function that is large enough, and one for the rest."""
    parts: dict[str, list[int]] = defaultdict(list)
    for person in cell.people:
        parts[people[person][1]].append(person)
    kept = kept_apart({function: len(part) for function, part in parts.items()}, fewest)
    found = [_Cell((*cell.chain, f"{prefix}function:{name}"), parts[name]) for name in sorted(kept)]
    rest = [person for name, part in parts.items() if name not in kept for person in part]
    if rest:
        is_named = rest_name is not None and kept
        found.append(_Cell((*cell.chain, rest_name) if is_named and rest_name else cell.chain, rest))
    return found


def _without_repeats(chains: list[Chain]) -> list[Chain]:
    """The chains with one group for the same people: the widest if it is whole by nature, else the narrowest."""
    held: dict[str, set[int]] = defaultdict(set)
    for number, chain in enumerate(chains):
        for group in (EVERYBODY, *chain):
            held[group].add(number)
    made = []
    for chain in chains:
        kept = [EVERYBODY]
        for group in chain:
            if held[group] != held[kept[-1]]:
                kept.append(group)
            elif not _is_whole(kept[-1]):
                kept[-1] = group
        made.append(tuple(kept[1:]))
    return made


def _is_whole(group: str) -> bool:
    """Whether nobody of the group can have climbed out of it: everybody, and a function as a whole."""
    return group == EVERYBODY or (group.startswith("function:") and "/" not in group)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a cell answered one question, and how many times each value was given."""

    answered: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """What may be said of one group: nothing but its place (all None) where it is too small.

    `counts` says how often each value was given; None where that would tell what few said, in all or of one value.
    """

    group: str
    parent: str
    answered: int | None = None
    counts: Spread | None = None
    mean: float | None = None
    low: float | None = None
    high: float | None = None


def parents_of(chains: Sequence[Chain]) -> dict[str, str]:
    """Each group and the group around it ('' for everybody), wider groups first."""
    found = {EVERYBODY: ""}
    for chain in sorted(chains, key=len):
        for parent, group in zip((EVERYBODY, *chain), chain, strict=False):
            found.setdefault(group, parent)
    return dict(sorted(found.items(), key=lambda pair: _depth(pair[0], found)))


def _depth(group: str, parents: Mapping[str, str]) -> int:
    depth = 0
    while group := parents[group]:
        depth += 1
    return depth


def totals(chains: Sequence[Chain], tallies: Sequence[Tally]) -> dict[str, Tally]:
    """The tally of each group: the sum of its cells."""
    answered: Counter[str] = Counter()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for chain, tally in zip(chains, tallies, strict=True):
        for group in (EVERYBODY, *chain):
            answered[group] += tally.answered
            counts[group].update(tally.counts)
    return {group: Tally(answered[group], counts[group]) for group in parents_of(chains)}


def figures(
    chains: Sequence[Chain],
    tallies: Sequence[Tally],
    *,
    threshold: int = FEWEST,
    scale: tuple[float, float] | None = None,
    shape: Shape = "several",
    among: Collection[str] | None = None,
) -> list[Figure]:
    """What may be said of each group on one question, wider groups first; numbers have a `scale`, and so a mean.

    A group is shown when it is large enough and what is left of the group around it is nobody or large enough too;
    nothing is shown inside a group that is not. Of groups not `among` those known, nothing is said either.
    """
    summed = totals(chains, tallies)
    parents = parents_of(chains)
    children: dict[str, list[str]] = defaultdict(list)
    for group, parent in parents.items():
        children[parent].append(group)
    shown = set() if 0 < summed[EVERYBODY].answered < threshold else {EVERYBODY}
    for group in parents:
        if group in shown:
            parts = {child: summed[child].answered for child in children[group]}
            shown |= parts.keys() - hide(parts, summed[group].answered, threshold)
    # Keeping back more is always safe: what is shown is nobody or enough, so what is kept back grows by as much.
    known = shown if among is None else shown.intersection(among)
    given = {group: tally.counts for group, tally in summed.items()}
    answered = {group: tally.answered for group, tally in summed.items()}
    told = spreads(parents, given, known, shape, answered, threshold)
    return [
        _figure(group, parent, summed[group], told[group], scale) if group in known else Figure(group, parent)
        for group, parent in parents.items()
    ]


def _figure(
    group: str, parent: str, tally: Tally, told: Spread | None, scale: tuple[float, float] | None
) -> Figure:
    given = {float(value): count for value, count in tally.counts.items() if count} if scale else {}
    if scale is None or not given:
        return Figure(group, parent, tally.answered, told)
    return Figure(group, parent, tally.answered, told, *_coarse(*mean_of(given, scale), scale))


def _coarse(mean: float, low: float, high: float, scale: tuple[float, float]) -> tuple[float, float, float]:
    """A mean to one decimal and an interval widened to twentieths of the scale: to the digit they would tell answers."""
    step = (scale[1] - scale[0]) / 20
    low, high = floor(round(low / step, 6)) * step, ceil(round(high / step, 6)) * step
    return round(mean, 1), round(max(low, scale[0]), 2), round(min(high, scale[1]), 2)


def mean_of(counts: Mapping[float, int], scale: tuple[float, float]) -> tuple[float, float, float]:
    """The mean of these values, and the interval on their scale in which it lies 95 times in 100."""
    n = sum(counts.values())
    mean = sum(value * count for value, count in counts.items()) / n
    if n < 2:
        return mean, *scale
    spread = sum(count * (value - mean) ** 2 for value, count in counts.items()) / (n - 1)
    reach = (_T[n - 2] if n - 2 < len(_T) else 1.96) * sqrt(spread / n)
    return mean, max(mean - reach, scale[0]), min(mean + reach, scale[1])
