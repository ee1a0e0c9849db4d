"""A plan as people read it: one line for each thing that changes, with its fields before and after."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils import formats

from vertebra.org.models import Field, Person
from vertebra.org.queries.structure import Structure
from vertebra.roadmap.importing.plan import Plan
from vertebra.roadmap.importing.words import FIELD_WORDS
from vertebra.roadmap.labels.initiatives import InitiativeKind, InitiativeState, Outcome
from vertebra.roadmap.models import Objective

_CHOICES: dict[str, Any] = {"kind": InitiativeKind, "state": InitiativeState, "outcome": Outcome}


def lines(plan: Plan, day: dt.date) -> Iterator[dict[str, Any]]:
    """Every change as JSON keeps it, in the reader's language; histories are counted, not listed."""
    names = _Names(plan, day)
    for change in plan.changes:
        if change.kind == "revision":
            continue
        yield {
            "kind": change.kind,
            "effect": change.effect,
            "name": change.name,
            "file": change.origin.file if change.origin else "",
            "line": change.origin.line if change.origin else None,
            "fields": [
                {
                    "label": str(FIELD_WORDS.get(column.removesuffix("_id"), column)),
                    "before": names.shown(column, before),
                    "after": names.shown(column, after),
                }
                for column, before, after in change.fields
            ],
        }


class _Names:
    """What the rows that a plan mentions are called."""

    def __init__(self, plan: Plan, day: dt.date) -> None:
        ids: dict[str, set[int]] = {"lead_id": set(), "objective_id": set(), "field_id": set()}
        for change in plan.changes:
            for column, *values in change.fields:
                ids.get(column, set()).update(value for value in values if isinstance(value, int))
        self.structure = Structure.as_of(day, with_members=False)
        self.names: dict[str, dict[int, str]] = {
            "lead_id": dict(Person.objects.filter(pk__in=ids["lead_id"]).values_list("pk", "name")),
            "objective_id": dict(
                Objective.objects.filter(pk__in=ids["objective_id"]).values_list("pk", "title")
            ),
            "field_id": dict(Field.objects.filter(pk__in=ids["field_id"]).values_list("pk", "name")),
        }

    def shown(self, column: str, value: Any) -> str:
        """A value in words."""
        if value in (None, ""):
            return ""
        if column == "owner_unit_id":
            node = self.structure.get(value)
            return node.name if node else str(value)
        if column in self.names:
            return self.names[column].get(value, str(value))
        if column in _CHOICES and value in _CHOICES[column].values:
            return str(_CHOICES[column](value).label)
        if isinstance(value, dt.date):
            return formats.date_format(value, "SHORT_DATE_FORMAT")
        return str(value)
