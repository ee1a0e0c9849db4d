"""Making, opening, closing surveys: what changes in them once people are asked is only ever more careful."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vertebra.accounts import audit
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.accounts.search import unindex
from vertebra.analysis import pulse
from vertebra.analysis.privacy import FEWEST
from vertebra.evidence.actions.answering import (
    AnsweredBefore,
    LinkUnknown,
    SurveyOver,
    forget_order,
    may_be_closed,
    record_answer,
    record_own_answer,
)
from vertebra.evidence.actions.index import index_survey
from vertebra.evidence.labels import SurveyState
from vertebra.evidence.models import Cell, Invitation, Question, Response, Result, Survey
from vertebra.evidence.queries.counting import Counted, compute, place_of
from vertebra.evidence.queries.population import Audience, Reached, population
from vertebra.kit import clock
from vertebra.kit.bulk import insert_rows
from vertebra.kit.jobs import enqueue_once
from vertebra.org.models import Person
from vertebra.org.queries.structure import Structure

OPEN_DAYS = 14
LONGEST_DAYS = 120
_AT_ONCE = 500


class NoQuestion(Refusal):
    """A survey asks something."""


class TooFewPeople(Refusal):
    """A survey is put to five people at least: below, an answer could be told by who was asked."""


class NotADraft(Refusal):
    """What was opened is not changed any more: people answered what they were shown."""


class NotOpen(Refusal):
    """Only an open survey is closed or reminded of."""


class EndsTooSoon(Refusal):
    """A survey ends on a later day, within four months."""


class TooSoon(Refusal):
    """Before its last day, a survey is closed after two days at the earliest, once five have answered."""


class RemindedBefore(Refusal):
    """People are reminded once."""


class ThresholdFalls(Refusal):
    """The smallest group shown is never made smaller."""


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """A question to ask; choices are (code, label) for kinds that have choices."""

    code: str
    kind: str
    text: str
    choices: Sequence[tuple[str, str]] = ()
    is_required: bool = False


@transaction.atomic
def create_survey(
    *,
    actor: User | None,
    kind: str,
    title: str,
    language: str,
    questions: Sequence[QuestionDraft],
    people: Sequence[Person] = (),
    audience: Audience | None = None,
    cut: str,
    introduction: str = "",
    series: str = "",
    closes_on: dt.date | None = None,
    subject_kind: str = "",
    subject_id: int | None = None,
    now: dt.datetime,
) -> Survey:
    """Draft a survey put to these people, or to an audience found when it opens; nobody is asked yet."""
    if not questions:
        raise NoQuestion(_("Ask one question at least."))
    chosen = audience if audience is not None else Audience(people=tuple(person.pk for person in people))
    survey = Survey(
        kind=kind,
        title=title.strip()[:200],
        language=language,
        introduction=introduction,
        series=series,
        cut=cut,
        audience=chosen.kept(),
        closes_on=closes_on,
        subject_kind=subject_kind,
        subject_id=subject_id,
        made_by=actor,
        created_at=now,
    )
    tracker = audit.Tracker()
    tracker.create(survey)
    _write_questions(tracker, survey, questions)
    _record(actor, "create", survey, now, tracker)
    return survey


def _write_questions(tracker: audit.Tracker, survey: Survey, questions: Sequence[QuestionDraft]) -> None:
    rows = [
        Question(
            survey=survey,
            position=position,
            code=draft.code,
            kind=draft.kind,
            text=draft.text,
            choices=[{"code": code, "label": label} for code, label in draft.choices],
            is_required=draft.is_required,
        )
        for position, draft in enumerate(questions)
    ]
    tracker.create_all(rows)


@transaction.atomic
def change_survey(
    *,
    actor: User,
    survey: Survey,
    questions: Sequence[QuestionDraft] | None = None,
    now: dt.datetime,
    **values: Any,
) -> AuditEntry:
    """Change what a draft says, asks, or whom it is put to."""
    survey = _locked(survey)
    if survey.state != SurveyState.DRAFT:
        raise NotADraft(_("This survey was opened: what people were asked stays as it was."))
    tracker = audit.Tracker()
    tracker.change(survey, **values)
    if questions is not None:
        for row in survey.questions.all():
            tracker.delete(row)
        _write_questions(tracker, survey, questions)
    return _record(actor, "change", survey, now, tracker)


@transaction.atomic
def open_survey(*, actor: User | None, survey: Survey, now: dt.datetime) -> AuditEntry:
    """Ask the people of the audience as they are today; who is counted with whom is settled for good."""
    survey = _locked(survey)
    if survey.state != SurveyState.DRAFT:
        raise NotADraft(_("This survey was opened before."))
    if not survey.questions.exists():
        raise NoQuestion(_("Ask one question at least."))
    today = clock.today(now)
    closes_on = survey.closes_on or today + dt.timedelta(days=OPEN_DAYS)
    if not today < closes_on <= today + dt.timedelta(days=LONGEST_DAYS):
        raise EndsTooSoon(_("Choose a last day after today, within four months."))
    asked = population(Audience.read(survey.audience), today).people
    if len(asked) < FEWEST:
        count = ngettext(
            "only %(count)d person can be asked", "only %(count)d people can be asked", len(asked)
        )
        text = _("A survey is put to five people at least, so that nobody's answer can be told: %(count)s.")
        raise TooFewPeople(text % {"count": count % {"count": len(asked)}})
    _invite(survey, asked)
    # Told to the audit, so that undoing what came before takes no answers away; those asked cannot be unasked.
    tracker = audit.Tracker()
    tracker.change(survey, state=SurveyState.OPEN)
    survey.opened_at, survey.closes_on, survey.invited_count = now, closes_on, len(asked)
    survey.audience = {k: v for k, v in survey.audience.items() if k != "people"}
    survey.save()
    index_survey(survey, now)
    enqueue_once("vertebra.evidence.jobs.send_due_invitations")
    return _record(actor, "open", survey, now, tracker, invited=len(asked), mailed=len(asked))


def _invite(survey: Survey, asked: Sequence[Reached]) -> None:
    """Write the cells and who is in which."""
    cut: pulse.Cut = "unit" if survey.cut == "unit" else "function"
    made = pulse.cells([(one.path, one.function) for one in asked], cut)
    sizes = Counter(made.of)
    cells = []
    for number, chain in enumerate(made.chains):
        unit, function, _name = place_of(chain[-1] if chain else pulse.EVERYBODY)
        cell = Cell(
            survey=survey, unit_id=unit, function=function, groups=list(chain), invited_count=sizes[number]
        )
        cells.append(cell)
    Cell.objects.bulk_create(cells, batch_size=_AT_ONCE)
    invited = zip(asked, made.of, strict=True)
    rows = [(survey.pk, cells[number].pk, one.person_id, "", False) for one, number in invited]
    insert_rows(Invitation, ("survey_id", "cell_id", "person_id", "digest", "is_answered"), rows)


@transaction.atomic
def close_survey(*, actor: User | None, survey: Survey, now: dt.datetime) -> AuditEntry:
    """End the answering and work out what may be said of it; answers lose the order in which they came."""
    survey = _locked(survey)
    if survey.state != SurveyState.OPEN:
        raise NotOpen(_("This survey is not open."))
    if actor is not None and not may_be_closed(survey, now):
        raise TooSoon(
            _(
                "Before its last day, a survey is closed after two days at the earliest, and once enough have "
                "answered: else who closes it would know whose answers they are. It can be withdrawn."
            )
        )
    survey.state, survey.closed_at = SurveyState.CLOSED, now
    survey.save(update_fields=["state", "closed_at"])
    forget_order(survey)
    _write_results(survey)
    index_survey(survey, now)
    return _record(actor, "close", survey, now)


@transaction.atomic
def withdraw_survey(*, actor: User, survey: Survey, now: dt.datetime) -> AuditEntry:
    """Call an open survey off: what was answered is deleted unread, and nothing of it is ever shown."""
    survey = _locked(survey)
    if survey.state != SurveyState.OPEN:
        raise NotOpen(_("This survey is not open."))
    Response.objects.filter(survey=survey).delete()
    survey.state, survey.closed_at, survey.archived_at = SurveyState.CLOSED, now, now
    survey.save(update_fields=["state", "closed_at", "archived_at"])
    unindex(Kind.SURVEY, [survey.pk])
    return _record(actor, "withdraw", survey, now)


def _write_results(survey: Survey) -> None:
    """Work the results out anew."""
    day = clock.today(survey.opened_at or survey.created_at)
    structure = Structure.as_of(day, with_members=False)
    names = {node.id: node.name for node in structure.all()}
    Result.objects.filter(survey=survey).delete()
    insert_rows(Result, Counted._fields, compute(survey, names))


@transaction.atomic
def remind_once(*, actor: User, survey: Survey, now: dt.datetime) -> AuditEntry:
    """Remind those who have not answered, once for the whole survey."""
    survey = _locked(survey)
    if survey.state != SurveyState.OPEN:
        raise NotOpen(_("This survey is not open."))
    if survey.reminded_at:
        raise RemindedBefore(_("People were reminded of this one already: once is enough."))
    survey.reminded_at = now
    survey.save(update_fields=["reminded_at"])
    enqueue_once("vertebra.evidence.jobs.send_due_invitations")
    return _record(actor, "remind", survey, now)


@transaction.atomic
def raise_threshold(*, actor: User, survey: Survey, threshold: int, now: dt.datetime) -> AuditEntry:
    """Show only larger groups from now on; never smaller ones."""
    survey = _locked(survey)
    if threshold <= survey.threshold:
        raise ThresholdFalls(_("The smallest group shown can be made larger, never smaller."))
    before = survey.threshold
    survey.threshold = threshold
    survey.save(update_fields=["threshold"])
    if survey.state == SurveyState.CLOSED:
        _write_results(survey)
    return _record(actor, "change", survey, now, changes={"threshold": [before, threshold]})


@transaction.atomic
def archive_survey(*, actor: User, survey: Survey, now: dt.datetime) -> AuditEntry:
    """Take a survey out of the lists; an open one is closed or withdrawn first."""
    survey = _locked(survey)
    if survey.state == SurveyState.OPEN:
        raise NotOpen(_("Close it or withdraw it first: people are still answering."))
    tracker = audit.Tracker()
    # The file of an archived import may be brought in again.
    tracker.change(survey, archived_at=now, digest="")
    unindex(Kind.SURVEY, [survey.pk])
    return _record(actor, "archive", survey, now, tracker)


def _locked(survey: Survey) -> Survey:
    return Survey.objects.select_for_update().get(pk=survey.pk)


def _record(
    actor: User | None,
    verb: str,
    survey: Survey,
    now: dt.datetime,
    tracker: audit.Tracker | None = None,
    **told: Any,
) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.SURVEY,
        object_id=survey.pk,
        object_name=survey.title,
        particulars=told,
        now=now,
        rows=tracker.changes if tracker else (),
    )


__all__ = [
    "AnsweredBefore",
    "EndsTooSoon",
    "LinkUnknown",
    "NoQuestion",
    "NotADraft",
    "NotOpen",
    "QuestionDraft",
    "RemindedBefore",
    "SurveyOver",
    "ThresholdFalls",
    "TooFewPeople",
    "TooSoon",
    "archive_survey",
    "change_survey",
    "close_survey",
    "create_survey",
    "open_survey",
    "raise_threshold",
    "record_answer",
    "record_own_answer",
    "remind_once",
    "withdraw_survey",
]
