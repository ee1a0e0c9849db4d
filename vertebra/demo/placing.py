"""When units opened, what they say of themselves, and where each person worked when."""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from vertebra.demo import content
from vertebra.demo.plans import LONG_AGO, Employee, Past, Stay, Structure, UnitPlan, always
from vertebra.demo.timeline import Timeline
from vertebra.kit.text import fold

WITHOUT_PURPOSE = 0.04
REWRITTEN = 0.25
RENAMED = 0.07


@dataclass(frozen=True, slots=True)
class Work:
    """Somebody works in a unit from one day up to another, for a share of their time."""

    person: Employee
    unit: UnitPlan
    function: str
    share: int
    starts_on: dt.date
    ends_on: dt.date | None


def open_units(structure: Structure, people: list[Employee]) -> None:
    """Give each unit the day its first member came, and forget those that nobody ever joined."""
    first: dict[UnitPlan, dt.date] = {}
    for person in people:
        for stay in person.stays:
            unit = stay.seat.places.at(stay.starts_on)[0][0]
            first[unit] = min(first.get(unit, stay.starts_on), stay.starts_on)
    units = list(structure.units.values())
    for unit in reversed(units):
        if unit.opens_on is None:
            unit.opens_on = first.get(unit)
        if unit.opens_on is None:
            continue
        for _, parent in unit.parent.changes:
            if parent and parent.opens_on is None:
                first[parent] = min(first.get(parent, unit.opens_on), unit.opens_on)
    structure.units = {unit.key: unit for unit in units if unit.opens_on is not None}
    for number, unit in enumerate(structure.units.values(), 1):
        unit.id = number


def let_units_speak(structure: Structure, timeline: Timeline, chance: random.Random) -> None:
    """Purposes, ways of working, former names: most units have them, some rewrote them, a few never wrote any."""
    for unit in structure.units.values():
        if unit.kind == "company":
            continue
        _purpose(unit, timeline, chance)
        if chance.random() < 0.8:
            unit.how_to_work = always(_how(unit, chance))
        is_renamed = unit.kind == "team" and chance.random() < RENAMED
        if is_renamed and (day := _some_day(unit, timeline, chance)):
            name = unit.name.at(timeline.until)
            unit.name = Past([(LONG_AGO, f"Projet {name}"), (day, name)])


def _purpose(unit: UnitPlan, timeline: Timeline, chance: random.Random) -> None:
    said = unit.purpose.at(timeline.until)
    if not said:
        kind = "product_ops" if unit.key == "product-ops" else unit.function or unit.kind
        choice = content.words()["purposes"].get(kind)
        place = _place(unit.name.at(timeline.until))
        said = chance.choice(choice).format(place=place, of=_of(place)) if choice else ""
    if chance.random() < WITHOUT_PURPOSE:
        unit.purpose = always("")
        return
    unit.purpose = always(said)
    is_rewritten = unit.kind in ("team", "tribe") and chance.random() < REWRITTEN
    if is_rewritten and (day := _some_day(unit, timeline, chance)):
        first = content.words()["rewritten"].format(purpose=said)
        unit.purpose = Past([(LONG_AGO, first), (day, said)])


def _some_day(unit: UnitPlan, timeline: Timeline, chance: random.Random) -> dt.date | None:
    """A day in the middle of the unit's life, within the three years."""
    start = max(unit.opened_on, timeline.start) + dt.timedelta(days=90)
    days = ((unit.closes_on or timeline.until) - start).days
    return start + dt.timedelta(days=chance.randrange(days)) if days > 60 else None


def _place(name: str) -> str:
    """Where a unit of the field works, as its name says after what it does; all of France where it says nothing."""
    _what, _, place = name.partition(" · ")[0].removeprefix("Réussite ").partition(" ")
    return place or "France"


def _of(place: str) -> str:
    """Of a place, as French says it."""
    return f"d'{place}" if fold(place)[0] in "aeiou" else f"de {place}"


def _how(unit: UnitPlan, chance: random.Random) -> str:
    words = content.words()
    texts = words["how_field" if unit.kind in ("group", "department", "division") else "how"]
    slug = unit.key.replace(":", "-").replace("_", "-")
    return str(chance.choice(texts)).format(
        channel=f"#{slug}",
        day=chance.choice(words["days"]),
        hour=chance.choice(("9 h 30", "11 h", "14 h", "16 h")),
        delay=chance.choice((2, 3, 5)),
    )


def works_of(stay: Stay) -> Iterator[Work]:
    """The memberships that a stay means: one per unit and stretch of time."""
    changes = stay.seat.places.changes
    for index, (since, places) in enumerate(changes):
        until = changes[index + 1][0] if index + 1 < len(changes) else None
        for unit, share in places:
            if unit.opens_on is None:
                continue
            starts_on = max(stay.starts_on, since, unit.opens_on)
            ends_on = earliest(stay.ends_on, until, unit.closes_on)
            if ends_on is None or starts_on < ends_on:
                yield Work(stay.employee, unit, stay.seat.function, share, starts_on, ends_on)


def earliest(*days: dt.date | None) -> dt.date | None:
    """The earliest of the days that are known."""
    return min((day for day in days if day is not None), default=None)


def works(people: list[Employee]) -> list[Work]:
    """Every membership there ever was, person by person."""
    return [work for person in people for stay in person.stays for work in works_of(stay)]


def set_managers(structure: Structure, people: list[Employee], timeline: Timeline) -> None:
    """Give everybody the manager that their seat has today."""
    by_unit: dict[UnitPlan, list[Employee]] = defaultdict(list)
    holder: dict[tuple[UnitPlan, str], Employee] = {}
    for person in people:
        if person.left_on is None:
            by_unit[person.seat.home].append(person)
            for role, unit in person.seat.mandates:
                holder.setdefault((unit, f"{role}:{person.seat.function}"), person)
    chief = {p.seat.title: p for p in people if p.left_on is None and p.seat.home.key == "direction"}
    heads = {unit: _head(members) for unit, members in by_unit.items()}
    for person in people:
        person.manager = _manager(person, heads, holder, chief, timeline)


def _head(members: list[Employee]) -> Employee:
    """Whoever leads a unit: the seat made for it, else who came first."""
    return min(
        members,
        key=lambda p: (p.seat.title not in ("lead", "ops_head", "ceo") and "head" not in p.seat.title, p.id),
    )


def _manager(
    person: Employee,
    heads: dict[UnitPlan, Employee],
    holder: dict[tuple[UnitPlan, str], Employee],
    chief: dict[str, Employee],
    timeline: Timeline,
) -> Employee | None:
    home, title = person.seat.home, person.seat.title
    chain: list[Employee | None] = []
    if home.kind == "team" and title in ("lead", "pm", "senior_pm", "designer"):
        tribe = home.parent.at(timeline.until)
        chain.append(holder.get((tribe, f"director:{person.seat.function}")) if tribe else None)
        chain.append(_chief_of(person, chief))
    elif home.kind == "tribe" or title in ("cpo", "cto", "cdo"):
        chain.append(_chief_of(person, chief) if home.kind == "tribe" else chief.get("ceo"))
    else:
        chain.append(heads.get(home))
        above = home.parent.at(timeline.until)
        chain.append(heads.get(above) if above else None)
    chain.append(chief.get("ceo"))
    return next((found for found in chain if found is not None and found is not person), None)


def _chief_of(person: Employee, chief: dict[str, Employee]) -> Employee | None:
    seat = {"product": "cpo", "engineering": "cto", "design": "cdo"}.get(person.seat.function, "ceo")
    return chief.get(seat)
