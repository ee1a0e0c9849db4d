"""Rules that find candidates of empty spaces in the structure of a day, and say what makes them think so."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from django.conf import settings
from django.db.models import Count
from django.utils.module_loading import import_string

from vertebra.analysis.gaps import smallest, uncovered
from vertebra.org.labels import AreaKind, Function, MandateRole, SpaceRule
from vertebra.org.models import AreaStep, Mandate, Market, Membership
from vertebra.org.queries.care import AreaNode, Areas, Owners
from vertebra.org.queries.structure import Structure

FIELD_FUNCTIONS = (Function.SALES, Function.SUPPORT, Function.CUSTOMER_SUCCESS)


@dataclass(frozen=True, slots=True, order=True)
class Thing:
    """A unit, an area, a market or an objective, by its name of the day."""

    kind: Literal["unit", "area", "market", "objective"]
    id: int
    name: str = field(compare=False)

    def plain(self) -> dict[str, object]:
        """The thing as JSON can hold it."""
        return {"kind": self.kind, "id": self.id, "name": self.name}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that a rule thinks nobody takes care of: what, between whom, and what shows it.

    `key` stays the same from day to day; `matters` are the ids and numbers whose change is new evidence.
    """

    rule: str
    key: str
    subject: Thing
    neighbours: tuple[Thing, ...]
    evidence: Mapping[str, object]
    matters: tuple[object, ...] = ()

    @property
    def fingerprint(self) -> str:
        """A digest of the evidence that matters: names are left out, so that renaming is not news."""
        between = [[one.kind, one.id] for one in sorted(self.neighbours)]
        told = [self.rule, self.subject.kind, self.subject.id, between, self.matters]
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()

    def proof(self) -> dict[str, object]:
        """The evidence as it is kept beside the empty space."""
        return {
            **self.evidence,
            "subject": self.subject.plain(),
            "neighbours": [one.plain() for one in self.neighbours],
        }


Rule = Callable[["Company"], Iterable[Candidate]]


def all_candidates(day: dt.date) -> list[Candidate]:
    """What every rule of `EMPTY_SPACE_RULES` finds on a day, each candidate once, in order of its key."""
    found: dict[str, Candidate] = {}
    company = Company.as_of(day)
    for path in settings.EMPTY_SPACE_RULES:
        rule: Rule = import_string(path)
        for candidate in rule(company):
            found.setdefault(candidate.key, candidate)
    return [found[key] for key in sorted(found)]


def candidates(company: "Company") -> Iterator[Candidate]:
    """The rules of the organisation's own structure."""
    yield from nobody_owns(company)
    yield from two_own(company)
    yield from children_do_not_cover(company)
    yield from no_champion(company)


class Champions(NamedTuple):
    """For what somebody is Product Champion, of which function ('' is every one), in which language they read."""

    unit: int | None
    area: int | None
    market: int | None
    function: str
    language: str


@dataclass(slots=True)
class Company:
    """What the rules look at: units, areas, markets, who owns what, the field and its champions, on one day."""

    day: dt.date
    structure: Structure
    areas: Areas
    markets: dict[int, str]
    area_owners: dict[int, list[int]]
    market_owners: dict[int, list[int]]
    steps: dict[int, list[int]]
    champions: list[Champions]
    field_units: dict[str, int]

    @classmethod
    def as_of(cls, day: dt.date) -> "Company":
        """Read the company of a day in seven queries."""
        structure = Structure.as_of(day, with_members=False)
        areas = Areas.as_of(day)
        owners = Owners.as_of(day)
        markets = Market.objects.filter(archived_at__isnull=True).order_by("name", "id")
        above = {unit: node.path for unit, node in structure.nodes.items()}

        def known(units: Iterable[int]) -> list[int]:
            return smallest((unit for unit in units if unit in structure.nodes), above)

        steps: dict[int, list[int]] = {}
        for journey, area in AreaStep.objects.values_list("journey_id", "area_id"):
            if area in areas.nodes:
                steps.setdefault(journey, []).append(area)
        return cls(
            day=day,
            structure=structure,
            areas=areas,
            markets=dict(markets.values_list("id", "name")),
            area_owners={area: left for area, units in owners.of_area.items() if (left := known(units))},
            market_owners={
                market: left for market, units in owners.of_market.items() if (left := known(units))
            },
            steps=steps,
            champions=_champions(day),
            field_units=_field_units(day, structure),
        )

    def with_champion(self, kind: Literal["unit", "area", "market"]) -> set[int]:
        """Units, areas or markets that have a Product Champion."""
        return {one for row in self.champions if (one := getattr(row, kind))}

    def unit(self, unit_id: int) -> Thing:
        """A unit as a neighbour or a subject."""
        return Thing("unit", unit_id, self.structure.nodes[unit_id].name)

    def units(self, unit_ids: Iterable[int]) -> tuple[Thing, ...]:
        """Units, each once, in order of their names."""
        return tuple(sorted((self.unit(one) for one in set(unit_ids)), key=lambda unit: (unit.name, unit.id)))

    def area(self, area_id: int) -> Thing:
        """An area as a subject."""
        return Thing("area", area_id, self.areas.nodes[area_id].name)

    def market(self, market_id: int) -> Thing:
        """A market as a subject."""
        return Thing("market", market_id, self.markets[market_id])

    def owners_within(self, area_id: int) -> set[int]:
        """Units that own the area or anything inside it."""
        return {unit for inside in self.areas.under(area_id) for unit in self.area_owners.get(inside, ())}

    def owners_of(self, area_id: int) -> list[int]:
        """Units that own the area, or the nearest area that it is part of."""
        node = self.areas.nodes[area_id]
        for one in (area_id, *reversed(node.path)):
            if owners := self.area_owners.get(one):
                return owners
        return []

    def product_tree(self) -> dict[int, list[int]]:
        """The product areas inside each area (journeys and hand-overs cross areas, they are not parts of one)."""
        return {
            area: [child.id for child in node.children if child.kind == AreaKind.PRODUCT]
            for area, node in self.areas.nodes.items()
        }

    def product_roots(self) -> list[int]:
        """Product areas that are part of no other product area."""
        nodes = self.areas.nodes
        return [
            node.id
            for node in self.areas.all()
            if node.kind == AreaKind.PRODUCT
            and not (node.path and nodes[node.path[-1]].kind == AreaKind.PRODUCT)
        ]


def _champions(day: dt.date) -> list[Champions]:
    """The mandates of those who are Product Champion on a day and work here."""
    rows = Mandate.objects.as_of(day).filter(role=MandateRole.CHAMPION)
    rows = rows.exclude(person__left_on__lte=day).exclude(person__archived_at__isnull=False)
    told = rows.values_list("unit_id", "area_id", "market_id", "function", "person__language")
    return [Champions(unit, area, market, of, read or "") for unit, area, market, of, read in told]


def _field_units(day: dt.date, structure: Structure) -> dict[str, int]:
    """For each function of the field, the smallest unit (not the whole company) where most of it works."""
    rows = Membership.objects.as_of(day).filter(function__in=FIELD_FUNCTIONS).values("unit", "function")
    counts: dict[str, dict[int, int]] = {}
    for unit, function, people in rows.annotate(people=Count("id")).values_list("unit", "function", "people"):
        if node := structure.nodes.get(unit):
            inside = counts.setdefault(function, {})
            for one in (*node.path[1:], unit):
                inside[one] = inside.get(one, 0) + people
    nodes = structure.nodes
    return {
        function: max(inside, key=lambda unit: (inside[unit], nodes[unit].depth, -unit))
        for function, inside in sorted(counts.items())
    }


def nobody_owns(company: Company) -> Iterator[Candidate]:
    """An area (the topmost of which no part is owned), a journey, a hand-over or a market that no unit owns."""
    owned = company.area_owners
    found = uncovered(company.product_roots(), company.product_tree(), lambda area: area in owned)
    crossing = [
        node.id for node in company.areas.all() if node.kind != AreaKind.PRODUCT and node.id not in owned
    ]
    for area in (*found, *crossing):
        node = company.areas.nodes[area]
        inside = len(company.areas.under(area)) - 1
        yield Candidate(
            rule=SpaceRule.NOBODY_OWNS,
            key=f"{SpaceRule.NOBODY_OWNS}:area:{area}",
            subject=company.area(area),
            neighbours=company.units(_units_around(company, node)),
            evidence={"area_kind": node.kind, "areas_inside": inside},
        )
    for market in company.markets:
        if market not in company.market_owners:
            others = {unit for units in company.market_owners.values() for unit in units}
            yield Candidate(
                rule=SpaceRule.NOBODY_OWNS,
                key=f"{SpaceRule.NOBODY_OWNS}:market:{market}",
                subject=company.market(market),
                neighbours=company.units(others),
                evidence={},
            )


def _units_around(company: Company, node: AreaNode) -> set[int]:
    """Owners of the steps that it crosses, of the areas beside it, of what it is part of, of the steps around it."""
    around: set[int] = set()
    for step in company.steps.get(node.id, ()):
        around.update(company.owners_of(step) or company.owners_within(step))
    if node.kind != AreaKind.PRODUCT and len(around) >= 2:
        return around
    if node.path:
        above = company.areas.nodes[node.path[-1]]
        for beside in above.children:
            if beside.id != node.id:
                around.update(company.owners_within(beside.id))
        around.update(company.owners_of(above.id))
    for steps in company.steps.values():
        if node.id in steps:
            at = steps.index(node.id)
            for step in (*steps[max(0, at - 1) : at], *steps[at + 1 : at + 2]):
                around.update(company.owners_of(step) or company.owners_within(step))
    return around


def two_own(company: Company) -> Iterator[Candidate]:
    """An area, a journey, a hand-over or a market that two units own, neither of them inside the other."""
    for area, owners in sorted(company.area_owners.items()):
        if len(owners) >= 2 and area in company.areas.nodes:
            yield Candidate(
                rule=SpaceRule.TWO_OWN,
                key=f"{SpaceRule.TWO_OWN}:area:{area}",
                subject=company.area(area),
                neighbours=company.units(owners),
                evidence={"area_kind": company.areas.nodes[area].kind},
            )
    for market, owners in sorted(company.market_owners.items()):
        if len(owners) >= 2 and market in company.markets:
            yield Candidate(
                rule=SpaceRule.TWO_OWN,
                key=f"{SpaceRule.TWO_OWN}:market:{market}",
                subject=company.market(market),
                neighbours=company.units(owners),
                evidence={},
            )


def children_do_not_cover(company: Company) -> Iterator[Candidate]:
    """A unit with units inside owns a product area, of which some part is owned by none of the units inside."""
    tree = company.product_tree()
    owned = company.area_owners
    for area, owners in sorted(owned.items()):
        node = company.areas.nodes.get(area)
        if node is None or node.kind != AreaKind.PRODUCT:
            continue
        for owner in owners:
            inside = company.structure.under(owner) - {owner}
            if not inside:
                continue
            left = _not_covered(area, tree, owned)
            if not left:
                continue
            yield _uncovered_parts(company, owner, inside, area, left)


def _not_covered(area: int, tree: dict[int, list[int]], owned: dict[int, list[int]]) -> list[int]:
    return uncovered([area], tree, lambda part: part != area and part in owned)


def _uncovered_parts(company: Company, owner: int, inside: set[int], area: int, left: list[int]) -> Candidate:
    """The candidate between the units inside that own other parts, or else between all units just inside."""
    between = company.owners_within(area) & inside
    if len(between) < 2:
        between |= {child.id for child in company.structure.nodes[owner].children}
    if len(between) < 2:
        between.add(owner)
    parts = [company.area(part) for part in left]
    return Candidate(
        rule=SpaceRule.CHILDREN_DO_NOT_COVER,
        key=f"{SpaceRule.CHILDREN_DO_NOT_COVER}:unit:{owner}:area:{area}",
        subject=company.area(area),
        neighbours=company.units(between),
        evidence={
            "owners": [company.unit(owner).plain()],
            "parts": [part.plain() for part in parts if part.id != area],
        },
        matters=(owner, sorted(left)),
    )


def no_champion(company: Company) -> Iterator[Candidate]:
    """An owned area, or a market, for which the field has no Product Champion.

    Areas are looked at once one champion is named for an area or a unit, markets once one is named for a market:
    a company that has its champions by country is not told that none of its areas has one.
    """
    units, areas = company.with_champion("unit"), company.with_champion("area")
    markets = company.with_champion("market")
    named = len(units) + len(areas) + len(markets)
    evidence = {"champions": named, "functions": sorted(company.field_units)}
    if areas or units:
        for area, owners in _areas_without(company, areas, units):
            yield _lacking(company, f"area:{area}", company.area(area), owners, evidence)
    if markets:
        for market in sorted(company.markets.keys() - markets):
            owners = set(company.market_owners.get(market, ()))
            yield _lacking(company, f"market:{market}", company.market(market), owners, evidence)


def _areas_without(company: Company, areas: set[int], units: set[int]) -> Iterator[tuple[int, set[int]]]:
    """The largest owned areas with a champion neither of their own nor of an owner, each with its owners."""

    def has_one(area: int) -> bool:
        owning = {
            up
            for unit in company.area_owners.get(area, ())
            for up in (unit, *company.structure.nodes[unit].path)
        }
        return area in areas or bool(owning & units)

    tree = company.product_tree()
    waiting = uncovered(company.product_roots(), tree, has_one)[::-1]
    while waiting:
        area = waiting.pop()
        if owners := set(company.owners_of(area)):
            yield area, owners
        else:  # what nobody owns as a whole is looked at part by part
            waiting.extend(reversed(tree[area]))


def _lacking(
    company: Company, key: str, subject: Thing, owners: set[int], evidence: Mapping[str, object]
) -> Candidate:
    """What the field has no champion for, between the field and its owners."""
    around = set(company.field_units.values())
    return Candidate(
        rule=SpaceRule.NO_CHAMPION,
        key=f"{SpaceRule.NO_CHAMPION}:{key}",
        subject=subject,
        neighbours=company.units(around | owners),
        evidence={**evidence, "owners": [unit.plain() for unit in company.units(owners)]},
    )
