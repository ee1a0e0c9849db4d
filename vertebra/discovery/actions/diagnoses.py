"""The diagnosis: answered by oneself, then by several populations, concluded, repeated every six months."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vertebra.accounts import audit
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.analysis.diagnosis import BY_CODE, HIGHEST, LOWEST
from vertebra.analysis.privacy import FEWEST
from vertebra.discovery.labels import DiagnosisState
from vertebra.discovery.models import Diagnosis
from vertebra.discovery.queries.diagnosis_figures import FUNCTIONS_OF, figures_on
from vertebra.discovery.queries.diagnosis_results import result_of
from vertebra.discovery.shipped.symptoms import symptoms
from vertebra.evidence.actions.surveys import QuestionDraft, close_survey, create_survey, open_survey
from vertebra.evidence.labels import Cut, QuestionKind, SurveyKind, SurveyState
from vertebra.evidence.queries.population import Audience, population
from vertebra.kit import clock

AGAIN_AFTER = dt.timedelta(days=182)


class UnknownAnswer(Refusal):
    """An answer goes from 1 to 5, to a symptom of the test."""


class AskedBefore(Refusal):
    """A diagnosis is put to its populations once; the next one asks again."""


class NobodyChosen(Refusal):
    """A diagnosis is put to one population at least, of five people at least."""


class NotAsked(Refusal):
    """Only a diagnosis that people are answering can be ended."""


@transaction.atomic
def start_diagnosis(
    *, actor: User, answers: Mapping[str, int], language: str, now: dt.datetime
) -> AuditEntry:
    """Answer the symptom test oneself and conclude at once, with what the system knows of the organisation."""
    day = clock.today(now)
    diagnosis = Diagnosis(
        language=language,
        own_answers=_checked(answers),
        figures=asdict(figures_on(day)),
        made_by=actor,
        started_on=day,
        created_at=now,
    )
    diagnosis.result = result_of(diagnosis)
    diagnosis.state, diagnosis.done_on, diagnosis.next_on = DiagnosisState.DONE, day, day + AGAIN_AFTER
    tracker = audit.Tracker()
    tracker.create(diagnosis)
    return _record(actor, "create", diagnosis, tracker, now)


@transaction.atomic
def answer_again(
    *, actor: User, diagnosis: Diagnosis, answers: Mapping[str, int], now: dt.datetime
) -> AuditEntry:
    """Change one's own answers; the conclusion follows where nobody else was asked."""
    diagnosis = _locked(diagnosis)
    tracker = audit.Tracker()
    tracker.change(diagnosis, own_answers=_checked(answers))
    tracker.change(diagnosis, result=result_of(diagnosis))
    return _record(actor, "change", diagnosis, tracker, now)


@transaction.atomic
def ask_populations(
    *, actor: User, diagnosis: Diagnosis, populations: Sequence[str], closes_on: dt.date, now: dt.datetime
) -> AuditEntry:
    """Put the symptoms to these populations, by signed link and without names, until a day."""
    diagnosis = _locked(diagnosis)
    if diagnosis.survey_id:
        raise AskedBefore(_("People were asked for this diagnosis: start the next one to ask again."))
    functions = tuple(dict.fromkeys(f for name in populations for f in FUNCTIONS_OF.get(name, ())))
    if not functions:
        raise NobodyChosen(_("Choose whom to ask."))
    audience = Audience(functions=functions)
    count = len(population(audience, clock.today(now)).people)
    if count < FEWEST:
        text = ngettext(
            "Only %(count)d person can be reached there: choose more, five at least answer together.",
            "Only %(count)d people can be reached there: choose more, five at least answer together.",
            count,
        )
        raise NobodyChosen(text % {"count": count})
    tracker = audit.Tracker()
    with translation.override(diagnosis.language):
        title = _("What hurts in the way we work?")
        introduction = _(
            "Ten minutes: say of each sentence how true it is where you work. Answers are counted by trade, "
            "never by person."
        )
    survey = create_survey(
        actor=actor,
        kind=SurveyKind.DIAGNOSIS,
        title=title,
        language=diagnosis.language,
        questions=_questions(diagnosis.language),
        audience=audience,
        cut=Cut.FUNCTION,
        introduction=introduction,
        series="diagnosis",
        closes_on=closes_on,
        subject_kind=Kind.DIAGNOSIS,
        subject_id=diagnosis.pk,
        now=now,
    )
    open_survey(actor=actor, survey=survey, now=now)
    tracker.change(diagnosis, survey=survey, state=DiagnosisState.ASKING, done_on=None, next_on=None)
    return _record(actor, "open", diagnosis, tracker, now, invited=count)


def _questions(language: str) -> list[QuestionDraft]:
    return [
        QuestionDraft(words.code, QuestionKind.AGREEMENT, words.statement)
        for words in symptoms(language).values()
    ]


@transaction.atomic
def conclude_diagnosis(*, actor: User | None, diagnosis: Diagnosis, now: dt.datetime) -> AuditEntry:
    """End the answering if it still goes on, and conclude from what the populations answered."""
    diagnosis = _locked(diagnosis)
    if diagnosis.state != DiagnosisState.ASKING or diagnosis.survey is None:
        raise NotAsked(_("Nobody is being asked for this diagnosis now."))
    if diagnosis.survey.state == SurveyState.OPEN:
        close_survey(actor=actor, survey=diagnosis.survey, now=now)
        diagnosis.survey.refresh_from_db()
    day = clock.today(now)
    tracker = audit.Tracker()
    tracker.change(diagnosis, figures=asdict(figures_on(day)))
    tracker.change(
        diagnosis,
        result=result_of(diagnosis),
        state=DiagnosisState.DONE,
        done_on=day,
        next_on=day + AGAIN_AFTER,
    )
    return _record(actor, "settle", diagnosis, tracker, now)


@transaction.atomic
def archive_diagnosis(*, actor: User, diagnosis: Diagnosis, now: dt.datetime) -> AuditEntry:
    """Take a diagnosis out of the list; those after it are no longer compared with it."""
    diagnosis = _locked(diagnosis)
    if diagnosis.state == DiagnosisState.ASKING:
        raise NotAsked(_("People are still answering it: end it first."))
    tracker = audit.Tracker()
    tracker.change(diagnosis, archived_at=now)
    return _record(actor, "archive", diagnosis, tracker, now)


def _checked(answers: Mapping[str, int]) -> dict[str, int]:
    wrong = [code for code, value in answers.items() if code not in BY_CODE or not LOWEST <= value <= HIGHEST]
    if wrong:
        raise UnknownAnswer(_("Answer each sentence from 1 to 5, or leave it."))
    return dict(answers)


def _locked(diagnosis: Diagnosis) -> Diagnosis:
    rows = Diagnosis.objects.select_for_update(of=("self",)).select_related("survey")
    return rows.get(pk=diagnosis.pk)


def _record(
    actor: User | None, verb: str, diagnosis: Diagnosis, tracker: audit.Tracker, now: dt.datetime, **told: Any
) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.DIAGNOSIS,
        object_id=diagnosis.pk,
        object_name=_("diagnosis of %(day)s") % {"day": diagnosis.started_on.isoformat()},
        particulars=told,
        now=now,
        rows=tracker.changes,
    )
