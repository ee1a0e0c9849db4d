"""Values of metrics by period: as they are known, as they were known at a moment, with what was corrected."""

import datetime as dt
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Field as Rule
from ninja import Query, Schema
from pydantic import AwareDatetime

from vertebra.kit.api import PROBLEMS, Asked, Fields, Problem, answer, page_for, page_of
from vertebra.measures.api.routes import READ, router
from vertebra.measures.models import Measurement
from vertebra.measures.queries.series import known
from vertebra.org.api.schemas import Day, Id

_OWN = ("id", "on", "part", "value", "behind", "recorded_at", "superseded_at")
VALUES = Fields({name: name for name in _OWN} | {"metric": "metric_id"})


class ValueOut(Schema):
    """The value of the period that begins on a day; a corrected one keeps when it was superseded."""

    id: int
    metric: int
    on: dt.date
    part: str
    value: float
    behind: int | None
    recorded_at: dt.datetime
    superseded_at: dt.datetime | None


class ValuesAsked(Asked):
    """Values from a day until another (both included), of one metric, of one part (`part=` is the whole).

    `known_at`: as they were known at a moment; `history`: with those that were corrected since.
    """

    metric: Id | None = None
    since: Day | None = None
    until: Day | None = None
    part: Annotated[str, Rule(max_length=120, pattern=r"^[^\x00]*$")] | None = None
    known_at: AwareDatetime | None = None
    history: bool = False


@router.get(
    "/values",
    response={200: page_of(ValueOut), **PROBLEMS},
    auth=READ,
    operation_id="list_values",
    summary="List values of metrics",
)
def list_values(request: HttpRequest, asked: Annotated[ValuesAsked, Query()]) -> HttpResponse:
    """Values of metrics that are not archived, in the order in which they were recorded."""
    if asked.known_at and asked.history:
        raise Problem(422, "not_valid", "“known_at” and “history” exclude each other: send one of them.")
    rows = Measurement.objects.filter(metric__archived_at__isnull=True)
    if not asked.history:
        rows = rows.filter(known(asked.known_at))
    paths = {"since": "on__gte", "until": "on__lte", "metric": "metric", "part": "part"}
    wanted = asked.dict(exclude_none=True, include=set(paths))
    rows = rows.filter(**{paths[name]: value for name, value in wanted.items()})
    return answer(page_for(request, VALUES, rows, asked))
