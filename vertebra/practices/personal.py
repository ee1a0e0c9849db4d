"""What ways of working hold of somebody: what they carry and build, what they brought and validated under their name."""

import datetime as dt

from vertebra.accounts.personal import forget_changes, rows_of
from vertebra.kit.personal import Holding, Kept, Sections, Subject
from vertebra.practices.models import CoAuthor, Contribution, Practice, PracticeValidation


def _export(subject: Subject) -> Sections:
    person = subject.person_id or 0
    return {
        "practices_carried": rows_of(Practice.objects.filter(carrier=person), "name", "state"),
        "practices_built": rows_of(CoAuthor.objects.filter(person=person), "practice__name", "added_at"),
        "practice_contributions": rows_of(
            Contribution.objects.filter(person=person), "practice__name", "kind", "words", "at", "answer"
        ),
        "practices_validated": rows_of(
            PracticeValidation.objects.filter(person=person), "version__practice__name", "words", "at"
        ),
    }


def _erase(subject: Subject, now: dt.datetime) -> None:
    """A validation stays somebody's act; that somebody built a practice is forgotten."""
    if subject.person_id is None:
        return
    forget_changes(subject.person_id, CoAuthor)
    CoAuthor.objects.filter(person=subject.person_id).delete()


HOLDING = Holding(
    export=_export,
    erase=_erase,
    models={
        "practices.practice": Kept.PSEUDONYM,
        "practices.coauthor": Kept.DELETED,
        "practices.contribution": Kept.PSEUDONYM,
        "practices.practiceversion": Kept.PSEUDONYM,
        "practices.practicevalidation": Kept.PSEUDONYM,
        "practices.practicereach": Kept.PSEUDONYM,
        "practices.trial": Kept.PSEUDONYM,
        "practices.template": Kept.PSEUDONYM,
        "practices.check": Kept.PSEUDONYM,
        "practices.checkadaptation": Kept.PSEUDONYM,
        "practices.checktrial": Kept.PSEUDONYM,
    },
)
