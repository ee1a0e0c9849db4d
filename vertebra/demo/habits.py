"""How each team works: what its board looks like, when it estimates, how large its pieces are, what it lets lie."""

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

from vertebra.demo import content
from vertebra.demo.timeline import MONTHS, months_before

SEED = 20_264
# In these months a first team tries to have work checked before it is done; the others follow one after the other.
CHECKED_FROM, CHECKED_BY = 9, 31
NEVER_CHECK = 0.2
# Bugs were looked at every Monday: most teams began early, and most have stopped since.
SORTED_FROM, SORTED_UNTIL = (3, 7), (17, 27)
NEVER_SORT, STILL_SORT = 0.15, 0.15
ESTIMATES = ("early", "late", "never")


@dataclass(frozen=True)
class Board:
    """The statuses of a team, in its own words; a step without a word is one that it does not have."""

    language: str
    new: str
    dev: str
    qa: str
    done: str
    dropped: str
    ready: str = ""
    queue: str = ""
    review: str = ""
    wait: str = ""
    blocked: str = ""
    untold: tuple[str, ...] = ()

    @property
    def statuses(self) -> list[str]:
        """All of them, in the order in which work goes through them."""
        steps = (
            self.new,
            self.ready,
            self.dev,
            self.blocked,
            self.queue,
            self.review,
            self.wait,
            self.qa,
            self.done,
            self.dropped,
        )
        return [status for status in steps if status]

    def category(self, status: str) -> str:
        """What the status means, whatever the tool says of it."""
        if status in (self.new, self.ready):
            return "todo"
        if status in (self.queue, self.wait, self.blocked):
            return "waiting"
        return "done" if status in (self.done, self.dropped) else "doing"


@dataclass(frozen=True)
class Habits:
    """What a team does, more or less; chances are between 0 and 1, sizes and waits in hours of work."""

    board: Board
    estimates: str
    size: float
    spread: float
    waits: float
    rate: float
    bugs: float
    returns: float
    blocks: float
    reopens: float
    forgets: float
    sprint_weeks: int
    keeps_sprints: bool
    hands_over: bool
    is_tidy: bool
    sets_dates: bool
    checked_from: dt.date | None
    sorted_between: tuple[dt.date, dt.date] | None
    asks: float
    read_within: float

    def checks(self, day: dt.date) -> bool:
        """Whether the team has taken up checking work before it is done."""
        return self.checked_from is not None and day >= self.checked_from

    def sorts(self, day: dt.date) -> bool:
        """Whether the team looks at new bugs every Monday."""
        return self.sorted_between is not None and self.sorted_between[0] <= day < self.sorted_between[1]


def boards() -> list[Board]:
    """The boards that teams have made for themselves."""
    return [Board(**{**sheet, "untold": tuple(sheet["untold"])}) for sheet in content.tracker()["board"]]


def habits_of(number: int, place: int, count: int, until: dt.date) -> Habits:
    """The habits of a team, by its number and its place among all teams; the same for ever."""
    chance = random.Random(f"{SEED} {number}")  # noqa: S311 (rules, not secrets)
    known = boards()
    has_sprints = chance.random() < 0.6
    return Habits(
        board=known[place % len(known)],
        estimates=chance.choices(ESTIMATES, (40, 35, 25))[0],
        size=chance.choice((6.0, 10.0, 14.0, 22.0, 34.0)),
        spread=chance.uniform(0.55, 1.0),
        waits=chance.choice((14.0, 30.0, 60.0, 110.0)),
        rate=chance.uniform(1.5, 2.6),
        bugs=chance.uniform(0.15, 0.4),
        returns=chance.choice((0.05, 0.12, 0.3)),
        blocks=chance.choice((0.04, 0.1, 0.22)),
        reopens=chance.uniform(0.01, 0.08),
        forgets=chance.uniform(0.03, 0.16),
        sprint_weeks=chance.choice((2, 2, 3)) if has_sprints else 0,
        keeps_sprints=chance.random() < 0.5,
        hands_over=chance.random() < 0.45,
        is_tidy=chance.random() < 0.5,
        sets_dates=chance.random() < 0.3,
        checked_from=_checked_from(chance, place, count, until),
        sorted_between=_sorted_between(chance, until),
        asks=chance.choice((0.1, 0.25, 0.45)),
        read_within=chance.choice((2.0, 5.0, 12.0, 26.0)),
    )


def _checked_from(chance: random.Random, place: int, count: int, until: dt.date) -> dt.date | None:
    """The first team began alone; the others took it up after it, few at first, then many, some never."""
    is_never = chance.random() < NEVER_CHECK
    late = chance.random() ** 0.7
    if place == 0:
        return _month(CHECKED_FROM, until)
    if is_never and count > 1:
        return None
    return _month(CHECKED_FROM + 3 + int((CHECKED_BY - CHECKED_FROM - 3) * late), until)


def _sorted_between(chance: random.Random, until: dt.date) -> tuple[dt.date, dt.date] | None:
    drawn = chance.random()
    since, end = chance.randint(*SORTED_FROM), chance.randint(*SORTED_UNTIL)
    if drawn < NEVER_SORT:
        return None
    return _month(since, until), dt.date.max if drawn > 1 - STILL_SORT else _month(end, until)


def _month(number: int, until: dt.date) -> dt.date:
    return months_before(until, MONTHS - number)


def told_category(board: Board, status: str) -> Any:
    """What the tool says of a status: nothing of some that teams made up; of waiting, which it does not know, anything."""
    if status in board.untold:
        return ""
    if status == board.wait:
        return "todo"
    return "doing" if status in (board.queue, board.blocked) else board.category(status)
