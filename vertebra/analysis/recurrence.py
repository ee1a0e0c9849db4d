"""The days on which something comes back, and the moments at which it begins, in the time of its place."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

# A month has the same day of the week five times at most, the fifth not always: then its last is meant.
_FIFTH = 5
# Not every month has these dates: its last day stands for them.
_SHORTEST = 28
_MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6}


def days(
    rhythm: str, first: dt.date, since: dt.date, until: dt.date, last: dt.date | None = None
) -> list[dt.date]:
    """The days from `since` to `until`, both included, on which something comes back that began on `first`."""
    end = min(until, last) if last else until
    begin = max(since, first)
    if begin > end:
        return []
    if rhythm == "once":
        return [first] if begin <= first <= end else []
    found = _rule(rhythm, first).between(_noon(begin), _noon(end), inc=True)
    return [at.date() for at in found]


def moments(on: list[dt.date], at: dt.time, zone: str) -> Iterator[dt.datetime]:
    """When it begins on these days, in universal time: at the same hour of its place, summer and winter.

    An hour that the change to summer time skips begins as much later as the clocks go forward.
    """
    place = ZoneInfo(zone)
    for day in on:
        yield dt.datetime.combine(day, at, tzinfo=place).astimezone(dt.UTC)


def _rule(rhythm: str, first: dt.date) -> Any:
    from dateutil import rrule

    begin = _noon(first)
    weekday = rrule.weekday(first.weekday())
    if rhythm == "workdays":
        return rrule.rrule(rrule.DAILY, dtstart=begin, byweekday=range(5))
    if rhythm in {"weekly", "fortnightly"}:
        return rrule.rrule(rrule.WEEKLY, dtstart=begin, interval=1 if rhythm == "weekly" else 2)
    if rhythm == "monthly_date":
        return _same_date(begin)
    nth = (first.day - 1) // 7 + 1
    place = weekday(-1 if nth == _FIFTH else nth)
    return rrule.rrule(rrule.MONTHLY, dtstart=begin, interval=_MONTHS[rhythm], byweekday=place)


def _same_date(begin: dt.datetime) -> Any:
    from dateutil import rrule

    if begin.day <= _SHORTEST:
        return rrule.rrule(rrule.MONTHLY, dtstart=begin)
    dates = range(_SHORTEST, begin.day + 1)
    return rrule.rrule(rrule.MONTHLY, dtstart=begin, bymonthday=dates, bysetpos=-1)


def _noon(day: dt.date) -> dt.datetime:
    """The rule is asked for days only: noon is on the same day everywhere that matters here."""
    return dt.datetime.combine(day, dt.time(12))
