"""A plan as people read it: one line for each thing that changes, with its fields before and after."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from vertebra.accounts.permissions import PRIVATE_COLUMNS
from vertebra.org import labels
from vertebra.org.importing.plan import Change, Entity, Plan
from vertebra.org.importing.words import FIELD_WORDS

# Columns that hold another row, and of which kind (empty: of the same kind).
_REFERENCES = {
    "parent_id": "", "manager_id": "person", "person_id": "person", "unit_id": "unit", "area_id": "area",
    "market_id": "market", "kind_id": "unit_kind", "steps": "area",
}  # fmt: skip
_CHOICES: dict[str, Any] = {"function": labels.Function, "role": labels.MandateRole}


def lines(plan: Plan, *, with_private: bool = False) -> Iterator[dict[str, Any]]:
    """Every change as JSON keeps it, in the reader's language; what was private is apart, for pages that ask who reads."""
    for change in plan.changes:
        told = line(plan, change)
        for one, column in zip(told["fields"], change.fields, strict=True):
            if with_private and column in PRIVATE_COLUMNS:
                one["private"] = shown(plan, change.kind, column, change.fields[column][0])
        yield told


def line(plan: Plan, change: Change) -> dict[str, Any]:
    """One change: what it is called, where the files say so, its fields."""
    origin = change.origin
    return {
        "kind": change.kind,
        "effect": change.effect,
        "name": name_of(plan, change.entity),
        "file": origin.file if origin else "",
        "line": origin.line if origin else None,
        "fields": [
            {
                "label": str(FIELD_WORDS.get(column.removesuffix("_id"), column)),
                "before": _before(plan, change.kind, column, before),
                "after": shown(plan, change.kind, column, after),
            }
            for column, (before, after) in change.fields.items()
        ],
    }


def name_of(plan: Plan, entity: Entity) -> str:
    """What a thing is called; a relation by the things it joins."""
    values = entity.values
    if entity.kind in ("unit", "person", "area", "market"):
        told = entity.record.values.get("name") if entity.record else None
        return str(told or values.get("name") or entity.external_id)
    parts = [
        shown(plan, entity.kind, column, values.get(column))
        for column in ("person_id", "role", "unit_id", "area_id", "market_id")
    ]
    if not parts[0] and values.get("reference"):
        parts[0] = str(values["reference"])
    return " · ".join(part for part in parts if part)


def shown(plan: Plan, kind: str, column: str, value: Any) -> str:
    """A value in words."""
    if value in (None, "", ()):
        return ""
    if isinstance(value, tuple):
        return ", ".join(shown(plan, kind, column, one) for one in value)
    if column in _REFERENCES:
        return _referred(plan, _REFERENCES[column] or kind, value)
    if isinstance(value, dt.date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if column in _CHOICES and value in _CHOICES[column].values:
        return str(_CHOICES[column](value).label)
    return str(value)


def _before(plan: Plan, kind: str, column: str, value: Any) -> str:
    """What a column held, in words; whoever imports need not know what was private in it."""
    words = shown(plan, kind, column, value)
    return "…" if words and column in PRIVATE_COLUMNS else words


def _referred(plan: Plan, kind: str, value: Any) -> str:
    if isinstance(value, Entity):
        if kind == "unit_kind":
            value = value.external_id if value.pk is None else plan.names(kind, value.pk)
            return str(labels.UNIT_KINDS.get(value, value))
        return name_of(plan, value)
    if isinstance(value, int):
        name = plan.names(kind, value)
        return str(labels.UNIT_KINDS.get(name, name)) if kind == "unit_kind" else name
    return str(getattr(value, "text", value))
