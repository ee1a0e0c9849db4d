"""What an import of a roadmap will do, before anything is written."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from vertebra.connectors.records import Origin, Record
from vertebra.org.importing.words import Trouble
from vertebra.roadmap.models import Initiative
from vertebra.sources.target import Effect, Planned

# Above this share of a source's initiatives, somebody must say how many go.
UNASKED_SHARE = 0.20


@dataclass(slots=True, eq=False)
class Told:
    """One initiative of the files: the row it has or will have, what changes in it, what its history adds."""

    record: Record
    row: Initiative
    is_new: bool
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    units: set[int] = field(default_factory=set)
    revisions: list[Record] = field(default_factory=list)
    see_also: list[str] = field(default_factory=list)
    replaces: list[str] = field(default_factory=list)
    milestones: dict[str, str] = field(default_factory=dict)
    new_units: set[int] = field(default_factory=set)

    @property
    def is_touched(self) -> bool:
        """Whether anything of it is written."""
        added = self.revisions or self.new_units or self.see_also or self.replaces
        return self.is_new or bool(self.after or added)


@dataclass(slots=True)
class Change:
    """One line of the preview."""

    kind: str
    effect: Effect
    name: str
    origin: Origin | None
    fields: list[tuple[str, Any, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Plan(Planned):
    """Everything that the import would do."""

    source: str
    told: list[Told] = field(default_factory=list)
    gone: list[Initiative] = field(default_factory=list)
    releases: dict[str, dt.date] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    counts: dict[str, Counter[Effect]] = field(default_factory=lambda: defaultdict(Counter))
    unknowns: list[dict[str, Any]] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    troubles: list[Trouble] = field(default_factory=list)
    open_rows: int = 0

    @property
    def must_confirm(self) -> bool:
        """Whether more would be archived than an import does unasked."""
        return len(self.gone) > self.open_rows * UNASKED_SHARE

    @property
    def writes(self) -> bool:
        """Whether anything changes."""
        return bool(self.gone or any(one.is_touched for one in self.told))

    def note(
        self,
        kind: str,
        effect: Effect,
        name: str,
        origin: Origin | None,
        fields: list[tuple[str, Any, Any]] | None = None,
    ) -> None:
        """Count what becomes of a record, and keep it for the preview unless nothing does."""
        self.counts[kind][effect] += 1
        if effect != "unchanged":
            self.changes.append(Change(kind, effect, name, origin, fields or []))
