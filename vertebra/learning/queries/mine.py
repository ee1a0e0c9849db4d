"""What somebody was given and took: their own record, read by themselves alone."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import cast

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, Value, When

from vertebra.kit.home import Rows, waits
from vertebra.learning.models import Completion, Enrolment, Lesson, LessonVersion, Path, PathStep, StepDone
from vertebra.learning.queries.giving import took_current
from vertebra.learning.queries.lessons import holds
from vertebra.org.models import Person

MOST = 100


@dataclass(frozen=True, slots=True)
class Given:
    """A lesson that somebody was given: by when, whether they took what holds today, or only what it said before."""

    lesson: Lesson
    due_on: dt.date | None
    is_done: bool
    took_before: bool
    is_current: bool


def lessons_given(person: Person) -> list[Given]:
    """The lessons that somebody was given, those to take first, the nearest day first."""
    current = LessonVersion.objects.filter(holds(), lesson=OuterRef("lesson")).values("pk")[:1]
    rows = Enrolment.objects.filter(person=person, lesson__isnull=False, lesson__archived_at=None)
    rows = rows.annotate(is_done=took_current(), current=Subquery(current)).select_related("lesson__release")
    found = list(rows.order_by(F("due_on").asc(nulls_last=True), "pk")[:MOST])
    before = set(
        Completion.objects.filter(person=person, version__expired_at__isnull=False).values_list(
            "version__lesson", flat=True
        )
    )
    made = [
        Given(row.lesson, row.due_on, row.is_done, row.lesson_id in before, row.current is not None)
        for row in found
        if row.lesson is not None
    ]
    return sorted(made, key=lambda one: (one.is_done, not one.is_current))


def to_take(person: Person) -> Rows:
    """The lessons that wait for somebody, each with its minutes, and whether they took what it said before."""
    current = LessonVersion.objects.filter(holds(), lesson=OuterRef("lesson"))
    before = Completion.objects.filter(
        person=person, version__expired_at__isnull=False, version__lesson=OuterRef("lesson")
    )
    rows = Enrolment.objects.filter(Exists(current), ~took_current(), person=person, lesson__archived_at=None)
    took = Case(When(Exists(before), then=Value("before")), default=Value(""))
    names = {"number": "lesson_id", "title": "lesson__title", "place": "lesson__minutes", "day": "due_on"}
    return waits(rows.filter(lesson__isnull=False), "take", detail=took, **names)


def to_publish(person: Person) -> Rows:
    """Lessons of somebody that began by themselves or were changed, with the day of their release."""
    rows = LessonVersion.objects.filter(lesson__owner=person, published_at=None, lesson__archived_at=None)
    names = {"number": "lesson_id", "title": "lesson__title", "day": "lesson__release__planned_on"}
    return waits(rows, "publish", **names)


def taken(person: Person) -> list[Completion]:
    """What somebody took, the latest first: each lesson once, as they took it last."""
    rows = Completion.objects.filter(person=person).select_related("version__lesson")
    latest: dict[int, Completion] = {}
    for row in rows.order_by("-done_on", "-version__number", "-pk"):
        latest.setdefault(row.version.lesson_id, row)
    return list(latest.values())


@dataclass(frozen=True, slots=True)
class OnPath:
    """A path that somebody is on: how many of its steps they did, which is the next, by when."""

    path: Path
    enrolment: Enrolment
    steps: int
    done: int
    next: PathStep | None
    next_on: dt.date | None

    @property
    def is_over(self) -> bool:
        """Whether every step is done."""
        return self.steps > 0 and self.done >= self.steps


def paths_of(person: Person) -> list[OnPath]:
    """The paths that somebody is on, the latest first."""
    rows = Enrolment.objects.filter(person=person, path__isnull=False, path__archived_at=None)
    found = list(rows.select_related("path").order_by("-started_on", "-pk")[:MOST])
    steps: dict[int, list[PathStep]] = defaultdict(list)
    over: set[int] = set()
    ticked = Exists(StepDone.objects.filter(enrolment__person=person, step=OuterRef("pk")))
    taken_now = Exists(_taken_now(person.pk).filter(version__lesson=OuterRef("lesson")))
    walked = PathStep.objects.filter(path__in=[row.path_id for row in found], archived_at=None)
    for step in walked.annotate(is_ticked=ticked, is_taken=taken_now) if found else ():
        steps[step.path_id].append(step)
        over |= {step.pk} if step.is_ticked or step.is_taken else set()
    return [_on(row, steps[row.path_id or 0], over) for row in found]


def _on(row: Enrolment, steps: list[PathStep], over: set[int]) -> OnPath:
    left = [step for step in steps if step.pk not in over]
    after = left[0] if left else None
    path = cast(Path, row.path)
    return OnPath(path, row, len(steps), len(steps) - len(left), after, _due(row, after) if after else None)


def _due(enrolment: Enrolment, step: PathStep) -> dt.date:
    return enrolment.started_on + dt.timedelta(days=max(0, step.day - 1))


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a path for one person: by which day, whether it is done."""

    row: PathStep
    due_on: dt.date | None
    is_done: bool
    is_late: bool


def steps_of(path: Path, enrolment: Enrolment | None, day: dt.date) -> list[Step]:
    """The steps of a path; with an enrolment, what that person did and by when each is due."""
    done = set(enrolment.done.values_list("step_id", flat=True)) if enrolment else set[int]()
    rows = list(path.steps.filter(archived_at=None).select_related("lesson"))
    lessons = [row.lesson_id for row in rows if row.lesson_id]
    taken_now = _taken_of(enrolment.person_id, lessons) if enrolment and lessons else set[int]()
    found = []
    for row in rows:
        due_on = _due(enrolment, row) if enrolment else None
        is_done = row.pk in done or row.lesson_id in taken_now
        is_late = bool(due_on and due_on < day and not is_done)
        found.append(Step(row, due_on, is_done, is_late))
    return found


def _taken_of(person_id: int, lessons: list[int]) -> set[int]:
    """Those of these lessons of which somebody took the version that holds."""
    rows = _taken_now(person_id).filter(version__lesson__in=lessons)
    return set(rows.values_list("version__lesson", flat=True))


def _taken_now(person_id: int) -> "QuerySet[Completion]":
    """What somebody took of the versions that hold."""
    return Completion.objects.filter(holds("version__"), person=person_id)
