"""Taking an answer: counted once for whoever was asked, tied to their group only, written down nowhere else."""

import datetime as dt
import random
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from vertebra.accounts.tokens import digest_of
from vertebra.evidence.labels import SurveyState
from vertebra.evidence.models import Invitation, Response, Survey
from vertebra.evidence.models.surveys import unordered_key
from vertebra.evidence.queries.answers import clean
from vertebra.kit import clock
from vertebra.kit.bulk import insert_rows, stored
from vertebra.org.models import Person

# How long a survey takes answers before it can be closed by hand: who closes early knows who has answered.
SHORTEST = dt.timedelta(days=2)


class LinkUnknown(Exception):
    """The link of a mail was cut, or belongs to nobody any more."""


class SurveyOver(Exception):
    """The survey is closed, or its last day has passed."""


class AnsweredBefore(Exception):
    """An answer came through this link before: it counts once."""


def record_answer(*, token: str, answers: Mapping[str, Any], now: dt.datetime) -> None:
    """Take what came through a link; raises LinkUnknown, SurveyOver, AnsweredBefore or Unfit, and then keeps nothing."""
    row = Invitation.objects.filter(digest=digest_of(token)).select_related("survey").first()
    if row is None:
        raise LinkUnknown(_("This link opens nothing: it may have been cut when it was copied."))
    take_answer(invitation=row, answers=answers, now=now)


def record_own_answer(
    *, person: Person, survey: Survey, answers: Mapping[str, Any], now: dt.datetime
) -> None:
    """Take the answer of somebody signed in; it is kept no differently from one that came through a link."""
    row = Invitation.objects.filter(survey=survey, person=person).select_related("survey").first()
    if row is None:
        raise LinkUnknown(_("You were not asked this."))
    take_answer(invitation=row, answers=answers, now=now)


def is_over(survey: Survey, now: dt.datetime) -> bool:
    """Whether answers are no longer taken."""
    return survey.state != SurveyState.OPEN or (
        survey.closes_on is not None and survey.closes_on < clock.today(now)
    )


def may_be_closed(survey: Survey, now: dt.datetime) -> bool:
    """Whether a survey can be closed by hand already."""
    if survey.opened_at is None or survey.closes_on is None or clock.today(now) >= survey.closes_on:
        return True
    is_enough = Response.objects.filter(survey=survey).count() >= survey.threshold
    return is_enough and now - survey.opened_at >= SHORTEST


def take_answer(*, invitation: Invitation, answers: Mapping[str, Any], now: dt.datetime) -> None:
    """Mark that an answer came and keep the answer, together or not at all, in one transaction."""
    if is_over(invitation.survey, now):
        raise SurveyOver
    if invitation.is_answered:
        raise AnsweredBefore
    kept = clean(list(invitation.survey.questions.all()), answers)
    with transaction.atomic():
        # Closing waits for answers on their way, and answers that come after it find it closed.
        survey = Survey.objects.select_for_update(no_key=True).get(pk=invitation.survey_id)
        if is_over(survey, now):
            raise SurveyOver
        if not Invitation.objects.filter(pk=invitation.pk, is_answered=False).update(is_answered=True):
            raise AnsweredBefore
        Response.objects.create(survey=survey, cell_id=invitation.cell_id, answers=kept)


def forget_order(survey: Survey) -> None:
    """Write all answers again, shuffled, and all invitations at once: nothing tells any more which came together."""
    rows = list(Response.objects.filter(survey=survey).values_list("cell_id", "answers"))
    random.SystemRandom().shuffle(rows)
    Response.objects.filter(survey=survey).delete()
    put_answers(survey, rows)
    Invitation.objects.filter(survey=survey).update(is_answered=F("is_answered"))


def put_answers(survey: Survey, given: Iterable[tuple[int | None, dict[str, Any]]]) -> None:
    """Write answers, each with its cell, under keys that tell no order."""
    rows = [(unordered_key(), survey.pk, cell, stored(answers)) for cell, answers in given]
    insert_rows(Response, ("id", "survey_id", "cell_id", "answers"), rows)
