"""Adoption by team rolled up a tree, over time and with its uncertainty; teams too small to show count with others only."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from vertebra.analysis.incidents import Figure
from vertebra.analysis.incidents import share as count_share
from vertebra.analysis.privacy import FEWEST

NAME, VERSION = "adoption", 1
# Fewer teams than this say nothing of a share.
FEWEST_TEAMS = 5
# Of what is observed: from these shares of the items of a team on, it does it, or tries to.
DOES, TRIES = 0.75, 0.25
WHOLE = 0


@dataclass(frozen=True, slots=True)
class Team:
    """A team that a practice reaches: who is in it, the units that it stands in (outermost first), where it stands.

    `state` is empty where nothing is known; `way` is how it does otherwise, if it does.
    """

    id: int
    people: frozenset[int]
    path: tuple[int, ...]
    state: str = ""
    way: str = ""


@dataclass(slots=True)
class Rolled:
    """What the teams under one unit come to: by state, by way, and the small ones that are counted further up only."""

    teams: int = 0
    left_out: int = 0
    states: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    ways: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, team: Team) -> None:
        """Count one team."""
        self.teams += 1
        self.states[team.state] += 1
        if team.way:
            self.ways[team.way] += 1


def is_small(team: Team, fewest: int = FEWEST) -> bool:
    """Whether a team is shown within others only."""
    return len(team.people) < fewest


def roll_up(teams: Iterable[Team], fewest: int = FEWEST) -> dict[int, Rolled]:
    """What the teams under each unit come to, and all of them together (`WHOLE`).

    Small teams are counted at the lowest unit where those that wait there are `fewest` people together: whatever is
    subtracted from whatever, what is left is a team that is shown anyway or a group of so many.
    """
    rolled: dict[int, Rolled] = defaultdict(Rolled)
    above: dict[int, int] = {}
    depths: dict[int, int] = {WHOLE: 0}
    waiting: dict[int, list[Team]] = defaultdict(list)
    for team in teams:
        places = (WHOLE, *team.path)
        for depth, unit in enumerate(team.path, start=1):
            above[unit], depths[unit] = places[depth - 1], depth
        if is_small(team, fewest):
            waiting[places[-1]].append(team)
        else:
            _count_up(rolled, above, places[-1], team)
    for unit in sorted(depths, key=lambda one: (-depths[one], one)):
        block = waiting.pop(unit, [])
        if len(frozenset().union(*(team.people for team in block))) >= fewest:
            for team in block:
                _count_up(rolled, above, unit, team)
            continue
        rolled[unit].left_out += len(block)
        if unit != WHOLE:
            waiting[above[unit]] += block
    return dict(rolled)


def _count_up(rolled: dict[int, Rolled], above: Mapping[int, int], unit: int, team: Team) -> None:
    rolled[unit].add(team)
    while unit != WHOLE:
        unit = above[unit]
        rolled[unit].add(team)


def share(count: int, of: int) -> Figure:
    """The share of teams in percent, with its interval; nothing where they are too few to speak of one."""
    return count_share(count, of) if of >= FEWEST_TEAMS else Figure(None, None, None, of)


def state_seen(part: float | None, before: str) -> str:
    """Where the tools show a team to stand, from the share of its items that agree; empty where they show nothing.

    What was adopted, and is seen no more, has lapsed; what was never seen was not adopted yet.
    """
    if part is None:
        return ""
    if part >= DOES:
        return "adopted"
    if part >= TRIES:
        return "trying"
    return "lapsed" if before in {"adopted", "lapsed"} else "not_yet"


@dataclass(frozen=True, slots=True)
class Spell:
    """A team stood somewhere as the outside saw it, from one day up to another (open when none)."""

    team: int
    state: str
    since: dt.date
    until: dt.date | None = None


def curve(
    teams: Sequence[Team], spells: Iterable[Spell], days: Sequence[dt.date], fewest: int = FEWEST
) -> list[tuple[dt.date, Rolled]]:
    """What the same teams came to on each of these days, small ones within the whole only."""
    by_team: dict[int, list[Spell]] = defaultdict(list)
    for spell in spells:
        by_team[spell.team].append(spell)
    found = []
    for day in days:
        then = [Team(team.id, team.people, (), _state_on(by_team.get(team.id, ()), day)) for team in teams]
        found.append((day, roll_up(then, fewest)[WHOLE]))
    return found


def _state_on(spells: Iterable[Spell], day: dt.date) -> str:
    on = (one.state for one in spells if one.since <= day and (one.until is None or day < one.until))
    return next(on, "")


def reopens(otherwise: int, reached: int, at: float) -> bool:
    """Whether so many teams do otherwise that the standard itself is asked about again."""
    return reached >= FEWEST_TEAMS and otherwise / reached >= at
