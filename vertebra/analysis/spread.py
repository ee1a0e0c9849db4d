"""How the answers to one question are spread over its values, so that no value tells what one to four people said.

Values that few gave are counted with their neighbours (or together, where they have no order): once for everybody, once
more coarsely for all groups inside. A group in which that is not enough shows no spread at all. Answers of several
choices are counted choice by choice, and a choice is kept back where few ticked it, or few did not.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

from vertebra.analysis.privacy import FEWEST, hide

Shape = Literal["ordered", "named", "several"]
Counts = Mapping[str, int]
Spread = dict[str, int | None]
Bands = tuple[tuple[str, ...], ...]
TOGETHER = "*"


def spreads(
    parents: Mapping[str, str],
    counts: Mapping[str, Counts],
    known: Collection[str],
    shape: Shape,
    answered: Mapping[str, int],
    fewest: int = FEWEST,
) -> dict[str, Spread | None]:
    """How often each value was given in each known group (wider groups first), None where that is kept back."""
    inside: dict[str, list[str]] = defaultdict(list)
    for group, parent in parents.items():
        if group in known:
            inside[parent].append(group)
    if shape == "several":
        return _by_choice(inside, counts, known, answered, fewest)
    made: dict[str, Spread | None] = dict.fromkeys(known)
    for root in inside[""]:
        bands = _banded(counts[root], shape, fewest)
        made[root] = _spread(counts[root], bands, shape)
        bands, groups = _best_inside(root, inside, counts, bands, shape, fewest)
        made |= {group: _spread(counts[group], bands, shape) for group in groups}
    return made


def _banded(counts: Counts, shape: Shape, fewest: int) -> Bands:
    """Values put together until each band was given by enough."""
    if shape == "named":
        apart = [(value,) for value in sorted(counts) if counts[value]]
        rest = hide({band: counts[band[0]] for band in apart}, sum(counts.values()), fewest)
        together = tuple(value for band in apart if band in rest for value in band)
        return (*(band for band in apart if band not in rest), *([together] if together else ()))
    bands: list[tuple[str, ...]] = []
    current: tuple[str, ...] = ()
    for value in sorted((value for value in counts if counts[value]), key=float):
        current = (*current, value)
        if sum(counts[one] for one in current) >= fewest:
            bands.append(current)
            current = ()
    if current:
        bands[-1:] = [(*(bands[-1] if bands else ()), *current)]
    return tuple(bands)


def _best_inside(
    root: str,
    inside: Mapping[str, Sequence[str]],
    counts: Mapping[str, Counts],
    bands: Bands,
    shape: Shape,
    fewest: int,
) -> tuple[Bands, set[str]]:
    """The bands, made coarser step by step, by which most is told of the groups inside; and these groups."""
    best: tuple[int, Bands, set[str]] = (0, bands, set())
    while len(bands) > 1:
        groups = _tellable(root, inside, counts, bands, fewest)
        if (score := len(groups) * (len(bands) - 1)) > best[0]:
            best = score, bands, groups
        bands = _coarser(bands, counts[root], shape)
    return best[1], best[2]


def _coarser(bands: Bands, counts: Counts, shape: Shape) -> Bands:
    """The same with the band of fewest answers joined to its smaller neighbour, or to all others together."""
    sizes = [_size(counts, band) for band in bands]
    # Where values have no order, one band alone holds several of them: it is told without their names.
    several = [at for at, band in enumerate(bands) if len(band) > 1] if shape == "named" else []
    at = several[0] if several else min(range(len(bands)), key=sizes.__getitem__)
    beside = [at - 1, at + 1] if shape == "ordered" else [other for other in range(len(bands)) if other != at]
    other = min((one for one in beside if 0 <= one < len(bands)), key=sizes.__getitem__)
    first, second = sorted((at, other))
    return (*bands[:first], bands[first] + bands[second], *bands[first + 1 : second], *bands[second + 1 :])


def _tellable(
    root: str, inside: Mapping[str, Sequence[str]], counts: Mapping[str, Counts], bands: Bands, fewest: int
) -> set[str]:
    """The groups, each inside one that is told, whose bands and what they leave of the group around are safe."""
    told: set[str] = set()
    waiting = [root]
    while waiting:
        around = waiting.pop()
        chosen = [group for group in inside.get(around, ()) if _is_safe([counts[group]], (), bands, fewest)]
        chosen.sort(key=lambda group: -sum(counts[group].values()))
        while chosen and not _is_safe([counts[around]], [counts[group] for group in chosen], bands, fewest):
            chosen.pop()
        told.update(chosen)
        waiting += chosen
    return told


def _is_safe(whole: Iterable[Counts], without: Iterable[Counts], bands: Bands, fewest: int) -> bool:
    """Whether nobody or enough of the whole, without some of it, are in each band."""
    left: Counter[str] = Counter()
    for counts in whole:
        left.update(counts)
    for counts in without:
        left.subtract(counts)
    return all(not 0 < _size(left, band) < fewest for band in bands)


def _size(counts: Counts, band: Iterable[str]) -> int:
    return sum(counts.get(value, 0) for value in band)


def _spread(counts: Counts, bands: Bands, shape: Shape) -> Spread:
    return {_name(band, shape): size for band in bands if (size := _size(counts, band))}


def _name(band: tuple[str, ...], shape: Shape) -> str:
    """A band as results keep it: its value, “from–to” of a scale, or all others together."""
    if len(band) == 1:
        return band[0]
    return f"{band[0]}–{band[-1]}" if shape == "ordered" else TOGETHER


def _by_choice(
    inside: Mapping[str, Sequence[str]],
    counts: Mapping[str, Counts],
    known: Collection[str],
    answered: Mapping[str, int],
    fewest: int,
) -> dict[str, Spread | None]:
    """Each choice by itself: told of a group when nobody or enough ticked it, and nobody or enough did not.

    The same holds of what is left around the groups that are told: who ticked all but one says as much as who ticked one.
    """
    made: dict[str, Spread | None] = {group: {} for group in known}
    for choice in sorted({value for group in known for value, count in counts[group].items() if count}):
        ticks = {group: counts[group].get(choice, 0) for group in known}
        sides = {group: {"yes": ticks[group], "no": answered[group] - ticks[group]} for group in known}
        bands: Bands = (("yes",), ("no",))
        told: set[str] = set()
        for root in inside.get("", ()):
            if _is_safe([sides[root]], (), bands, fewest):
                told |= {root} | _tellable(root, inside, sides, bands, fewest)
        for group, spread in made.items():
            if spread is not None and (group not in told or ticks[group]):
                spread[choice] = ticks[group] if group in told else None
    return made
