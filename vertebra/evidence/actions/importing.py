"""Bringing in the answers of a survey made elsewhere, without whoever gave them."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.analysis import pulse
from vertebra.evidence.actions.answering import put_answers
from vertebra.evidence.actions.index import index_survey
from vertebra.evidence.actions.surveys import NoQuestion, NotADraft, TooFewPeople
from vertebra.evidence.labels import Cut, QuestionKind, SurveyKind, SurveyState
from vertebra.evidence.models import Cell, Question, Result, Survey, SurveyTable
from vertebra.evidence.queries.answers import SCALES
from vertebra.evidence.queries.counting import Counted, compute
from vertebra.evidence.survey_files import GROUP, Column, SurveyFile, choices_of, codes_of, values_of
from vertebra.kit.bulk import insert_rows


class KnownFile(Refusal):
    """The same file was brought in before: nothing changes."""

    def __init__(self, survey: Survey) -> None:
        super().__init__(_("This file was brought in before: here it is."))
        self.survey = survey


@dataclass(frozen=True, slots=True)
class Choice:
    """What becomes of one understood question: its text, and its kind (blank: left out)."""

    text: str
    kind: str


@transaction.atomic
def take_file(
    *, actor: User, file: SurveyFile, name: str, title: str, language: str, now: dt.datetime
) -> Survey:
    """Keep a survey file as a draft, without the columns that name people; the same file again is refused."""
    known = Survey.objects.filter(digest=file.digest).first()
    if known is not None:
        raise KnownFile(known)
    survey = Survey(
        kind=SurveyKind.IMPORTED,
        title=title.strip()[:200] or name[:200],
        language=language,
        cut=Cut.FUNCTION,
        origin=name[:200],
        digest=file.digest,
        made_by=actor,
        created_at=now,
    )
    survey.save(force_insert=True)
    SurveyTable.objects.create(
        survey=survey,
        headings=file.headings,
        rows=file.rows,
        columns=[column.kept() for column in file.columns],
        dropped=file.dropped,
    )
    _record(actor, "create", survey, now, rows=len(file.rows), left_out=len(file.dropped))
    return survey


@transaction.atomic
def settle_columns(
    *, actor: User, survey: Survey, title: str, choices: Sequence[Choice], now: dt.datetime
) -> AuditEntry:
    """Say what each question of a file is called and how it is answered."""
    survey = _draft(survey)
    table = SurveyTable.objects.select_for_update().get(survey=survey)
    columns = [Column.read(kept) for kept in table.columns]
    for column, choice in zip(columns, choices, strict=True):
        column.text, column.kind = choice.text[:500] or column.text, choice.kind
    table.columns = [column.kept() for column in columns]
    table.save(update_fields=["columns"])
    survey.title = title[:200]
    survey.save(update_fields=["title"])
    return _record(actor, "change", survey, now)


@transaction.atomic
def import_answers(*, actor: User, survey: Survey, now: dt.datetime) -> AuditEntry:
    """Make a closed survey of a file: its questions, its answers in groups of five at least, its results."""
    survey = _draft(survey)
    table = SurveyTable.objects.get(survey=survey)
    columns = [Column.read(kept) for kept in table.columns]
    asked = [column for column in columns if column.kind not in ("", GROUP)]
    if not asked:
        raise NoQuestion(_("Keep one question at least."))
    rows = table.rows
    try:
        cells = _cells(survey, columns, rows)
    except pulse.TooFew as error:
        raise TooFewPeople(
            _("Fewer than five answers are in the file: nothing could be shown of them.")
        ) from error
    answers: list[dict[str, Any]] = [{} for _row in rows]
    for position, column in enumerate(asked):
        question = _question(survey, position, column, rows)
        for row, value in zip(answers, values_of(column, column.kind, rows), strict=True):
            if value is not None:
                row[question.code] = value
    _write(survey, cells, answers)
    survey.state, survey.opened_at, survey.closed_at = SurveyState.CLOSED, now, now
    survey.invited_count = len(rows)
    survey.introduction = " · ".join(table.dropped)[:4000]
    survey.save()
    table.delete()
    insert_rows(Result, Counted._fields, compute(survey, {}))
    index_survey(survey, now)
    return _record(actor, "import", survey, now, answers=len(rows), questions=len(asked))


def _draft(survey: Survey) -> Survey:
    survey = Survey.objects.select_for_update().get(pk=survey.pk)
    if survey.state != SurveyState.DRAFT or survey.kind != SurveyKind.IMPORTED:
        raise NotADraft(_("This file was brought in before."))
    return survey


def _cells(survey: Survey, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[Cell]:
    """The cell of each row, written; without a column to tell apart by, everybody is in one."""
    group = next((column for column in columns if column.kind == GROUP), None)
    names = [f"name:{row[group.indexes[0]][:90] or '—'}" if group else "name:" for row in rows]
    made = pulse.named_cells(names)
    sizes = Counter(made.of)
    cells = []
    for number, chain in enumerate(made.chains):
        name = chain[-1].removeprefix("name:") if chain else ""
        cell = Cell(survey=survey, name=name, groups=list(chain), invited_count=sizes[number])
        cell.save(force_insert=True)
        cells.append(cell)
    return [cells[number] for number in made.of]


def _question(survey: Survey, position: int, column: Column, rows: Sequence[Sequence[str]]) -> Question:
    choices = []
    if column.kind in {QuestionKind.ONE, QuestionKind.SEVERAL}:
        choices = [
            {"code": code, "label": label}
            for label, code in codes_of(choices_of(column, column.kind, rows)).items()
        ]
    elif column.kind == QuestionKind.AGREEMENT:
        lowest, highest = SCALES[column.kind]
        choices = [{"code": str(value), "label": str(value)} for value in range(lowest, highest + 1)]
    question = Question(
        survey=survey,
        position=position,
        code=f"q{position + 1}",
        kind=column.kind,
        text=column.text[:500],
        choices=choices,
    )
    question.save(force_insert=True)
    return question


def _write(survey: Survey, cells: Sequence[Cell], answers: Sequence[dict[str, Any]]) -> None:
    """Write the answers in an order that says nothing."""
    pairs = list(zip(cells, answers, strict=True))
    random.SystemRandom().shuffle(pairs)
    put_answers(survey, ((cell.pk, row) for cell, row in pairs))


def _record(actor: User, verb: str, survey: Survey, now: dt.datetime, **told: object) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.SURVEY,
        object_id=survey.pk,
        object_name=survey.title,
        particulars=dict(told),
        now=now,
    )
