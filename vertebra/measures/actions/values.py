"""Recording values: many at once; a corrected one supersedes the one before it, which stays."""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.kit import clock
from vertebra.measures.actions.crossings import tell_crossings
from vertebra.measures.models import FeedRun, Measurement, Metric
from vertebra.measures.queries.figures import plain
from vertebra.measures.queries.periods import next_period, period_start, period_words
from vertebra.measures.queries.series import LARGEST, Value

__all__ = ["BadValue", "Recorded", "Value", "record_values"]

SPARK_POINTS = 24
LONGEST_PART = 120
_BATCH = 500
_Key = tuple[str, dt.date]
_Known = tuple[int, float, int | None]


class BadValue(Refusal):
    """A value that no metric may hold: infinite, too large, in the future, or given twice."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many values were new, corrected one that was there, or were known already."""

    new: int
    corrected: int
    same: int


@transaction.atomic
def record_values(
    *,
    actor: User | None,
    metric: Metric,
    rows: Sequence[Value],
    run: FeedRun | None = None,
    now: dt.datetime,
) -> Recorded:
    """Record values of a metric; those known already change nothing, those that differ supersede what was there."""
    wanted = _checked(metric, rows, now)
    Metric.objects.select_for_update().get(pk=metric.pk)
    there = _there(metric, wanted)
    new = [value for key, value in wanted.items() if key not in there]
    corrected = [value for key, value in wanted.items() if key in there and there[key][1:] != _said(value)]
    _supersede([there[value.part, value.on][0] for value in corrected], now)
    _insert(metric, [*new, *corrected], actor, run, now)
    recorded = Recorded(len(new), len(corrected), len(wanted) - len(new) - len(corrected))
    if new or corrected:
        _sum_up(metric)
        tell_crossings(metric, now)
        audit.record(
            actor=actor, verb="record", kind=Kind.METRIC, object_id=metric.pk, object_name=metric.name,
            particulars={"new": recorded.new, "corrected": recorded.corrected}, now=now,
        )  # fmt: skip
    return recorded


def _said(value: Value) -> tuple[float, int | None]:
    return value.value, value.behind


def _checked(metric: Metric, rows: Iterable[Value], now: dt.datetime) -> dict[_Key, Value]:
    """The values by part and period; refuses what cannot be a value before anything is written."""
    today = clock.today(now)
    found: dict[_Key, Value] = {}
    for row in rows:
        on = period_start(row.on, metric.grain)
        words = {"period": period_words(on, metric.grain), "name": metric.name}
        if not math.isfinite(row.value):
            raise BadValue(_("The value of “%(name)s” for %(period)s is not a finite number.") % words)
        if abs(row.value) > LARGEST:
            text = _(
                "The value of “%(name)s” for %(period)s is too large: %(most)s at most, above or below zero."
            )
            raise BadValue(text % {**words, "most": plain(LARGEST)})
        if on > today:
            raise BadValue(_("%(period)s has not begun: “%(name)s” has no value for it yet.") % words)
        if len(row.part) > LONGEST_PART:
            raise BadValue(_("The name of a part of “%(name)s” is too long.") % words)
        value = Value(on, float(row.value), row.part, row.behind)
        if found.setdefault((row.part, on), value) != value:
            raise BadValue(_("There are two different values of “%(name)s” for %(period)s.") % words)
    return found


def _there(metric: Metric, wanted: dict[_Key, Value]) -> dict[_Key, _Known]:
    """What is known of these periods: the row, its value, how many stand behind it."""
    if not wanted:
        return {}
    days = [on for _part, on in wanted]
    rows = Measurement.objects.filter(
        metric=metric, superseded_at__isnull=True, on__gte=min(days), on__lte=max(days)
    )
    found = rows.values_list("part", "on", "pk", "value", "behind")
    return {(part, on): (pk, value, behind) for part, on, pk, value, behind in found.iterator(2000)}


def _supersede(ids: list[int], now: dt.datetime) -> None:
    for start in range(0, len(ids), _BATCH):
        Measurement.objects.filter(pk__in=ids[start : start + _BATCH]).update(superseded_at=now)


def _insert(
    metric: Metric, rows: list[Value], actor: User | None, run: FeedRun | None, now: dt.datetime
) -> None:
    """Write the values in one prepared statement: a metric may bring ten thousand."""
    if not rows:
        return
    table = connection.ops.quote_name(Measurement._meta.db_table)
    columns = '"metric_id", "on", "part", "value", "behind", "recorded_at", "run_id", "made_by_id"'
    places = ", ".join(["%s"] * 8)
    at = connection.ops.adapt_datetimefield_value(now)
    rest = (at, run.pk if run else None, actor.pk if actor else None)
    day = connection.ops.adapt_datefield_value
    values = [(metric.pk, day(row.on), row.part, row.value, row.behind, *rest) for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", values)  # noqa: S608 (our own names)


def _sum_up(metric: Metric) -> None:
    """Keep the latest value, the one of the period before and a small picture beside the metric, for lists."""
    rows = Measurement.objects.filter(metric=metric, part="", superseded_at__isnull=True)
    last = list(rows.order_by("-on").values_list("on", "value")[:SPARK_POINTS])
    if not last:
        return
    latest_on, latest_value = last[0]
    before = dict(last).get(next_period(latest_on, metric.grain, -1))
    metric.latest_on, metric.latest_value, metric.before_value = latest_on, latest_value, before
    metric.spark = [value for _on, value in reversed(last)]
    metric.save(update_fields=["latest_on", "latest_value", "before_value", "spark"])
