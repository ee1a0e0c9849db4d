"""The months and weeks that flow is told of: whole weeks from Monday to Sunday, of UTC."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import NamedTuple

MONDAY = dt.date(1970, 1, 5)
WEEK = dt.timedelta(days=7)


class Period(NamedTuple):
    """A month of whole weeks, or one of its weeks; `number` is its first week, `weeks` how many it has."""

    number: int
    weeks: int
    is_week: bool = False

    @property
    def starts_on(self) -> dt.date:
        """Its first Monday."""
        return MONDAY + self.number * WEEK


def months_of(first: int, last: int) -> list[Period]:
    """The months that lie wholly between two weeks (the last one included): the weeks whose Thursday is in the month."""
    weeks: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number in range(first - 5, last + 6):
        thursday = MONDAY + number * WEEK + dt.timedelta(days=3)
        weeks[thursday.year, thursday.month].append(number)
    found = [Period(some[0], len(some)) for some in list(weeks.values())[1:-1]]
    return [one for one in found if first <= one.number and one.number + one.weeks - 1 <= last]


def week_number(day: dt.date) -> int:
    """The number of the week that holds a day."""
    return (day - MONDAY).days // 7
