"""Who took a lesson or walks a path, told so that whoever looks twice learns it of nobody (`analysis.learning`)."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, Exists, OuterRef, Value, When

from vertebra.analysis.learning import ROOM, at_least, together
from vertebra.analysis.privacy import FEWEST, in_steps
from vertebra.learning.models import Completion, Enrolment, Lesson, LessonVersion, Path, PathStep, StepDone
from vertebra.org.models import Membership, Person, UnitVersion


@dataclass(frozen=True, slots=True)
class Team:
    """A team large enough to be told of: how many were given the lesson, and how many took it at least."""

    unit_id: int
    name: str
    given: int
    took: int


@dataclass(frozen=True, slots=True)
class Taken:
    """How a lesson was taken: all together, team by team, and how many stand in teams that are too small to tell."""

    given: int
    took: int | None
    teams: list[Team]
    kept_back: int

    @property
    def is_shown(self) -> bool:
        """Whether there are enough to say anything."""
        return self.given >= FEWEST


def taken_by_team(lesson: Lesson, version: LessonVersion | None, day: dt.date) -> Taken:
    """How a version of a lesson was taken before a day, in the teams of the day when each was given it.

    Whoever moves or leaves stays counted there. What is taken or given today counts tomorrow, with all else that happens
    until then: that somebody is given it says nothing of whether they had taken it by themselves.
    """
    took = Completion.objects.filter(person=OuterRef("person"), version=version, done_on__lt=day)
    rows = Enrolment.objects.filter(lesson=lesson).annotate(
        took=Case(When(Exists(took), started_on__lt=day, then=Value(True)), default=Value(False))
    )
    sizes, counts = Counter[int](), Counter[int]()
    for unit, is_taken, count in rows.values_list("unit", "took").annotate(count=Count("pk")):
        sizes[unit or 0] += count
        counts[unit or 0] += count if is_taken else 0
    return _told(sizes, counts)


def of_own_teams(taken: Taken, person: Person | None, day: dt.date) -> Taken:
    """What somebody reads who only works in one of the teams: what is told of that one, and not of the whole."""
    held = Membership.objects.as_of(day).filter(person=person) if person else Membership.objects.none()
    mine = set(held.values_list("unit_id", flat=True))
    return Taken(taken.given, None, [one for one in taken.teams if one.unit_id in mine], 0)


def _told(sizes: Counter[int], counts: Counter[int]) -> Taken:
    """What is told of teams, by the number of each; 0 stands for those who were in none."""
    known = [unit for unit, size in sizes.items() if unit and size >= ROOM]
    given, rest = sizes.total(), sizes.total() - sum(sizes[unit] for unit in known)
    others = (counts.total() - sum(counts[unit] for unit in known), rest)
    whole = together([*((counts[unit], sizes[unit]) for unit in known), others])
    # A team that was closed since goes by the name that it had last.
    named = UnitVersion.objects.all_time().filter(unit__in=known).order_by("starts_on")
    names = dict(named.values_list("unit_id", "name"))
    teams = [
        Team(unit, names.get(unit, ""), sizes[unit], at_least(counts[unit], sizes[unit]) or 0)
        for unit in known
    ]
    teams.sort(key=lambda one: (-one.given, one.name))
    return Taken(given, whole, teams, rest)


@dataclass(frozen=True, slots=True)
class Walked:
    """How a path is walked: how many are on it, and how many did each step at least, where that is told."""

    on_it: int | None
    by_step: dict[int, int | None]


def walked(path: Path, steps: Sequence[PathStep], day: dt.date) -> Walked:
    """How those who began a path had done its steps before a day, those who left too: of fewer than five nothing is told.

    Of the step of a lesson its own page tells: beside it, those of a path could be all of those of a team but for one.
    """
    rows = Enrolment.objects.filter(path=path)
    if (on_it := in_steps(rows.count()) or None) is None:
        return Walked(None, {})
    done = StepDone.objects.filter(enrolment__in=rows, done_on__lt=day)
    ticked = Counter(done.values_list("step", flat=True))
    own = [one.pk for one in steps if one.lesson_id is None]
    return Walked(on_it, {pk: at_least(ticked[pk], on_it) for pk in own})
