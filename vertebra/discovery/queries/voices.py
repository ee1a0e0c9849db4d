"""Whose voice a verbatim is, as far as readers may know: never told where fewer than five could have said it.

Where it was said is settled once, from the directory of the day it was said: everybody of that day falls into groups
of at least five, and a verbatim is told by its group. Later days only make it coarser, so that nobody learns
anything by comparing two verbatims, two days, or those who joined and left in between.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from vertebra.analysis.privacy import FEWEST
from vertebra.discovery.labels import Consent
from vertebra.discovery.models import Interview, Verbatim
from vertebra.org.labels import Function
from vertebra.org.models import Membership, Person
from vertebra.org.queries.remembered import remembered
from vertebra.org.queries.structure import Structure
from vertebra.org.queries.trees import walk

Cell = tuple[str, int | None]
NOBODY: Cell = ("", None)


@dataclass(frozen=True, slots=True)
class Voice:
    """What may be told of who said something: nothing at all, a function, or a function and a unit."""

    function: str
    unit_name: str
    said_on_quarter: dt.date
    is_hidden: bool
    unit_id: int | None = None

    @property
    def quarter_words(self) -> str:
        """The quarter it was said in, in words."""
        day = self.said_on_quarter
        return _("Q%(quarter)s %(year)s") % {"quarter": (day.month + 2) // 3, "year": day.year}

    @property
    def who_words(self) -> str:
        """The function and the unit, as far as they are told."""
        function = str(Function(self.function).label) if self.function in Function.values else ""
        return " · ".join(part for part in (function, self.unit_name) if part)

    @property
    def words(self) -> str:
        """Everything that is told, in one line."""
        return " · ".join(part for part in (self.who_words, self.quarter_words) if part)


@dataclass(slots=True)
class Pool:
    """People who are not told apart: a count of those with one seat, and those with several by id."""

    plain: int = 0
    several: set[int] = field(default_factory=set)

    def add(self, other: "Pool") -> None:
        """Take in the people of another pool, each once."""
        self.plain += other.plain
        self.several |= other.several

    def __len__(self) -> int:
        return self.plain + len(self.several)


Crowd = dict[Cell, Pool]


def quarter_of(day: dt.date) -> dt.date:
    """The first day of the quarter."""
    return dt.date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def crowd_of(day: dt.date) -> Crowd:
    """How many people of each function each unit has in the directory that day, in two queries."""
    present = Person.objects.present_on(day).filter(archived_at__isnull=True)
    held = Membership.objects.as_of(day).filter(person__in=present.values("pk"))
    seats = held.order_by().values("person").annotate(seats=Count("id"))
    counted = held.order_by().values_list("function", "unit").annotate(people=Count("person", distinct=True))
    crowd: Crowd = {(function, unit): Pool(plain=people) for function, unit, people in counted}
    # Whoever sits in several places is known by id, so as to be counted once wherever the places meet.
    theirs = held.filter(person__in=seats.filter(seats__gt=1).values("person"))
    for person, function, unit in set(theirs.values_list("person", "function", "unit")):
        pool = crowd[function, unit]
        pool.plain -= 1
        pool.several.add(person)
    return crowd


@dataclass(slots=True)
class Groups:
    """Everybody of one day in groups of five and more: by function and unit, by function, or not told at all."""

    structure: Structure
    told: dict[str, dict[int, Pool]] = field(default_factory=lambda: defaultdict(dict))
    by_function: dict[str, Pool] = field(default_factory=dict)
    untold: Pool = field(default_factory=Pool)

    def cell_of(self, function: str, unit_id: int | None) -> Cell:
        """What is told of somebody of this function and unit."""
        units = self.told.get(function, {})
        node = self.structure.get(unit_id)
        for unit in (node.id, *reversed(node.path)) if node else ():
            if unit in units:
                return function, unit
        return (function, None) if function in self.by_function else NOBODY


def groups_of(structure: Structure, crowd: Crowd) -> Groups:
    """Put people together upwards until they are five; what remains too small is put with the smallest beside it."""
    groups = Groups(structure)
    for function in sorted({function for function, _unit in crowd}):
        _group_function(groups, function, crowd)
    if 0 < len(groups.untold) < FEWEST:
        _hide_one_more(groups)
    return groups


def _group_function(groups: Groups, function: str, crowd: Crowd) -> None:
    waiting: dict[int, Pool] = defaultdict(Pool)
    rest = Pool()
    known = groups.structure.nodes
    for (its, unit), pool in crowd.items():
        if its == function:
            (waiting[unit] if unit in known else rest).add(pool)
    for node in reversed(list(walk(groups.structure.roots))):
        if node.id not in waiting:
            continue
        pool = waiting.pop(node.id)
        if len(pool) >= FEWEST:
            groups.told[function][node.id] = pool
        else:
            (waiting[node.path[-1]] if node.path else rest).add(pool)
    if 0 < len(rest) < FEWEST and groups.told[function]:
        rest.add(_take_smallest(groups, function))
    if len(rest) >= FEWEST:
        groups.by_function[function] = rest
    else:
        groups.untold.add(rest)


def _take_smallest(groups: Groups, function: str) -> Pool:
    """Tell the smallest outermost group of a function by its unit no more."""
    units = groups.told[function]
    outermost = [unit for unit in units if not set(groups.structure.nodes[unit].path) & set(units)]
    return units.pop(min(outermost, key=lambda unit: (len(units[unit]), unit)))


def _hide_one_more(groups: Groups) -> None:
    """Those told nothing of are fewer than five: the smallest group beside them keeps them company."""
    choices: list[tuple[int, str]] = []
    for function in set(groups.told) | set(groups.by_function):
        if function in groups.by_function:
            choices.append((len(groups.by_function[function]), function))
        elif units := groups.told[function]:
            choices.append((min(len(pool) for pool in units.values()), function))
    if choices:
        _size, function = min(choices)
        known = groups.by_function.pop(function, None)
        groups.untold.add(known if known is not None else _take_smallest(groups, function))


def told_cells(said: Iterable[tuple[str, int | None, dt.date]], today: dt.date) -> list[Cell]:
    """What will be told of each (function, unit, day said), settled when a verbatim is written.

    A day on which the directory was still empty is judged by today's.
    """

    @cache
    def groups_on(day: dt.date) -> Groups | None:
        crowd = crowd_of(day)
        return groups_of(Structure.as_of(day, with_members=False), crowd) if crowd else None

    cells = []
    for function, unit, day in said:
        groups = groups_on(day) or groups_on(today)
        cells.append(groups.cell_of(function, unit) if groups and function else NOBODY)
    return cells


@dataclass(frozen=True, slots=True)
class Today:
    """The units of a day, and how many people of each function each has with all that is inside it."""

    structure: Structure
    totals: Mapping[Cell, int]

    @classmethod
    @remembered
    def on(cls, day: dt.date) -> "Today":
        """Count everybody up the tree, each once; shared, so not to be changed."""
        structure = Structure.as_of(day, with_members=False)
        totals: dict[Cell, Pool] = defaultdict(Pool)
        for (function, unit), pool in crowd_of(day).items():
            node = structure.get(unit)
            for above in (node.id, *node.path) if node else ():
                totals[function, above].add(pool)
            totals[function, None].add(pool)
        return cls(structure, {cell: len(pool) for cell, pool in totals.items()})

    def coarsened(self, cell: Cell) -> Cell:
        """The cell, or the first one around it that five people are in today."""
        function, unit = cell
        node = self.structure.get(unit)
        for around in (*((node.id, *reversed(node.path)) if node else ()), None):
            if function and self.totals.get((function, around), 0) >= FEWEST:
                return function, around
        return NOBODY


def voices(verbatims: Iterable[Verbatim], day: dt.date) -> dict[int, Voice]:
    """What may be told on a day of who said each verbatim, by its id; four queries however many they are."""
    rows = list(verbatims)
    if not rows:
        return {}
    hidden = _hidden(rows)
    today = Today.on(day)
    found = {}
    for row in rows:
        quarter = quarter_of(row.said_on)
        if row.pk in hidden:
            found[row.pk] = Voice("", "", quarter, True)
            continue
        function, unit = today.coarsened((row.shown_function, row.shown_unit_id))
        node = today.structure.get(unit)
        found[row.pk] = Voice(function, node.name if node else "", quarter, False, unit)
    return found


def _hidden(rows: Sequence[Verbatim]) -> set[int]:
    """Those whose words may not be shown: taken back, or the person heard does not agree to be quoted."""
    unread = {row.interview_id for row in rows if row.interview_id and not Verbatim.interview.is_cached(row)}
    asked = dict(Interview.objects.filter(pk__in=unread).values_list("pk", "consent")) if unread else {}
    hidden = set()
    for row in rows:
        consent = ""
        if row.interview_id:
            consent = asked.get(row.interview_id) or (row.interview.consent if row.interview else "")
        if row.withdrawn_at or (consent and consent != Consent.GIVEN):
            hidden.add(row.pk)
    return hidden


def quotable(rows: "QuerySet[Verbatim, Any]") -> "QuerySet[Verbatim, Any]":
    """Those of the verbatims whose words may be shown."""
    agreed = Q(interview__isnull=True) | Q(interview__consent=Consent.GIVEN)
    return rows.filter(agreed, withdrawn_at__isnull=True)


def hidden_ids(ids: Iterable[int]) -> set[int]:
    """Those of the verbatims whose words may not, or no longer, be shown; what does not exist is among them."""
    wanted = set(ids)
    rows = Verbatim.objects.filter(pk__in=wanted)
    return wanted - set(quotable(rows).values_list("pk", flat=True))
