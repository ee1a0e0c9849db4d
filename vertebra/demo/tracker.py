"""Three years of the teams' tracker: a project for each team, its work week by week, and what incidents brought."""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import attrgetter

from vertebra.connectors.trail import Change, Item, Sprint, Tie
from vertebra.demo import content
from vertebra.demo.broken import spring_of
from vertebra.demo.habits import SEED, Habits, habits_of
from vertebra.demo.rows import at
from vertebra.demo.tickets import Ticket
from vertebra.demo.timeline import MONTHS, months_before
from vertebra.demo.workdays import HOURS, WEEK, Workdays
from vertebra.evidence.models import Incident
from vertebra.kit.text import fold
from vertebra.org.models import Membership, UnitVersion

# How much is written down in each month of the year: people are away in August and at the end of the year.
SEASON = (1.0, 1.05, 1.05, 0.95, 0.85, 1.0, 0.75, 0.35, 1.1, 1.1, 1.0, 0.65)
TRADES = {
    "engineering": ("engineering",),
    "product": ("product", "engineering"),
    "quality": ("quality", "product", "engineering"),
}
IN_SPRING = 2.2
EPIC_EVERY = 11
OF_AN_EPIC = 0.65
AHEAD = 300


@dataclass(frozen=True)
class Stay:
    """Somebody works in a team from one day up to another."""

    who: str
    function: str
    starts_on: dt.date
    ends_on: dt.date | None


@dataclass
class Project:
    """The project of one team: who works in it, how, and what it has been given to do."""

    key: str
    unit_id: int
    name: str
    parts: list[str]
    stays: list[Stay]
    habits: Habits
    days: Workdays
    until: dt.date
    chance: random.Random
    closes_on: dt.date | None = None
    incidents: list[Incident] = field(default_factory=list)
    planned: list[float] = field(default_factory=list)
    sprints: dict[str, Sprint] = field(default_factory=dict)
    _present: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    _last: dict[str, str] = field(default_factory=dict)

    def who(self, trade: str, hours: float) -> str:
        """Somebody of the team who does that sort of thing at that time; the last one known where nobody is left."""
        week = int(hours // WEEK)
        there = self._present.get((trade, week))
        if there is None:
            there = self._present[trade, week] = self.present(trade, self.days.day(week * WEEK))
        if not there:
            return self._last.get(trade, "")
        self._last[trade] = found = there[int(self.chance.random() * len(there))]
        return found

    def present(self, trade: str, day: dt.date) -> list[str]:
        """Who does that sort of thing in the team that day."""
        for function in TRADES[trade]:
            there = [
                stay.who
                for stay in self.stays
                if stay.function == function
                and stay.starts_on <= day
                and (stay.ends_on is None or day < stay.ends_on)
            ]
            if there:
                return there
        return []

    def sprint(self, number: int) -> Sprint:
        """The sprint of that number, as it stands on the last day."""
        name = f"{self.key} Sprint {number + 1}"
        if name not in self.sprints:
            begins = self.planned[number]
            ends = (
                self.planned[number + 1]
                if number + 1 < len(self.planned)
                else begins + self.habits.sprint_weeks * WEEK
            )
            first, last = self.days.moment(begins), self.days.moment(ends - 0.1)
            is_over, is_begun = last < at(self.until, 9), first <= at(self.until, 9)
            self.sprints[name] = Sprint(
                name, name, "closed" if is_over else "active" if is_begun else "future", first, last, last if is_over else None
            )  # fmt: skip
        return self.sprints[name]

    def items(self) -> Iterator[Item]:
        """Everything that was ever written down, as it stands on the last day, in the order of its keys."""
        self._plan_sprints()
        # What a team that closed had left lies where it lay.
        end = at(min(self.until, self.closes_on or dt.date.max), 8, 30).astimezone(dt.UTC)
        for made in self._numbered():
            if isinstance(made, Item):
                yield made
            else:
                made.live()
                if made.created_at <= end:
                    yield made.item(end, self.sprints)

    def _plan_sprints(self) -> None:
        weeks = self.habits.sprint_weeks
        day = min(stay.starts_on for stay in self.stays)
        monday = max(day, self.days.days[0]) + dt.timedelta(days=-day.weekday() % 7)
        while weeks and monday < self.days.days[-1]:
            self.planned.append(self.days.hours_to(monday))
            monday += dt.timedelta(weeks=weeks)

    def _numbered(self) -> Iterator[Ticket | Item]:
        """What was written down, week by week, each with the next number."""
        number, epic = 0, ""
        spring, waiting = spring_of(self.until), sorted(self.incidents, key=attrgetter("started_at"))
        last = self.days.hours_to(min(self.until + dt.timedelta(days=1), self.closes_on or dt.date.max))
        for week in range(int(last // WEEK) + 1):
            day = self.days.day(week * WEEK)
            engineers = len(self.present("engineering", day)) if day < (self.closes_on or dt.date.max) else 0
            found: list[tuple[float, str]] = []
            if engineers and week % EPIC_EVERY == 0:
                found.append((week * WEEK, "Epic"))
            is_spring = spring[0] <= day <= spring[1]
            found += self._found(week, engineers * self.habits.rate * SEASON[day.month - 1], is_spring)
            while waiting and waiting[0].started_at < self.days.moment((week + 1) * WEEK):
                number += 1
                broken = self._broken(waiting.pop(0), number)
                yield broken
                for _ in range(self.chance.randint(1, 3)):
                    number += 1
                    yield self._caused(number, broken, week)
            for born, kind in sorted(found):
                number += 1
                made = self._written(number, kind, born)
                if kind == "Epic":
                    epic = made.key
                elif self.chance.random() < OF_AN_EPIC:
                    made.parent = epic
                yield made

    def _found(self, week: int, expected: float, is_spring: bool) -> list[tuple[float, str]]:
        """What is written down in a week, and when; more of it breaks in a bad spring."""
        chance, bugs = self.chance, self.habits.bugs
        if is_spring:
            expected, bugs = expected * (1 + bugs * (IN_SPRING - 1)), min(bugs * IN_SPRING, 0.7)
        many = int(expected * chance.uniform(0.6, 1.4) + chance.random())
        kinds = chance.choices(
            ("Bug", "Story", "Tâche"), (bugs, (1 - bugs) * 0.62, (1 - bugs) * 0.38), k=many
        )
        return [((week + chance.random()) * WEEK, kind) for kind in kinds]

    def _written(self, number: int, kind: str, born: float) -> Ticket:
        titles = content.tracker()["titles"][self.habits.board.language][kind]
        part = self.parts[int(self.chance.random() * len(self.parts))]
        title = titles[int(self.chance.random() * len(titles))].format(part=part)
        return Ticket(self, number, kind, title, part, born)

    def _broken(self, incident: Incident, number: int) -> Item:
        """An incident, as the team wrote it down in the middle of it."""
        board, began = self.habits.board, incident.detected_at or incident.started_at
        hours = self.days.hours_to(began.date())
        who, ended = self.who("engineering", hours), incident.resolved_at
        taken = began + dt.timedelta(minutes=4)
        changes = [
            Change(taken, "assignee", "", who, who),
            Change(taken, "status", board.new, board.dev, who),
        ]
        if ended is not None:
            changes.append(Change(ended, "status", board.dev, board.done, who))
            changes.append(Change(ended, "resolution", "", content.tracker()["done"], who))
        return Item(
            external_id=f"{self.key}-{number}", key=f"{self.key}-{number}", project=self.key, kind="Incident",
            title=incident.title, status=board.done if ended else board.dev, category="done" if ended else "doing",
            created_at=began, updated_at=changes[-1].at, resolved_at=ended,
            priority="Critique" if incident.severity == "critical" else "Haute",
            resolution=content.tracker()["done"] if ended else "", reporter=self.who("product", hours), assignee=who,
            comments=len(incident.title) % 9 + 3, components=(self.parts[0],), fields={"incident": str(incident.pk)},
            changes=changes,
        )  # fmt: skip

    def _caused(self, number: int, broken: Item, week: int) -> Ticket:
        """What an incident leaves to mend."""
        born = max(self.days.hours_to(broken.created_at.date()) + HOURS + self.chance.random(), week * WEEK)
        made = self._written(number, "Bug", born)
        made.ties.append((self.days.moment(born), Tie(content.tracker()["caused"], broken.key)))
        return made


def projects(until: dt.date) -> list[Project]:
    """The project of every team that has worked here in the last three years."""
    first = months_before(until, MONTHS)
    days = Workdays(first, until + dt.timedelta(days=AHEAD))
    stays, names, keys = _stays(first), _names(), set[str]()
    order = sorted(names.keys() & stays.keys())
    random.Random(SEED).shuffle(order)  # noqa: S311 (rules, not secrets)
    made = []
    for place, unit in enumerate(order):
        name, closes_on = names[unit]
        if any(stay.function == "engineering" for stay in stays[unit]):
            made.append(Project(
                _key(name, keys), unit, name, _parts(name), stays[unit], habits_of(unit, place, len(order), until), days, until,
                random.Random(f"{SEED + 1} {unit}"), closes_on,  # noqa: S311 (rules, not secrets)
            ))  # fmt: skip
    made.sort(key=attrgetter("unit_id"))
    _give_incidents(made, first, until)
    return made


def _stays(first: dt.date) -> dict[int, list[Stay]]:
    rows = Membership.objects.all_time().exclude(ends_on__lt=first).order_by("pk").values_list(
        "unit_id", "person__email", "person__handle", "person__name", "function", "starts_on", "ends_on"
    )  # fmt: skip
    found: dict[int, list[Stay]] = defaultdict(list)
    for unit, email, handle, name, function, starts_on, ends_on in rows:
        found[unit].append(Stay(email or handle or name, function, starts_on, ends_on))
    return found


def _names() -> dict[int, tuple[str, dt.date | None]]:
    """The feature teams by the name that they have now, or had last, and the day on which they closed."""
    rows = UnitVersion.objects.all_time().filter(kind__slug="team").order_by("starts_on", "pk")
    return {unit: (name, ends_on) for unit, name, ends_on in rows.values_list("unit_id", "name", "ends_on")}


def _key(name: str, taken: set[str]) -> str:
    """What a project is called for short: letters of the team's name, and a number where another has them."""
    letters = "".join(
        letter for letter in fold(name).split(" · ")[0].upper() if letter.isascii() and letter.isalpha()
    )
    key, number = letters[:6], 2
    while key in taken:
        key, number = f"{letters[:5]}{number}", number + 1
    taken.add(key)
    return key


def _parts(name: str) -> list[str]:
    plain = name.partition(" · ")[0]
    return next((team["parts"] for team in content.teams() if team["name"] == plain), [plain])


def _give_incidents(made: list[Project], first: dt.date, until: dt.date) -> None:
    """Each incident is mended by one of the teams that were there."""
    if not made:
        return
    since = at(first)
    for incident in Incident.objects.filter(started_at__gte=since, started_at__lt=at(until)).order_by("pk"):
        day = incident.started_at.date()
        there = [
            one for one in made if one.present("engineering", day) and day < (one.closes_on or dt.date.max)
        ]
        if there:
            chance = random.Random(f"{SEED + 2} {incident.pk}")  # noqa: S311 (rules, not secrets)
            chance.choice(there).incidents.append(incident)
