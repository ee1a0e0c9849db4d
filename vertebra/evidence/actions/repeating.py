"""Asking again: the next wave of a survey."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts.models import User
from vertebra.evidence.actions.surveys import NotOpen, QuestionDraft, create_survey
from vertebra.evidence.labels import SurveyState
from vertebra.evidence.models import Survey
from vertebra.evidence.queries.population import Audience


@transaction.atomic
def repeat_survey(*, actor: User, survey: Survey, now: dt.datetime) -> Survey:
    """Draft the next wave of a closed survey: the same questions under the same codes, so that waves compare."""
    if survey.state != SurveyState.CLOSED:
        raise NotOpen(_("Close it first: the next wave is compared with its results."))
    if not survey.series:
        survey.series = f"survey-{survey.pk}"
        survey.save(update_fields=["series"])
    questions = [
        QuestionDraft(
            question.code,
            question.kind,
            question.text,
            [(choice["code"], choice["label"]) for choice in question.choices],
            question.is_required,
        )
        for question in survey.questions.all()
    ]
    return create_survey(
        actor=actor,
        kind=survey.kind,
        title=survey.title,
        language=survey.language,
        questions=questions,
        audience=Audience.read(survey.audience),
        cut=survey.cut,
        introduction=survey.introduction,
        series=survey.series,
        subject_kind=survey.subject_kind,
        subject_id=survey.subject_id,
        now=now,
    )
