"""Quarters as the timeline draws them: which ones, and where a day stands among them."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Quarter:
    """Three months of a year."""

    year: int
    number: int

    @classmethod
    def of(cls, day: dt.date) -> "Quarter":
        """The quarter of a day."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, text: str) -> "Quarter | None":
        """The quarter written as 2026-Q3, or nothing."""
        year, _dash, number = text.partition("-Q")
        is_one = year.isascii() and year.isdigit() and len(year) == 4 and number in {"1", "2", "3", "4"}
        return cls(int(year), int(number)) if is_one and 1900 <= int(year) <= 2199 else None

    def moved(self, by: int) -> "Quarter":
        """So many quarters later, or earlier."""
        at = self.year * 4 + self.number - 1 + by
        return Quarter(at // 4, at % 4 + 1)

    @property
    def starts_on(self) -> dt.date:
        """Its first day."""
        return dt.date(self.year, self.number * 3 - 2, 1)

    @property
    def key(self) -> str:
        """How addresses write it."""
        return f"{self.year}-Q{self.number}"

    @property
    def label(self) -> str:
        """How people write it."""
        return _("Q%(quarter)s %(year)s") % {"quarter": self.number, "year": self.year}


@dataclass(frozen=True, slots=True)
class Window:
    """The quarters that a timeline shows, side by side."""

    first: Quarter
    count: int

    @property
    def quarters(self) -> list[Quarter]:
        """Its quarters, the earliest first."""
        return [self.first.moved(by) for by in range(self.count)]

    @property
    def starts_on(self) -> dt.date:
        """Its first day."""
        return self.first.starts_on

    @property
    def ends_on(self) -> dt.date:
        """The day after its last."""
        return self.first.moved(self.count).starts_on

    def place(self, day: dt.date, width: float) -> float:
        """How far from the left edge a day stands, each quarter being as wide as the others."""
        if day <= self.starts_on:
            return 0.0
        if day >= self.ends_on:
            return width
        here = Quarter.of(day)
        whole = (here.year - self.first.year) * 4 + here.number - self.first.number
        days = (here.moved(1).starts_on - here.starts_on).days
        return width / self.count * (whole + (day - here.starts_on).days / days)
