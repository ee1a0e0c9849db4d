"""Which functions, and which units, suffer from the same things: pain points that hurt both of a pair."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations

from django.db.models import QuerySet

from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.analysis.privacy import FEWEST
from vertebra.discovery.models import HurtGroup
from vertebra.discovery.queries.hurting import outermost
from vertebra.discovery.queries.pain_points import ACTIVE, open_to
from vertebra.discovery.queries.voices import Today
from vertebra.org.labels import Function
from vertebra.org.queries.structure import Node, Structure

MOST_UNITS = 14


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the matrix: how many pain points hurt both it and each column; `None` where too few work."""

    key: str
    label: str
    cells: list[tuple[str, int | None]]
    has_inside: bool = False


@dataclass(frozen=True, slots=True)
class Matrix:
    """Functions by functions, or units by units."""

    rows: list[Row]
    highest: int
    most: tuple[str, str, str, str, int] | None

    @property
    def labels(self) -> list[str]:
        """The names of the columns."""
        return [row.label for row in self.rows]


def by_functions(user: User, day: dt.date) -> Matrix:
    """Functions by functions, leaving out those that no pain point hurts; those of fewer than five are not told."""
    touched: dict[str, set[int]] = defaultdict(set)
    for pain_point, function in _groups(user).exclude(function="").values_list("pain_point", "function"):
        touched[function].add(pain_point)
    totals = Today.on(day).totals
    few = {function for function in touched if totals.get((function, None), 0) < FEWEST}
    labels = {function: str(Function(function).label) for function in Function.values if function in touched}
    return _matrix(labels, touched, few)


def by_units(user: User, day: dt.date, parent: int | None) -> Matrix:
    """The units just inside one (the company at first), by each other."""
    structure = Structure.as_of(day)
    nodes = _level(structure, parent)
    place = {below: node.id for node in nodes for below in structure.under(node.id)}
    touched: dict[str, set[int]] = defaultdict(set)
    for pain_point, unit in _groups(user).filter(unit__isnull=False).values_list("pain_point", "unit"):
        if unit in place:
            touched[str(place[unit])].add(pain_point)
    few = {str(node.id) for node in nodes if node.members < FEWEST}
    shown = sorted(nodes, key=lambda node: (-len(touched[str(node.id)]), -node.members))[:MOST_UNITS]
    labels = {str(node.id): node.name for node in nodes if node in shown and touched[str(node.id)]}
    inside = {str(node.id) for node in nodes if node.children}
    return _matrix(labels, touched, few, inside)


def _level(structure: Structure, parent: int | None) -> list[Node]:
    node = structure.get(parent)
    return node.children if node is not None else outermost(structure)


def _groups(user: User) -> QuerySet[HurtGroup]:
    rows = HurtGroup.objects.filter(pain_point__in=open_to(user).filter(state__in=ACTIVE).values("pk"))
    return rows if may(user, Right.PRODUCT_OPS) else rows.filter(people_count__gte=FEWEST)


def _matrix(
    labels: dict[str, str], touched: dict[str, set[int]], few: set[str], inside: set[str] | None = None
) -> Matrix:
    def cell(one: str, other: str) -> int | None:
        if one in few or other in few:
            return None
        return len(touched[one] & touched[other])

    rows = [
        Row(key, label, [(other, cell(key, other)) for other in labels], key in (inside or set()))
        for key, label in labels.items()
    ]
    pairs = [(count, a, b) for a, b in combinations(labels, 2) if (count := cell(a, b))]
    most = max(pairs, default=None, key=lambda pair: pair[0])
    told = (most[1], labels[most[1]], most[2], labels[most[2]], most[0]) if most else None
    return Matrix(rows, max((count for count, _a, _b in pairs), default=0), told)
