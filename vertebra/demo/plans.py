"""What the rules plan before anything is written: units, seats to fill, people, and their stays."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")
LONG_AGO = dt.date(1900, 1, 1)


@dataclass(slots=True, eq=False)
class Past(Generic[T]):
    """A value that changed on given days."""

    changes: list[tuple[dt.date, T]]

    def at(self, day: dt.date) -> T:
        """The value that day."""
        return next(value for since, value in reversed(self.changes) if since <= day)

    def set(self, day: dt.date, value: T) -> None:
        """Give it another value from that day on."""
        self.changes.append((day, value))
        self.changes.sort(key=lambda change: change[0])


def always(value: T) -> Past[T]:
    """A value that never changed so far."""
    return Past([(LONG_AGO, value)])


@dataclass(slots=True, eq=False)
class UnitPlan:
    """A unit, and what it was called, belonged to and said of itself over time."""

    key: str
    kind: str
    name: Past[str]
    parent: Past["UnitPlan | None"]
    purpose: Past[str] = field(default_factory=lambda: always(""))
    how_to_work: Past[str] = field(default_factory=lambda: always(""))
    country: str = "fr"
    function: str = ""
    opens_on: dt.date | None = None
    closes_on: dt.date | None = None
    id: int = 0

    @property
    def opened_on(self) -> dt.date:
        """The day it opened, known once people were placed."""
        if self.opens_on is None:
            raise LookupError(f"nobody ever joined {self.key}")
        return self.opens_on

    def is_open(self, day: dt.date) -> bool:
        """Whether it exists that day."""
        return self.opened_on <= day and (self.closes_on is None or day < self.closes_on)

    def periods(self) -> Iterator[tuple[dt.date, dt.date | None]]:
        """The stretches of time in which nothing of it changed."""
        pasts: list[Past[str] | Past[UnitPlan | None]] = [
            self.name,
            self.parent,
            self.purpose,
            self.how_to_work,
        ]
        days = {since for past in pasts for since, _ in past.changes if since > self.opened_on}
        bounds = [self.opened_on, *sorted(d for d in days if self.closes_on is None or d < self.closes_on)]
        yield from zip(bounds, [*bounds[1:], self.closes_on], strict=True)


@dataclass(slots=True, eq=False)
class Seat:
    """A post in a unit (or shared between units), to be held by one person at a time."""

    places: Past[list[tuple[UnitPlan, int]]]
    function: str
    title: str
    rank: float
    country: str = ""
    opens: int = 0
    closes_on: dt.date | None = None
    emptied_in: int | None = None
    cast_key: str = ""
    ready: int = 0
    holder: "Employee | None" = None
    stays: "list[Stay]" = field(default_factory=list)
    mandates: list[tuple[str, UnitPlan]] = field(default_factory=list)

    @property
    def home(self) -> UnitPlan:
        """The unit it belongs to today, for most of its time."""
        return self.places.changes[-1][1][0][0]


@dataclass(slots=True, eq=False)
class Stay:
    """Somebody held a seat from one day up to another."""

    employee: "Employee"
    seat: Seat
    starts_on: dt.date
    ends_on: dt.date | None = None


@dataclass(slots=True, eq=False)
class Employee:
    """Somebody of the company, there or gone."""

    id: int
    name: str
    is_woman: bool
    country: str
    joined_on: dt.date
    left_on: dt.date | None = None
    stays: list[Stay] = field(default_factory=list)
    email: str = ""
    title: str = ""
    language: str = "fr"
    manager: "Employee | None" = None
    manager_reference: str = ""
    cast_key: str = ""
    is_placed: bool = True

    @property
    def seat(self) -> Seat:
        """The seat they hold, or held last."""
        return self.stays[-1].seat

    def is_present(self, day: dt.date) -> bool:
        """Whether they work here that day."""
        return self.joined_on <= day and (self.left_on is None or day < self.left_on)


@dataclass(slots=True)
class Structure:
    """All units by key, and all seats."""

    units: dict[str, UnitPlan] = field(default_factory=dict)
    seats: list[Seat] = field(default_factory=list)

    def unit(self, key: str, kind: str, name: str, parent: UnitPlan | None, **values: object) -> UnitPlan:
        """Add a unit."""
        made = UnitPlan(key, kind, always(name), always(parent), **values)  # type: ignore[arg-type]
        self.units[key] = made
        return made

    def seat(self, unit: UnitPlan, function: str, title: str, rank: float, **values: object) -> Seat:
        """Add a seat in a unit."""
        made = Seat(always([(unit, 100)]), function, title, rank, **values)  # type: ignore[arg-type]
        self.seats.append(made)
        return made
