"""Taking a lesson or a step: one's own record; no entry says who, nor when."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts.audit import Refusal
from vertebra.kit import clock
from vertebra.learning.labels import USUAL_DAYS, StepKind
from vertebra.learning.models import (
    Completion,
    Enrolment,
    Lesson,
    LessonVersion,
    PathStep,
    StepDone,
)
from vertebra.learning.queries.giving import teams_of
from vertebra.learning.queries.lessons import due_before
from vertebra.org.models import Person

AT_ONCE = 500


class NotAnAnswer(Refusal):
    """One of the answers is chosen."""


class NotYours(Refusal):
    """A step is done on a path that one is on."""


@transaction.atomic
def answer_lesson(
    *, person: Person | None, version: LessonVersion, choice: int, is_right: bool, now: dt.datetime
) -> bool:
    """Note the right answer in the person's own record; of a wrong one nothing is kept."""
    known = version.texts.values_list("choices", flat=True).first() or []
    if not 0 <= choice < len(known):
        raise NotAnAnswer(_("Choose one of the answers."))
    if is_right and person is not None:
        Completion.objects.get_or_create(
            person=person, version=version, defaults={"done_on": clock.today(now)}
        )
    return is_right


@transaction.atomic
def do_step(*, person: Person, step: PathStep, is_done: bool = True, now: dt.datetime) -> None:
    """Tick a step of a path that one is on, or take the tick back."""
    enrolment = Enrolment.objects.filter(person=person, path=step.path_id).first()
    if enrolment is None:
        raise NotYours(_("Begin the path first: its steps are then yours to tick."))
    if step.kind == StepKind.LESSON:
        raise NotYours(_("This step is done by taking its lesson."))
    if is_done:
        StepDone.objects.get_or_create(enrolment=enrolment, step=step, defaults={"done_on": clock.today(now)})
    else:
        StepDone.objects.filter(enrolment=enrolment, step=step).delete()


@transaction.atomic
def begin_path(*, person: Person, path_id: int, now: dt.datetime) -> Enrolment:
    """Begin a path by oneself."""
    day = clock.today(now)
    row, _is_new = Enrolment.objects.get_or_create(
        person=person,
        path_id=path_id,
        defaults={"unit_id": teams_of([person.pk], day).get(person.pk), "started_on": day, "asked_on": day},
    )
    return row


@transaction.atomic
def ask_again(row: Lesson, version: LessonVersion, now: dt.datetime) -> None:
    """Have a version asked of everybody who was given the lesson; days that are over make room for new ones."""
    day = clock.today(now)
    Completion.objects.filter(version=version).delete()
    given = Enrolment.objects.filter(lesson=row)
    due_on = due_before(row.release, day) or day + dt.timedelta(days=USUAL_DAYS)
    given.filter(due_on__lt=day).update(due_on=due_on)
    if version.number > 1:
        given.update(asked_on=None)


@transaction.atomic
def carry_over(before: LessonVersion, version: LessonVersion) -> None:
    """Whoever took a version took the one that says the same, on the same day."""
    taken = Completion.objects.filter(version=before).values_list("person_id", "done_on")
    rows = [Completion(person_id=person, version=version, done_on=on) for person, on in taken]
    Completion.objects.bulk_create(rows, ignore_conflicts=True, batch_size=AT_ONCE)
