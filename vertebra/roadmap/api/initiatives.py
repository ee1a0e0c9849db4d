"""Initiatives read by tools: as they stand today or stood on a day, narrowed as the pages narrow them."""

import datetime as dt
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from ninja import Field as Rule
from ninja import Query, Schema

from vertebra.accounts.api import ApiRequest
from vertebra.kit import clock
from vertebra.kit.api import PROBLEMS, Asked, Fields, Problem, answer, page_for, page_of
from vertebra.org.api.schemas import Day, Id
from vertebra.roadmap.api.routes import READ, router
from vertebra.roadmap.labels.initiatives import Horizon, InitiativeKind, InitiativeState, Pace
from vertebra.roadmap.models import Initiative, Involvement, KeyResult, MonthlyWord, Risk, WebLink
from vertebra.roadmap.queries import conditions
from vertebra.roadmap.queries.standing import Standing

_STANDS = {
    **{name: name for name in ("title", "kind", "state", "stage", "horizon", "starts_on", "due_on", "target", "pace")},
    "unit": "owner_unit_id",
    "objective": "objective_id",
    "field": "field_id",
}  # fmt: skip
_TODAY = {
    "source": "source__name",
    "external_id": "external_id",
    "lead": "lead_id",
    "parent": "parent_id",
    **{name: name for name in ("effort_days", "pace_line", "paced_on", "outcome", "slip_count", "slip_days")},
    "changed_at": "changed_at",
}
# How an initiative stood on a day is all that is known of that day.
TODAY = Fields({"id": "id"} | _STANDS | _TODAY)
PAST = Fields({"id": "initiative_id"} | _STANDS, "initiative_id")
_REST = (
    *(
        "description",
        "language",
        "baseline_at",
        "no_baseline_reason",
        "started_at",
        "delivered_at",
        "closed_at",
    ),
    *("outcome_reason", "lesson", "slip_steps", "created_at", "archived_at"),
)
WHOLE = Fields(
    _STANDS
    | _TODAY
    | {"id": "id"}
    | {name: name for name in _REST}
    | {"no_baseline_by": "no_baseline_by__name"},
)
PART = ("part", "unit", "area", "market", "person")
# What only today's rows can be asked.
ONLY_TODAY = ("lead", "baseline", "origin")


class InitiativeOut(Schema):
    """Something undertaken; of a day before today, what is null is not known."""

    id: int
    source: str | None
    external_id: str | None
    title: str
    kind: str
    state: str
    stage: str
    horizon: str
    unit: int | None
    objective: int | None
    field: int | None
    lead: int | None
    parent: int | None
    effort_days: int | None
    starts_on: dt.date | None
    due_on: dt.date | None
    target: str
    pace: str
    pace_line: str | None
    paced_on: dt.date | None
    outcome: str | None
    slip_count: int | None
    slip_days: int | None
    changed_at: dt.datetime | None


class PartOut(Schema):
    """One unit, area, market or person with a part in it."""

    part: str
    unit: int | None
    area: int | None
    market: int | None
    person: int | None


class WordOut(Schema):
    """What was said of it for a month."""

    month: dt.date
    pace: str
    line: str
    language: str
    said_by: int | None
    said_at: dt.datetime


class RiskOut(Schema):
    """What may go wrong, from 1 (low) to 3 (high)."""

    title: str
    level: int
    state: str
    remedy: str
    owner: int | None


class LinkOut(Schema):
    """An address outside."""

    title: str
    url: str


class WholeInitiativeOut(InitiativeOut):
    """An initiative with its baseline or the reason for having none, its words, risks, links and key results."""

    description: str
    language: str
    baseline_at: dt.datetime | None
    no_baseline_reason: str
    no_baseline_by: str | None
    started_at: dt.datetime | None
    delivered_at: dt.datetime | None
    closed_at: dt.datetime | None
    outcome_reason: str
    lesson: str
    slip_steps: int
    created_at: dt.datetime
    archived_at: dt.datetime | None
    parts: list[PartOut]
    words: list[WordOut]
    risks: list[RiskOut]
    links: list[LinkOut]
    key_results: list[int]


class InitiativesAsked(Asked):
    """The filters of the roadmap's pages; `as_of` reads how everything stood on a day.

    `state=open`: not closed; `unit`: with all that is inside it; `lead=0`: nobody leads it; `q`: words of the title.
    """

    as_of: Day | None = None
    q: Annotated[str, Rule(max_length=200, pattern=r"^[^\x00]*$")] = ""
    state: InitiativeState | Literal["open"] | None = None
    kind: InitiativeKind | None = None
    horizon: Horizon | Literal["none"] | None = None
    pace: Pace | None = None
    due: Literal["late", "month", "none"] | None = None
    unit: Id | None = None
    field: Id | None = None
    objective: Id | None = None
    market: Id | None = None
    lead: Annotated[int, Rule(ge=0, le=2**53)] | None = None
    baseline: Literal["with", "without"] | None = None
    origin: Literal["here", "tool"] | None = None


@router.get(
    "/initiatives",
    response={200: page_of(InitiativeOut), **PROBLEMS},
    auth=READ,
    operation_id="list_initiatives",
    summary="List initiatives",
)
def list_initiatives(request: ApiRequest, asked: Annotated[InitiativesAsked, Query()]) -> HttpResponse:
    """Initiatives that are not archived, ordered by id."""
    today = clock.today()
    day = asked.as_of or today
    standing = Standing(day, is_today=day >= today)
    rows = _narrowed(standing, asked)
    if standing.is_today:
        return answer(page_for(request, TODAY, _of_today(rows, asked), asked))
    for name in ONLY_TODAY:
        if getattr(asked, name) is not None:
            raise Problem(422, "not_valid", f"“{name}” is known of today alone: ask without “as_of”.")
    page = page_for(request, PAST, rows, asked)
    page["items"] = [one | dict.fromkeys(_TODAY) for one in page["items"]]
    return answer(page)


def _narrowed(standing: Standing, asked: InitiativesAsked) -> QuerySet[Any]:
    """What every day can be asked."""
    rows = standing.rows()
    if asked.q:
        rows = rows.filter(title__icontains=asked.q)
    if asked.state:
        rows = conditions.of_state(rows, asked.state)
    if asked.horizon:
        rows = conditions.placed(rows, asked.horizon)
    if asked.due:
        rows = conditions.due(rows, asked.due, standing.day)
    if asked.unit:
        rows = conditions.inside(rows, asked.unit, standing)
    if asked.market:
        rows = conditions.for_market(rows, asked.market, standing)
    return rows.filter(**asked.dict(exclude_none=True, include={"kind", "pace", "field", "objective"}))


def _of_today(rows: QuerySet[Any], asked: InitiativesAsked) -> QuerySet[Any]:
    if asked.lead is not None:
        rows = rows.filter(lead=asked.lead) if asked.lead else rows.filter(lead__isnull=True)
    if asked.baseline:
        rows = conditions.measured(rows, asked.baseline)
    return conditions.read_from(rows, asked.origin) if asked.origin else rows


@router.get(
    "/initiatives/{row_id}",
    response={200: WholeInitiativeOut, **PROBLEMS},
    auth=READ,
    operation_id="read_initiative",
    summary="Read one initiative",
)
def read_initiative(request: ApiRequest, row_id: Id) -> HttpResponse:
    """One initiative, archived or not, with everything that its page says of it."""
    told = WHOLE.one(Initiative.objects.filter(pk=row_id))
    mine = {"initiative": row_id}
    parts = (
        Involvement.objects.filter(**mine)
        .order_by("pk")
        .values_list("part", "of_unit", "area", "market", "person")
    )
    words = MonthlyWord.objects.filter(**mine).order_by("-month")
    risks = Risk.objects.filter(**mine).order_by("pk").values("title", "level", "state", "remedy", "owner")
    return answer(
        told
        | {
            "parts": [dict(zip(PART, one, strict=True)) for one in parts],
            "words": list(words.values("month", "pace", "line", "language", "said_by", "said_at")),
            "risks": list(risks),
            "links": list(WebLink.objects.filter(**mine).order_by("pk").values("title", "url")),
            "key_results": list(
                KeyResult.objects.filter(**mine).order_by("position", "pk").values_list("pk", flat=True)
            ),
        }
    )  # fmt: skip
