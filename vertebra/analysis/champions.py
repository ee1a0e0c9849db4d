"""Whom do I tell? Champions for what a text or a release is about, with reasons, balanced over time.

Nearness to the area, the market and the unit make a champion fit; whoever answers for much fits each part of it less,
and whoever was asked for much of the agreed time comes later. Codes and figures, no sentences; people decide.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from vertebra.analysis.subjects import Names, Subject, areas_of

VERSION = 1
# Days over which asked time is held against agreed time.
DAYS = 90
# What is assumed of a champion with whom no hours are agreed: two a month.
USUAL_MINUTES = 2 * 60 * 3.0
SAME, ABOVE, BELOW, FURTHER = 1.0, 0.8, 0.4, 0.75
MARKET, UNIT = 0.6, 0.6
OTHER_MARKET, OTHER_LANGUAGE, WIDE = 0.6, 0.7, 0.5
LEAST = 0.02
# How much of what is nearest to a text is followed.
NEAREST = 3
# Whoever answers for more than this part of all areas is told to.
WIDE_FROM = 0.2


class Reason(StrEnum):
    """Why somebody is proposed, and where in the list."""

    AREA = "area"
    AREA_ABOVE = "area_above"
    AREA_BELOW = "area_below"
    MARKET = "market"
    OTHER_MARKET = "other_market"
    UNIT = "unit"
    FUNCTION = "function"
    LANGUAGE = "language"
    OTHER_LANGUAGE = "other_language"
    WIDE = "wide"
    HAS_TIME = "has_time"
    OVER_HOURS = "over_hours"
    NO_HOURS = "no_hours"


class Lack(StrEnum):
    """What is missing where nobody answers for what is spoken of."""

    NOBODY = "nobody"
    ONLY_ABOVE = "only_above"
    ONLY_OVER_HOURS = "only_over_hours"


@dataclass(frozen=True, slots=True)
class Champion:
    """Somebody's mandates as a champion, the time agreed for them over 90 days, and the time asked in the last 90."""

    id: int
    areas: frozenset[int] = frozenset()
    markets: frozenset[int] = frozenset()
    units: frozenset[int] = frozenset()
    functions: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    agreed_minutes: float | None = None
    asked_minutes: float = 0.0

    @property
    def share_asked(self) -> float:
        """The time asked, in parts of the time agreed or assumed."""
        return max(0.0, self.asked_minutes) / max(1.0, self.agreed_minutes or USUAL_MINUTES)


@dataclass(frozen=True, slots=True)
class Why:
    """One reason, what it is about, and its figure: steps between areas, or the share of the time asked."""

    code: Reason
    about: int | str | None = None
    figure: float | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A champion, how well they fit, where they stand, and why."""

    champion: int
    score: float
    reasons: tuple[Why, ...]
    covers: frozenset[int] = frozenset()
    functions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Gap:
    """An area or a market that is spoken of and that no champion has time and a mandate for."""

    kind: str
    id: int
    lack: Lack


@dataclass(frozen=True, slots=True)
class Question:
    """What a text or a release is about, each with how much (0 to 1), and whom it is for."""

    areas: Mapping[int, float] = field(default_factory=dict)
    markets: Mapping[int, float] = field(default_factory=dict)
    units: Mapping[int, float] = field(default_factory=dict)
    functions: frozenset[str] = frozenset()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Whom to tell, what the text was understood to speak of, and where nobody is there to be told.

    Where that leads to nobody, `near` is what is nearest to it, and the proposals are those for that.
    """

    proposals: tuple[Proposal, ...]
    subjects: tuple[Subject, ...]
    gaps: tuple[Gap, ...]
    near: tuple[Subject, ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """The areas above each area, the nearest first; every area stands in it."""

    above: Mapping[int, Sequence[int]]

    def below(self) -> dict[int, int]:
        """How many areas each area holds, itself included."""
        found = dict.fromkeys(self.above, 1)
        for ups in self.above.values():
            for up in ups:
                found[up] = found.get(up, 1) + 1
        return found


def whom(
    lemmas: Collection[str],
    names: Names,
    champions: Sequence[Champion],
    tree: Tree,
    *,
    functions: Collection[str] = (),
    language: str = "",
    most: int = 12,
) -> Answer:
    """Whom to tell of what a text speaks of; where it names nothing that leads to anybody, of what is nearest."""
    subjects = names.spoken_of(lemmas)

    def asked(about: Iterable[Subject]) -> Question:
        return Question(*areas_of(about, names.names), frozenset(functions), language)

    question = asked(subjects)
    ranked, near = rank(question, champions, tree), list[Subject]()
    if not ranked:
        known = {(one.kind, one.id) for one in subjects}
        found = [one for one in names.nearest(lemmas) if (one.kind, one.id) not in known]
        near = [one for one in found if rank(asked([one]), champions, tree)][:NEAREST]
        ranked = rank(asked(near), champions, tree)
    missing = gaps(question, champions, tree)
    return Answer(tuple(ranked[:most]), tuple(subjects), tuple(missing), tuple(near))


def rank(question: Question, champions: Sequence[Champion], tree: Tree) -> list[Proposal]:
    """Every champion who fits, the best first; at the same score, whoever was asked less of their time."""
    below = tree.below()
    found = []
    for champion in sorted(champions, key=lambda one: one.id):
        if question.functions and not question.functions & champion.functions:
            continue
        proposal = _proposal(question, champion, tree, _width(champion, tree, below))
        if proposal.score >= LEAST:
            found.append((proposal, champion))
    found.sort(key=lambda pair: (-pair[0].score, pair[1].share_asked, pair[1].asked_minutes, pair[1].id))
    return [proposal for proposal, _champion in found]


def _width(champion: Champion, tree: Tree, below: Mapping[int, int]) -> float:
    """How much of all areas a champion answers for, those inside theirs included: 0 for one alone, 1 for everything."""
    tops = [one for one in champion.areas if champion.areas.isdisjoint(tree.above.get(one, ()))]
    covered = sum(below.get(one, 1) for one in tops)
    return max(0.0, covered - 1) / max(1, len(tree.above) - 1)


def _proposal(question: Question, champion: Champion, tree: Tree, width: float) -> Proposal:
    fit, whys, covers = _area_fit(question.areas, champion.areas, tree)
    other, more = _others(question, champion)
    fit *= other
    whys += more
    for theirs, asked, worth, code in (
        (champion.markets, question.markets, MARKET, Reason.MARKET),
        (champion.units, question.units, UNIT, Reason.UNIT),
    ):
        for number in sorted(theirs & asked.keys()):
            fit += worth * asked[number] / max(1, len(theirs)) ** 0.5
            whys.append(Why(code, number))
    if width > WIDE_FROM:
        whys.append(Why(Reason.WIDE, figure=round(width, 4)))
    fit *= 1 - WIDE * math.sqrt(min(1.0, width))
    if question.functions:
        whys += [Why(Reason.FUNCTION, one) for one in sorted(question.functions & champion.functions)]
    if question.language and champion.languages:
        is_theirs = question.language in champion.languages
        whys.append(Why(Reason.LANGUAGE if is_theirs else Reason.OTHER_LANGUAGE, question.language))
        fit *= 1 if is_theirs else OTHER_LANGUAGE
    whys.append(_load(champion))
    score = round(fit / (1 + champion.share_asked), 9)
    return Proposal(champion.id, score, tuple(whys), covers, champion.functions)


def _area_fit(
    asked: Mapping[int, float], theirs: Collection[int], tree: Tree
) -> tuple[float, list[Why], frozenset[int]]:
    """How near the areas of a champion are to those asked for, from the nearest of each; which are covered."""
    total = math.fsum(asked.values())
    parts, whys, covers = [], [], set()
    for area in sorted(asked):
        best, why = _nearest(area, theirs, tree)
        if why is not None:
            parts.append(best * asked[area])
            whys.append(why)
            if why.code is not Reason.AREA_BELOW:
                covers.add(area)
    return (math.fsum(parts) / total if total else 0.0), whys, frozenset(covers)


def _nearest(area: int, theirs: Collection[int], tree: Tree) -> tuple[float, Why | None]:
    if area in theirs:
        return SAME, Why(Reason.AREA, area, 0)
    for steps, up in enumerate(tree.above.get(area, ()), 1):
        if up in theirs:
            return ABOVE * FURTHER ** (steps - 1), Why(Reason.AREA_ABOVE, up, steps)
    inside = [
        (tree.above[one].index(area) + 1, one) for one in sorted(theirs) if area in tree.above.get(one, ())
    ]
    if not inside:
        return 0.0, None
    steps, down = min(inside)
    return BELOW * FURTHER ** (steps - 1), Why(Reason.AREA_BELOW, down, steps)


def _others(question: Question, champion: Champion) -> tuple[float, list[Why]]:
    """Whoever answers for other markets than those spoken of is further away; without markets, for all."""
    if not question.markets or not champion.markets or champion.markets & question.markets.keys():
        return 1.0, []
    return OTHER_MARKET, [Why(Reason.OTHER_MARKET)]


def _load(champion: Champion) -> Why:
    share = round(champion.share_asked, 4)
    if share >= 1:
        return Why(Reason.OVER_HOURS, figure=share)
    return Why(Reason.HAS_TIME if champion.agreed_minutes else Reason.NO_HOURS, figure=share)


def gaps(question: Question, champions: Sequence[Champion], tree: Tree) -> list[Gap]:
    """What is spoken of and nobody answers for: areas without a champion of their own who has time, then markets."""
    found = []
    for area in sorted(question.areas):
        own = [one for one in champions if area in one.areas]
        ups = set(tree.above.get(area, ()))
        if own and all(one.share_asked >= 1 for one in own):
            found.append(Gap("area", area, Lack.ONLY_OVER_HOURS))
        elif not own:
            is_above = any(ups & one.areas for one in champions)
            found.append(Gap("area", area, Lack.ONLY_ABOVE if is_above else Lack.NOBODY))
    held = {market for one in champions for market in one.markets}
    found += [Gap("market", market, Lack.NOBODY) for market in sorted(question.markets) if market not in held]
    return found


def pick(proposals: Sequence[Proposal], most: int = 3) -> list[Proposal]:
    """A few to write to: the best first, then whoever covers another area or speaks for another function."""
    left, chosen = list(proposals), list[Proposal]()
    while left and len(chosen) < most:
        covered = {area for one in chosen for area in one.covers}
        heard = {function for one in chosen for function in one.functions}

        def worth(one: Proposal, covered: set[int] = covered, heard: set[str] = heard) -> float:
            is_new = bool(one.covers - covered) or bool(one.functions - heard) or not chosen
            return one.score if is_new else one.score / 4

        best = max(range(len(left)), key=lambda place: (worth(left[place]), -place))
        chosen.append(left.pop(best))
    return chosen
