"""Results: which are due, which data were corrected since, what they say together, what to propose."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from vertebra.discovery.labels import Moment
from vertebra.discovery.models import ReAsk
from vertebra.measures.models import Measurement
from vertebra.measures.queries.periods import period_start
from vertebra.roadmap.labels.initiatives import InitiativeState, Outcome
from vertebra.roadmap.labels.results import EffectVerdict, MeasuredBy, ResultState
from vertebra.roadmap.models import Initiative, KeyResult, Result
from vertebra.roadmap.queries.baselines import is_lower_better

# Values that are late are waited for; after that, the result is told with what is there.
GRACE = dt.timedelta(days=30)


def standing() -> "QuerySet[Result]":
    """The results that hold: not superseded, of initiatives that are not archived."""
    return Result.objects.filter(superseded_at__isnull=True, key_result__initiative__archived_at__isnull=True)


def measurable() -> "QuerySet[KeyResult]":
    """Key results with a baseline, of initiatives that started and were not stopped."""
    rows = KeyResult.objects.filter(
        fixed_at__isnull=False, initiative__started_at__isnull=False, initiative__archived_at__isnull=True
    )
    return rows.exclude(initiative__outcome=Outcome.STOPPED)


def due(day: dt.date) -> list[KeyResult]:
    """Key results to measure now: the window is over and the values are in, or people were asked again."""
    held = Result.objects.filter(key_result=OuterRef("pk"), superseded_at__isnull=True)
    told = Result.objects.filter(
        key_result=OuterRef(OuterRef("pk")), superseded_at__isnull=True, computed_at__gte=OuterRef("read_at")
    )
    asked = ReAsk.objects.filter(
        ~Exists(told),
        pain_point=OuterRef("pain_point"),
        moment__in=(Moment.DELIVERY, Moment.SIX_MONTHS),
        read_at__gt=OuterRef("fixed_at"),
    )
    rows = measurable().select_related("initiative__lead__user", "metric", "pain_point")
    found = rows.filter(
        (Q(measured_by=MeasuredBy.METRIC, due_on__lte=day) & ~Exists(held))
        | (Q(measured_by=MeasuredBy.HAND, after__isnull=False) & ~Exists(held))
        | (Q(measured_by=MeasuredBy.RE_ASK) & Exists(asked))
    )
    return [row for row in found.order_by("pk") if row.measured_by != MeasuredBy.METRIC or _is_in(row, day)]


def _is_in(row: KeyResult, day: dt.date) -> bool:
    """Whether the last value of the window is known, or was waited for long enough."""
    metric = row.metric
    if metric is None or row.effect_until is None or row.due_on is None or row.due_on + GRACE <= day:
        return True
    return metric.latest_on is not None and metric.latest_on >= period_start(row.effect_until, metric.grain)


def corrected() -> "QuerySet[KeyResult]":
    """Key results whose values, or those of their controls, were corrected or came in after they were measured."""
    since = Measurement.objects.filter(
        recorded_at__gt=OuterRef("computed_at"), on__lte=OuterRef("key_result__effect_until")
    )
    controls = KeyResult.controls.through.objects.filter(
        keyresult=OuterRef(OuterRef("key_result")), metric=OuterRef("metric")
    )
    rows = standing().filter(key_result__measured_by=MeasuredBy.METRIC)
    rows = rows.filter(
        Exists(since.filter(metric=OuterRef("key_result__metric"))) | Exists(since.filter(Exists(controls)))
    )
    found = measurable().filter(pk__in=rows.values("key_result")).order_by("pk")
    return found.select_related("initiative__lead__user", "metric", "pain_point")


def to_ask_again() -> "QuerySet[KeyResult]":
    """Key results by question whose initiative is done, and whose people were not asked since."""
    asked = ReAsk.objects.filter(
        pain_point=OuterRef("pain_point"),
        moment=Moment.DELIVERY,
        cancelled_at__isnull=True,
        due_on__gte=OuterRef("initiative__delivered_at__date"),
    )
    rows = measurable().filter(
        measured_by=MeasuredBy.RE_ASK,
        initiative__delivered_at__isnull=False,
        initiative__state__in=(InitiativeState.DELIVERED, InitiativeState.CLOSED),
    )
    return rows.filter(~Exists(asked)).select_related("pain_point").order_by("pk")


@dataclass(frozen=True, slots=True)
class Measured:
    """One key result as pages show it: where its measure stands, and the result that holds."""

    key_result: KeyResult
    result: Result | None
    state: str

    @property
    def reached(self) -> bool | None:
        """Whether the target was reached by what was seen; nothing when either is unknown."""
        key_result, result = self.key_result, self.result
        if result is None or result.observed is None or key_result.target is None:
            return None
        if is_lower_better(key_result):
            return result.observed <= key_result.target
        return result.observed >= key_result.target


def measured_of(initiative: Initiative, day: dt.date) -> list[Measured]:
    """The key results of an initiative with the result that holds of each."""
    rows = KeyResult.objects.filter(initiative=initiative).select_related("metric", "pain_point")
    return [measured(row, day) for row in rows.prefetch_related(_current())]


def came_of(initiative: Initiative) -> tuple[list[Measured], str]:
    """The key results of an initiative whose result is known, and the outcome that all of them speak for."""
    aims = KeyResult.objects.filter(initiative=OuterRef("key_result__initiative")).order_by()
    rows = Result.objects.filter(superseded_at__isnull=True, key_result__initiative=initiative)
    rows = rows.select_related("key_result__metric").annotate(
        aims=Subquery(aims.values("initiative").annotate(n=Count("pk")).values("n"))
    )
    results = list(rows.defer("series").order_by("key_result"))
    found = [Measured(row.key_result, row, ResultState.MEASURED) for row in results]
    return found, proposed_outcome(found) if results and results[0].aims == len(results) else ""


def _current() -> "Prefetch[str]":
    current = Result.objects.filter(superseded_at__isnull=True).defer("series")
    return Prefetch("results", queryset=current, to_attr="current")


def measured(row: KeyResult, day: dt.date) -> Measured:
    """Where the measure of a key result stands on a day."""
    current = getattr(row, "current", None)
    if current is None:
        current = list(row.results.filter(superseded_at__isnull=True))
    result = current[0] if current else None
    if result is not None:
        state = ResultState.MEASURED
    elif row.fixed_at is None:
        state = ResultState.OPEN
    elif row.due_on and row.due_on <= day:
        state = ResultState.WAITING
    else:
        state = ResultState.RUNNING
    return Measured(row, result, state)


def proposed_outcome(found: Sequence[Measured]) -> str:
    """The outcome that the results speak for; a person confirms it. Nothing while one of them is awaited."""
    results = [one.result for one in found if one.result is not None]
    if not results or len(results) < len(found):
        return ""
    if any(one.verdict == EffectVerdict.WORSE for one in results):
        return Outcome.MISSED
    reached = [one.reached for one in found]
    if any(one.verdict == EffectVerdict.CANNOT_TELL and one.reason != "no_uncertainty" for one in results):
        return Outcome.CANNOT_TELL
    if None in reached:
        return Outcome.CANNOT_TELL
    return Outcome.ACHIEVED if all(reached) else Outcome.MISSED


def history_of(key_result: KeyResult) -> list[Result]:
    """Every result that was ever told of a key result, the latest first."""
    return list(key_result.results.order_by("-computed_at", "-pk")[:50])


def counts() -> dict[str, int]:
    """How many of the results that hold say what."""
    rows = standing().order_by().values_list("verdict").annotate(count=Count("pk"))
    return dict.fromkeys(EffectVerdict.values, 0) | dict(rows)
