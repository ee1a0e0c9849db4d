"""What is taken care of on a day: areas as a tree, markets, and which units own what."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from vertebra.org import labels
from vertebra.org.models import AreaVersion, Ownership
from vertebra.org.queries.remembered import remembered
from vertebra.org.queries.trees import Trouble, arrange, by_name, walk


@dataclass(slots=True)
class AreaNode:
    """An area as it is on the day."""

    id: int
    name: str
    kind: str
    parent_id: int | None
    children: list["AreaNode"] = field(default_factory=list)
    path: tuple[int, ...] = ()
    trouble: Trouble = ""

    @property
    def depth(self) -> int:
        """How many areas stand above."""
        return len(self.path)

    @property
    def kind_label(self) -> str:
        """Its kind in words."""
        return str(labels.AreaKind(self.kind).label)


@dataclass(slots=True)
class Areas:
    """All areas, journeys and hand-overs of one day."""

    day: dt.date
    nodes: dict[int, AreaNode]
    roots: list[AreaNode]

    @classmethod
    @remembered
    def as_of(cls, day: dt.date) -> "Areas":
        """The areas of a day, read in one query; shared, so not to be changed."""
        rows = AreaVersion.objects.as_of(day).values_list("area_id", "name", "area__kind", "parent_id")
        nodes = {
            area: AreaNode(area, name, kind, parent if parent != area else None)
            for area, name, kind, parent in rows
        }
        kinds = labels.AreaKind.values
        roots = arrange(nodes, order=lambda node: (kinds.index(node.kind), by_name(node.name), node.id))
        return cls(day, nodes, roots)

    def get(self, area_id: int | None) -> AreaNode | None:
        """The area, if it exists on that day."""
        return self.nodes.get(area_id) if area_id else None

    def all(self) -> list[AreaNode]:
        """Every area, parents before children."""
        return list(walk(self.roots))

    def under(self, area_id: int) -> set[int]:
        """The area and every area inside it."""
        node = self.nodes.get(area_id)
        return {below.id for below in walk([node])} if node else set()

    def above(self, area_id: int) -> list[AreaNode]:
        """The areas that it is part of, the outermost first."""
        node = self.nodes.get(area_id)
        return [self.nodes[above] for above in node.path] if node else []


@dataclass(slots=True)
class Owners:
    """Who owns what on a day, read both ways."""

    of_area: dict[int, list[int]]
    of_market: dict[int, list[int]]
    areas_of_unit: dict[int, list[int]]
    markets_of_unit: dict[int, list[int]]

    @classmethod
    @remembered
    def as_of(cls, day: dt.date) -> "Owners":
        """Every ownership of a day, read in one query; shared, so not to be changed."""
        found = cls(defaultdict(list), defaultdict(list), defaultdict(list), defaultdict(list))
        rows = Ownership.objects.as_of(day).order_by("starts_on", "id")
        for unit, area, market in rows.values_list("unit_id", "area_id", "market_id"):
            if area:
                found.of_area[area].append(unit)
                found.areas_of_unit[unit].append(area)
            else:
                found.of_market[market].append(unit)
                found.markets_of_unit[unit].append(market)
        return found
