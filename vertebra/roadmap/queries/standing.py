"""The roadmap as it stands, or as it stood on a day: the same rows for lists, boards and timelines."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet

from vertebra.kit import clock
from vertebra.org.models import Field, Market
from vertebra.org.queries.structure import Structure
from vertebra.roadmap.labels.initiatives import (
    INITIATIVE_TONES,
    PACE_TONES,
    InitiativeKind,
    InitiativeState,
    Pace,
)
from vertebra.roadmap.models import Initiative, Objective, Revision

Rows = QuerySet[Any]
OPEN = tuple(state.value for state in InitiativeState if state != InitiativeState.CLOSED)
UNDONE = ("idea", "planned", "started", "paused")
_SHOWN = (
    "title", "kind", "state", "stage", "horizon", "owner_unit_id", "objective_id", "field_id", "starts_on",
    "due_on", "target", "pace",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One initiative as a board or a timeline shows it."""

    number: int
    title: str
    kind: str
    state: str
    stage: str
    horizon: str
    owner_unit_id: int | None
    objective_id: int | None
    field_id: int | None
    starts_on: dt.date | None
    due_on: dt.date | None
    target: str
    pace: str
    lead: str = ""
    unit_name: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the work is still to be done."""
        return self.state in UNDONE

    @property
    def tone(self) -> str:
        """The colour of its state."""
        return INITIATIVE_TONES[self.state]

    @property
    def state_label(self) -> str:
        """Its state in words."""
        return str(InitiativeState(self.state).label)

    @property
    def kind_label(self) -> str:
        """Its kind in words."""
        return str(InitiativeKind(self.kind).label)

    @property
    def pace_label(self) -> str:
        """What is said of it, in words; nothing while it is on track."""
        is_told = self.pace and self.pace != Pace.ON_TRACK and self.state == InitiativeState.STARTED
        return str(Pace(self.pace).label) if is_told else ""

    @property
    def pace_tone(self) -> str:
        """The colour of what is said of it."""
        return PACE_TONES.get(self.pace, "neutral")


def end_of(day: dt.date) -> dt.datetime:
    """The moment at which a day of the company is over."""
    return clock.midnight(day + dt.timedelta(days=1))


def revisions_on(day: dt.date) -> QuerySet[Revision]:
    """How every initiative stood when a day was over; what was not there then is not among them."""
    end = end_of(day)
    return Revision.objects.filter(Q(until_at__isnull=True) | Q(until_at__gte=end), at__lt=end)


class Standing:
    """Every initiative as it stands today, or as it stood on a day before."""

    def __init__(self, day: dt.date, *, is_today: bool) -> None:
        self.day = day
        self.is_today = is_today

    @property
    def number(self) -> str:
        """The column that holds the number of the initiative."""
        return "pk" if self.is_today else "initiative_id"

    def rows(self) -> Rows:
        """One row for each initiative."""
        if self.is_today:
            return Initiative.objects.filter(archived_at__isnull=True)
        return revisions_on(self.day)

    def counted(self, rows: Rows, *by: str) -> dict[tuple[Any, ...], int]:
        """How many of the rows stand at each value of these columns."""
        counts = rows.order_by().values_list(*by).annotate(count=Count("pk"))
        return {tuple(values): count for *values, count in counts}

    def first_of(self, rows: Rows, parts: Sequence[Q], order: Sequence[str], most: int) -> list[Item]:
        """The first few of each part of the rows, read in one question."""
        if not parts:
            return []
        wanted = Q(pk__in=())
        for part in parts:
            wanted |= Q(pk__in=rows.filter(part).order_by(*order).values("pk")[:most])
        found = rows.model._default_manager.filter(wanted).order_by(*order)
        return self.items(found)

    def items(self, rows: Rows) -> list[Item]:
        """The rows as boards show them, with the unit's name."""
        structure = self.names.structure
        columns = (self.number, *_SHOWN, *(("lead__name",) if self.is_today else ()))
        width = 1 + len(_SHOWN)
        found = []
        for row in rows.values_list(*columns):
            unit = structure.get(row[6])
            lead = row[width] or "" if self.is_today else ""
            told: tuple[Any, ...] = (*row[:width], lead, unit.name if unit else "")
            found.append(Item(*told))
        return found

    @cached_property
    def names(self) -> "Names":
        """What units, objectives and fields are called."""
        return Names(self.day)


class Names:
    """What units, objectives and fields of action are called, read when first asked for."""

    def __init__(self, day: dt.date) -> None:
        self.day = day

    @cached_property
    def structure(self) -> Structure:
        """The units of the day."""
        return Structure.as_of(self.day, with_members=False)

    @cached_property
    def objectives(self) -> dict[int, str]:
        """Titles of objectives, the latest first."""
        rows = Objective.objects.filter(archived_at__isnull=True)
        return dict(rows.values_list("pk", "title"))

    @cached_property
    def fields(self) -> dict[int, str]:
        """Names of fields of action, in their order."""
        return dict(Field.objects.filter(archived_at__isnull=True).values_list("pk", "name"))

    @cached_property
    def markets(self) -> dict[int, str]:
        """Names of markets, by name."""
        rows = Market.objects.filter(archived_at__isnull=True).order_by("name")
        return dict(rows.values_list("pk", "name"))

    def unit(self, unit_id: int | None) -> str:
        """The name of a unit of the day, or nothing."""
        node = self.structure.get(unit_id)
        return node.name if node else ""


@dataclass(frozen=True, slots=True)
class Branch:
    """Part of the roadmap: what it is called, how many rows it holds, and which."""

    key: str
    label: str
    count: int
    column: str
    values: frozenset[Any]

    def holds(self, item: Item) -> bool:
        """Whether an initiative is in this part."""
        return getattr(item, self.column) in self.values

    @property
    def condition(self) -> Q:
        """The same, for rows."""
        known = sorted(value for value in self.values if value is not None)
        is_in = Q(**{self.column: known[0]}) if len(known) == 1 else Q(**{f"{self.column}__in": known})
        return is_in | Q(**{f"{self.column}__isnull": True}) if None in self.values else is_in


GROUPINGS = ("field", "objective", "unit", "kind")


def branches_of(standing: Standing, rows: Rows, by: str, inside: int | None) -> list[Branch]:
    """The parts of the rows by field, objective, unit or kind, the largest first; what is in none stands last.

    By unit, the parts are the units just inside the one that is looked at, each with all that is inside it.
    """
    column = "owner_unit_id" if by == "unit" else "kind" if by == "kind" else f"{by}_id"
    counts = {values[0]: count for values, count in standing.counted(rows, column).items()}
    if by == "unit":
        found = _by_unit(standing.names.structure, counts, inside)
    else:
        words = _words_of(standing.names, by)
        found = [
            Branch(str(key or "none"), words.get(key, ""), count, column, frozenset({key}))
            for key, count in counts.items()
        ]
    return sorted(found, key=lambda one: (not one.label, -one.count, one.label))


def _words_of(names: Names, by: str) -> dict[Any, str]:
    """What the parts by field, objective or kind are called."""
    if by == "kind":
        return {one.value: str(one.label) for one in InitiativeKind}
    return names.fields if by == "field" else names.objectives


def _by_unit(structure: Structure, counts: dict[int | None, int], inside: int | None) -> list[Branch]:
    """Units as they hang under the one looked at."""
    base = structure.get(inside)
    depth = len(base.path) + 1 if base else int(len(structure.roots) == 1)
    held: dict[int | None, set[int | None]] = {}
    for unit in counts:
        node = structure.get(unit)
        places = (*node.path, node.id) if node else ()
        held.setdefault(places[min(depth, len(places) - 1)] if places else None, set()).add(unit)
    found = []
    for branch, units in held.items():
        named = structure.get(branch)
        count = sum(counts[unit] for unit in units)
        label = named.name if named else ""
        found.append(Branch(str(branch or "none"), label, count, "owner_unit_id", frozenset(units)))
    return found
