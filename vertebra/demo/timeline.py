"""The company's three years: months, reorganisations of March and September, and how it grew."""

import datetime as dt
import random
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property

from vertebra.demo.profiles import Profile

MONTHS = 36
# People are hired after the summer and in January, seldom in August and December.
SEASON = (1.3, 1.1, 1.1, 1.0, 0.9, 0.8, 0.6, 0.3, 1.5, 1.4, 1.1, 0.5)


def months_before(day: dt.date, count: int) -> dt.date:
    """The same day of the month so many months earlier (the 28th at the latest)."""
    index = day.year * 12 + day.month - 1 - count
    return dt.date(index // 12, index % 12 + 1, min(day.day, 28))


@dataclass(frozen=True)
class Timeline:
    """Thirty-six months up to a day; everything that happens has its date from here."""

    until: dt.date
    profile: Profile
    bounds: tuple[dt.date, ...] = field(init=False)

    def __post_init__(self) -> None:
        bounds = tuple(months_before(self.until, MONTHS - k) for k in range(MONTHS))
        object.__setattr__(self, "bounds", (*bounds, self.until))

    @property
    def start(self) -> dt.date:
        """Three years before the end."""
        return self.bounds[0]

    @cached_property
    def reorganisations(self) -> tuple[dt.date, ...]:
        """The first Mondays of March and September within the three years: six of them."""
        found = []
        for year in range(self.start.year, self.until.year + 1):
            for month in (3, 9):
                first = dt.date(year, month, 1)
                monday = first + dt.timedelta(days=-first.weekday() % 7)
                if self.start < monday <= self.until:
                    found.append(monday)
        return tuple(found)

    def reorganisation(self, number: int) -> dt.date:
        """The day of the reorganisation of that number, counted from one; the last one if there are fewer."""
        return self.reorganisations[min(number, len(self.reorganisations)) - 1]

    def month_of(self, day: dt.date) -> int:
        """Which month (1 to 36) a day of the three years falls in."""
        return min(max(bisect_left(self.bounds, day), 1), MONTHS)

    @cached_property
    def headcounts(self) -> tuple[int, ...]:
        """How many people there are at the end of each month, from the first day on."""
        weights = [SEASON[self.bounds[k].month - 1] * (0.35 + 1.3 * k / MONTHS) for k in range(1, MONTHS + 1)]
        counts, done = [self.profile.people_at_first], 0.0
        for weight in weights:
            done += weight / sum(weights)
            grown = (self.profile.people - self.profile.people_at_first) * done
            counts.append(self.profile.people_at_first + round(grown))
        return tuple(counts)

    def day_in(self, month: int, chance: random.Random) -> dt.date:
        """Some day after the month's beginning, up to its end."""
        start, end = self.bounds[month - 1], self.bounds[month]
        return start + dt.timedelta(days=chance.randint(1, (end - start).days))

    def monday_in(self, month: int, chance: random.Random) -> dt.date:
        """Some Monday after the month's beginning, up to its end."""
        start, end = self.bounds[month - 1], self.bounds[month]
        first = start + dt.timedelta(days=7 - start.weekday())
        return first + dt.timedelta(days=7 * chance.randint(0, (end - first).days // 7))
