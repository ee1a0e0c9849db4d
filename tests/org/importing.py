"""Records as a source would tell them, and a short way to import them."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, cast

from django.apps import apps

from tests import world
from vertebra.connectors.records import Origin, Record, RecordKind, Ref, Value
from vertebra.org.importing.actions import Outcome, import_organisation
from vertebra.org.importing.plan import Plan
from vertebra.org.importing.planning import plan_import

TABLES = (
    "UnitKind", "Unit", "UnitVersion", "Person", "Membership", "Mandate", "Area", "AreaVersion", "AreaStep",
    "Market", "Ownership",
)  # fmt: skip


def to(kind: str, external_id: str, *, name: str = "") -> Ref:
    """A mention by id (as recipes resolve them) or by name."""
    keys = (("external_id", external_id),) if external_id else (("name", name.casefold()),)
    return Ref(kind, keys, name or external_id)


def record(of: str, external_id: str, line: int = 1, /, **values: Value) -> Record:
    """One record of a file."""
    return Record(cast(RecordKind, of), external_id, values, Origin("file.csv", line, ""))


def company(**changes: Mapping[str, Any]) -> list[Record]:
    """Two teams in a tribe, three people, an area, a market: `changes` replace values by external id."""
    rows: list[tuple[str, str, dict[str, Any]]] = [
        ("market", "fr", {"name": "France", "code": "FR"}),
        ("unit", "tribe", {"name": "Selling", "kind": "tribe"}),
        (
            "unit",
            "cart",
            {"name": "Cart", "kind": "team", "parent": to("unit", "tribe"), "purpose": "The basket"},
        ),
        ("unit", "pay", {"name": "Payment", "kind": "team", "parent": to("unit", "tribe")}),
        ("person", "ada", {"name": "Ada Lind", "email": "ada@example.org", "title": "PM"}),
        ("person", "bo", {"name": "Bo Chen", "email": "bo@example.org", "manager": to("person", "ada")}),
        ("person", "cy", {"name": "Cy Roux", "email": "", "manager": to("person", "", name="Nobody Known")}),
        ("area", "checkout", {"name": "Checkout", "kind": "product"}),
        ("area", "buying", {"name": "Buying", "kind": "journey", "steps": (to("area", "checkout"),)}),
        (
            "membership",
            "m1",
            {"person": to("person", "ada"), "unit": to("unit", "cart"), "function": "product"},
        ),
        (
            "membership",
            "m2",
            {"person": to("person", "bo"), "unit": to("unit", "pay"), "function": "engineering"},
        ),
        (
            "mandate",
            "pm",
            {"role": "product_manager", "person": to("person", "ada"), "unit": to("unit", "cart")},
        ),
        (
            "mandate",
            "lead",
            {"role": "lead", "person": to("person", "", name="Nobody Known"), "unit": to("unit", "pay")},
        ),
        ("ownership", "o1", {"unit": to("unit", "cart"), "area": to("area", "checkout")}),
    ]
    return [
        record(kind, external_id, line, **{**values, **changes.get(external_id, {})})
        for line, (kind, external_id, values) in enumerate(rows, 2)
    ]


def bring(records: list[Record], source: str = "hr", on: dt.date = world.TODAY, **options: Any) -> Outcome:
    """Import the records as Vertebra itself."""
    return import_organisation(actor=None, records=records, source=source, on=on, now=world.NOW, **options)


def plan(records: list[Record], source: str = "hr", on: dt.date = world.TODAY, **options: Any) -> Plan:
    """What importing the records would do."""
    return plan_import(records, source=source, on=on, now=world.NOW, **options)


def without(records: list[Record], *ids: str) -> list[Record]:
    """The records but for these."""
    return [one for one in records if one.external_id not in ids]


def tables() -> dict[str, list[dict[str, Any]]]:
    """Everything that the organisation holds, table by table."""
    found = {}
    for name in TABLES:
        model = apps.get_model("org", name)
        found[name] = list(model._base_manager.order_by("pk").values())
    return found


def total(plan: Plan, effect: str) -> int:
    """How many of all kinds meet this effect."""
    return sum(counts[effect] for counts in plan.summary().values())
