"""Questions over areas: what a journey crosses, what crosses an area, who cares for what in a matrix."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import FilteredRelation, Q

from vertebra.kit.versions import OverTimeQuerySet
from vertebra.org.models import AreaStep, AreaVersion, Ownership
from vertebra.org.queries.care import AreaNode, Areas, Owners
from vertebra.org.queries.structure import Node, Structure
from vertebra.org.queries.trees import P, walk

MOST_ROWS, MOST_COLUMNS = 60, 24


@dataclass(slots=True)
class Crossings:
    """The steps of a journey, and the journeys that cross an area with what they cross before and after it."""

    steps: list[AreaNode] = field(default_factory=list)
    journeys: list[AreaNode] = field(default_factory=list)
    neighbours: list[AreaNode] = field(default_factory=list)


def crossings(areas: Areas, area_id: int) -> Crossings:
    """Read the journeys around an area in one query."""
    rows = (
        AreaStep.objects.filter(Q(journey=area_id) | Q(journey__steps__area=area_id))
        .order_by("journey", "position", "id")
        .distinct()
    )
    steps: dict[int, list[int]] = {}
    for journey, area, _position, _id in rows.values_list("journey_id", "area_id", "position", "id"):
        steps.setdefault(journey, []).append(area)
    found = Crossings()
    found.steps = [areas.nodes[area] for area in steps.pop(area_id, []) if area in areas.nodes]
    beside: set[int] = set()
    for journey, crossed in steps.items():
        if journey not in areas.nodes:
            continue
        found.journeys.append(areas.nodes[journey])
        at = crossed.index(area_id)
        beside.update(crossed[max(0, at - 1) : at] + crossed[at + 1 : at + 2])
    found.neighbours = [areas.nodes[area] for area in sorted(beside) if area in areas.nodes]
    return found


@dataclass(frozen=True, slots=True)
class Owner:
    """A unit that takes care of an area: its number, its name, and the row that says so."""

    id: int
    name: str
    row: int


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One area of the matrix and, for each unit, how many of the areas inside it that unit's branch owns."""

    area: AreaNode
    cells: list[tuple[Node, int]]
    unowned: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Areas by units."""

    units: list[Node]
    rows: list[MatrixRow]
    highest: int
    hidden_rows: int
    hidden_units: int


def matrix(areas: Areas, owners: Owners, structure: Structure, area_id: int, unit_id: int) -> Matrix:
    """Count who owns what, from the areas and units inside the ones asked for (from the top when none is)."""
    rows = _inside(areas.nodes.get(area_id), areas.roots)
    columns = _inside(structure.nodes.get(unit_id), structure.roots)
    column_of: dict[int, int] = {}
    for column in columns:
        column_of.update(dict.fromkeys((node.id for node in walk([column])), column.id))
    shown_units: Counter[int] = Counter()
    counted = []
    for row in rows:
        cells: Counter[int] = Counter()
        unowned = 0
        for area in walk([row]):
            owning = {column_of[unit] for unit in owners.of_area.get(area.id, ()) if unit in column_of}
            cells.update(owning)
            unowned += not owners.of_area.get(area.id) and not area.children
        shown_units.update(cells)
        counted.append((row, cells, unowned))
    units = [unit for unit in columns if shown_units[unit.id]][:MOST_COLUMNS]
    shown = [
        MatrixRow(row, [(unit, cells[unit.id]) for unit in units], unowned)
        for row, cells, unowned in counted[:MOST_ROWS]
    ]
    highest = max((number for row in shown for _unit, number in row.cells), default=0)
    owning_units = sum(1 for unit in columns if shown_units[unit.id])
    return Matrix(units, shown, highest, max(0, len(counted) - MOST_ROWS), owning_units - len(units))


def _inside(node: P | None, roots: list[P]) -> list[P]:
    """What is inside a node, or the first level of the tree that has more than one."""
    level = node.children if node and node.children else ([node] if node else roots)
    while len(level) == 1 and level[0].children:
        level = level[0].children
    return level


def owners_by_name(area_ids: Iterable[int], day: dt.date) -> dict[int, list[Owner]]:
    """The units that take care of these areas on the day, in one query."""
    named = FilteredRelation("unit__versions", condition=OverTimeQuerySet.holds_on(day, "unit__versions__"))
    rows = Ownership.objects.as_of(day).filter(area__in=set(area_ids)).annotate(version=named)
    found: dict[int, list[Owner]] = {}
    told = rows.filter(version__isnull=False).order_by("starts_on", "id")
    for area, unit, name, row in told.values_list("area_id", "unit_id", "version__name", "id"):
        found.setdefault(area, []).append(Owner(unit, name, row))
    return found


def area_versions(area_id: int) -> list[AreaVersion]:
    """Everything an area was, the latest first."""
    return list(AreaVersion.objects.all_time().filter(area=area_id).order_by("-starts_on"))
