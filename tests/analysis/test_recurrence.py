"""The days and hours on which something comes back."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vertebra.analysis.recurrence import days, moments

RHYTHMS = ("workdays", "weekly", "fortnightly", "monthly", "monthly_date", "quarterly", "half_yearly", "once")
ZONES = ("Europe/Paris", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Africa/Casablanca", "UTC")
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31))


@pytest.mark.parametrize(
    ("rhythm", "first", "expected"),
    [
        ("weekly", dt.date(2026, 9, 1), [dt.date(2026, 9, 1), dt.date(2026, 9, 8), dt.date(2026, 9, 15)]),
        ("fortnightly", dt.date(2026, 9, 1), [dt.date(2026, 9, 1), dt.date(2026, 9, 15)]),
        ("monthly", dt.date(2026, 9, 15), [dt.date(2026, 9, 15)]),
        ("once", dt.date(2026, 9, 3), [dt.date(2026, 9, 3)]),
    ],
)
def test_it_comes_back_on_the_day_of_its_first(rhythm: str, first: dt.date, expected: list[dt.date]) -> None:
    assert days(rhythm, first, dt.date(2026, 9, 1), dt.date(2026, 9, 20)) == expected


def test_the_fifth_of_a_month_is_its_last() -> None:
    found = days("monthly", dt.date(2026, 9, 29), dt.date(2026, 9, 1), dt.date(2026, 12, 31))
    assert found == [
        dt.date(2026, 9, 29),
        dt.date(2026, 10, 27),
        dt.date(2026, 11, 24),
        dt.date(2026, 12, 29),
    ]


def test_a_date_that_a_month_has_not_is_its_last_day() -> None:
    found = days("monthly_date", dt.date(2026, 1, 31), dt.date(2026, 1, 1), dt.date(2026, 5, 1))
    assert found == [dt.date(2026, 1, 31), dt.date(2026, 2, 28), dt.date(2026, 3, 31), dt.date(2026, 4, 30)]


def test_it_is_never_after_its_last_day() -> None:
    assert days(
        "weekly", dt.date(2026, 9, 1), dt.date(2026, 9, 1), dt.date(2026, 9, 30), dt.date(2026, 9, 8)
    ) == [
        dt.date(2026, 9, 1),
        dt.date(2026, 9, 8),
    ]


def test_it_begins_at_the_same_hour_of_its_place_summer_and_winter() -> None:
    on = [dt.date(2026, 10, 20), dt.date(2026, 10, 27)]
    found = list(moments(on, dt.time(10), "Europe/Paris"))
    assert [at.hour for at in found] == [8, 9]


def test_an_hour_that_is_skipped_begins_as_much_later() -> None:
    found = next(moments([dt.date(2026, 3, 29)], dt.time(2, 30), "Europe/Paris"))
    assert found.astimezone(ZoneInfo("Europe/Paris")).time() == dt.time(3, 30)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    rhythm=st.sampled_from(RHYTHMS),
    first=DAYS,
    since=DAYS,
    length=st.integers(0, 400),
    cut=st.integers(0, 400),
)
def test_parts_of_a_time_have_the_days_of_the_whole(
    rhythm: str, first: dt.date, since: dt.date, length: int, cut: int
) -> None:
    until = since + dt.timedelta(days=length)
    middle = since + dt.timedelta(days=min(cut, length))
    whole = days(rhythm, first, since, until)
    parts = days(rhythm, first, since, middle) + days(rhythm, first, middle + dt.timedelta(days=1), until)
    assert whole == parts == sorted(set(whole))
    assert all(max(first, since) <= day <= until for day in whole)
    if since <= first <= until and (rhythm != "workdays" or first.weekday() < 5):
        assert whole[0] == first


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    rhythm=st.sampled_from(RHYTHMS), first=DAYS, at=st.times().map(lambda one: one.replace(second=0, microsecond=0)),
    zone=st.sampled_from(ZONES),
)  # fmt: skip
def test_the_hour_on_the_wall_stays_but_where_it_is_skipped(
    rhythm: str, first: dt.date, at: dt.time, zone: str
) -> None:
    on = days(rhythm, first, first, first + dt.timedelta(days=400))
    for day, moment in zip(on, moments(on, at, zone), strict=True):
        there = moment.astimezone(ZoneInfo(zone))
        later = there.replace(tzinfo=None) - dt.datetime.combine(day, at)
        assert later in {dt.timedelta(0), dt.timedelta(hours=1), dt.timedelta(hours=24)}
