"""Objectives of leadership, with how much serves each."""

import datetime as dt
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema

from vertebra.kit import clock
from vertebra.kit.api import PROBLEMS, Asked, Fields, answer, page_for, page_of
from vertebra.org.api.schemas import Id
from vertebra.roadmap.api.routes import READ, router
from vertebra.roadmap.models import Objective
from vertebra.roadmap.queries.objectives import objectives

OBJECTIVES = Fields(
    {name: name for name in ("id", "title", "description", "language", "starts_on", "ends_on")}
    | {"owner": "owner_id", "unit": "of_unit_id", "topics": "topic_count", "initiatives": "initiative_count"}
)


class ObjectiveOut(Schema):
    """What leadership wants for a period (`ends_on` is the day after), and how many topics and initiatives serve it."""

    id: int
    title: str
    description: str
    language: str
    starts_on: dt.date
    ends_on: dt.date
    owner: int | None
    unit: int | None
    topics: int
    initiatives: int


class ObjectivesAsked(Asked):
    """Objectives of today, to come or past."""

    when: Literal["now", "next", "past"] | None = None


@router.get(
    "/objectives",
    response={200: page_of(ObjectiveOut), **PROBLEMS},
    auth=READ,
    operation_id="list_objectives",
    summary="List objectives",
)
def list_objectives(request: HttpRequest, asked: Annotated[ObjectivesAsked, Query()]) -> HttpResponse:
    """Objectives that are not put away, ordered by id."""
    rows: QuerySet[Objective] = objectives()
    day = clock.today()
    if asked.when == "now":
        rows = rows.filter(starts_on__lte=day, ends_on__gt=day)
    elif asked.when:
        rows = rows.filter(starts_on__gt=day) if asked.when == "next" else rows.filter(ends_on__lte=day)
    return answer(page_for(request, OBJECTIVES, rows, asked))


@router.get(
    "/objectives/{row_id}",
    response={200: ObjectiveOut, **PROBLEMS},
    auth=READ,
    operation_id="read_objective",
    summary="Read one objective",
)
def read_objective(request: HttpRequest, row_id: Id) -> HttpResponse:
    """One objective that is not put away."""
    return answer(OBJECTIVES.one(objectives().filter(pk=row_id)))
