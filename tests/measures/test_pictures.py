"""Pictures of metrics: the past stands under the period of today that it is compared with."""

import datetime as dt

import pytest

from tests import world
from tests.measures.measured import metric, monthly
from vertebra.measures.actions.values import Value, record_values
from vertebra.measures.labels.charts import Comparison, MarkKind
from vertebra.measures.models import Mark
from vertebra.measures.queries.pictures import Asked, pictures_of

pytestmark = pytest.mark.django_db
TODAY = world.TODAY


def test_the_period_before_stands_month_under_month() -> None:
    row = monthly(metric(), *range(1, 31))
    asked = Asked(months=6, comparison=Comparison.PERIOD_BEFORE)
    (picture,) = pictures_of([row], asked, TODAY, world.lea())
    rows = dict(picture.rows)
    assert all(day.day == 1 for day in rows), "a month has one row"
    months = len([day for day in rows if day <= TODAY])
    before, now = rows[dt.date(2026, 10, 1)]
    assert (before, now) == (30 - months, 30), "as many months earlier as are drawn"
    assert all(one[0] is not None for one in rows.values()), "the first of them is compared too"


@pytest.mark.parametrize(("grain", "step"), [("day", 1), ("week", 7)])
def test_a_year_before_stands_under_the_same_day_of_the_week(grain: str, step: int) -> None:
    row = metric(grain=grain, unit="number")
    first = dt.date(2025, 1, 6)
    days = [first + dt.timedelta(days=step * number) for number in range((TODAY - first).days // step + 1)]
    values = [Value(day, float(day.toordinal())) for day in days]
    record_values(actor=None, metric=row, rows=values, now=world.NOW)
    asked = Asked(months=6, comparison=Comparison.YEAR_BEFORE)
    (picture,) = pictures_of([row], asked, TODAY, world.lea())
    assert len(picture.rows) == len([day for day in days if day >= picture.rows[0][0]])
    for day, (before, now) in picture.rows:
        assert (now, before) == (day.toordinal(), day.toordinal() - 364), day


def test_of_the_incidents_on_every_line_only_the_longest_stand_with_what_is_tied_to_the_metric() -> None:
    row = monthly(metric(), *range(1, 13))
    for days in range(9):
        ends = TODAY - dt.timedelta(days=60)
        marked(MarkKind.INCIDENT, f"Outage {days}", ends - dt.timedelta(days=days), ends)
    day = dt.date(2026, 5, 4)
    marked(MarkKind.HOLIDAY, "Spring", day)
    marked(MarkKind.NOTE, "New way to count", day).metrics.add(row)
    marked(MarkKind.INCIDENT, "Payments fail", day).metrics.add(row)
    (picture,) = pictures_of([row], Asked(), TODAY, world.lea())
    told = {one.title for one in picture.marks}
    assert told == {f"Outage {days}" for days in range(4, 9)} | {
        "Spring",
        "New way to count",
        "Payments fail",
    }
    assert list(picture.chart.marks) == picture.marks


def marked(kind: str, title: str, starts_on: dt.date, ends_on: dt.date | None = None) -> Mark:
    """Something that stands on every line."""
    return Mark.objects.create(kind=kind, title=title, starts_on=starts_on, ends_on=ends_on)
