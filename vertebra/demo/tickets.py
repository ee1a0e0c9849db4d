"""The life of one piece of work: written down, sorted, started, handed over, sent back, checked, done, opened again."""

import datetime as dt
import math
import random
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Protocol

from vertebra.connectors.trail import SOMETHING, Change, Item, Sprint, Tie
from vertebra.demo import content
from vertebra.demo.habits import Habits, told_category
from vertebra.demo.workdays import HOURS, WEEK, Workdays

POINTS = ("1", "2", "3", "5", "8", "13")
HOURS_OF_KIND = {"Story": 1.0, "Bug": 0.45, "Tâche": 0.6, "Epic": 14.0}
CRITERIA_FIELD = "Critères d’acceptation"
FLAG, FLAGGED = "Flagged", "Impediment"
MOST_SPRINTS = 5
# In the first months in which a team checks its work, it forgets to every other time.
LEARNS_IN = dt.timedelta(days=150)


class Team(Protocol):
    """What a piece of work has to know of the team that does it."""

    key: str
    habits: Habits
    days: Workdays
    chance: random.Random
    planned: list[float]
    """When each sprint began, in hours of work."""

    def who(self, trade: str, hours: float) -> str:
        """Somebody of the team who does that sort of thing at that time."""

    def sprint(self, number: int) -> Sprint:
        """The sprint of that number."""


@dataclass(slots=True)
class Ticket:
    """One piece of work while its life is told; what lies after the last day is taken back at the end."""

    team: Team
    number: int
    kind: str
    title: str
    part: str
    born: float
    parent: str = ""
    reporter: str = ""
    held: dict[str, str] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    ties: list[tuple[dt.datetime, Tie]] = field(default_factory=list)

    @property
    def created_at(self) -> dt.datetime:
        """When it was written down."""
        return self.team.days.moment(self.born)

    @property
    def key(self) -> str:
        """What the tracker calls it."""
        return f"{self.team.key}-{self.number}"

    def set(self, hours: float, name: str, value: str, who: str) -> None:
        """One field gets another value."""
        before = self.held.get(name, "")
        if before != value:
            self.changes.append(Change(self.team.days.moment(hours), name, before, value, who))
            self.held[name] = value

    def live(self) -> None:
        """From the day it was written down to the day it was done, or was left lying."""
        team, habits, chance = self.team, self.team.habits, self.team.chance
        board, at = habits.board, self.born
        self.held |= {"status": board.new, "priority": "Moyenne"}
        self.reporter = self.reporter or team.who("product" if self.kind != "Bug" else "quality", at)
        size = habits.size * HOURS_OF_KIND[self.kind] * math.exp(chance.gauss(0, habits.spread))
        at = self._sort(at)
        if habits.estimates == "early" and self.kind != "Epic":
            at += chance.uniform(1, 3 * HOURS)
            self.set(at, "Story Points", self._points(size), team.who("engineering", at))
        self._say_what_is_expected(at)
        if chance.random() < habits.forgets:
            self._let_lie(at)
            return
        start = self._start(at)
        done = self._finish(self._work(start, size))
        self._plan_sprints(start, done)

    def _sort(self, at: float) -> float:
        """Where bugs are looked at every Monday they get their priority then; elsewhere some day, or never."""
        team, chance = self.team, self.team.chance
        board, who = team.habits.board, team.who("product", at)
        if self.kind == "Bug" and team.habits.sorts(team.days.day(at)):
            at = (at // WEEK + 1) * WEEK + chance.uniform(0.5, 1.5)
        elif self.kind == "Bug" or chance.random() < 0.4:
            at += chance.expovariate(1 / (4 * WEEK if self.kind == "Bug" else WEEK))
        else:
            return at
        wanted = chance.choices(content.tracker()["priorities"], (6, 25, 40, 29))[0]
        self.set(at, "priority", wanted, who)
        if board.ready and chance.random() < 0.8:
            self.set(at + 0.02, "status", board.ready, who)
        return at

    def _points(self, size: float) -> str:
        """An estimate: roughly right."""
        team = self.team
        steps = math.log2(max(size, 0.5) / team.habits.size) + 2 + team.chance.gauss(0, 0.7)
        return POINTS[min(max(round(steps), 0), len(POINTS) - 1)]

    def _say_what_is_expected(self, at: float) -> None:
        """Teams that check their work write beforehand what they will check."""
        team, chance = self.team, self.team.chance
        if self.kind != "Story" or chance.random() > (0.9 if team.habits.checks(team.days.day(at)) else 0.06):
            return
        who, moment = team.who("product", at), team.days.moment(at)
        other, relation = f"CRIT-{team.key}-{self.number}", content.tracker()["criteria"]
        self.changes.append(Change(moment, "Link", "", f"{relation} {other}", who))
        self.changes.append(Change(moment, CRITERIA_FIELD, "", SOMETHING, who))
        self.held[CRITERIA_FIELD] = SOMETHING
        self.ties.append((moment, Tie(relation, other)))

    def _let_lie(self, at: float) -> None:
        """Nobody starts it; in January tidy teams close what has lain for a year."""
        team = self.team
        if not team.habits.is_tidy:
            return
        january = dt.date(team.days.day(at).year + 1, 1, 8)
        closing = team.days.hours_to(january) + team.chance.uniform(0, 3 * HOURS)
        who = team.who("product", closing)
        self.set(closing, "status", team.habits.board.dropped, who)
        self.set(closing, "resolution", content.tracker()["dropped"], who)

    def _start(self, at: float) -> float:
        team, habits, chance = self.team, self.team.habits, self.team.chance
        is_urgent = self.held["priority"] == "Critique"
        start = at + (chance.uniform(0.3, 5) if is_urgent else chance.expovariate(1 / habits.waits))
        if habits.sprint_weeks and habits.keeps_sprints and not is_urgent:
            later = bisect_right(team.planned, start)
            if later < len(team.planned):
                start = team.planned[later] + chance.uniform(1, WEEK)
        who = team.who("engineering", start)
        self.set(start, "assignee", who, who)
        if habits.estimates == "late":
            self.set(start, "Story Points", chance.choice(POINTS[:5]), who)
        if habits.sets_dates and self.kind == "Story":
            day = team.days.day(start + habits.size * 2 + 2 * HOURS)
            self.set(start + 0.05, "duedate", day.isoformat(), team.who("product", start))
        self.set(start + 0.1, "status", habits.board.dev, who)
        return start + 0.1

    def _work(self, at: float, size: float) -> float:
        """What it takes, with what gets in the way, whoever looks at it and whoever checks it."""
        habits, chance = self.team.habits, self.team.chance
        board, left = habits.board, size
        for _round in range(4):
            at = self._be_blocked(at + left)
            if board.review:
                at = self._be_read(at)
            if chance.random() >= habits.returns / (1 + 0.5 * _round):
                break
            left = size * chance.uniform(0.1, 0.5)
            self._go_back(at)
        if board.wait and chance.random() < habits.asks:
            self.set(at, "status", board.wait, self._owner(at))
            at += chance.expovariate(1 / WEEK)
        return self._be_checked(at, size)

    def _owner(self, at: float) -> str:
        return self.held.get("assignee") or self.team.who("engineering", at)

    def _go_back(self, at: float) -> None:
        self.set(at, "status", self.team.habits.board.dev, self._owner(at))

    def _be_blocked(self, at: float) -> float:
        """Something else has to come first: said by a status where the board has one, else by a flag."""
        team, chance = self.team, self.team.chance
        if chance.random() >= team.habits.blocks:
            return at
        word, who = team.habits.board.blocked, self._owner(at)
        self.set(at, *(("status", word) if word else (FLAG, FLAGGED)), who)
        at += min(chance.lognormvariate(2.6, 0.9), 12 * WEEK)
        self.set(at, *(("status", team.habits.board.dev) if word else (FLAG, "")), who)
        return at + chance.uniform(0.5, 4)

    def _be_read(self, at: float) -> float:
        """Another looks at it; some teams hand it over for that, and back."""
        team, chance = self.team, self.team.chance
        author, board = self._owner(at), team.habits.board
        if board.queue:
            self.set(at, "status", board.queue, author)
            at += chance.expovariate(1 / team.habits.read_within)
        reader = team.who("engineering", at)
        self.set(at, "status", board.review, reader if board.queue else author)
        if team.habits.hands_over:
            self.set(at + 0.01, "assignee", reader, author)
        at += chance.lognormvariate(1.2, 0.9)
        if team.habits.hands_over:
            self.set(at, "assignee", author, reader)
        return at + 0.02

    def _be_checked(self, at: float, size: float) -> float:
        """Where the team has taken that up, somebody else tries it before it is done; more often once it is used to it."""
        team, habits, chance = self.team, self.team.habits, self.team.chance
        day = team.days.day(at)
        if self.kind == "Epic" or not habits.checks(day) or habits.checked_from is None:
            return at
        if chance.random() > (0.65 if day < habits.checked_from + LEARNS_IN else 0.93):
            return at
        for _round in range(3):
            tester = team.who("quality", at)
            self.set(at, "status", habits.board.qa, self._owner(at))
            at += chance.lognormvariate(1.5, 0.8)
            if chance.random() > 0.14:
                break
            self.set(at, "status", habits.board.dev, tester)
            at += size * chance.uniform(0.05, 0.3) + 0.5
        return at

    def _finish(self, at: float) -> float:
        team, chance = self.team, self.team.chance
        board, who = team.habits.board, self._owner(at)
        self._close(at, who)
        if chance.random() < team.habits.reopens:
            again = at + chance.uniform(3, 4 * WEEK)
            self.set(again, "status", board.dev, team.who("product", again))
            self.set(again, "resolution", "", who)
            at = again + chance.expovariate(1 / team.habits.size) + 0.3
            self._close(at, who)
        return at

    def _close(self, at: float, who: str) -> None:
        self.set(at, "status", self.team.habits.board.done, who)
        self.set(at, "resolution", content.tracker()["done"], who)
        if self.kind == "Story":
            self.set(at + 0.03, "Fix Version", f"{self.team.days.day(at):%Y.%m}", who)

    def _plan_sprints(self, start: float, done: float) -> None:
        """The sprint in which it was begun, and those into which it was carried over."""
        team = self.team
        if not team.habits.sprint_weeks or self.kind == "Epic":
            return
        first = bisect_right(team.planned, start) - 1
        if first < 0:
            return
        planned = max(team.planned[first] + 0.4, self.born + 0.05)
        self.set(min(planned, start), "Sprint", team.sprint(first).name, team.who("product", start))
        for number in range(first + 1, first + MOST_SPRINTS):
            if number >= len(team.planned) or team.planned[number] >= done:
                return
            names = f"{self.held['Sprint']}, {team.sprint(number).name}"
            self.set(team.planned[number] + 0.4, "Sprint", names, team.who("product", done))

    def item(self, until: dt.datetime, sprints: dict[str, Sprint]) -> Item:
        """The piece of work as it stands at a moment, with what happened to it up to then."""
        changes, held, board = self.changes, self.held, self.team.habits.board
        created = self.created_at
        changes.sort(key=_when)
        while changes and changes[-1].at > until:
            undone = changes.pop()
            held[undone.field] = undone.before
        closed = [change.at for change in changes if change.field == "resolution" and change.after]
        in_sprints = held.get("Sprint", "")
        points, due, version = held.get("Story Points"), held.get("duedate"), held.get("Fix Version")
        return Item(
            external_id=self.key, key=self.key, project=self.team.key, kind=self.kind, title=self.title,
            status=held["status"], category=told_category(board, held["status"]), created_at=created,
            updated_at=changes[-1].at if changes else created, resolved_at=closed[-1] if held.get("resolution") else None,
            due_on=dt.date.fromisoformat(due) if due else None, priority=held["priority"],
            resolution=held.get("resolution", ""), parent=self.parent, points=float(points) if points else None,
            reporter=self.reporter, assignee=held.get("assignee", ""), comments=len(changes) * 7 // 20,
            components=(self.part,), versions=(version,) if version else (),
            fields={CRITERIA_FIELD: held[CRITERIA_FIELD]} if held.get(CRITERIA_FIELD) else {}, changes=changes,
            ties=[tie for at, tie in self.ties if at <= until],
            sprints=[sprints[name] for name in in_sprints.split(", ") if name],
        )  # fmt: skip


def _when(change: Change) -> dt.datetime:
    return change.at
