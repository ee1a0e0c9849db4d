"""Champions and reviews of the tests, made by the actions."""

import datetime as dt

from tests import world
from vertebra.evidence import sending
from vertebra.evidence.actions.answering import take_answer
from vertebra.evidence.actions.surveys import close_survey
from vertebra.evidence.models import Invitation
from vertebra.org.models import Mandate, Person
from vertebra.releases.models import Consultation, ConsultationAnswer, ConsultationAsk, Relay
from vertebra.reviews.actions import reviews as actions
from vertebra.reviews.models import Review

NOW, TODAY = world.NOW, world.TODAY
AFTER = NOW + dt.timedelta(days=15)


def answered(review: Review, how_many: int = 6, verdict: str = "lighten") -> Review:
    """The review after so many answered and its survey closed."""
    sending.send_due(review.created_at)
    for row in Invitation.objects.filter(survey=review.survey)[:how_many]:
        answers = {"used": "4", "worth": "2", "verdict": verdict}
        take_answer(invitation=row, answers=answers, now=review.created_at)
    assert review.survey is not None
    after = review.created_at + dt.timedelta(days=15)
    close_survey(actor=None, survey=review.survey, now=after)
    actions.gather_answers(actor=None, now=after)
    review.refresh_from_db()
    return review


def consulted(one: Person, minutes: int | None, title: str = "Refunds", at: dt.datetime = NOW) -> None:
    """A champion was asked; and answered, in so many minutes, unless nothing is said of them."""
    row, _new = Consultation.objects.get_or_create(title=title, language="en", due_on=TODAY, created_at=NOW)
    mandate = Mandate.objects.as_of(TODAY).get(person=one)
    ask = ConsultationAsk.objects.create(
        consultation=row, mandate=mandate, person=one, digest=f"{title}{one.pk}", asked_at=at, expires_at=AFTER
    )  # fmt: skip
    if minutes is not None:
        ConsultationAnswer.objects.create(
            ask=ask, impact="low", language="en", minutes=minutes, answered_at=at
        )


def relayed(one: Person, minutes: int, at: dt.datetime = NOW) -> None:
    """A champion passed something on."""
    mandate = Mandate.objects.as_of(TODAY).get(person=one)
    Relay.objects.create(
        mandate=mandate, person=one, line="Told my team", language="en", minutes=minutes, passed_at=at
    )
