"""Who knows of a release, and since when: by team and against its day, never of fewer than five.

Only what people say themselves counts; an opened mail says nothing. Figures can be looked at again tomorrow, so they go
in steps of five, and the curve only moves once five more have said something: nobody's word is the difference.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from vertebra.analysis.crossing import outwards
from vertebra.analysis.privacy import FEWEST, in_steps
from vertebra.analysis.spread import spreads

VERSION = 1


class Word(StrEnum):
    """What somebody has said, from nothing to most; neighbours are told together where few said the one."""

    SILENT = "0"
    QUESTION = "1"
    READ = "2"
    UNDERSTOOD = "3"


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody whom a release was told: their innermost group, what they said last, and the day they first said anything."""

    group: str
    word: Word = Word.SILENT
    on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """How many said one of these things, in steps of five."""

    words: tuple[Word, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Knowing:
    """What may be said of a group; where its own words are kept back, `as_of` names the group around it that is told."""

    told: int
    bands: tuple[Band, ...]
    as_of: str

    @property
    def is_known(self) -> bool:
        """Whether anything may be said at all."""
        return bool(self.bands)


@dataclass(frozen=True, slots=True)
class Point:
    """By the end of a day, so many days after the release (before it: less than zero), that many had said something."""

    days: int
    heard: int
    share: float


def by_group(people: Iterable[Told], parents: Mapping[str, str]) -> dict[str, Knowing]:
    """What each group said, each inside its parent ("" above the outermost); a group in which few said it, as its parent."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for one in people:
        for group in outwards(one.group, parents):
            counts[group][str(one.word)] += 1
    present = [group for group in parents if counts[group].total()]
    enough = [group for group in present if counts[group].total() >= FEWEST]
    told = spreads(parents, counts, enough, "ordered", {})
    made: dict[str, Knowing] = {}
    for group in present:
        shown = next((up for up in outwards(group, parents) if len(told.get(up) or {}) > 1), "")
        bands = _bands(told.get(shown) or {})
        made[group] = Knowing(counts[group].total(), bands, shown)
    return made


def _bands(spread: Mapping[str, int | None]) -> tuple[Band, ...]:
    """Values and “from–to” of neighbours as words, the counts rounded down to a multiple of five."""
    made = []
    for name in sorted(spread):
        first, _dash, last = name.partition("–")
        words = tuple(word for word in Word if first <= word <= (last or first))
        made.append(Band(words, in_steps(spread[name] or 0) or 0))
    return tuple(made)


def curve(people: Sequence[Told], release_on: dt.date, until: dt.date) -> tuple[Point, ...]:
    """How many had said something by the end of each day before `until`: a point once five more have, or the last of all.

    Read again later, it begins with the same points. One to four of whom nothing was heard are not told apart.
    """
    whole = len(people)
    by_day = Counter(one.on for one in people if one.on is not None and one.on < until)
    found: list[Point] = []
    heard = last = 0
    for day, count in sorted(by_day.items()):
        heard += count
        is_safe = heard == whole or whole - heard >= FEWEST
        if whole >= FEWEST and heard - last >= FEWEST and is_safe:
            found.append(Point((day - release_on).days, heard, round(heard / whole, 4)))
            last = heard
    return tuple(found)


def heard_before(points: Sequence[Point]) -> float | None:
    """The share that had said something before the day of the release; nothing where that cannot be told."""
    return max((point.share for point in points if point.days < 0), default=None)
