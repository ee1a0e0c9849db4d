"""What an import will do: the rows it makes, changes and removes, and how people read it beforehand."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from vertebra.connectors.records import Origin, Record
from vertebra.org.importing.words import Trouble
from vertebra.sources.target import Effect, Planned

Fields = dict[str, tuple[Any, Any]]
# Kept in `imported` beside the fields: references not found so far, and the day an import closed the row.
PENDING, CLOSED = "?", "-"


@dataclass(slots=True, eq=False)
class Version:
    """The values of a unit or an area during a time; `pk` is None for one that is not written yet."""

    pk: int | None
    starts_on: dt.date
    ends_on: dt.date | None
    values: dict[str, Any]


@dataclass(slots=True, eq=False)
class Entity:
    """A row known to the database, or one that this import will make (then `pk` is None until it is written)."""

    kind: str
    pk: int | None = None
    source_id: int | None = None
    external_id: str = ""
    imported: dict[str, Any] | None = None
    values: dict[str, Any] = field(default_factory=dict)
    version: Version | None = None
    next_start: dt.date | None = None
    base: dict[str, Any] | None = None
    is_open: bool = True
    is_own: bool = False
    record: Record | None = None

    @property
    def told(self) -> Record:
        """The record that tells of it; asked only of what the files tell."""
        if self.record is None:
            raise LookupError(self.external_id)
        return self.record


@dataclass(slots=True, eq=False)
class NewRow:
    """A row to insert; values that are entities become their ids when they are written."""

    table: str
    values: dict[str, Any]
    entity: Entity | None = None
    pk: int | None = None


@dataclass(slots=True)
class Update:
    """Columns of a row to change, with what they hold now."""

    table: str
    pk: int | None
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(slots=True)
class Deletion:
    """A row to remove, with all it holds now."""

    table: str
    pk: int
    before: dict[str, Any]


@dataclass(slots=True)
class Writes:
    """Every row that the import touches."""

    created: list[NewRow] = field(default_factory=list)
    updated: list[Update] = field(default_factory=list)
    deleted: list[Deletion] = field(default_factory=list)

    def create(self, table: str, values: dict[str, Any], entity: Entity | None = None) -> None:
        """Note a row to insert."""
        self.created.append(NewRow(table, values, entity))

    def update(self, table: str, pk: int | None, before: Mapping[str, Any], after: dict[str, Any]) -> None:
        """Note columns to change."""
        self.updated.append(Update(table, pk, {name: before.get(name) for name in after}, after))

    def __bool__(self) -> bool:
        return bool(self.created or self.updated or self.deleted)


@dataclass(slots=True)
class Change:
    """What becomes of one thing that the source tells: its fields before and after."""

    kind: str
    effect: Effect
    entity: Entity
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    @property
    def origin(self) -> Origin | None:
        """The place in the files that says so; nothing for what is closed because it is absent."""
        return self.entity.record.origin if self.entity.record else None


@dataclass(frozen=True, slots=True)
class UnknownReference:
    """A mention of something that nobody here bears, with how often and where first it is mentioned."""

    kind: str
    text: str
    field: str
    of_kind: str
    count: int
    origin: Origin
    candidates: int
    is_left_out: bool = False


@dataclass(slots=True)
class Plan(Planned):
    """What an import will do, before anything is written."""

    on: dt.date
    source: str
    is_full: bool = False
    changes: list[Change] = field(default_factory=list)
    counts: dict[str, Counter[Effect]] = field(default_factory=lambda: defaultdict(Counter))
    unknowns: list[UnknownReference] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    troubles: list[Trouble] = field(default_factory=list)
    writes: Writes = field(default_factory=Writes)
    open_rows: int = 0
    touched: dict[str, list[Entity]] = field(default_factory=dict)
    names: Callable[[str, int], str] = lambda kind, pk: str(pk)

    @property
    def closing(self) -> int:
        """How many rows are closed because the source no longer tells them."""
        return sum(1 for change in self.changes if change.effect == "closed" and change.entity.record is None)

    def note(self, kind: str, effect: Effect, entity: Entity, fields: Fields | None = None) -> None:
        """Count what becomes of a record, and keep it for the preview unless nothing does."""
        self.counts[kind][effect] += 1
        if effect != "unchanged":
            self.changes.append(Change(kind, effect, entity, fields or {}))
            self.touched.setdefault(kind, []).append(entity)
