"""One order out of many: counting rankings by a stated rule, where groups split, how steady the order is.

A ranking may be short and may put things level: what it leaves out stands level, below all that it names.
Everything is exact: whole numbers are counted, and the same rankings in another order give the same answer.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import lcm, log, log1p, sqrt

NAME, VERSION = "agreement", 1
BORDA, RANKED_PAIRS, SCHULZE = "borda", "ranked_pairs", "schulze"
RULES = (BORDA, RANKED_PAIRS, SCHULZE)
DRAWS, FEWEST_DRAWS = 200, 20
# Work that one count of stability may cost, in pairs compared.
MOST_WORK = 6_000_000
# From so many rankings on they are drawn by how often each comes, not one by one.
MOST_DRAWN = 10_000
# From so many expected hits on, how many there are is drawn from the bell curve around them.
MOST_HITS = 60
FEWEST_BALLOTS = 3
FIRM, LIKELY = 0.9, 0.66
SEED = 20_260
Pairs = list[list[int]]
Rows = list[int]


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ranking: tiers of ids, best first; several of the same are one with a weight."""

    tiers: tuple[tuple[int, ...], ...]
    group: str = ""
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one thing came: its place (equal ones share it), its score by the rule, how many rankings name it."""

    id: int
    place: int
    score: float
    named: int
    firsts: int


@dataclass(frozen=True, slots=True)
class Split:
    """How high each group puts one thing, from 0 (last) to 1 (first), and how far apart the groups are."""

    id: int
    shares: Mapping[str, float]
    spread: float

    @property
    def highest(self) -> str:
        """The group that puts it highest."""
        return max(sorted(self.shares), key=lambda group: self.shares[group])

    @property
    def lowest(self) -> str:
        """The group that puts it lowest."""
        return min(sorted(self.shares), key=lambda group: self.shares[group])


@dataclass(frozen=True, slots=True)
class Steadiness:
    """How sure the first ones are: `code` is firm, likely, open or too_few.

    `kept` is the share of draws (the same number of rankings drawn again from those given) in which each of the
    first ones stays among them; `swings` counts the rankings each of which alone, taken out, changes who is.
    """

    code: str
    first: tuple[int, ...]
    kept: Mapping[int, float]
    swings: int
    draws: int
    next_in: int | None


def ballot(order: Iterable[int | Sequence[int]], group: str = "", weight: int = 1) -> Ballot:
    """A ranking as it was written; what it names twice counts where it stands first."""
    seen: set[int] = set()
    tiers = []
    for each in order:
        tier = tuple(dict.fromkeys(one for one in ([each] if isinstance(each, int) else each)))
        tier = tuple(one for one in tier if one not in seen)
        seen.update(tier)
        if tier:
            tiers.append(tier)
    return Ballot(tuple(tiers), group, weight)


def count(candidates: Sequence[int], ballots: Sequence[Ballot], rule: str = BORDA) -> list[Standing]:
    """The order of all candidates by a rule; where nothing tells two apart they share a place."""
    total = sum(one.weight for one in ballots)
    return _standings(candidates, ballots, _scores(_duels(candidates, ballots), total, rule))


def with_groups_alike(ballots: Sequence[Ballot]) -> list[Ballot]:
    """The same rankings, weighed so that each group counts as much as any other."""
    totals = Counter[str]()
    for one in ballots:
        totals[one.group] += one.weight
    common = lcm(*(total for total in totals.values() if total)) if totals else 1
    return [Ballot(b.tiers, b.group, b.weight * common // totals[b.group]) for b in ballots if b.weight]


def first(standings: Sequence[Standing], most: int) -> tuple[int, ...]:
    """The ids among the first ones, those level with the last of them included."""
    if len(standings) <= most:
        return tuple(one.id for one in standings)
    limit = standings[most - 1].place
    return tuple(one.id for one in standings if one.place <= limit)


def splits(candidates: Sequence[int], ballots: Sequence[Ballot]) -> list[Split]:
    """Where groups see it differently, the furthest apart first; groups that gave no ranking are left out."""
    most = 2 * (len(candidates) - 1) or 1
    points: dict[str, dict[int, int]] = defaultdict(lambda: dict.fromkeys(candidates, 0))
    weights = Counter[str]()
    for one in ballots:
        weights[one.group] += one.weight
        for pk, score in _borda(candidates, one).items():
            points[one.group][pk] += score * one.weight
    found = []
    for pk in candidates:
        shares = {g: points[g][pk] / (most * weights[g]) for g in sorted(points) if weights[g]}
        spread = max(shares.values()) - min(shares.values()) if shares else 0.0
        found.append(Split(pk, shares, spread))
    return sorted(found, key=lambda split: -split.spread)


def likeness(candidates: Sequence[int], ballots: Sequence[Ballot]) -> float | None:
    """How alike rankings are: of the pairs that two of them both put in an order, the share put in the same one."""
    wins = _duels(candidates, ballots)
    same = differ = 0
    for a, b in combinations(range(len(candidates)), 2):
        up, down = wins[a][b], wins[b][a]
        # No ranking is compared with itself.
        same += up * (up - 1) + down * (down - 1)
        differ += 2 * up * down
    return same / (same + differ) if same + differ else None


def steadiness(
    candidates: Sequence[int], ballots: Sequence[Ballot], rule: str = BORDA, most: int = 5, seed: int = SEED
) -> Steadiness:
    """How sure the first ones are, by drawing the rankings again and by taking each one out."""
    standings = count(candidates, ballots, rule)
    top = first(standings, most)
    rest = [one.id for one in standings if one.id not in top]
    if not ballots or sum(one.weight for one in ballots) < FEWEST_BALLOTS:
        return Steadiness("too_few", top, {}, 0, 0, next(iter(rest), None))
    if not rest:
        return Steadiness("firm", top, dict.fromkeys(top, 1.0), 0, 0, None)
    again = _Again(candidates, ballots, rule, most)
    swings = again.swings(set(top))
    kept, draws = again.kept(top, seed)
    return Steadiness(_code(kept, swings), top, kept, swings, draws, rest[0])


class _Again:
    """The same rankings counted again and again, some of them left out or drawn twice."""

    def __init__(self, candidates: Sequence[int], ballots: Sequence[Ballot], rule: str, most: int) -> None:
        self.candidates, self.ballots, self.rule, self.most = candidates, ballots, rule, most
        self.weights = [one.weight for one in ballots]
        self.width = _width(sum(self.weights))
        self.pairs = [_pairs(candidates, one, self.width) for one in ballots]
        n = len(candidates)
        self.cost = n * n + (0 if rule == BORDA else n**3)

    def _first(self, wins: Pairs, total: int) -> set[int]:
        scores = _scores(wins, total, self.rule)
        return set(first(_standings(self.candidates, (), scores), self.most))

    def swings(self, top: set[int]) -> int:
        """How many rankings change, each taken out alone, who is first; among very many none is tried."""
        if self.cost * len(self.ballots) > MOST_WORK:
            return 0
        every, total = _sum(self.pairs, self.weights, len(self.candidates)), sum(self.weights)
        found = 0
        for one, weight in zip(self.pairs, self.weights, strict=True):
            less = [mine - row for mine, row in zip(every, one, strict=True)]
            found += weight if self._first(_opened(less, self.width), total - 1) != top else 0
        return found

    def kept(self, top: Sequence[int], seed: int) -> tuple[dict[int, float], int]:
        """The share of draws in which each of the first stays among them, and how many draws there were."""
        chance = random.Random(seed)  # noqa: S311 (a seeded draw, no secret)
        n, total = len(self.candidates), sum(self.weights)
        draws = max(FEWEST_DRAWS, min(DRAWS, MOST_WORK // (self.cost + n * n * len(self.ballots))))
        stayed = Counter[int]()
        for _draw in range(draws):
            wins = _opened(_sum(self.pairs, _drawn(chance, self.weights, total), n), self.width)
            stayed.update(self._first(wins, total) & set(top))
        return {pk: stayed[pk] / draws for pk in top}, draws


def _drawn(chance: random.Random, weights: Sequence[int], total: int) -> list[int]:
    """How often each ranking comes when as many as there are are drawn again from all of them."""
    if total <= MOST_DRAWN:
        drawn = Counter(chance.choices(range(len(weights)), weights, k=total))
        return [drawn[at] for at in range(len(weights))]
    found, left, weight_left = [], total, total
    for weight in weights:
        found.append(left if weight == weight_left else _hits(chance, left, weight / weight_left))
        left, weight_left = left - found[-1], weight_left - weight
    return found


def _hits(chance: random.Random, tries: int, share: float) -> int:
    """How many of many tries hit, where each does with a probability of `share`."""
    if share > 0.5:
        return tries - _hits(chance, tries, 1 - share)
    if tries * share >= MOST_HITS:
        drawn = chance.gauss(tries * share, sqrt(tries * share * (1 - share)))
        return max(0, min(tries, round(drawn)))
    # Few hits: the tries between one and the next are drawn.
    hits, at = -1, 0
    while at <= tries and share > 0:
        hits += 1
        at += 1 + int(log(1 - chance.random()) / log1p(-share))
    return max(hits, 0)


def _code(kept: Mapping[int, float], swings: int) -> str:
    lowest = min(kept.values(), default=0.0)
    if lowest >= FIRM and not swings:
        return "firm"
    return "likely" if lowest >= LIKELY else "open"


def _duels(candidates: Sequence[int], ballots: Sequence[Ballot]) -> Pairs:
    """How many rankings put each candidate (by place in the list) above each other one."""
    weights = [one.weight for one in ballots]
    width = _width(sum(weights))
    return _opened(_sum([_pairs(candidates, one, width) for one in ballots], weights, len(candidates)), width)


def _width(total: int) -> int:
    """How many bits hold a count of so many rankings."""
    return total.bit_length() + 1


def _pairs(candidates: Sequence[int], one: Ballot, width: int) -> Rows:
    """For each candidate, one number with a field of `width` bits for each other: 1 where it is put above that one.

    So many counts in one number are added in one step: many thousand rankings are counted in a second.
    """
    at = _tier_of(candidates, one)
    fields = [0] * (len(one.tiers) + 1)
    for place, tier in enumerate(at):
        fields[tier] |= 1 << (width * place)
    below, lower = 0, [0] * len(fields)
    for tier in range(len(fields) - 1, -1, -1):
        lower[tier] = below
        below |= fields[tier]
    return [lower[tier] for tier in at]


def _opened(rows: Rows, width: int) -> Pairs:
    """The counts in the fields of each number."""
    mask = (1 << width) - 1
    return [[(row >> (width * place)) & mask for place in range(len(rows))] for row in rows]


def _tier_of(candidates: Sequence[int], one: Ballot) -> list[int]:
    tier = {pk: number for number, ids in enumerate(one.tiers) for pk in ids}
    return [tier.get(pk, len(one.tiers)) for pk in candidates]


def _borda(candidates: Sequence[int], one: Ballot) -> dict[int, int]:
    """Two points for each candidate below, one for each one level: doubled, so that they stay whole."""
    at = _tier_of(candidates, one)
    sizes = Counter(at)
    above = {tier: sum(size for other, size in sizes.items() if other < tier) for tier in sizes}
    return {
        pk: 2 * (len(at) - above[tier] - sizes[tier]) + sizes[tier] - 1
        for pk, tier in zip(candidates, at, strict=True)
    }


def _sum(pairs: Sequence[Rows], weights: Sequence[int], n: int) -> Rows:
    found = [0] * n
    for one, weight in zip(pairs, weights, strict=True):
        if weight:
            for place, row in enumerate(one):
                found[place] += weight * row
    return found


def _scores(wins: Pairs, total: int, rule: str) -> list[float]:
    """What each candidate scores: points by Borda, else how many others are not ahead of it in the order found."""
    n = len(wins)
    if rule == BORDA:
        # One point for each one below, half for each one level: both follow from the duels.
        return [sum(wins[a][b] + total - wins[b][a] for b in range(n) if b != a) / 2 for a in range(n)]
    ahead = _schulze(wins) if rule == SCHULZE else _ranked_pairs(wins)
    return [float(n - 1 - sum(ahead[b][a] for b in range(n))) for a in range(n)]


def _schulze(wins: Pairs) -> list[list[bool]]:
    """Who is ahead of whom by the strongest path of won duels, each as strong as the rankings for it."""
    n = len(wins)
    path = [[wins[a][b] if wins[a][b] > wins[b][a] else 0 for b in range(n)] for a in range(n)]
    for via in range(n):
        row = path[via]
        for a in range(n):
            through = path[a][via]
            if a != via and through:
                path[a] = [max(own, min(through, row[b])) for b, own in enumerate(path[a])]
                path[a][a] = 0
    return [[path[a][b] > path[b][a] for b in range(n)] for a in range(n)]


def _ranked_pairs(wins: Pairs) -> list[list[bool]]:
    """Who is ahead of whom when duels are fixed, the clearest first, leaving out those that would close a circle."""
    n = len(wins)
    duels = [(a, b) for a in range(n) for b in range(n) if wins[a][b] > wins[b][a]]
    points = [sum(row) - sum(other[a] for other in wins) for a, row in enumerate(wins)]
    duels.sort(
        key=lambda d: (wins[d[1]][d[0]] - wins[d[0]][d[1]], -wins[d[0]][d[1]], -points[d[0]], points[d[1]], d)
    )
    ahead = [[False] * n for _ in range(n)]
    for a, b in duels:
        if ahead[b][a] or ahead[a][b]:
            continue
        before = [a, *(x for x in range(n) if ahead[x][a])]
        after = [b, *(y for y in range(n) if ahead[b][y])]
        for x in before:
            for y in after:
                ahead[x][y] = True
    return ahead


def _standings(
    candidates: Sequence[int], ballots: Sequence[Ballot], scores: Sequence[float]
) -> list[Standing]:
    named, firsts = Counter[int](), Counter[int]()
    for one in ballots:
        for number, tier in enumerate(one.tiers):
            for pk in tier:
                named[pk] += one.weight
                firsts[pk] += one.weight if number == 0 else 0
    order = sorted(range(len(candidates)), key=lambda at: -scores[at])
    found: list[Standing] = []
    for number, at in enumerate(order):
        is_level = found and scores[at] == found[-1].score
        place = found[-1].place if is_level else number + 1
        pk = candidates[at]
        found.append(Standing(pk, place, scores[at], named[pk], firsts[pk]))
    return found
