"""What learning holds of somebody: what they keep true, what they were given, and, for themselves alone, what they took."""

import datetime as dt

from vertebra.accounts.personal import rows_of
from vertebra.kit.personal import Holding, Kept, Sections, Subject
from vertebra.learning.models import Completion, Enrolment, Lesson, StepDone


def _export(subject: Subject) -> Sections:
    """What somebody took and ticked is in the export of whoever asks for their own only."""
    person = subject.person_id or 0
    sections = {
        "lessons_kept_true": rows_of(Lesson.objects.filter(owner=person), "title"),
        "learning_given": rows_of(
            Enrolment.objects.filter(person=person),
            "lesson__title",
            "path__title",
            "unit",
            "started_on",
            "due_on",
        ),
    }
    if subject.is_asking:
        sections["lessons_taken"] = rows_of(
            Completion.objects.filter(person=person), "version__lesson__title", "version__number", "done_on"
        )
        sections["steps_done"] = rows_of(
            StepDone.objects.filter(enrolment__person=person), "step__title", "done_on"
        )
    return sections


def _erase(subject: Subject, now: dt.datetime) -> None:
    """What was given to somebody and what they took goes; a lesson that they kept true waits for somebody else."""
    if subject.person_id is None:
        return
    Completion.objects.filter(person=subject.person_id).delete()
    Enrolment.objects.filter(person=subject.person_id).delete()


HOLDING = Holding(
    export=_export,
    erase=_erase,
    models={
        "learning.lesson": Kept.PSEUDONYM,
        "learning.lessonversion": Kept.PSEUDONYM,
        "learning.path": Kept.PSEUDONYM,
        "learning.assignment": Kept.PSEUDONYM,
        "learning.enrolment": Kept.DELETED,
        "learning.completion": Kept.DELETED,
    },
)
