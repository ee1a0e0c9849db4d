"""What reviews hold of somebody: what they lead and decided; what they answered is kept with nobody."""

import datetime as dt

from vertebra.accounts.personal import rows_of
from vertebra.kit.personal import Holding, Kept, Sections, Subject
from vertebra.reviews.models import Cadence, Review


def _export(subject: Subject) -> Sections:
    person = subject.person_id or 0
    return {
        "reviews_led": rows_of(Cadence.objects.filter(lead=person), "title", "next_on"),
        "reviews_decided": rows_of(
            Review.objects.filter(decided_by=person), "title", "verdict", "reason", "decided_at"
        ),
    }


def _erase(subject: Subject, now: dt.datetime) -> None:
    """Decisions are official acts: they stay, under a pseudonym."""


HOLDING = Holding(
    export=_export,
    erase=_erase,
    models={
        "reviews.cadence": Kept.PSEUDONYM,
        "reviews.review": Kept.PSEUDONYM,
        "reviews.finding": Kept.PSEUDONYM,
    },
)
