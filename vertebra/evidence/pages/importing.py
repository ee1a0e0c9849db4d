"""Bringing in a survey file in three steps: the file, what its columns are, what will be kept."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts.audit import Refusal
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.evidence.actions.importing import Choice, KnownFile, import_answers, settle_columns, take_file
from vertebra.evidence.forms.importing import ColumnForms, FileForm
from vertebra.evidence.labels import QuestionKind, SurveyKind, SurveyState
from vertebra.evidence.models import Survey, SurveyTable
from vertebra.evidence.survey_files import GROUP, Column, read_survey, values_of
from vertebra.kit import clock
from vertebra.kit.files.labels import message, remedy
from vertebra.kit.files.problems import Refused


def _steps(survey: Survey | None, current: int) -> list[dict[str, object]]:
    names = (
        (_("File"), ""),
        (_("Questions"), "evidence:survey-columns"),
        (_("Look and bring in"), "evidence:survey-preview"),
    )
    return [
        {
            "label": label,
            "url": reverse(name, args=(survey.pk,)) if survey and name else "",
            "is_done": number < current,
            "is_current": number == current,
        }
        for number, (label, name) in enumerate(names)
    ]


@requires(Right.PRODUCT_OPS)
def survey_upload(request: PageRequest) -> HttpResponse:
    """Take a survey file; what names people is gone before anything is kept."""
    form = FileForm(request.POST or None, request.FILES or None)
    problem = None
    if request.method == "POST" and form.is_valid():
        file, cleaned = form.cleaned_data["file"], form.cleaned_data
        try:
            read = read_survey(file.read(), str(file.name))
            survey = take_file(
                actor=request.user, file=read, name=str(file.name), title=cleaned["title"],
                language=cleaned["language"], now=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            found = refused.problem
            problem = {"file": found.file, "line": found.line, "column": found.column,
                       "what": message(found), "remedy": remedy(found)}  # fmt: skip
        except KnownFile as known:
            messages.info(request, str(known))
            return redirect("evidence:pulse-show", known.survey.pk)
        else:
            return redirect("evidence:survey-columns", survey.pk)
    context = {"form": form, "steps": _steps(None, 0), "problems": [problem] if problem else []}
    return render(
        request, "evidence/survey_upload.html", context, status=422 if request.method == "POST" else 200
    )


def _draft(survey_id: int) -> tuple[Survey, SurveyTable]:
    rows = SurveyTable.objects.select_related("survey").filter(
        survey__kind=SurveyKind.IMPORTED, survey__state=SurveyState.DRAFT, survey__archived_at=None
    )
    table = get_object_or_404(rows, survey=survey_id)
    return table.survey, table


@requires(Right.PRODUCT_OPS)
def survey_columns(request: PageRequest, survey_id: int) -> HttpResponse:
    """What was understood of each column, to be put right."""
    survey, table = _draft(survey_id)
    columns = [Column.read(kept) for kept in table.columns]
    initial = [{"text": column.text, "kind": column.kind} for column in columns]
    forms = ColumnForms(request.POST or None, initial=initial, prefix="column")
    title = str(request.POST.get("title", survey.title)).strip()
    if request.method == "POST" and forms.is_valid() and title:
        choices = [Choice(form.cleaned_data["text"], form.cleaned_data["kind"]) for form in forms]
        settle_columns(actor=request.user, survey=survey, title=title, choices=choices, now=clock.now())
        return redirect("evidence:survey-preview", survey.pk)
    context = {
        "survey": survey,
        "title_typed": title,
        "forms": forms,
        "rows": list(zip(forms, columns, strict=True)),
        "dropped": table.dropped,
        "count": len(table.rows),
        "steps": _steps(survey, 1),
    }
    return render(
        request, "evidence/survey_columns.html", context, status=422 if request.method == "POST" else 200
    )


@requires(Right.PRODUCT_OPS)
def survey_preview(request: PageRequest, survey_id: int) -> HttpResponse:
    """What will be kept, question by question, and the button that brings it in."""
    survey, table = _draft(survey_id)
    if request.method == "POST":
        try:
            import_answers(actor=request.user, survey=survey, now=clock.now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("evidence:survey-preview", survey.pk)
        messages.success(request, _("Brought in: its answers are kept without anybody's name."))
        return redirect("evidence:pulse-show", survey.pk)
    columns = [Column.read(kept) for kept in table.columns]
    group = next((column for column in columns if column.kind == GROUP), None)
    context = {
        "survey": survey,
        "steps": _steps(survey, 2),
        "count": len(table.rows),
        "dropped": table.dropped,
        "group": group,
        "kept": [_told(column, table.rows) for column in columns if column.kind not in ("", GROUP)],
        "left_out": [column.text for column in columns if column.kind == ""],
    }
    return render(request, "evidence/survey_preview.html", context)


def _told(column: Column, rows: list[list[str]]) -> dict[str, Any]:
    fitting = sum(value is not None for value in values_of(column, column.kind, rows))
    return {
        "text": column.text,
        "kind": QuestionKind(column.kind).label,
        "answers": fitting,
        "lost": max(0, column.filled - fitting),
        "choices": len(column.labels),
    }
