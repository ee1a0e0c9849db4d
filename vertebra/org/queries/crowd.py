"""Everybody of a day where they work, kept in a few flat columns: twenty thousand people take half a megabyte."""

import datetime as dt
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from sys import intern

from vertebra.org.models import Membership, Person
from vertebra.org.queries.remembered import remembered

Place = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everybody of a day as (person, unit, function), once for each place they work in, that of most time last."""

    people: "array[int]" = field(default_factory=lambda: array("q"))
    units: "array[int]" = field(default_factory=lambda: array("q"))
    functions: list[str] = field(default_factory=list)

    @classmethod
    @remembered
    def on(cls, day: dt.date) -> "Crowd":
        """Who works where on a day, in one query; shared, so not to be changed."""
        present = Person.objects.present_on(day).filter(archived_at__isnull=True).order_by()
        held = Membership.objects.as_of(day).filter(person__in=present.values("pk")).order_by("share", "-id")
        found = cls()
        for place in held.values_list("person_id", "unit_id", "function").iterator(2000):
            found.add(*place)
        return found

    def add(self, person: int, unit: int, function: str) -> None:
        """Put somebody where they work, after all before."""
        self.people.append(person)
        self.units.append(unit)
        self.functions.append(intern(function))  # all share a dozen words

    def __iter__(self) -> Iterator[Place]:
        return zip(self.people, self.units, self.functions, strict=True)
