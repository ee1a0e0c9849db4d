"""Key results and what was measured of them: the effect, how sure, by which method, what it came to."""

import datetime as dt
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Schema

from vertebra.accounts.api import ApiRequest
from vertebra.accounts.labels import Kind
from vertebra.accounts.together import cards_of
from vertebra.kit.api import PROBLEMS, Asked, Fields, answer, page_for, page_of
from vertebra.org.api.schemas import Id
from vertebra.roadmap.api.routes import READ, router
from vertebra.roadmap.labels.initiatives import Outcome
from vertebra.roadmap.labels.results import EffectVerdict, MeasuredBy, Method
from vertebra.roadmap.models import KeyResult, Result
from vertebra.roadmap.queries.results import standing

_AIM = (
    *("id", "measured_by", "name", "is_lower_better", "baseline", "baseline_low", "baseline_high"),
    *(
        "baseline_count",
        "baseline_on",
        "target",
        "effect_from",
        "effect_until",
        "due_on",
        "after",
        "after_on",
    ),
    "fixed_at",
)
KEY_RESULTS = Fields(
    {name: name for name in _AIM}
    | {"initiative": "initiative_id", "metric": "metric_id", "pain_point": "pain_point_id"}
)
_FOUND = (
    *("id", "method", "analysis", "verdict", "reason", "effect", "low", "high", "total", "total_low", "total_high"),
    *("expected", "observed", "computed_at", "superseded_at"),
)  # fmt: skip
_RESULT = {name: name for name in _FOUND} | {
    "key_result": "key_result_id",
    "initiative": "key_result__initiative_id",
    "outcome": "key_result__initiative__outcome",
}
RESULTS = Fields(_RESULT)
WHOLE_RESULTS = Fields(_RESULT | {"series": "series", "checks": "checks"})


class KeyResultOut(Schema):
    """What an initiative should move: from where, to where, looked at in a window fixed with the baseline."""

    id: int
    initiative: int
    measured_by: str
    metric: int | None
    pain_point: int | None
    name: str
    is_lower_better: bool
    baseline: float | None
    baseline_low: float | None
    baseline_high: float | None
    baseline_count: int | None
    baseline_on: dt.date | None
    target: float | None
    effect_from: dt.date | None
    effect_until: dt.date | None
    due_on: dt.date | None
    after: float | None
    after_on: dt.date | None
    fixed_at: dt.datetime | None


class ResultOut(Schema):
    """What was measured: the effect with its 95 % interval, on average and added up; `outcome` is the initiative's."""

    id: int
    key_result: int
    initiative: int
    method: str
    analysis: str
    verdict: str
    reason: str
    effect: float | None
    low: float | None
    high: float | None
    total: float | None
    total_low: float | None
    total_high: float | None
    expected: float | None
    observed: float | None
    outcome: str
    computed_at: dt.datetime
    superseded_at: dt.datetime | None


class PointOut(Schema):
    """One period: what was seen, what would have been expected with the band that holds it in 95 cases of 100."""

    on: str
    seen: float | None
    expected: float | None
    low: float | None
    high: float | None
    is_after: bool


class WholeResultOut(ResultOut):
    """A result with its picture in numbers, and what was checked beside it."""

    points: list[PointOut]
    checks: dict[str, Any]


class KeyResultsAsked(Asked):
    """Key results of one initiative, of one metric, read from one kind of source."""

    initiative: Id | None = None
    metric: Id | None = None
    measured_by: MeasuredBy | None = None


class ResultsAsked(Asked):
    """Results that hold: of one initiative, one key result, with one verdict, method or outcome."""

    initiative: Id | None = None
    key_result: Id | None = None
    verdict: EffectVerdict | None = None
    method: Method | None = None
    outcome: Outcome | None = None


@router.get(
    "/key-results",
    response={200: page_of(KeyResultOut), **PROBLEMS},
    auth=READ,
    operation_id="list_key_results",
    summary="List key results",
)
def list_key_results(request: ApiRequest, asked: Annotated[KeyResultsAsked, Query()]) -> HttpResponse:
    """Key results of initiatives that are not archived, ordered by id."""
    wanted = asked.dict(exclude_none=True, exclude={"cursor", "limit"})
    rows = KeyResult.objects.filter(initiative__archived_at__isnull=True, **wanted)
    page = page_for(request, KEY_RESULTS, rows, asked)
    _hide_closed(request, page["items"])
    return answer(page)


@router.get(
    "/key-results/{row_id}",
    response={200: KeyResultOut, **PROBLEMS},
    auth=READ,
    operation_id="read_key_result",
    summary="Read one key result",
)
def read_key_result(request: ApiRequest, row_id: Id) -> HttpResponse:
    """One key result of an initiative that is not archived."""
    rows = KeyResult.objects.filter(initiative__archived_at__isnull=True)
    told = KEY_RESULTS.one(rows.filter(pk=row_id))
    _hide_closed(request, [told])
    return answer(told)


def _hide_closed(request: ApiRequest, items: list[dict[str, Any]]) -> None:
    """Name no pain point that the reader may not open."""
    ids = [one["pain_point"] for one in items if one["pain_point"]]
    open_ones = cards_of(request.user, Kind.PAIN_POINT, ids) if ids else {}
    for one in items:
        one["pain_point"] = one["pain_point"] if one["pain_point"] in open_ones else None


@router.get(
    "/results",
    response={200: page_of(ResultOut), **PROBLEMS},
    auth=READ,
    operation_id="list_results",
    summary="List results",
)
def list_results(request: ApiRequest, asked: Annotated[ResultsAsked, Query()]) -> HttpResponse:
    """Results that hold, ordered by id; one that corrected values replaced is read by its own number."""
    paths = {"initiative": "key_result__initiative", "outcome": "key_result__initiative__outcome"}
    wanted = asked.dict(exclude_none=True, exclude={"cursor", "limit"})
    rows = standing().filter(**{paths.get(name, name): value for name, value in wanted.items()})
    return answer(page_for(request, RESULTS, rows, asked))


@router.get(
    "/results/{row_id}",
    response={200: WholeResultOut, **PROBLEMS},
    auth=READ,
    operation_id="read_result",
    summary="Read one result",
)
def read_result(request: ApiRequest, row_id: Id) -> HttpResponse:
    """One result with its picture in numbers: placebo windows, cautions, how many values it was read from."""
    rows = Result.objects.filter(key_result__initiative__archived_at__isnull=True)
    told = WHOLE_RESULTS.one(rows.filter(pk=row_id))
    names = ("on", "seen", "expected", "low", "high", "is_after")
    points = told.pop("series").get("points", [])
    told["points"] = [dict(zip(names, point, strict=True)) | {"is_after": bool(point[5])} for point in points]
    return answer(told)
