"""The units of a day, as a tree, with how many people work in each."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Value

from vertebra.org.models import Membership, UnitKind, UnitVersion
from vertebra.org.queries.remembered import remembered
from vertebra.org.queries.trees import Trouble, arrange, by_name, walk

_KIND = ("slug", "name", "position", "is_team")


@dataclass(slots=True)
class Node:
    """A unit as it is on the day: its name, kind, place, and its people, own and up the tree."""

    id: int
    name: str
    kind: UnitKind
    parent_id: int | None
    children: list["Node"] = field(default_factory=list)
    path: tuple[int, ...] = ()
    trouble: Trouble = ""
    own_members: int = 0
    members: int = 0

    @property
    def depth(self) -> int:
        """How many units stand above."""
        return len(self.path)


@dataclass(slots=True)
class Structure:
    """All units of one day."""

    day: dt.date
    nodes: dict[int, Node]
    roots: list[Node]

    @classmethod
    @remembered
    def as_of(cls, day: dt.date, *, with_members: bool = True) -> "Structure":
        """The structure of a day, read in two queries (one without members); shared, so not to be changed."""
        kinds: dict[int, UnitKind] = {}
        nodes: dict[int, Node] = {}
        rows = UnitVersion.objects.as_of(day).values_list(
            "unit_id", "name", "parent_id", "kind_id", *(f"kind__{name}" for name in _KIND)
        )
        for unit, name, parent, kind_id, *kind in rows:
            if kind_id not in kinds:
                kinds[kind_id] = UnitKind(kind_id, *kind)
            nodes[unit] = Node(unit, name, kinds[kind_id], parent if parent != unit else None)
        roots = arrange(nodes, order=lambda node: (node.kind.position, by_name(node.name), node.id))
        structure = cls(day, nodes, roots)
        if with_members:
            structure.count_members()
        return structure

    def count_members(self) -> None:
        """Count people once per unit and once per branch, however many of its units they work in."""
        held = Membership.objects.as_of(self.day)
        several = held.values("person").annotate(rows=Count("id")).filter(rows__gt=1).values("person")
        per_unit = held.values("unit").annotate(people=Count("person", distinct=True), is_pair=Value(0))
        pairs = held.filter(person__in=several).annotate(is_pair=Value(1))
        columns = ("unit", "people", "is_pair"), ("unit", "person", "is_pair")
        units_of: dict[int, set[int]] = defaultdict(set)
        for unit, number, is_pair in per_unit.values_list(*columns[0]).union(
            pairs.values_list(*columns[1]), all=True
        ):
            if is_pair and unit in self.nodes:
                units_of[number].add(unit)
            elif unit in self.nodes:
                self.nodes[unit].own_members = number
        for node in reversed(list(walk(self.roots))):
            node.members = node.own_members + sum(child.members for child in node.children)
        for units in units_of.values():
            self._count_once(units)

    def _count_once(self, units: set[int]) -> None:
        counted: dict[int, int] = defaultdict(int)
        for unit in units:
            for above in (*self.nodes[unit].path, unit):
                counted[above] += 1
        for above, times in counted.items():
            self.nodes[above].members -= times - 1

    def get(self, unit_id: int | None) -> Node | None:
        """The unit, if it exists on that day."""
        return self.nodes.get(unit_id) if unit_id else None

    def all(self) -> list[Node]:
        """Every unit, parents before children."""
        return list(walk(self.roots))

    def under(self, unit_id: int) -> set[int]:
        """The unit and every unit inside it (empty if it does not exist that day)."""
        node = self.nodes.get(unit_id)
        return {below.id for below in walk([node])} if node else set()

    def above(self, unit_id: int) -> list[Node]:
        """The units that it stands in, the outermost first."""
        node = self.nodes.get(unit_id)
        return [self.nodes[above] for above in node.path] if node else []

    def names(self, unit_ids: Iterable[int]) -> list[str]:
        """The names of units that exist on the day, in order of their names."""
        return sorted((self.nodes[unit].name for unit in unit_ids if unit in self.nodes), key=by_name)
