"""Values are recorded with their history: late, corrected, the same twice, and none that cannot be."""

import datetime as dt
import math

import pytest

from tests import world
from tests.measures.measured import metric, monthly
from vertebra.accounts.models import AuditEntry
from vertebra.measures.actions.values import BadValue, Value, record_values
from vertebra.measures.models import Measurement
from vertebra.measures.queries.series import latest, many_series, series_of, split_of, standing_at

pytestmark = pytest.mark.django_db
OCTOBER, SEPTEMBER = dt.date(2026, 10, 1), dt.date(2026, 9, 1)
LATER = world.NOW + dt.timedelta(days=1)


def test_the_same_values_twice_change_nothing() -> None:
    row = monthly(metric(), 10, 20)
    entries = AuditEntry.objects.count()
    done = record_values(actor=None, metric=row, rows=[Value(SEPTEMBER, 10), Value(OCTOBER, 20)], now=LATER)
    assert (done.new, done.corrected, done.same) == (0, 0, 2)
    assert Measurement.objects.count() == 2
    assert AuditEntry.objects.count() == entries


def test_a_corrected_value_supersedes_the_one_before_which_stays() -> None:
    row = monthly(metric(), 10, 20)
    done = record_values(actor=None, metric=row, rows=[Value(OCTOBER, 25)], now=LATER)
    assert (done.new, done.corrected) == (0, 1)
    assert series_of(row) == [(SEPTEMBER, 10), (OCTOBER, 25)]
    assert series_of(row, known_at=world.NOW) == [(SEPTEMBER, 10), (OCTOBER, 20)]
    assert Measurement.objects.get(value=20).superseded_at == LATER


def test_a_late_value_was_not_known_before() -> None:
    row = monthly(metric(), 20)
    record_values(actor=None, metric=row, rows=[Value(dt.date(2026, 8, 1), 5)], now=LATER)
    assert [value for _on, value in series_of(row)] == [5, 20]
    assert [value for _on, value in series_of(row, known_at=world.NOW)] == [20]


def test_the_latest_value_and_the_one_before_are_kept_beside_the_metric() -> None:
    row = monthly(metric(), 10, 20, 30)
    assert (row.latest_on, row.latest_value, row.before_value) == (OCTOBER, 30, 20)
    assert row.spark == [10, 20, 30]
    assert latest([row]) == {row.pk: (OCTOBER, 30)}


def test_any_day_of_a_period_is_the_period() -> None:
    row = metric()
    record_values(actor=None, metric=row, rows=[Value(dt.date(2026, 10, 31), 7)], now=world.NOW)
    assert series_of(row) == [(OCTOBER, 7)]


def test_weeks_begin_on_monday_and_quarters_with_the_calendar() -> None:
    week, quarter = metric(name="Week", grain="week"), metric(name="Quarter", grain="quarter")
    for row in (week, quarter):
        record_values(actor=None, metric=row, rows=[Value(dt.date(2026, 9, 30), 1)], now=world.NOW)
    assert series_of(week)[0][0] == dt.date(2026, 9, 28)
    assert series_of(quarter)[0][0] == dt.date(2026, 7, 1)


@pytest.mark.parametrize("value", [1e308, -1e308, 1.1e15])
def test_what_is_too_large_is_refused_in_a_sentence_and_nothing_is_written(value: float) -> None:
    row = metric()
    with pytest.raises(BadValue, match=r"is too large: 1,000,000,000,000,000 at most"):
        record_values(
            actor=None, metric=row, rows=[Value(OCTOBER, 1), Value(SEPTEMBER, value)], now=world.NOW
        )
    assert not Measurement.objects.exists()
    record_values(actor=None, metric=row, rows=[Value(OCTOBER, math.copysign(1e15, value))], now=world.NOW)


def test_what_stood_at_the_end_of_a_period_is_the_last_period_over_then() -> None:
    row = monthly(metric(), 10, 20, 30)
    week = metric(name="Week", grain="week")
    rows = [Value(dt.date(2026, 9, 7), 1), Value(dt.date(2026, 9, 21), 2), Value(dt.date(2026, 9, 28), 3)]
    record_values(actor=None, metric=week, rows=rows, now=world.NOW)
    record_values(actor=None, metric=row, rows=[Value(SEPTEMBER, 21)], now=LATER)
    empty = metric(name="Empty")
    found = standing_at([row, week, empty], OCTOBER)
    assert found == {row.pk: (21, 10), week.pk: (2, None)}


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_what_is_not_finite_is_refused_and_nothing_is_written(value: float) -> None:
    row = metric()
    with pytest.raises(BadValue, match="finite"):
        record_values(
            actor=None, metric=row, rows=[Value(SEPTEMBER, 1), Value(OCTOBER, value)], now=world.NOW
        )
    assert not Measurement.objects.exists()


def test_two_values_of_one_period_are_refused_unless_they_agree() -> None:
    row = metric()
    same = [Value(OCTOBER, 1), Value(dt.date(2026, 10, 9), 1)]
    assert record_values(actor=None, metric=row, rows=same, now=world.NOW).new == 1
    with pytest.raises(BadValue, match="two different values"):
        record_values(actor=None, metric=row, rows=[Value(SEPTEMBER, 1), Value(SEPTEMBER, 2)], now=world.NOW)


def test_what_has_not_begun_has_no_value() -> None:
    with pytest.raises(BadValue, match="not begun"):
        record_values(actor=None, metric=metric(), rows=[Value(dt.date(2026, 12, 1), 1)], now=world.NOW)


def test_parts_are_apart_from_the_whole() -> None:
    row = monthly(metric(), 10)
    monthly(row, 4, part="France")
    monthly(row, 6, part="Italy")
    assert series_of(row) == [(OCTOBER, 10)]
    assert set(split_of(row)) == {"France", "Italy"}
    assert many_series([row])[row.pk] == [(OCTOBER, 10)]


@pytest.mark.postgres
def test_values_are_recorded_on_postgresql_too() -> None:
    row = monthly(metric(), 10, 20)
    done = record_values(actor=None, metric=row, rows=[Value(OCTOBER, 21), Value(SEPTEMBER, 10)], now=LATER)
    assert (done.new, done.corrected, done.same) == (0, 1, 1)
    assert series_of(row, known_at=world.NOW)[-1] == (OCTOBER, 20)
