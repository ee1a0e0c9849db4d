"""Who a survey is put to: people of some units, functions or markets who are there and can be reached."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from vertebra.org.labels import Function
from vertebra.org.models import Membership, Ownership, Person
from vertebra.org.queries.structure import Structure


@dataclass(frozen=True, slots=True)
class Audience:
    """What a population is chosen by; nothing chosen is everybody. `people` names them one by one instead."""

    units: tuple[int, ...] = ()
    functions: tuple[str, ...] = ()
    markets: tuple[int, ...] = ()
    people: tuple[int, ...] | None = None

    @classmethod
    def read(cls, kept: dict[str, list[Any]]) -> "Audience":
        """The audience that a survey keeps."""
        people = kept.get("people")
        return cls(
            tuple(kept.get("units", ())),
            tuple(map(str, kept.get("functions", ()))),
            tuple(kept.get("markets", ())),
            None if people is None else tuple(people),
        )

    def kept(self) -> dict[str, list[Any]]:
        """The audience as a survey keeps it."""
        if self.people is not None:
            return {"people": list(self.people)}
        chosen: dict[str, tuple[Any, ...]] = {
            "units": self.units,
            "functions": self.functions,
            "markets": self.markets,
        }
        return {name: list(values) for name, values in chosen.items() if values}


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody to ask: where they stand, and the function they have there."""

    person_id: int
    path: tuple[int, ...]
    function: str

    @property
    def unit_id(self) -> int | None:
        """The unit they work in."""
        return self.path[-1] if self.path else None


@dataclass(frozen=True, slots=True)
class Population:
    """Those who can be asked on a day, and how many of the audience have neither address nor account."""

    people: list[Reached]
    unreachable: int


def population(audience: Audience, day: dt.date) -> Population:
    """The people of an audience on a day, each where the membership stands that takes most of their time."""
    structure = Structure.as_of(day, with_members=False)
    units = _units_of(audience, day, structure)
    wanted = None if audience.people is None else frozenset(audience.people)
    main = _main_places(day)
    rows = Person.objects.present_on(day).filter(archived_at__isnull=True).order_by("pk")
    people, unreachable = [], 0
    for person, email, user in rows.values_list("pk", "email", "user_id"):
        if wanted is not None and person not in wanted:
            continue
        unit, function = main.get(person, (None, Function.OTHER.value))
        if (units is not None and unit not in units) or not _fits(function, audience):
            continue
        if not email and not user:
            unreachable += 1
            continue
        node = structure.get(unit)
        people.append(Reached(person, (*node.path, node.id) if node else (), function))
    return Population(people, unreachable)


def _fits(function: str, audience: Audience) -> bool:
    return not audience.functions or function in audience.functions


def _units_of(audience: Audience, day: dt.date, structure: Structure) -> frozenset[int] | None:
    """The units chosen, those inside them, and those that take care of the markets chosen; None is all."""
    if not audience.units and not audience.markets:
        return None
    chosen = set(audience.units)
    if audience.markets:
        owners = Ownership.objects.as_of(day).filter(market__in=audience.markets)
        in_markets = set(owners.values_list("unit_id", flat=True))
        # Both chosen: the units inside the first that work for the second.
        inside = {below for unit in chosen for below in structure.under(unit)} if chosen else None
        below = {one for unit in in_markets for one in structure.under(unit)}
        return frozenset(below if inside is None else below & inside)
    return frozenset(below for unit in chosen for below in structure.under(unit))


def _main_places(day: dt.date) -> dict[int, tuple[int, str]]:
    """The unit and the function of each person's membership with the largest share."""
    rows = Membership.objects.as_of(day).order_by("share", "-pk")
    return {
        person: (unit, function)
        for person, unit, function in rows.values_list("person_id", "unit_id", "function")
    }
