"""Closed surveys and what they say, read by tools: the same figures as the pages, and no others."""

import datetime as dt
from typing import Annotated

from django.http import HttpResponse
from ninja import Query, Schema

from vertebra.accounts.api import ApiRequest
from vertebra.evidence.api.routes import READ, router
from vertebra.evidence.labels import SurveyKind, SurveyState
from vertebra.evidence.queries.results import Group, open_to, results_of
from vertebra.kit.api import LARGEST_PAGE, PROBLEMS, Fields, answer, not_found

SURVEYS = Fields(
    {name: name for name in ("id", "title", "kind", "series", "language", "cut", "threshold", "closed_at")}
    | {"invited": "invited_count"}
)


class SurveyOut(Schema):
    """A closed survey."""

    id: int
    title: str
    kind: str
    series: str
    language: str
    cut: str
    threshold: int
    closed_at: dt.datetime
    invited: int


class SurveyPage(Schema):
    """One page of surveys."""

    items: list[SurveyOut]
    next: str | None


class QuestionOut(Schema):
    """One question of a survey."""

    code: str
    kind: str
    text: str
    choices: list[dict[str, str]]


class FigureOut(Schema):
    """What a group answered to one question; every value is null where too few did.

    `counts`: how often each value was given. Values that few gave are counted together: `3–6` of a scale, `*` for all
    others of a choice. A choice among several that few ticked, or few did not, is null; so are all counts where that is not enough.
    """

    question: str
    answered: int | None
    mean: float | None
    low: float | None
    high: float | None
    counts: dict[str, int | None] | None


class GroupOut(Schema):
    """A group of those asked, inside another one; `answered` is null where too few did."""

    key: str
    parent: str
    unit: int | None
    function: str
    name: str
    invited: int
    answered: int | None
    figures: list[FigureOut]


class ResultsOut(Schema):
    """What a closed survey says, of everybody and of each group that is large enough."""

    survey: int
    questions: list[QuestionOut]
    groups: list[GroupOut]


@router.get(
    "/surveys",
    response={200: SurveyPage, **PROBLEMS},
    auth=READ,
    tags=["surveys"],
    operation_id="list_surveys",
    summary="List closed surveys",
)
def list_surveys(
    request: ApiRequest,
    kind: Annotated[SurveyKind | None, Query()] = None,
    series: Annotated[str, Query(max_length=60)] = "",
    cursor: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 100,
) -> HttpResponse:
    """The closed surveys that the token's owner may read of, oldest first."""
    rows = open_to(request.user).filter(state=SurveyState.CLOSED)
    rows = rows.filter(kind=kind) if kind else rows
    return answer(SURVEYS.page(rows.filter(series=series) if series else rows, cursor, limit))


@router.get(
    "/surveys/{survey_id}/results",
    response={200: ResultsOut, **PROBLEMS},
    auth=READ,
    tags=["surveys"],
    operation_id="get_survey_results",
    summary="Read what a closed survey says",
)
def survey_results(request: ApiRequest, survey_id: int) -> HttpResponse:
    """Each group with its figures; of a group too small for it, nothing but its place."""
    survey = open_to(request.user, [survey_id]).filter(state=SurveyState.CLOSED).first()
    if survey is None:
        raise not_found()
    results = results_of(survey)
    questions = [
        {"code": one.code, "kind": one.kind, "text": one.text, "choices": one.choices}
        for one in results.questions
    ]
    groups = [_group(group) for group in [results.whole, *results.groups]]
    return answer({"survey": survey.pk, "questions": questions, "groups": groups})


def _group(group: Group) -> dict[str, object]:
    return {
        "key": group.key,
        "parent": group.parent,
        "unit": group.unit_id,
        "function": group.function,
        "name": group.name,
        "invited": group.invited,
        "answered": group.answered,
        "figures": [
            {
                "question": code,
                "answered": figure.answered,
                "mean": figure.mean,
                "low": figure.low,
                "high": figure.high,
                "counts": figure.counts,
            }
            for code, figure in group.figures.items()
        ],
    }
