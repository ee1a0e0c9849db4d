"""What an import wrote aside, and what it would do to the trail of its source."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vertebra.evidence.models import TrailVersion

# So many projects, kinds and statuses are told, those of most work items first.
MOST_PARTS = 100


class MovedOn(Exception):
    """Another import of the same source ended meanwhile: what was merged no longer stands beside what is stored."""


@dataclass(slots=True)
class Told:
    """How much a trail holds, from when to when, and of what."""

    counts: dict[str, int] = field(default_factory=dict)
    earliest_at: dt.datetime | None = None
    latest_at: dt.datetime | None = None
    parts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


@dataclass(slots=True)
class Staged:
    """What would become of a trail: its new files aside, the stored ones that stay, how much of it is new."""

    base: TrailVersion | None
    key: bytes
    forgotten: frozenset[str]
    folder: Path
    kept: dict[str, list[str]]
    counts: dict[str, dict[str, int]]
    told: Told
    changes_anything: bool
    first: list[dict[str, Any]] = field(default_factory=list)

    def summary(self) -> dict[str, dict[str, int]]:
        """What is new, changed and the same, by kind, as JSON and tables show it."""
        return {f"trail_{table}": {**one, "closed": 0} for table, one in self.counts.items()}
