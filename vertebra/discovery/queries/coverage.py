"""Who was heard, by function and unit: how many people there are, how many of them were heard lately, and when last."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Max

from vertebra.discovery.labels import InterviewState
from vertebra.discovery.models import Interview
from vertebra.org.labels import Function
from vertebra.org.queries.crowd import Crowd
from vertebra.org.queries.remembered import remembered
from vertebra.org.queries.structure import Node, Structure

MOST_ROWS = 40


@remembered
def latest_heard() -> dict[int, dt.date]:
    """The day each person was last heard."""
    rows = Interview.objects.filter(
        state=InterviewState.HELD, archived_at=None, person__isnull=False, held_on__isnull=False
    )
    return dict(rows.order_by().values_list("person_id").annotate(day=Max("held_on")))


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day of an earlier month, or that month's last."""
    at = day.year * 12 + day.month - 1 - months
    year, month = divmod(at, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return dt.date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError


@dataclass(slots=True)
class Cell:
    """One function in one row of units."""

    people: int = 0
    heard: int = 0
    latest: dt.date | None = None

    @property
    def share(self) -> float | None:
        """The part of the people who were heard; nothing where there is nobody."""
        return self.heard / self.people if self.people else None


@dataclass(slots=True)
class Row:
    """A unit with what is inside it; `is_itself` for those who work in the opened unit and in no part of it."""

    node: Node
    cells: list[Cell]
    total: Cell
    is_itself: bool = False


@dataclass(slots=True)
class Coverage:
    """The matrix function × unit of one day, over so many months."""

    functions: list[Function]
    rows: list[Row]
    columns: list[Cell]
    total: Cell
    since: dt.date
    hidden_rows: int = 0
    inside: Node | None = None
    above: list[Node] = field(default_factory=list)

    @property
    def silent(self) -> list[Function]:
        """The functions from which nobody was heard."""
        return [one for one, cell in zip(self.functions, self.columns, strict=True) if not cell.heard]


@remembered
def coverage(day: dt.date, months: int, unit_id: int | None = None, depth: int = 1) -> Coverage:
    """The matrix of the units so deep under one (or under the top), read in four queries; shared, not to be changed."""
    structure = Structure.as_of(day, with_members=False)
    inside = structure.get(unit_id) or _top(structure)
    nodes = list(_rows_under(structure, inside, depth))
    shown = nodes[:MOST_ROWS]
    row_of = {below: node.id for node in shown for below in structure.under(node.id)}
    if inside is not None:
        row_of[inside.id] = inside.id
    everyone = structure.under(inside.id) if inside else structure.nodes.keys()
    since = months_before(day, months)
    sets = _Sets(row_of, set(everyone))
    for person, unit, function in Crowd.on(day):
        sets.put(person, unit, function)
    heard = latest_heard()
    functions = [Function(code) for code in Function.values if code in sets.by_function]

    def cell(people: set[int] | None) -> Cell:
        days = [heard[person] for person in people or () if person in heard]
        return Cell(len(people or ()), sum(1 for one in days if one > since), max(days, default=None))

    rows = [
        Row(
            node,
            [cell(sets.cells.get((node.id, code))) for code in functions],
            cell(sets.by_row.get(node.id)),
        )
        for node in shown
    ]
    if inside is not None and inside.id in sets.by_row:
        own = [cell(sets.cells.get((inside.id, code))) for code in functions]
        rows.insert(0, Row(inside, own, cell(sets.by_row[inside.id]), is_itself=True))
    return Coverage(
        functions=functions,
        rows=rows,
        columns=[cell(sets.by_function[code]) for code in functions],
        total=cell(sets.all),
        since=since,
        hidden_rows=len(nodes) - len(shown),
        inside=inside,
        above=structure.above(inside.id) if inside else [],
    )


class _Sets:
    """People sorted into rows and functions, each once however many of its units they work in."""

    def __init__(self, row_of: dict[int, int], everyone: set[int]) -> None:
        self.row_of, self.everyone = row_of, everyone
        self.cells: dict[tuple[int, str], set[int]] = {}
        self.by_row: dict[int, set[int]] = {}
        self.by_function: dict[str, set[int]] = {}
        self.all: set[int] = set()

    def put(self, person: int, unit: int, function: str) -> None:
        """Count somebody where they work, if it lies inside what is shown."""
        if unit not in self.everyone:
            return
        self.all.add(person)
        self.by_function.setdefault(function, set()).add(person)
        if (row := self.row_of.get(unit)) is not None:
            self.cells.setdefault((row, function), set()).add(person)
            self.by_row.setdefault(row, set()).add(person)


def _top(structure: Structure) -> Node | None:
    """The unit that holds everything, when there is one."""
    return structure.roots[0] if len(structure.roots) == 1 else None


def _rows_under(structure: Structure, inside: Node | None, depth: int) -> Iterator[Node]:
    """The units so deep under one; a branch that ends sooner is shown by its last unit."""
    waiting = [(node, 1) for node in reversed(inside.children if inside else structure.roots)]
    while waiting:
        node, level = waiting.pop()
        if level >= depth or not node.children:
            yield node
        else:
            waiting.extend((child, level + 1) for child in reversed(node.children))


def tribes(structure: Structure) -> dict[int, int]:
    """The unit under the top that each unit belongs to: what a sample is spread over."""
    top = _top(structure)
    firsts = top.children if top is not None else structure.roots
    found = {below: first.id for first in firsts for below in structure.under(first.id)}
    return found if top is None else found | {top.id: top.id}
