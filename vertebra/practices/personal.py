"""What ways of working hold of somebody: what they carry and build, what they brought and validated under their name."""

import datetime as dt

from vertebra.accounts.personal import forget_changes, rows_of
from vertebra.kit.personal import Holding, Kept, Sections, Subject
from vertebra.practices.models import (
    Adaptation,
    Adoption,
    AdoptionCard,
    CoAuthor,
    Contribution,
    ObservationDoubt,
    Practice,
    PracticeValidation,
)


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
        "adoption_said": rows_of(
            Adoption.objects.all_time().filter(said_by=person),
            "practice__name",
            "state",
            "is_willing",
            "starts_on",
            "ends_on",
        ),
        "adaptations_said": rows_of(
            Adaptation.objects.all_time().filter(said_by=person),
            "practice__name",
            "kind",
            "reason",
            "starts_on",
            "ends_on",
        ),
        "tools_doubted": rows_of(
            ObservationDoubt.objects.filter(said_by=person), "practice__name", "words", "at", "answer"
        ),
        "adoption_cards": rows_of(
            AdoptionCard.objects.filter(person=person), "quarter", "state", "asked_at", "answered_at"
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
        "practices.adoption": Kept.PSEUDONYM,
        "practices.adaptation": Kept.PSEUDONYM,
        "practices.observationdoubt": Kept.PSEUDONYM,
        "practices.adoptioncard": Kept.PSEUDONYM,
        "practices.check": Kept.PSEUDONYM,
        "practices.checkadaptation": Kept.PSEUDONYM,
        "practices.checktrial": Kept.PSEUDONYM,
    },
)
