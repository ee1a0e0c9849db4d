"""Routines as pages ask for them: which there are, who takes part, when each is held, what it asks of each role."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from sys import intern
from typing import Any

from django.db.models import FilteredRelation, Prefetch, Q, QuerySet, Value

from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.analysis.privacy import FEWEST
from vertebra.analysis.recurrence import days, moments
from vertebra.kit import clock
from vertebra.kit.versions import OverTimeQuerySet
from vertebra.org.empty_spaces import person_of
from vertebra.org.labels import Function, MandateRole
from vertebra.org.models import Mandate, Person
from vertebra.org.queries.crowd import Crowd
from vertebra.org.queries.remembered import remembered
from vertebra.org.queries.structure import Structure
from vertebra.practices.labels.routines import MeetingState
from vertebra.practices.models import Meeting, Participant, Routine

_DAY = dt.timedelta(days=1)


def routines() -> "QuerySet[Routine]":
    """Every routine in use, with who leads it, its practice and who takes part."""
    return with_people(Routine.objects.filter(archived_at=None))


def with_people(rows: "QuerySet[Routine]") -> "QuerySet[Routine]":
    """These, with who leads each, its practice and who takes part."""
    taking_part = Participant.objects.select_related("person")
    return rows.select_related("lead", "practice").prefetch_related(
        Prefetch("participants", queryset=taking_part)
    )


def may_change(user: User, row: Routine) -> bool:
    """Whether somebody may change a routine: who leads it, who made it, whoever edits the organisation."""
    if may(user, Right.EDIT_ORGANISATION) or (row.made_by_id == user.pk and may(user, Right.TAKE_PART)):
        return True
    person = person_of(user) if may(user, Right.TAKE_PART) else None
    return person is not None and person.pk == row.lead_id


def may_note(user: User, row: Routine, day: dt.date, circle: "Circle | None" = None) -> bool:
    """Whether somebody may write what a meeting noted and decided: also whoever takes part."""
    if may_change(user, row):
        return True
    person = person_of(user) if may(user, Right.TAKE_PART) else None
    return person is not None and person.pk in (circle or Circle.on(day)).people_of(row)


@dataclass(slots=True)
class Circle:
    """Who works where, in which function, with which mandates, on a day: whom the participants of routines stand for."""

    structure: Structure
    crowd: Crowd
    functions: dict[int, str] = field(default_factory=dict)
    elsewhere: frozenset[int] = frozenset()
    holders: list[tuple[int, int | None, str]] = field(default_factory=list)

    @classmethod
    @remembered
    def on(cls, day: dt.date) -> "Circle":
        """The company of a day, in two questions; shared, so not to be changed."""
        found = cls(Structure.as_of(day, with_members=False), Crowd())
        elsewhere, holders = set[int](), []
        # The main function of somebody is told last, and stays.
        rows = sorted(_people_on(day), key=lambda row: (row[-2] or 0, -(row[-1] or 0)))
        for person, unit, word, is_mandate, *_order in rows:
            if is_mandate:
                holders.append((person, unit, intern(word)))
            elif unit:
                found.crowd.add(person, unit, word)
                found.functions[person] = found.crowd.functions[-1]
            else:
                elsewhere.add(person)
        found.elsewhere = frozenset(elsewhere)
        found.holders = [one for one in holders if found.has(one[0])]
        return found

    def has(self, person: int) -> bool:
        """Whether somebody is there, in a unit or in none."""
        return person in self.functions or person in self.elsewhere

    def people_of(self, row: Routine) -> set[int]:
        """Everybody who takes part in a routine, its lead among them."""
        found = {row.lead_id} if row.lead_id else set[int]()
        for one in row.participants.all():
            found |= {one.person_id} if one.person_id else self._meant(one)
        return {person for person in found if self.has(person)}

    def _meant(self, one: Participant) -> set[int]:
        """Whom a rule stands for: those of the unit, of the function, who hold the mandate, all at once."""
        units = self.structure.under(one.unit_id) if one.unit_id else None
        inside = {
            person
            for person, unit, function in self.crowd
            if (units is None or unit in units) and (not one.function or function == one.function)
        }
        if not one.role:
            return inside
        holding = {
            person
            for person, unit, role in self.holders
            if role == one.role and (units is None or unit in units or person in inside)
        }
        return holding & inside if one.function else holding

    def count_by_function(self, people: Iterable[int]) -> "Counter[str]":
        """How many of these work mainly in each function."""
        return Counter(self.functions.get(one) or Function.OTHER.value for one in people)

    def count_by_role(self, people: Iterable[int]) -> "Counter[str]":
        """How many of these hold each mandate."""
        wanted = set(people)
        held = {(person, role) for person, _unit, role in self.holders if person in wanted}
        return Counter(role for _person, role in held)


def _people_on(day: dt.date) -> "QuerySet[Any]":
    """Who is there, in which unit and function if in any, and who holds which mandate; share and number come last."""
    works = FilteredRelation("memberships", condition=OverTimeQuerySet.holds_on(day, "memberships__"))
    present = Person.objects.present_on(day).filter(archived_at__isnull=True).annotate(held=works)
    mandates = Mandate.objects.as_of(day).filter(person__isnull=False).order_by()
    columns = ("held__unit", "held__function", Value(0), "held__share", "held__pk")
    works_in: QuerySet[Any] = present.order_by().values_list("pk", *columns)
    return works_in.union(mandates.values_list("person", "unit", "role", Value(1), Value(0), "pk"), all=True)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A routine on one day: as its rhythm has it, or as it was held, moved or cancelled."""

    routine: Routine
    due_on: dt.date
    at: dt.datetime
    meeting: Meeting | None = None

    @property
    def state(self) -> str:
        """What became of it; nothing while it waits."""
        return self.meeting.state if self.meeting else ""

    @property
    def is_cancelled(self) -> bool:
        """Whether it is not held."""
        return self.state == MeetingState.CANCELLED

    @property
    def on(self) -> dt.date:
        """The company's day on which it begins."""
        return clock.today(self.at)


def occurrences(rows: Iterable[Routine], first: dt.date, last: dt.date) -> list[Occurrence]:
    """When these routines are held from one day to another, both included, the earliest first."""
    by_id = {row.pk: row for row in rows}
    meetings = Meeting.objects.filter(written_in(first, last), routine__in=list(by_id))
    return held_between(by_id, first, last, meetings.defer("noted"))


def held_between(
    by_id: dict[int, Routine], first: dt.date, last: dt.date, meetings: Iterable[Meeting]
) -> list[Occurrence]:
    """The same, of routines by their numbers, where what was written of meetings in that time is known."""
    written = {(row.routine_id, row.due_on): row for row in meetings}
    found = []
    for row in by_id.values():
        # A day at either end may be another day for the company than where the routine is held.
        on = days(row.rhythm, row.starts_on, first - _DAY, last + _DAY, row.ends_on)
        for day, at in zip(on, moments(on, row.at, row.zone), strict=True):
            meeting = written.pop((row.pk, day), None)
            found.append(Occurrence(row, day, meeting.at if meeting else at, meeting))
    found += [Occurrence(by_id[pk], day, one.at, one) for (pk, day), one in written.items()]
    inside = [one for one in found if first <= one.on <= last]
    return sorted(inside, key=lambda one: (one.at, one.routine.pk))


def written_in(first: dt.date, last: dt.date) -> Q:
    """The condition that a meeting was written of for a day between two, or was moved there."""
    began = Q(due_on__gte=first - _DAY, due_on__lte=last + _DAY)
    return began | Q(at__gte=clock.midnight(first), at__lt=clock.midnight(last + _DAY))


def due_at(row: Routine, day: dt.date) -> dt.datetime | None:
    """When the rhythm of a routine has it on that day of its place; nothing on a day that is none of its own."""
    on = days(row.rhythm, row.starts_on, day, day, row.ends_on)
    return next(moments(on, row.at, row.zone), None)


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours that routines ask of all who have a function or a mandate, in all and part by part.

    `hours` is nothing where fewer than five are asked.
    """

    code: str
    label: str
    people: int | None
    hours: float | None
    parts: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Load:
    """What the routines of a time ask of each function, of each mandate, and of whoever reads."""

    functions: list[Hours]
    roles: list[Hours]
    own_hours: float
    own_count: int


def load(
    held: Sequence[Occurrence], parts: Sequence[tuple[dt.date, dt.date]], circle: Circle, reader: int | None
) -> Load:
    """What these ask of each function and mandate, in all and in each part of the time."""
    people = {one.routine.pk: circle.people_of(one.routine) for one in held}
    by_function = _Sums(len(parts), dict(Function.choices))
    by_role = _Sums(len(parts), dict(MandateRole.choices))
    counts: dict[int, tuple[Counter[str], Counter[str]]] = {}
    own_hours, own_count = 0.0, 0
    for one in held:
        if one.is_cancelled:
            continue
        number, hours = one.routine.pk, minutes_of(one) / 60
        if number not in counts:
            counts[number] = (
                circle.count_by_function(people[number]),
                circle.count_by_role(people[number]),
            )
        part = next((at for at, (first, last) in enumerate(parts) if first <= one.on <= last), None)
        by_function.add(counts[number][0], hours, part)
        by_role.add(counts[number][1], hours, part)
        if reader in people[number]:
            own_hours, own_count = own_hours + hours, own_count + 1
    concerned = set[int]().union(*people.values())
    return Load(
        by_function.told(circle.count_by_function(concerned)),
        by_role.told(circle.count_by_role(concerned)),
        own_hours,
        own_count,
    )


def minutes_of(one: Occurrence) -> int:
    """How long it lasts."""
    return one.routine.minutes


class _Sums:
    """Hours by code, in all and part by part, told of five people or more."""

    def __init__(self, parts: int, labels: dict[str, Any]) -> None:
        self.labels = labels
        self.parts: dict[str, list[float]] = defaultdict(lambda: [0.0] * parts)
        self.all: dict[str, float] = defaultdict(float)

    def add(self, counts: "Counter[str]", hours: float, part: int | None) -> None:
        for code, people in counts.items():
            self.all[code] += hours * people
            if part is not None:
                self.parts[code][part] += hours * people

    def told(self, people: "Counter[str]") -> list[Hours]:
        found = []
        for code, hours in sorted(self.all.items(), key=lambda one: (-one[1], one[0])):
            is_enough = people[code] >= FEWEST
            label = str(self.labels.get(code, code))
            parts = tuple(self.parts[code]) if is_enough else ()
            found.append(
                Hours(code, label, people[code] if is_enough else None, hours if is_enough else None, parts)
            )
        return found
