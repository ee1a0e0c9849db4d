"""Who is meant: units, people, objectives and fields of action as files mention them."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from vertebra.connectors.recipe.fields import comparable
from vertebra.connectors.records import Origin, Record, Ref
from vertebra.kit.text import fold
from vertebra.org.models import Field, Person, Unit, UnitVersion
from vertebra.roadmap.models import Objective

Index = dict[tuple[str, str], int | None]


@dataclass(slots=True)
class Unknown:
    """A mention that leads to nobody: of what kind, how often, where first."""

    kind: str
    text: str
    field: str
    of_kind: str
    origin: Origin
    count: int = 0
    candidates: int = 0

    def as_json(self) -> dict[str, Any]:
        """The mention as a preview keeps it."""
        return {
            "text": self.text,
            "kind": self.kind,
            "of_kind": self.of_kind,
            "count": self.count,
            "candidates": self.candidates,
            "is_left_out": False,
            "file": self.origin.file,
            "line": self.origin.line,
        }


@dataclass
class Resolver:
    """Finds rows by what files call them; what leads nowhere, or to several, is remembered."""

    day: dt.date
    unknowns: dict[tuple[str, str, str], Unknown] = field(default_factory=dict)

    def find(self, record: Record, name: str, ref: Ref) -> int | None:
        """The row that a mention means, or none."""
        index = self.units if ref.kind == "unit" else self.people
        candidates = 0
        for key, text in ref.keys:
            wanted = (key, comparable(key, text))
            if wanted not in index:
                continue
            if (found := index[wanted]) is not None:
                return found
            candidates = 2
        self.miss(record, name, ref, candidates)
        return None

    def miss(self, record: Record, name: str, ref: Ref, candidates: int = 0) -> None:
        """Remember a mention that leads nowhere."""
        key = (ref.kind, ref.text, name)
        if key not in self.unknowns:
            self.unknowns[key] = Unknown(ref.kind, ref.text, name, record.kind, record.origin)
        self.unknowns[key].count += 1
        self.unknowns[key].candidates = candidates

    @cached_property
    def units(self) -> Index:
        """Units of the day by the id that a source gave them, and by name."""
        rows: list[tuple[str, str, int]] = []
        for pk, external in Unit.objects.exclude(external_id="").values_list("pk", "external_id"):
            rows.append(("external_id", external, pk))
        for pk, name in UnitVersion.objects.as_of(self.day).values_list("unit_id", "name"):
            rows.append(("name", comparable("name", name), pk))
        return _unique(rows)

    @cached_property
    def people(self) -> Index:
        """People by the id that a source gave them, their address, their login, their name."""
        rows: list[tuple[str, str, int]] = []
        known = Person.objects.filter(archived_at__isnull=True)
        for pk, *values in known.values_list("pk", "external_id", "email", "handle", "name"):
            for key, value in zip(("external_id", "email", "handle", "name"), values, strict=True):
                if value:
                    rows.append((key, comparable(key, value), pk))
        return _unique(rows)

    @cached_property
    def objectives(self) -> dict[str, int]:
        """Objectives by title."""
        rows = Objective.objects.filter(archived_at__isnull=True).values_list("title", "pk")
        return {fold(title): pk for title, pk in rows}

    @cached_property
    def fields(self) -> dict[str, int]:
        """Fields of action by name."""
        rows = Field.objects.filter(archived_at__isnull=True).values_list("name", "pk")
        return {fold(name): pk for name, pk in rows}

    def told(self) -> list[dict[str, Any]]:
        """Every mention that leads nowhere, the most frequent first."""
        found = sorted(self.unknowns.values(), key=lambda one: (-one.count, one.kind, one.text))
        return [one.as_json() for one in found]


def _unique(rows: list[tuple[str, str, int]]) -> Index:
    """Each key once; None where it leads to several."""
    counts = Counter((key, text) for key, text, _pk in set(rows))
    return {(key, text): pk if counts[key, text] == 1 else None for key, text, pk in rows}
