"""Whom lessons and paths are given to: by audience or mandate, and those who have just arrived."""

import datetime as dt
from collections import Counter
from collections.abc import Collection

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When

from vertebra.evidence.asks import room_for
from vertebra.kit import clock
from vertebra.learning.models import Assignment, Completion, Enrolment, Lesson, LessonVersion, Path
from vertebra.learning.queries.lessons import holds
from vertebra.org.models import Mandate, Membership, Person
from vertebra.releases.labels.releases import UPCOMING
from vertebra.releases.models import ReleaseAudience
from vertebra.releases.queries.audiences import people_on, reached_by

# Who joined within these days has just arrived; who did since the camp exists and was missed has their camp all the
# same, as long as they are still new.
ARRIVED_WITHIN = dt.timedelta(days=30)
STILL_NEW = dt.timedelta(days=180)


def running() -> list[Assignment]:
    """Assignments of lessons that hold and of paths in use."""
    current = LessonVersion.objects.filter(holds(), lesson=OuterRef("lesson"))
    of_lesson = Q(lesson__isnull=False, lesson__archived_at=None) & Exists(current)
    rows = Assignment.objects.filter(of_lesson | Q(path__isnull=False, path__archived_at=None), ended_at=None)
    return list(rows.select_related("lesson__release", "audience").order_by("pk"))


def audiences_to_give(lesson: Lesson) -> list[int]:
    """The audiences of its release that a lesson was never given to; one that it was taken from stays without."""
    if lesson.release_id is None:
        return []
    known = Assignment.objects.filter(lesson=lesson, audience__isnull=False).values("audience")
    rows = ReleaseAudience.objects.filter(release=lesson.release_id).exclude(audience__in=known)
    return list(rows.order_by("pk").values_list("audience_id", flat=True))


def lessons_of_releases() -> list[Lesson]:
    """The lessons that hold, of releases to come."""
    rows = LessonVersion.objects.filter(holds())
    coming = rows.filter(lesson__archived_at=None, lesson__release__state__in=UPCOMING)
    return [row.lesson for row in coming.select_related("lesson__release").order_by("pk")]


def reached(one: Assignment, day: dt.date) -> list[int]:
    """Those whom an assignment reaches on a day."""
    if one.audience is not None:
        condition = reached_by([one.audience.rules], day)
    else:
        held = Mandate.objects.as_of(day).filter(role=one.role, person__isnull=False)
        condition = Q(pk__in=held.values("person"))
    return list(people_on(day).filter(condition).order_by("pk").values_list("pk", flat=True))


def teams_of(people: Collection[int], day: dt.date) -> dict[int, int]:
    """The team of each of these people on a day; of whoever is in several, the one of most of their time."""
    held = Membership.objects.as_of(day).filter(person__in=people)
    # The last of a person is kept.
    return dict(held.order_by("share", "-pk").values_list("person", "unit"))


def camps() -> list[Path]:
    """The paths that begin by themselves when somebody arrives."""
    return list(Path.objects.filter(is_camp=True, archived_at=None).order_by("pk"))


def arrivals(camp: Path, day: dt.date) -> list[Person]:
    """Those who arrived lately, for whom a camp is, and who are not on it yet."""
    people = _newcomers(camp, day)
    if camp.functions:
        held = Membership.objects.as_of(day).filter(function__in=camp.functions)
        people = people.filter(pk__in=held.values("person"))
    if camp.roles:
        mandates = Mandate.objects.as_of(day).filter(role__in=camp.roles, person__isnull=False)
        people = people.filter(pk__in=mandates.values("person"))
    return list(people.exclude(Exists(Enrolment.objects.filter(person=OuterRef("pk"), path=camp))))


def _newcomers(camp: Path, day: dt.date) -> "QuerySet[Person]":
    """Those who joined lately; whom nobody gave a day arrived when the directory first named them.

    A directory that is brought in as a whole, without days, is of people who were there before.
    """
    began = clock.today(camp.created_at)
    since = max(day - STILL_NEW, min(day, began) - ARRIVED_WITHIN)
    there = people_on(day)
    named = Q(joined_on=None, created_at__gt=camp.created_at, created_at__gte=clock.midnight(since))
    if there.filter(named).count() * 2 > there.count():
        named = Q(pk__in=())
    return there.filter(Q(joined_on__gt=since) | named)


def took_current() -> Exists:
    """Whether the person of an enrolment took the version of its lesson that holds."""
    return Exists(
        Completion.objects.filter(
            holds("version__"), person=OuterRef("person"), version__lesson=OuterRef("lesson")
        )
    )


def to_ask(day: dt.date) -> "QuerySet[Enrolment]":
    """Enrolments of those who are there and can be told, and were not: lessons that hold and were not taken, paths."""
    current = LessonVersion.objects.filter(holds(), lesson=OuterRef("lesson"))
    lesson = Q(lesson__isnull=False, lesson__archived_at=None) & Exists(current) & ~took_current()
    here = people_on(day).filter(Q(user__isnull=False) | ~Q(email="")).order_by().values("pk")
    rows = Enrolment.objects.filter(lesson | Q(path__isnull=False, path__archived_at=None), asked_on=None)
    rows = rows.filter(person__in=here)
    # Whoever arrives is welcomed first: two lessons would take the whole of their first week.
    is_welcome = Case(When(path__is_camp=True, then=0), default=1)
    return rows.order_by(is_welcome, F("due_on").asc(nulls_last=True), "pk")


def whom_to_tell(now: dt.datetime) -> list[tuple[int, int]]:
    """The enrolments to tell of, with their people, who have room for one thing more: the first of each before the second."""
    waiting = list(to_ask(clock.today(now)).values_list("pk", "person_id"))
    free = room_for([person for _pk, person in waiting], now)
    turns: Counter[int] = Counter()
    found: list[tuple[int, int, int]] = []
    for pk, person in waiting:
        if person in free:
            found.append((turns[person], pk, person))
            turns[person] += 1
    return [(pk, person) for _turn, pk, person in sorted(found, key=lambda one: one[0])]
