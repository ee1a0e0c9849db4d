"""A catalogue, or values of many metrics, told at once: all or nothing, and the same twice changes nothing."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpResponse
from ninja import Field as Rule
from ninja import Schema

from vertebra.accounts.api import ApiRequest
from vertebra.kit import clock
from vertebra.kit.api import PROBLEMS, alone, answer, refuse_rows
from vertebra.measures.api.metrics import Currency, WhereFrom
from vertebra.measures.api.routes import IMPORT, TAKE_PART, router
from vertebra.measures.labels.metrics import Combining, Direction, Grain, MetricUnit
from vertebra.measures.models import Metric
from vertebra.measures.queries.catalogue import may_change
from vertebra.org.api.records import MOST, SourceName
from vertebra.org.api.schemas import Day, Id, Name, Short, Text

if TYPE_CHECKING:
    from vertebra.measures.importing.plan import Plan

Slug = Annotated[str, Rule(min_length=1, max_length=80, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Number = Annotated[int, Rule(strict=True)] | Annotated[float, Rule(strict=True)]


class MetricRowIn(Schema):
    """A metric by its short name, which is what tells it apart; what is left out stays as it is.

    `owner` is an e-mail address, a login or a name, `of_unit` the name of a unit; `target` is reached by `target_by`,
    or by the end of the year.
    """

    slug: Slug
    name: Name
    definition: Text | None = None
    unit: MetricUnit | None = None
    currency: Currency | None = None
    direction: Direction | None = None
    grain: Grain | None = None
    combining: Combining | None = None
    owner: Short | None = None
    of_unit: Short | None = None
    where_from: WhereFrom | None = None
    target: Number | None = None
    target_by: Day | None = None


class MetricRowsIn(Schema):
    """Metrics that a tool tells under a name."""

    source: SourceName
    metrics: Annotated[list[MetricRowIn], Rule(max_length=MOST)]
    dry_run: bool = False


class ValueRowIn(Schema):
    """The value of a metric (its number or its short name) for the period in which a day lies.

    `on` is written like 2026-03-31, 2026-03, 2026-Q1 or 2026-W14; without `part` it is the value of the whole;
    `behind` is how many people or things stand behind it.
    """

    metric: Id | Name
    on: Annotated[str, Rule(min_length=1, max_length=40, pattern=r"^[^\x00]*$")]
    value: Number | Annotated[str, Rule(max_length=60, pattern=r"^[^\x00]*$")]
    part: Annotated[str, Rule(max_length=200, pattern=r"^[^\x00]*$")] = ""
    behind: Annotated[int, Rule(ge=0, le=2**31 - 1)] | None = None


class ValueRowsIn(Schema):
    """Values of any number of metrics; what differs from what is known corrects it, and the old value stays."""

    values: Annotated[list[ValueRowIn], Rule(max_length=MOST)]
    dry_run: bool = False


class CountsOut(Schema):
    """How many rows were created, changed, left as they were."""

    created: int
    changed: int
    unchanged: int


class ToldMetricsOut(CountsOut):
    """The same, with the audit entry unless nothing had to change."""

    entry: int | None


@router.post(
    "/bulk/metrics",
    response={200: ToldMetricsOut, **PROBLEMS},
    auth=IMPORT,
    operation_id="tell_metrics",
    summary="Tell a catalogue of metrics",
)
def tell_metrics(request: ApiRequest, body: MetricRowsIn) -> HttpResponse:
    """The same import as that of a file: metrics are made, or said otherwise; who verified them has to look again."""
    from vertebra.measures.importing.actions import tell_measures
    from vertebra.measures.importing.plan import plan_told
    from vertebra.measures.importing.tables import METRIC

    now = clock.now()
    rows = (_cells(one) for one in body.metrics)
    plan = plan_told(rows, METRIC, clock.today(now))
    _refuse(plan, "metrics")
    entry = None
    if not body.dry_run:
        with alone():
            entry = tell_measures(actor=request.user, plan=plan, source=body.source, now=now)
    return answer(_counts(plan, METRIC) | {"entry": entry.pk if entry else None})


def _cells(row: Schema) -> dict[str, Any]:
    """What a row tells, as a file would write it."""
    return {
        name: str(value) if name == "target_by" else value
        for name, value in row.dict(exclude_none=True).items()
    }


@router.post(
    "/bulk/values",
    response={200: CountsOut, **PROBLEMS},
    auth=TAKE_PART,
    operation_id="tell_values",
    summary="Tell values of metrics",
)
def tell_values(request: ApiRequest, body: ValueRowsIn) -> HttpResponse:
    """Values of metrics that the token's owner may change: late ones are added, other ones correct what is known."""
    from vertebra.measures.importing.actions import tell_measures
    from vertebra.measures.importing.plan import plan_told
    from vertebra.measures.importing.tables import VALUE

    now = clock.now()
    rows = [one.dict() for one in body.values]
    _name_metrics(rows)
    plan = plan_told(rows, VALUE, clock.today(now))
    _refuse(plan, "values")
    refuse_rows(list(_closed(request, plan, rows)))
    if not body.dry_run:
        with alone():
            tell_measures(actor=request.user, plan=plan, source="", now=now)
    return answer(_counts(plan, VALUE))


def _name_metrics(rows: list[dict[str, Any]]) -> None:
    """Call each metric that is told by its number by its short name, as files do."""
    ids = {row["metric"] for row in rows if isinstance(row["metric"], int)}
    slugs = dict(Metric.objects.filter(pk__in=ids).values_list("pk", "slug"))
    for row in rows:
        if isinstance(row["metric"], int):
            row["metric"] = slugs.get(row["metric"], str(row["metric"]))


def _closed(request: ApiRequest, plan: "Plan", rows: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """The first row of each metric that the token's owner may not change."""
    from vertebra.kit.text import fold

    closed = [one for one in plan.known.values() if not may_change(request.user, one)]
    for one in closed:
        names = {fold(one.slug), fold(one.name)}
        at = next((at for at, row in enumerate(rows) if fold(str(row["metric"])) in names), 0)
        yield {
            "field": f"values.{at}.metric",
            "message": f"You may not change “{one.name}”.",
            "remedy": "Its owner may, and those who edit the organisation.",
        }


def _refuse(plan: "Plan", name: str) -> None:
    """One line for each fault: its row, what is wrong, what to do."""
    faults = zip(plan.reading.problems, plan.problems, strict=True)
    refuse_rows(
        [
            {
                "field": ".".join(
                    str(part) for part in (name, problem["line"] - 1, problem["column"]) if part != ""
                ),
                "message": said["what"],
                "remedy": said["remedy"],
            }
            for problem, said in faults
        ]
    )


def _counts(plan: "Plan", kind: str) -> dict[str, int]:
    counts = plan.counts().get(kind, {})
    return {name: counts.get(name, 0) for name in ("created", "changed", "unchanged")}
