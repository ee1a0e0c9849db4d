"""The catalogue: what each figure means, whose it is, what it says now and should reach."""

import datetime as dt
from typing import Annotated, Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import Field as Rule
from ninja import Query, Schema

from vertebra.accounts.api import ApiRequest, newly_made
from vertebra.accounts.labels import Kind
from vertebra.kit import clock
from vertebra.kit.api import PROBLEMS, Asked, Fields, answer, named, page_for, page_of
from vertebra.measures.actions.metrics import MetricValues, create_metric
from vertebra.measures.api.routes import EDIT, READ, router
from vertebra.measures.labels.metrics import Combining, Direction, Grain, MetricState, MetricUnit
from vertebra.measures.models import Metric, Target
from vertebra.measures.queries.catalogue import metrics
from vertebra.org.api.schemas import Id, Made, Name, Text
from vertebra.org.empty_spaces import language_now
from vertebra.org.models import Area, Market, Person, Unit
from vertebra.org.queries.structure import Structure

_OWN = (
    *("id", "slug", "name", "definition", "language", "unit", "currency", "direction", "grain", "combining"),
    *("where_from", "state", "verified_at", "latest_on", "latest_value", "before_value", "created_at", "changed_at"),
)  # fmt: skip
METRICS = Fields(
    {name: name for name in _OWN}
    | {"owner": "owner_id", "of_unit": "of_unit_id", "area": "area_id", "market": "market_id"}
)
Currency = Annotated[str, Rule(pattern=r"^([A-Za-z]{3})?$")]
WhereFrom = Annotated[str, Rule(max_length=300, pattern=r"^[^\x00]*$")]


class MetricOut(Schema):
    """A figure with one definition; `of_unit` is whose it is, `before_value` that of the period before the latest."""

    id: int
    slug: str
    name: str
    definition: str
    language: str
    unit: str
    currency: str
    direction: str
    grain: str
    combining: str
    owner: int | None
    of_unit: int | None
    area: int | None
    market: int | None
    where_from: str
    state: str
    verified_at: dt.datetime | None
    latest_on: dt.date | None
    latest_value: float | None
    before_value: float | None
    created_at: dt.datetime
    changed_at: dt.datetime


class TargetOut(Schema):
    """What a metric should reach by a day."""

    value: float
    by_on: dt.date
    why: str


class WholeMetricOut(MetricOut):
    """A metric with its targets."""

    targets: list[TargetOut]


class MetricsAsked(Asked):
    """Metrics in one state, with one period, of one owner, of a unit with all that is inside it; `q`: words of them."""

    q: Annotated[str, Rule(max_length=200, pattern=r"^[^\x00]*$")] = ""
    state: MetricState | None = None
    grain: Grain | None = None
    owner: Id | None = None
    unit: Id | None = None


class MetricIn(Schema):
    """A metric to put in the catalogue, as a draft; its name is enough."""

    name: Name
    definition: Text = ""
    unit: MetricUnit = MetricUnit.NUMBER
    currency: Currency = ""
    direction: Direction = Direction.UP
    grain: Grain = Grain.MONTH
    combining: Combining = Combining.MEAN
    owner: Id | None = None
    of_unit: Id | None = None
    area: Id | None = None
    market: Id | None = None
    where_from: WhereFrom = ""


@router.get(
    "/metrics",
    response={200: page_of(MetricOut), **PROBLEMS},
    auth=READ,
    operation_id="list_metrics",
    summary="List metrics",
)
def list_metrics(request: HttpRequest, asked: Annotated[MetricsAsked, Query()]) -> HttpResponse:
    """Metrics that are not archived, ordered by id."""
    rows = metrics()
    if asked.q:
        words = Q(name__icontains=asked.q) | Q(slug__icontains=asked.q) | Q(definition__icontains=asked.q)
        rows = rows.filter(words)
    if asked.unit:
        rows = rows.filter(of_unit__in=Structure.as_of(clock.today(), with_members=False).under(asked.unit))
    rows = rows.filter(**asked.dict(exclude_none=True, include={"state", "grain", "owner"}))
    return answer(page_for(request, METRICS, rows, asked))


@router.get(
    "/metrics/{row_id}",
    response={200: WholeMetricOut, **PROBLEMS},
    auth=READ,
    operation_id="read_metric",
    summary="Read one metric",
)
def read_metric(request: HttpRequest, row_id: Id) -> HttpResponse:
    """One metric with its targets, archived or not."""
    told = METRICS.one(Metric.objects.filter(pk=row_id))
    targets = Target.objects.filter(metric=row_id).order_by("by_on").values("value", "by_on", "why")
    return answer(told | {"targets": list(targets)})


@router.post(
    "/metrics",
    response={201: Made, **PROBLEMS},
    auth=EDIT,
    operation_id="create_metric",
    summary="Put a metric in the catalogue",
)
def create(request: ApiRequest, body: MetricIn) -> HttpResponse:
    """Put a metric in the catalogue, as a draft: somebody verifies it on its page."""
    given: dict[str, Any] = body.dict()
    for name, model in (("owner", Person), ("of_unit", Unit), ("area", Area), ("market", Market)):
        given[name] = named(model, given[name], name)
    values = MetricValues(language=language_now(), **given)
    row = create_metric(actor=request.user, values=values, now=clock.now())
    return newly_made(Kind.METRIC, row.pk)
