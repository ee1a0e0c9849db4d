"""Work items and what happened to them, by hand and by chance, as the tables of a trail."""

import datetime as dt
import random
from typing import Any

import ibis

from vertebra.analysis import work

MOMENT = "timestamp('UTC')"
ITEMS: dict[str, str] = {
    **dict.fromkeys(("external_id", "key", "project", "kind", "title", "status", "category"), "string"),
    "created_at": MOMENT, "updated_at": MOMENT, "resolved_at": MOMENT, "due_on": "date",
    **dict.fromkeys(("priority", "resolution", "parent"), "string"), "points": "float64",
    "reporter": "string", "assignee": "string", "comments": "int32",
    **dict.fromkeys(("labels", "components", "versions", "sprints"), "array<string>"), "fields": "string",
}  # fmt: skip
CHANGES = {"item": "string", "at": MOMENT, "field": "string", "before": "string", "after": "string", "author": "string", "nth": "int32"}  # fmt: skip
LINKS = dict.fromkeys(("item", "relation", "other"), "string")
SPRINTS = {"external_id": "string", "name": "string", "state": "string"}
MEANINGS = {"Open": "todo", "Doing": "doing", "Done": "done"}


def at(day: int) -> dt.datetime:
    """Noon of a day of October."""
    return dt.datetime(2026, 10, day, 12, tzinfo=dt.UTC)


def item(number: int, **told: Any) -> dict[str, Any]:
    """A work item that lacks nothing."""
    made: dict[str, Any] = {
        **dict.fromkeys(ITEMS),
        "external_id": str(number),
        "key": f"A-{number}",
        "project": "A",
        "kind": "Story",
    }
    made |= {
        "title": "Something to do",
        "status": "Open",
        "priority": "High",
        "resolution": "",
        "parent": "",
        "assignee": "zoe",
    }
    made |= {
        "created_at": at(1),
        "updated_at": at(1),
        "comments": 0,
        "labels": [],
        "components": [],
        "versions": [],
        "sprints": [],
    }
    return {**made, "fields": "{}", **told}  # fmt: skip


def change(number: int, day: int, field: str, before: str, after: str) -> dict[str, Any]:
    """One change of one field."""
    return {
        "item": str(number),
        "at": at(day),
        "field": field,
        "before": before,
        "after": after,
        "author": "zoe",
        "nth": 0,
    }


def tables(
    items: list[dict[str, Any]], changes: list[dict[str, Any]], links: list[dict[str, Any]] | None = None
) -> work.Tables:
    """A trail of these rows."""
    engine = ibis.duckdb.connect(":memory:")
    engine.con.execute("SET TimeZone = 'Europe/Paris'")
    sprints = [{"external_id": "7", "name": "Sprint 7", "state": "active"}]
    made = {}
    for name, rows, schema in (
        ("items", items, ITEMS),
        ("changes", changes, CHANGES),
        ("links", links or [], LINKS),
        ("sprints", sprints, SPRINTS),
    ):
        table = engine.create_table(name, schema=ibis.schema(schema))
        if rows:
            engine.insert(name, ibis.memtable(rows, schema=schema).to_pyarrow())
        made[name] = table
    return work.Tables(**made)  # fmt: skip


def moment(when: dt.datetime) -> work.Moment:
    """A moment, on the day that it is in Greenwich."""
    return work.Moment(when, when.date())


COUNTED = (
    "status", "held_by", "points", "updated_at", "status_since", "status_changes", "sprint_changes", "hand_overs",
    "reopenings", "children", "open_children",
)  # fmt: skip
STATUSES, HELD = ("Open", "Doing", "Done"), ("", "zoe", "yann")
VALUES = {"status": STATUSES, "Assignee": HELD, "Story Points": ("", "3", "5"), "Sprint": ("", "a", "b"), "labels": ("", "x")}  # fmt: skip


def moved(chance: random.Random, number: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A work item to which anything happened, some of it in the tool's own disorder, and what happened to it."""
    values, changes = {field: values[0] for field, values in VALUES.items()}, []
    for day in sorted(chance.sample(range(2, 30), chance.randrange(10))):
        field = chance.choice(list(VALUES))
        was, values[field] = values[field], chance.choice(VALUES[field])
        changes.append(change(number, day, field, was, values[field]))
    made = item(
        number, created_at=at(chance.randint(1, 20)), updated_at=at(chance.randint(1, 30)), status=values["status"],
        assignee=values["Assignee"], points=float(values["Story Points"] or 0) or None,
        parent=f"A-{chance.randint(1, 9)}" if number > 20 else "",
    )  # fmt: skip
    return made, changes
