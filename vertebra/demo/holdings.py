"""Areas, journeys and markets, and which unit took care of each, when."""

import datetime as dt
import random
from dataclasses import dataclass, field

from vertebra.demo import content
from vertebra.demo.content import Sheet
from vertebra.demo.placing import earliest
from vertebra.demo.plans import LONG_AGO, Past, Structure, UnitPlan, always
from vertebra.demo.profiles import Profile
from vertebra.demo.structure import suffixed
from vertebra.demo.timeline import Timeline

NEVER_SAID = 0.03
TWICE = 0.025
HANDED_OVER = 0.06
DROPPED = 0.015
RENAMED = 0.05


@dataclass(slots=True, eq=False)
class AreaPlan:
    """Something to take care of, and what it was called and part of."""

    id: int
    name: Past[str]
    kind: str
    parent: "AreaPlan | None"
    starts_on: dt.date
    description: str
    crosses: "list[AreaPlan]" = field(default_factory=list)
    team: UnitPlan | None = None


@dataclass(slots=True, eq=False)
class MarketPlan:
    """A country or a segment sold to."""

    id: int
    name: str
    code: str
    starts_on: dt.date


@dataclass(slots=True, eq=False)
class Care:
    """A unit takes care of an area or a market from one day up to another."""

    unit: UnitPlan
    thing: AreaPlan | MarketPlan
    starts_on: dt.date
    ends_on: dt.date | None = None


class Holdings:
    """The tree of areas and the record of who took care of what."""

    def __init__(
        self, structure: Structure, profile: Profile, timeline: Timeline, chance: random.Random
    ) -> None:
        self.units, self.profile, self.timeline, self.chance = structure.units, profile, timeline, chance
        self.areas: list[AreaPlan] = []
        self.markets: list[MarketPlan] = []
        self.cares: list[Care] = []
        self.of_team: dict[str, AreaPlan] = {}
        self.products: dict[str, AreaPlan] = {}

    def build(self) -> "Holdings":
        """Everything, segment by segment, then the markets."""
        for copy in range(self.profile.copies):
            segments = content.company()["segments"]
            segment = segments[copy] if self.profile.copies > 1 else ""
            prefix = f"{copy}:" if copy else ""
            self._products(prefix, segment)
            self._features(prefix, segment)
            self._closed(prefix, segment)
            self._journeys(prefix, segment)
        self._markets()
        return self

    def _area(
        self, name: str, kind: str, parent: AreaPlan | None, starts_on: dt.date, team: UnitPlan | None
    ) -> AreaPlan:
        text = "" if self.chance.random() < 0.3 else self.chance.choice(content.words()["area"])
        past = always(name)
        day = starts_on + dt.timedelta(days=200)
        if (
            kind == "product"
            and parent is not None
            and self.chance.random() < RENAMED
            and day < self.timeline.until
        ):
            past = Past([(LONG_AGO, f"{name} (ancienne version)"), (day, name)])
        plan = AreaPlan(len(self.areas) + 1, past, kind, parent, starts_on, text.format(name=name), team=team)
        self.areas.append(plan)
        return plan

    def _own(
        self, unit: UnitPlan, thing: AreaPlan | MarketPlan, starts_on: dt.date, ends_on: dt.date | None = None
    ) -> None:
        """Note a care, within the time the unit exists."""
        starts_on = max(starts_on, unit.opened_on, thing.starts_on)
        ends_on = earliest(ends_on, unit.closes_on)
        if ends_on is None or starts_on < ends_on:
            self.cares.append(Care(unit, thing, starts_on, ends_on))

    def _products(self, prefix: str, segment: str) -> None:
        for sheet in content.company()["tribe"]:
            name = suffixed(f"Mercelune {sheet['product']}", segment)
            teams = [t for t in content.teams() if t["tribe"] == sheet["key"]]
            known = [self.units[k] for t in teams if (k := f"{prefix}team:{t['key']}") in self.units]
            starts_on = min(unit.opened_on for unit in known)
            area = self.products[prefix + sheet["key"]] = self._area(
                name, "product", None, starts_on, known[0]
            )
            tribe = self.units.get(f"{prefix}tribe:{sheet['key']}")
            if tribe is None:
                self._own(known[0], area, starts_on)
                continue
            day = tribe.opened_on
            if "from" in sheet:
                self._own(self.units[f"{prefix}tribe:{sheet['from']}"], area, starts_on, day)
            self._own(tribe, area, day)

    def _features(self, prefix: str, segment: str) -> None:
        for sheet in content.teams():
            parent = self.products[prefix + sheet["tribe"]]
            team = self.units.get(f"{prefix}team:{sheet['key']}")
            # In the small company one team carries the whole product, and its parts are not told apart.
            owner = team or parent.team
            if owner is None:
                continue
            starts_on = owner.opened_on if team else self._later(owner.opened_on)
            area = self._area(suffixed(sheet["name"], segment), "product", parent, starts_on, owner)
            self.of_team[prefix + sheet["key"]] = area
            self._care_for(area, owner, starts_on)
            for part in sheet["parts"] if self.profile.has_tribes else ():
                day = self._later(starts_on)
                child = self._area(suffixed(part, segment), "product", area, day, owner)
                self._care_for(child, owner, day)

    def _later(self, day: dt.date) -> dt.date:
        room = (self.timeline.until - day).days
        return day + dt.timedelta(days=self.chance.randint(0, min(max(room - 30, 0), 300)))

    def _care_for(self, area: AreaPlan, team: UnitPlan, starts_on: dt.date) -> None:
        """Who takes care of an area: mostly its team; at times nobody said, two did, or it changed hands."""
        chance, drawn = self.chance, self.chance.random()
        if drawn < NEVER_SAID:
            return
        days = [d for d in self.timeline.reorganisations if (d - starts_on).days > 60]
        drawn = chance.random()
        if drawn < HANDED_OVER and days:
            day, other = chance.choice(days), self._neighbour(team)
            if other is not None and other.is_open(day):
                self._own(other, area, starts_on, day)
                self._own(team, area, day)
                return
        if drawn > 1 - DROPPED and days:
            self._own(team, area, starts_on, chance.choice(days))
            return
        self._own(team, area, starts_on)
        if chance.random() < TWICE and (other := self._neighbour(team)) is not None:
            day = self._later(max(starts_on, other.opened_on))
            if other.closes_on is None:
                self._own(other, area, day)

    def _neighbour(self, team: UnitPlan) -> UnitPlan | None:
        others = [
            u
            for u in self.units.values()
            if u.kind == "team" and u is not team and self._same_segment(u, team)
        ]
        return self.chance.choice(others) if others else None

    @staticmethod
    def _same_segment(one: UnitPlan, other: UnitPlan) -> bool:
        return one.key.split("team:")[0] == other.key.split("team:")[0]

    def _closed(self, prefix: str, segment: str) -> None:
        for sheet in content.company()["closed"]:
            team = self.units.get(f"{prefix}team:{sheet['key']}")
            if team is None or team.closes_on is None:
                continue
            parent = self.products[prefix + sheet["tribe"]]
            starts_on = max(team.opened_on, parent.starts_on)
            area = self._area(suffixed(sheet["area"], segment), "product", parent, starts_on, None)
            self._own(team, area, starts_on)
            heir = self.units.get(f"{prefix}team:{sheet.get('heir', '')}")
            if heir is not None:
                self._own(heir, area, team.closes_on)

    def _journeys(self, prefix: str, segment: str) -> None:
        for sheet in content.company()["journey"]:
            crossed = [self.of_team[prefix + key] for key in sheet["crosses"]]
            latest = max(area.starts_on for area in crossed)
            starts_on = min(max(latest, self.timeline.reorganisation(2)), self.timeline.until)
            area = self._area(suffixed(sheet["name"], segment), sheet["kind"], None, starts_on, None)
            area.crosses = crossed
            self._journey_owner(sheet, prefix, area)

    def _journey_owner(self, sheet: Sheet, prefix: str, area: AreaPlan) -> None:
        owner = self.units.get(f"{prefix}team:{sheet.get('owner', '')}")
        if owner is None or self.chance.random() < 0.2:
            return
        self._own(owner, area, area.starts_on)

    def _markets(self) -> None:
        about, units, timeline = content.company(), self.units, self.timeline
        opened = min(unit.opened_on for unit in units.values())
        for country in about["country"][: max(self.profile.countries, 2)]:
            day = timeline.bounds[country["opens"]] if country["opens"] else opened
            market = self._market(country["market"], country["key"].upper(), day)
            division = units.get(f"country:{country['key']}")
            sales = units.get(f"field:sales:{country['key']}")
            if division is not None:
                if sales is not None and sales.opened_on < division.opened_on:
                    self._own(sales, market, day, division.opened_on)
                self._own(division, market, day)
            elif sales is not None:
                self._own(sales, market, day)
        for sheet in about["segment_market"] if self.profile.has_tribes else ():
            market = self._market(sheet["name"], sheet["code"], timeline.reorganisation(2))
            if self.chance.random() < 0.6:
                self._own(units["marketing"], market, self._later(market.starts_on))

    def _market(self, name: str, code: str, day: dt.date) -> MarketPlan:
        plan = MarketPlan(len(self.markets) + 1, name, code, day)
        self.markets.append(plan)
        return plan
