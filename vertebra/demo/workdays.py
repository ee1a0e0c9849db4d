"""Working time: days on which people work, hours in which they do, as one line of hours that knows no nights."""

import datetime as dt
from bisect import bisect_left

from vertebra.demo.rows import at

HOURS = 7.0
WEEK = 5 * HOURS
_MORNING = 3.0
_BEGINS, _LUNCH = 9.5, 1.5
_FIXED = frozenset({(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)})
_AFTER_EASTER = (1, 39, 50)


def easter(year: int) -> dt.date:
    """The Sunday of Easter."""
    century, of_cycle = year // 100, year % 19
    moon = (century - century // 4 - (8 * century + 13) // 25 + 19 * of_cycle + 15) % 30
    moon -= moon // 28 * (1 - 29 // (moon + 1) * (21 - of_cycle) // 11)
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    month = 3 + (moon - weekday + 40) // 44
    return dt.date(year, month, moon - weekday + 28 - 31 * (month // 4))


def holidays(year: int) -> frozenset[dt.date]:
    """The days of a year on which nobody in France has to work."""
    moving = (easter(year) + dt.timedelta(days=days) for days in _AFTER_EASTER)
    return frozenset({*(dt.date(year, month, day) for month, day in _FIXED), *moving})


class Workdays:
    """The working days from one day to another; a moment is so many hours of work after the first began."""

    def __init__(self, first: dt.date, last: dt.date) -> None:
        off = frozenset[dt.date]().union(*(holidays(year) for year in range(first.year, last.year + 1)))
        every = (first + dt.timedelta(days=number) for number in range((last - first).days + 1))
        self.days = [day for day in every if day.weekday() < 5 and day not in off]
        self._midnights = [at(day, 0, 0).astimezone(dt.UTC) for day in self.days]

    def moment(self, hours: float) -> dt.datetime:
        """When so many hours of work have passed; the last day stands for all after it."""
        number = int(hours // HOURS)
        if number >= len(self.days):
            number, hours = len(self.days) - 1, (len(self.days) - 0.01) * HOURS
        clock = hours - number * HOURS
        clock += _BEGINS if clock < _MORNING else _BEGINS + _LUNCH
        return self._midnights[number] + dt.timedelta(seconds=int(clock * 3600))

    def hours_to(self, day: dt.date) -> float:
        """How many hours of work lie before a day begins."""
        return bisect_left(self.days, day) * HOURS

    def day(self, hours: float) -> dt.date:
        """The day on which so many hours of work have passed."""
        return self.days[min(max(int(hours // HOURS), 0), len(self.days) - 1)]
