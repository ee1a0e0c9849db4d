"""What a recipe brings out of files: records of an organisation or a roadmap, before anybody decides what they change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

RecordKind = Literal[
    "unit",
    "person",
    "membership",
    "mandate",
    "area",
    "market",
    "ownership",
    "initiative",
    "revision",
    "release",
]

KINDS: tuple[RecordKind, ...] = (
    "unit",
    "person",
    "membership",
    "mandate",
    "area",
    "market",
    "ownership",
)

FUNCTIONS: tuple[str, ...] = (
    "product",
    "design",
    "engineering",
    "data",
    "research",
    "marketing",
    "sales",
    "support",
    "customer_success",
    "operations",
    "security",
    "quality",
    "documentation",
    "finance",
    "people",
    "legal",
    "leadership",
    "other",
)

MANDATE_ROLES: tuple[str, ...] = (
    "director",
    "product_manager",
    "designer",
    "engineering_lead",
    "lead",
    "champion",
    "practice_carrier",
    "kpi_owner",
    "other",
)

# What a roadmap tells, apart from the organisation.

INITIATIVE_KINDS: tuple[str, ...] = (
    "quick_win",
    "operating_model",
    "transverse",
    "launch",
    "incidents",
    "product",
)

INITIATIVE_STATES: tuple[str, ...] = ("idea", "planned", "started", "paused", "delivered", "closed")

AREA_KINDS: tuple[str, ...] = ("product", "journey", "hand_over")


@dataclass(frozen=True, slots=True)
class Origin:
    """The place in a file that a record was read from."""

    file: str
    line: int | None
    path: str


@dataclass(frozen=True, slots=True)
class Ref:
    """A mention of another object: keys to try in order, and the text as written in the file."""

    kind: str
    keys: tuple[tuple[str, str], ...]
    text: str
    is_acting: bool = False


Scalar = str | int | Decimal | date | bool
Value = Scalar | Ref | tuple[Ref, ...] | None


@dataclass(frozen=True, slots=True)
class Record:
    """One unit, person, membership, mandate, area, market, ownership, initiative… as a source tells it.

    A field that is absent from `values` was not told by the source; a field that is None was told to be empty.
    """

    kind: RecordKind
    external_id: str
    values: Mapping[str, Value]
    origin: Origin


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What a field of a record may hold."""

    type: Literal[
        "text",
        "slug",
        "email",
        "date",
        "percent",
        "decimal",
        "boolean",
        "ref",
        "refs",
        "choice",
        "pairs",
        "moment",
    ]
    refers_to: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    is_required: bool = False
    max_length: int | None = None


_NAME = FieldRule("text", is_required=True, max_length=200)
_TEXT = FieldRule("text", max_length=4_000)
_SHORT = FieldRule("text", max_length=200)
_DAY = FieldRule("date")
_STATE = FieldRule("choice", choices=INITIATIVE_STATES)
_STAGE = FieldRule("text", max_length=40)
_TARGET = FieldRule("text", max_length=60)
_FUNCTION = FieldRule("choice", choices=FUNCTIONS)

FIELDS: Mapping[str, Mapping[str, FieldRule]] = {
    "unit": {
        "name": _NAME,
        "kind": FieldRule("slug", is_required=True, max_length=60),
        "parent": FieldRule("ref", ("unit",)),
        "purpose": _TEXT,
        "how_to_work": FieldRule("text", max_length=8_000),
    },
    "person": {
        "name": _NAME,
        "email": FieldRule("email", max_length=254),
        "handle": FieldRule("text", max_length=100),
        "title": _SHORT,
        "manager": FieldRule("ref", ("person",)),
        "joined_on": _DAY,
        "left_on": _DAY,
        "language": FieldRule("text", max_length=5),
        "country": FieldRule("text", max_length=60),
    },
    "membership": {
        "person": FieldRule("ref", ("person",), is_required=True),
        "unit": FieldRule("ref", ("unit",), is_required=True),
        "function": _FUNCTION,
        "title": _SHORT,
        "share": FieldRule("percent"),
        "starts_on": _DAY,
        "ends_on": _DAY,
    },
    "mandate": {
        "role": FieldRule("choice", choices=MANDATE_ROLES, is_required=True),
        "title": _SHORT,
        "person": FieldRule("ref", ("person",)),
        "function": _FUNCTION,
        "unit": FieldRule("ref", ("unit",)),
        "area": FieldRule("ref", ("area",)),
        "market": FieldRule("ref", ("market",)),
        "is_acting": FieldRule("boolean"),
        "starts_on": _DAY,
        "ends_on": _DAY,
        "hours_per_month": FieldRule("decimal"),
    },
    "area": {
        "name": _NAME,
        "kind": FieldRule("choice", choices=AREA_KINDS),
        "parent": FieldRule("ref", ("area",)),
        "description": _TEXT,
        "steps": FieldRule("refs", ("area",)),
    },
    "market": {"name": _NAME, "code": FieldRule("text", max_length=20)},
    "ownership": {
        "area": FieldRule("ref", ("area",)),
        "market": FieldRule("ref", ("market",)),
        "unit": FieldRule("ref", ("unit",), is_required=True),
        "starts_on": _DAY,
        "ends_on": _DAY,
    },
    "initiative": {
        "title": _NAME,
        "description": FieldRule("text", max_length=8_000),
        "kind": FieldRule("choice", choices=INITIATIVE_KINDS),
        "state": _STATE,
        "stage": _STAGE,
        "target": _TARGET,
        "milestones": FieldRule("pairs"),
        "created_on": _DAY,
        "starts_on": _DAY,
        "due_on": _DAY,
        "lead": FieldRule("ref", ("person",)),
        "owner_unit": FieldRule("ref", ("unit",)),
        "units": FieldRule("refs", ("unit",)),
        "objective": _SHORT,
        "field": FieldRule("text", max_length=100),
        "see_also": FieldRule("refs", ("initiative",)),
        "replaces": FieldRule("refs", ("initiative",)),
    },
    "revision": {
        "initiative": FieldRule("ref", ("initiative",), is_required=True),
        "formerly": FieldRule("text", max_length=300),
        "at": FieldRule("moment", is_required=True),
        "title": _SHORT,
        "state": _STATE,
        "stage": _STAGE,
        "target": _TARGET,
        "milestones": FieldRule("pairs"),
        "due_on": _DAY,
    },
    "release": {
        "name": FieldRule("text", is_required=True, max_length=60),
        "on": FieldRule("date", is_required=True),
    },
}
