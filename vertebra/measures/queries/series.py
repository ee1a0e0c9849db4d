"""The values of metrics as series: as they are known now, or as they were known at a moment."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, DateField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models import Value as Given

from vertebra.measures.labels.metrics import Grain
from vertebra.measures.models import Measurement, Metric
from vertebra.measures.queries.periods import next_period, period_start

Series = list[tuple[dt.date, float]]
# No metric holds more, above or below zero: nothing beyond can be drawn or read.
LARGEST = 1e15


@dataclass(frozen=True, slots=True)
class Value:
    """One value to be recorded: the day on which its period begins, and how many people or things stand behind it."""

    on: dt.date
    value: float
    part: str = ""
    behind: int | None = None


def known(known_at: dt.datetime | None = None) -> Q:
    """The measurements that held at a moment (now, without one)."""
    if known_at is None:
        return Q(superseded_at__isnull=True)
    return Q(recorded_at__lte=known_at) & (Q(superseded_at__isnull=True) | Q(superseded_at__gt=known_at))


def series_of(
    metric: Metric | int,
    *,
    part: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
    known_at: dt.datetime | None = None,
) -> Series:
    """The values of a metric in time, from a day until a day (included), as known now or at a moment."""
    rows = _between(Measurement.objects.filter(known(known_at), metric=metric, part=part), since, until)
    return list(rows.order_by("on").values_list("on", "value"))


def many_series(
    metrics: Iterable[Metric | int], *, since: dt.date | None = None, until: dt.date | None = None
) -> dict[int, Series]:
    """The values of several metrics in one question, by id; those without a value have an empty series."""
    ids = [one if isinstance(one, int) else one.pk for one in metrics]
    found: dict[int, Series] = {pk: [] for pk in ids}
    rows = _between(Measurement.objects.filter(known(), metric__in=ids, part=""), since, until)
    for pk, on, value in rows.order_by("metric_id", "on").values_list("metric_id", "on", "value"):
        found[pk].append((on, value))
    return found


def split_of(
    metric: Metric | int, *, since: dt.date | None = None, until: dt.date | None = None
) -> dict[str, Series]:
    """The values of each part of a metric, by the name of the part, without the whole."""
    found: dict[str, Series] = defaultdict(list)
    rows = _between(Measurement.objects.filter(known(), metric=metric).exclude(part=""), since, until)
    for part, on, value in rows.order_by("part", "on").values_list("part", "on", "value"):
        found[part].append((on, value))
    return dict(found)


def many_splits(
    metrics: Iterable[Metric | int], *, since: dt.date | None = None, until: dt.date | None = None
) -> dict[int, dict[str, Series]]:
    """The values of the parts of several metrics in one question, by id and part."""
    ids = [one if isinstance(one, int) else one.pk for one in metrics]
    found: dict[int, dict[str, Series]] = {pk: {} for pk in ids}
    rows = _between(Measurement.objects.filter(known(), metric__in=ids).exclude(part=""), since, until)
    for pk, part, on, value in rows.order_by("part", "on").values_list("metric_id", "part", "on", "value"):
        found[pk].setdefault(part, []).append((on, value))
    return found


def latest(metrics: Iterable[Metric | int]) -> dict[int, tuple[dt.date, float]]:
    """The latest value of each metric and the day on which its period began, by id; nothing for those without."""
    ids = [one if isinstance(one, int) else one.pk for one in metrics]
    rows = Metric.objects.filter(pk__in=ids, latest_on__isnull=False)
    found = rows.values_list("pk", "latest_on", "latest_value")
    return {pk: (on, value) for pk, on, value in found if on is not None and value is not None}


def standing_at(metrics: Iterable[Metric | int], end: dt.date) -> dict[int, tuple[float, float | None]]:
    """The value of the last period of each metric that is over by a day, and that of the period before, by id."""
    ids = [one if isinstance(one, int) else one.pk for one in metrics]
    # A period is over by that day if it began before the one in which the day lies.
    cuts = [When(grain=grain, then=Given(period_start(end, grain), DateField())) for grain in Grain.values]
    held = Measurement.objects.filter(known(), metric=OuterRef("pk"), part="", on__lt=OuterRef("cut"))
    held = held.order_by("-on")
    rows = Metric.objects.filter(pk__in=ids).annotate(cut=Case(*cuts, output_field=DateField()))
    rows = rows.annotate(
        was_on=Subquery(held.values("on")[:1]),
        was=Subquery(held.values("value")[:1]),
        before_on=Subquery(held.values("on")[1:2]),
        before=Subquery(held.values("value")[1:2]),
    )
    found = rows.filter(was_on__isnull=False).values_list(
        "pk", "grain", "was_on", "was", "before_on", "before"
    )
    return {
        pk: (was, before if before_on == next_period(was_on, grain, -1) else None)
        for pk, grain, was_on, was, before_on, before in found
    }


def _between(
    rows: QuerySet[Measurement], since: dt.date | None, until: dt.date | None
) -> QuerySet[Measurement]:
    if since is not None:
        rows = rows.filter(on__gte=since)
    return rows if until is None else rows.filter(on__lte=until)
