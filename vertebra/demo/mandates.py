"""Who answered for what: leads and product managers, directors, champions, carriers of practices and figures."""

import datetime as dt
import random
from collections import defaultdict
from dataclasses import dataclass

from vertebra.demo import content
from vertebra.demo.holdings import AreaPlan, Holdings, MarketPlan
from vertebra.demo.placing import earliest
from vertebra.demo.plans import Employee, Stay, Structure, UnitPlan
from vertebra.demo.profiles import Profile
from vertebra.demo.timeline import Timeline

FORGOTTEN = 0.12
UNKNOWN = 0.03
NEVER_SAID = 0.03
ACTING = 0.35
FIELD = ("sales", "support", "customer_success")


@dataclass(slots=True, eq=False)
class Holding:
    """Somebody (or a name that nobody here bears) answers for something from one day up to another."""

    role: str
    function: str
    thing: UnitPlan | AreaPlan | MarketPlan
    starts_on: dt.date
    ends_on: dt.date | None = None
    person: Employee | None = None
    reference: str = ""
    title: str = ""
    is_acting: bool = False
    hours: int | None = None


class Mandates:
    """All mandates there ever were."""

    def __init__(
        self,
        structure: Structure,
        holdings: Holdings,
        people: list[Employee],
        profile: Profile,
        timeline: Timeline,
        chance: random.Random,
    ) -> None:
        self.structure, self.holdings, self.people = structure, holdings, people
        self.profile, self.timeline, self.chance = profile, timeline, chance
        self.there = [person for person in people if person.left_on is None]
        self.rows: list[Holding] = []

    def build(self) -> list[Holding]:
        """Every mandate, those of seats first."""
        self._of_seats()
        self._of_groups()
        self._champions()
        self._carriers()
        self._figures()
        return self.rows

    def _of_seats(self) -> None:
        for seat in self.structure.seats:
            for role, unit in seat.mandates:
                if unit.opens_on is None:
                    continue
                for stay in seat.stays:
                    self._of_stay(stay, role, unit)
                if role == "product_manager" and seat.title == "pm":
                    self._acting(seat.stays, unit)

    def _of_stay(self, stay: Stay, role: str, unit: UnitPlan) -> None:
        chance, person = self.chance, stay.employee
        starts_on = max(stay.starts_on, unit.opened_on)
        ends_on = earliest(stay.ends_on, unit.closes_on)
        if ends_on is not None and starts_on >= ends_on:
            return
        if role != "director" and not person.cast_key and chance.random() < NEVER_SAID:
            return
        row = Holding(role, stay.seat.function, unit, starts_on, ends_on, person)
        if unit.closes_on is None and not person.cast_key:
            if person.left_on is not None and stay is person.stays[-1] and chance.random() < FORGOTTEN:
                row.ends_on = None
            elif ends_on is None and role != "director" and chance.random() < UNKNOWN:
                row.person, row.reference = None, chance.choice(content.words()["strangers"])
        self.rows.append(row)

    def _acting(self, stays: list[Stay], unit: UnitPlan) -> None:
        """While a team waits for its next product manager, another one often stands in."""
        following: list[dt.date | None] = [*(stay.starts_on for stay in stays[1:]), None][: len(stays)]
        for stay, next_on in zip(stays, following, strict=True):
            if stay.ends_on is None or unit.closes_on is not None or self.chance.random() > ACTING:
                continue
            if next_on is not None and (next_on - stay.ends_on).days < 21:
                continue
            until = next_on or self.timeline.until
            others = [
                p for p in self.there if p.seat.title == "pm" and self._was_there(p, stay.ends_on, until)
            ]
            if others:
                row = Holding(
                    "product_manager", "product", unit, stay.ends_on, next_on, self.chance.choice(others)
                )
                row.is_acting = True
                self.rows.append(row)

    @staticmethod
    def _was_there(person: Employee, start: dt.date, end: dt.date) -> bool:
        return person.joined_on <= start and (person.left_on is None or end <= person.left_on)

    def _of_groups(self) -> None:
        """Departments, chapters and groups have a lead: whoever came first of those who are there."""
        first: dict[UnitPlan, Employee] = {}
        for person in self.there:
            home = person.seat.home
            if home.kind not in ("group", "department", "chapter", "division") or home.key == "direction":
                continue
            current = first.get(home)
            if current is None or self._leads_before(person, current):
                first[home] = person
        for unit, person in first.items():
            if person.cast_key == "" and self.chance.random() < 0.05:
                continue
            starts_on = max(person.stays[-1].starts_on, unit.opened_on)
            self.rows.append(Holding("lead", person.seat.function, unit, starts_on, None, person))

    @staticmethod
    def _leads_before(one: Employee, other: Employee) -> bool:
        return (not one.seat.title.endswith("head"), one.id) < (
            not other.seat.title.endswith("head"),
            other.id,
        )

    def _champions(self) -> None:
        began = self.timeline.reorganisation(4)
        cast = {m["key"] for m in content.names()["cast"] if m.get("is_champion")}
        first = [person for person in self.there if person.cast_key in cast]
        settled = self.timeline.until - dt.timedelta(days=120)
        able = [
            p
            for p in self.there
            if p.seat.function in FIELD
            and not p.cast_key
            and p.joined_on < settled
            and "head" not in p.seat.title
        ]
        chosen = first + self.chance.sample(able, self.profile.champions - len(first))
        former = [
            p
            for p in self.people
            if p.seat.function in FIELD
            and p.left_on
            and p.left_on > began + dt.timedelta(days=90)
            and p.joined_on < began
        ]
        for person in [*chosen, *self.chance.sample(former, min(len(former), self.profile.champions // 4))]:
            self._champion(person, began)

    def _champion(self, person: Employee, began: dt.date) -> None:
        chance = self.chance
        earliest_day = max(began, person.joined_on + dt.timedelta(days=60))
        room = ((person.left_on or self.timeline.until) - earliest_day).days
        starts_on = earliest_day + dt.timedelta(days=chance.randint(0, max(room // 2, 0)))
        ends_on = person.left_on
        if ends_on is not None and chance.random() < FORGOTTEN:
            ends_on = None
        hours = chance.choice((4, 4, 6, 8))
        markets = [m for m in self.holdings.markets if m.code.lower() == person.country]
        products = [a for a in self.holdings.areas if a.kind == "product" and a.parent is None]
        features = [a for a in self.holdings.areas if a.kind == "product" and a.parent in products]
        things: list[AreaPlan | MarketPlan] = [*markets, chance.choice(products)]
        things += chance.sample(features, chance.choice((0, 1, 1, 2)))
        rows = []
        for thing in things:
            day = max(starts_on, thing.starts_on)
            if ends_on is None or day < ends_on:
                rows.append(Holding("champion", person.seat.function, thing, day, ends_on, person))
        for number, row in enumerate(rows):  # the hours agreed are those of all that one answers for
            row.hours = hours // len(rows) + (number < hours % len(rows))
            row.title = "Product Champion"
        self.rows += rows

    def _carriers(self) -> None:
        """Each tribe (or the company, while it has none) has people who carry a practice on."""
        units = [u for u in self.structure.units.values() if u.kind in ("tribe", "company")]
        seniors = [
            p
            for p in self.there
            if p.seat.title in ("pm", "lead", "product_director", "engineering_director")
        ]
        began = self.timeline.reorganisation(4)
        for unit in units:
            for practice in self.chance.sample(content.words()["practices"], 2):
                person = self.chance.choice(seniors)
                starts_on = max(began, unit.opened_on, person.joined_on)
                row = Holding("practice_carrier", person.seat.function, unit, starts_on, None, person)
                row.title = practice
                self.rows.append(row)

    def _figures(self) -> None:
        """A third of the features have a figure that a product manager answers for."""
        pms: dict[UnitPlan, list[Employee]] = defaultdict(list)
        for person in self.there:
            if person.seat.title in ("pm", "senior_pm"):
                pms[person.seat.home].append(person)
        for area in self.holdings.areas:
            if (
                area.team is None
                or area.kind != "product"
                or not pms.get(area.team)
                or self.chance.random() > 0.33
            ):
                continue
            if area.parent is None or area.parent.parent is not None:
                continue
            person = self.chance.choice(pms[area.team])
            row = Holding(
                "kpi_owner", "product", area, max(area.starts_on, person.stays[-1].starts_on), None, person
            )
            row.title = self.chance.choice(content.words()["kpis"])
            self.rows.append(row)
