"""Where things stand before an initiative starts: what it would be measured by, and what that says today."""

import datetime as dt
from dataclasses import dataclass

from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import Link
from vertebra.analysis.privacy import FEWEST
from vertebra.analysis.re_ask import MARGIN
from vertebra.discovery.labels import PainState
from vertebra.discovery.models import PainPoint, ReAsk
from vertebra.measures.labels.metrics import Direction
from vertebra.measures.models import Metric
from vertebra.roadmap.labels.results import MeasuredBy
from vertebra.roadmap.models import Initiative, KeyResult


@dataclass(frozen=True, slots=True)
class Today:
    """What a key result says now: the figure, since when, between which bounds, from how many answers."""

    value: float
    on: dt.date
    low: float | None = None
    high: float | None = None
    count: int | None = None


def has_baseline(initiative: Initiative) -> bool:
    """Whether what the initiative should move was looked at before it starts."""
    return KeyResult.objects.filter(initiative=initiative, fixed_at__isnull=False).exists()


def pain_point_of(initiative: Initiative) -> PainPoint | None:
    """The pain point that an initiative answers: its question is what it is measured by unless something else is said."""
    links = Link.objects.filter(
        from_kind=Kind.INITIATIVE, from_id=initiative.pk, relation=Relation.ANSWERS,
        to_kind=Kind.PAIN_POINT, ended_at__isnull=True,
    )  # fmt: skip
    rows = PainPoint.objects.filter(pk__in=links.values("to_id"), archived_at__isnull=True)
    # What was only raised is Product Ops’ alone, and is not asked about yet.
    rows = rows.exclude(state=PainState.RAISED, settled_on__isnull=True)
    found: PainPoint | None = rows.order_by("pk").first()
    return found


def latest_answers(pain_point: PainPoint) -> ReAsk | None:
    """The latest asking of a pain point that five people or more answered."""
    read = pain_point.re_asks.filter(read_at__isnull=False, answered__gte=FEWEST, mean__isnull=False)
    found: ReAsk | None = read.order_by("-due_on", "-pk").first()
    return found


def today_of(key_result: KeyResult) -> Today | None:
    """What a key result says today; nothing when no value is known, or too few answered."""
    if key_result.measured_by == MeasuredBy.METRIC:
        metric = key_result.metric
        return metric_today(metric) if metric else None
    if key_result.measured_by == MeasuredBy.RE_ASK:
        asking = latest_answers(key_result.pain_point) if key_result.pain_point else None
        if asking is None or asking.mean is None:
            return None
        return Today(asking.mean, asking.due_on, asking.low, asking.high, asking.answered)
    if key_result.baseline is None or key_result.baseline_on is None:
        return None
    return Today(key_result.baseline, key_result.baseline_on)


def metric_today(metric: Metric) -> Today | None:
    """The latest value of a metric."""
    if metric.latest_value is None or metric.latest_on is None:
        return None
    return Today(metric.latest_value, metric.latest_on)


def is_lower_better(key_result: KeyResult) -> bool:
    """Which way is better: as the metric says, less of what hurts, else as was said by hand."""
    if key_result.measured_by == MeasuredBy.METRIC and key_result.metric:
        return bool(key_result.metric.direction == Direction.DOWN)
    return True if key_result.measured_by == MeasuredBy.RE_ASK else key_result.is_lower_better


def goes_right(key_result: KeyResult, today: float, target: float) -> bool:
    """Whether a target lies on the better side of where things stand."""
    if (
        key_result.measured_by == MeasuredBy.METRIC
        and key_result.metric
        and key_result.metric.direction == Direction.KEEP
    ):
        return True
    return target < today if is_lower_better(key_result) else target > today


def usual_target(key_result: KeyResult, today: float) -> float | None:
    """What a question asked again should reach when nothing else was said: a point less than today."""
    if key_result.measured_by != MeasuredBy.RE_ASK:
        return None
    return max(0.0, round(today - MARGIN, 1))
