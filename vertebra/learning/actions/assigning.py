"""Giving lessons and paths: to an audience or a role, by a day; those who come in are given them by themselves."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit import clock
from vertebra.learning.actions.standing import locked, path_written, written
from vertebra.learning.labels import USUAL_DAYS
from vertebra.learning.models import Assignment, Enrolment, Lesson, Path
from vertebra.learning.queries.giving import (
    arrivals,
    audiences_to_give,
    camps,
    lessons_of_releases,
    reached,
    running,
    teams_of,
)
from vertebra.learning.queries.lessons import due_before
from vertebra.org.labels import MandateRole
from vertebra.releases.models import Audience

AT_ONCE = 500


class ForNobody(Refusal):
    """A lesson is given to an audience or to those who hold a mandate."""


class DueInThePast(Refusal):
    """What is given can still be taken in time."""


@transaction.atomic
def give_lesson(
    *,
    actor: User | None,
    lesson: Lesson,
    audience: Audience | None = None,
    role: str = "",
    due_on: dt.date | None = None,
    now: dt.datetime,
) -> AuditEntry:
    """Give a lesson to an audience, or to whoever holds a mandate."""
    row = locked(lesson)
    _refuse(audience, role, due_on, clock.today(now))
    if row.assignments.filter(ended_at=None, audience=audience, role=role).exists():
        raise NothingChanges(_("They are given it already."))
    tracker = audit.Tracker()
    tracker.create(
        Assignment(lesson=row, audience=audience, role=role, due_on=due_on, made_by=actor, created_at=now)
    )
    return written("assign", row, tracker, now, actor=actor, to=audience.name if audience else role)


@transaction.atomic
def give_path(
    *,
    actor: User | None,
    path: Path,
    audience: Audience | None = None,
    role: str = "",
    due_on: dt.date | None = None,
    now: dt.datetime,
) -> AuditEntry:
    """Give a path to an audience, or to whoever holds a mandate."""
    row = Path.objects.select_for_update().get(pk=path.pk)
    _refuse(audience, role, due_on, clock.today(now))
    if row.assignments.filter(ended_at=None, audience=audience, role=role).exists():
        raise NothingChanges(_("They are given it already."))
    tracker = audit.Tracker()
    tracker.create(
        Assignment(path=row, audience=audience, role=role, due_on=due_on, made_by=actor, created_at=now)
    )
    return path_written("assign", row, tracker, now, actor=actor, to=audience.name if audience else role)


@transaction.atomic
def stop_giving(*, actor: User, assignment: Assignment, now: dt.datetime) -> AuditEntry:
    """Give it to nobody more; who was given it keeps it."""
    row = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    if row.ended_at:
        raise NothingChanges(_("It is given to nobody more already."))
    tracker = audit.Tracker()
    tracker.change(row, ended_at=now)
    if row.lesson is not None:
        return written("revoke", locked(row.lesson), tracker, now, actor=actor)
    path = Path.objects.select_for_update().get(pk=row.path_id or 0)
    return path_written("revoke", path, tracker, now, actor=actor)


@transaction.atomic
def follow_audiences(*, actor: User | None, now: dt.datetime) -> list[AuditEntry]:
    """Give the lessons that hold to the audiences that their release was given since."""
    found = []
    for lesson in lessons_of_releases():
        tracker = audit.Tracker()
        for audience in audiences_to_give(lesson):
            tracker.create(Assignment(lesson=lesson, audience_id=audience, made_by=actor, created_at=now))
        if tracker.changes:
            found.append(written("assign", locked(lesson), tracker, now, actor=actor))
    return found


@transaction.atomic
def enrol_due(*, actor: User | None, now: dt.datetime) -> AuditEntry | None:
    """Give what is assigned to those who came in since, let dates follow their release, begin camps on arrival."""
    day = clock.today(now)
    count = 0
    for one in running():
        # A day that is over is not given to whoever comes in after it.
        stated = one.due_on if one.due_on and one.due_on >= day else None
        moved = due_before(one.lesson.release, day) if one.lesson and not one.due_on else None
        due_on = stated or moved or day + dt.timedelta(days=USUAL_DAYS)
        count += _enrol(one, reached(one, day), due_on, day)
        if moved:
            late = Q(due_on=None) | ~Q(due_on=moved)
            Enrolment.objects.filter(late, assignment=one).update(due_on=moved)
    for camp in camps():
        count += _begin([person.pk for person in arrivals(camp, day)], day, path=camp)
    if not count:
        return None
    return audit.record(actor=actor, verb="enrol", kind=Kind.LESSON, now=now, particulars={"count": count})


def _enrol(one: Assignment, people: "Iterable[int]", due_on: dt.date, day: dt.date) -> int:
    about = {"lesson_id": one.lesson_id} if one.lesson_id else {"path_id": one.path_id}
    known = set(Enrolment.objects.filter(**about).values_list("person_id", flat=True))
    new = [person for person in people if person not in known]
    return _begin(new, day, assignment=one, due_on=due_on, **about)


def _begin(people: Sequence[int], day: dt.date, **about: Any) -> int:
    """Note what these people are given, each in the team of the day."""
    for start in range(0, len(people), AT_ONCE):
        some = people[start : start + AT_ONCE]
        units = teams_of(some, day)
        rows = [Enrolment(person_id=one, unit_id=units.get(one), started_on=day, **about) for one in some]
        Enrolment.objects.bulk_create(rows, ignore_conflicts=True)
    return len(people)


def _refuse(audience: Audience | None, role: str, due_on: dt.date | None, day: dt.date) -> None:
    if (audience is None) == (role not in MandateRole.values):
        raise ForNobody(_("Choose an audience, or those who hold a mandate."))
    if due_on and due_on < day:
        raise DueInThePast(_("That day is over: choose one by which it can still be taken."))
