"""Periods of metrics: the day on which each begins, the next one, and whether a value is overdue."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q
from django.utils import formats
from django.utils.translation import gettext as _

from vertebra.measures.labels.metrics import Grain

# How many days after a period has begun its value is late: the period itself, and time to count.
LATE_AFTER = {Grain.DAY: 4, Grain.WEEK: 16, Grain.MONTH: 65, Grain.QUARTER: 195}


def period_start(day: dt.date, grain: str) -> dt.date:
    """The first day of the period in which a day lies (weeks begin on Monday, quarters with the calendar)."""
    if grain == Grain.WEEK:
        return day - dt.timedelta(days=day.weekday())
    if grain == Grain.MONTH:
        return day.replace(day=1)
    if grain == Grain.QUARTER:
        return dt.date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return day


def next_period(start: dt.date, grain: str, count: int = 1) -> dt.date:
    """The first day of the period so many after (or, below zero, before) the one that begins on a day."""
    if grain in (Grain.DAY, Grain.WEEK):
        return start + dt.timedelta(days=count * (7 if grain == Grain.WEEK else 1))
    months = start.year * 12 + start.month - 1 + count * (3 if grain == Grain.QUARTER else 1)
    return dt.date(months // 12, months % 12 + 1, 1)


def periods_between(first: dt.date, last: dt.date, grain: str) -> list[dt.date]:
    """The first days of all periods from one to another, both included."""
    found, day = [], period_start(first, grain)
    while day <= last:
        found.append(day)
        day = next_period(day, grain)
    return found


def year_before(start: dt.date, grain: str) -> dt.date:
    """The period a year before one: the same month or quarter, for weeks and days the same day of the week."""
    if grain in (Grain.DAY, Grain.WEEK):
        return start - dt.timedelta(weeks=52)
    return dt.date(start.year - 1, start.month, 1)


def missing(days: Iterable[dt.date], grain: str) -> list[dt.date]:
    """The periods without a value between the first and the last that have one."""
    known = {period_start(day, grain) for day in days}
    if not known:
        return []
    return [day for day in periods_between(min(known), max(known), grain) if day not in known]


def period_words(start: dt.date, grain: str) -> str:
    """A period as people say it: a day, the week of a day, a month, a quarter."""
    if grain == Grain.MONTH:
        return formats.date_format(start, "YEAR_MONTH_FORMAT")
    if grain == Grain.QUARTER:
        return _("Q%(quarter)d %(year)d") % {"quarter": (start.month + 2) // 3, "year": start.year}
    if grain == Grain.WEEK:
        return _("week of %(day)s") % {"day": formats.date_format(start, "SHORT_DATE_FORMAT")}
    return formats.date_format(start, "SHORT_DATE_FORMAT")


def is_stale(latest_on: dt.date | None, grain: str, today: dt.date) -> bool:
    """Whether the value after the latest one should have arrived."""
    return latest_on is not None and (today - latest_on).days > LATE_AFTER[Grain(grain)]


def stale(today: dt.date) -> Q:
    """The metrics whose latest value is older than it should be."""
    found = Q()
    for grain, days in LATE_AFTER.items():
        found |= Q(grain=grain, latest_on__lt=today - dt.timedelta(days=days))
    return found
