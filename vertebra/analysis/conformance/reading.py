"""Histories of work items, and what their fields held, read from the tables of a trail in whatever engine they lie.

Moments come as the engine tells those of UTC: of Spark, ask a session whose days are those of UTC.
"""

from __future__ import annotations

from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vertebra.analysis.conformance.histories import Histories, histories, moments
from vertebra.analysis.conformance.rules import Presence
from vertebra.analysis.fields import own_field
from vertebra.analysis.work import Tables

_WORDS = ("priority", "resolution", "parent", "assignee")
_VALUES = {"story points": "points", "duedate": "due_on"}
_LISTS = {"sprint": "sprints", "component": "components", "fix version": "versions", "labels": "labels"}


def histories_of(trail: Tables) -> Histories:
    """What happened to items, status by status; what an item began with is its first."""
    table = _steps(trail).to_pyarrow()
    return histories(*(table.column(one) for one in ("item", "at", "step", "who")), is_ordered=True)


def presence_of(trail: Tables, whole: Histories, field: str) -> Presence:
    """Whether a field of items held anything, at any moment; the word “link” stands for any link."""
    items = pa.array(whole.items, pa.string())
    rows = _changed(trail, field).to_pyarrow().combine_chunks()
    place = pc.index_in(rows["item"], value_set=items)
    rows, place = rows.filter(place.is_valid()), place.drop_null()
    held = trail.items.filter(_holds(trail, field)).select("external_id").to_pyarrow()["external_id"]
    after, before = (rows[name].to_numpy() for name in ("after", "before"))
    now = pc.is_in(items, value_set=held).to_numpy(zero_copy_only=False)
    return Presence(place.to_numpy().astype(np.int32), moments(rows["at"]), after, before, now)


def _steps(trail: Tables) -> Any:
    """From the first step of each item to its last; what stood before the first change is where it began."""
    moved = trail.changes.filter(trail.changes.field.lower() == "status")
    order = ibis.struct({"at": moved.at, "nth": moved.nth})
    began = moved.group_by("item").agg(begun=moved.before.argmin(order), first_at=moved.at.min())
    items = trail.items.left_join(began, [("external_id", "item")])
    items = items.filter(items.first_at.isnull() | (items.begun != ""))
    step = ibis.ifelse(items.first_at.isnull(), items.status, items.begun)
    at = ibis.least(items.created_at, ibis.coalesce(items.first_at, items.created_at))
    zero, one = ibis.literal(0, "int32"), ibis.literal(1, "int32")
    rows = ibis.union(
        moved.select(item="item", at="at", turn=one, nth="nth", step="after", who="author"),
        items.select(item="external_id", at=at, turn=zero, nth=zero, step=step, who="reporter"),
    )
    return rows.order_by("item", "at", "turn", "nth")


def _changed(trail: Tables, field: str) -> Any:
    """When a field of items changed, and whether it held anything afterwards and before."""
    rows = trail.changes.filter(trail.changes.field.lower() == ibis.literal(field).lower())
    return rows.select("item", "at", after=rows.after != "", before=rows.before != "")


def _holds(trail: Tables, field: str) -> Any:
    """Whether a field of items holds something now; one of the tool's own is looked for by its name."""
    items, name = trail.items, field.casefold()
    if name in _WORDS:
        return items[name] != ""
    if name in _LISTS:
        return items[_LISTS[name]].length() > 0
    if name in _VALUES:
        return items[_VALUES[name]].notnull()
    if name == "link":
        return items.external_id.isin(trail.links.item)
    return own_field(items, field, otherwise="") != ""
