"""Work items as they stood at a moment, one row each, by their trail: what checks look at, today and on the past.

What a tool's history tells is as it was: status, assignee, priority, resolution, estimate, due date, counts of what
happened. What it does not tell (labels, components, versions, links, texts) is as it is now.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ibis

NAME = "work"
VERSION = 1
# What tools call an estimate in their histories.
POINTS = ("story points", "story point estimate", "estimation du story point", "points de story", "points")
SPRINT = "sprint"
# What was done longer ago than this is looked at no more.
RECENT = dt.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one trail, as Ibis tables of any engine."""

    items: Any
    changes: Any
    links: Any
    sprints: Any


def states(trail: Tables, at: dt.datetime, meanings: Mapping[str, str]) -> Any:
    """Every item that existed at a moment, as it stood then; `meanings` tells the category of each status."""
    moment = ibis.literal(at)
    earlier, later = (
        trail.changes.filter(trail.changes.at <= moment),
        trail.changes.filter(trail.changes.at > moment),
    )
    items = trail.items.filter(trail.items.created_at <= moment)
    items = _beside(items, _was(later), "of_was")
    items = _beside(items, _done(earlier, meanings), "of_done")
    items = _beside(items, _ties(trail.links), "of_ties")
    items = _beside(items, _sprints(trail), "of_sprints")
    return _with_children(_standing(items, at, meanings))


def _beside(items: Any, more: Any, name: str) -> Any:
    """Items with what is told of them elsewhere, by their ids under that name."""
    return items.left_join(more, [("external_id", name)]).drop(name)


def _of(changes: Any, *names: str) -> Any:
    return changes.field.lower().isin(list(names))


def _was(later: Any) -> Any:
    """What fields held at the moment: what they were before they changed for the first time after it."""

    def before(*names: str) -> Any:
        return later.before.argmin(later.at, where=_of(later, *names))

    return later.group_by(of_was=later.item).agg(
        was_status=before("status"), was_assignee=before("assignee"), was_priority=before("priority"),
        was_resolution=before("resolution"), was_points=before(*POINTS), was_due=before("duedate", "due date"),
    )  # fmt: skip


def _done(earlier: Any, meanings: Mapping[str, str]) -> Any:
    """What had happened to items until the moment, counted."""
    status = _of(earlier, "status")
    before, after = (_category(value, meanings) for value in (earlier.before, earlier.after))
    return earlier.group_by(of_done=earlier.item).agg(
        last_at=earlier.at.max(),
        status_at=earlier.at.max(where=status),
        started_at=earlier.at.min(where=status & (after == "doing")),
        status_changes=earlier.count(where=status & (earlier.before != "")),
        # The first sprint is no change of it.
        sprint_changes=earlier.count(where=_of(earlier, SPRINT) & (earlier.before != "")),
        hand_overs=earlier.count(
            where=_of(earlier, "assignee") & (earlier.before != "") & (earlier.after != "")
        ),
        reopenings=earlier.count(where=status & (before == "done") & (after != "done")),
    )


def _ties(links: Any) -> Any:
    return links.group_by(of_ties=links.item).agg(links=links.relation.collect())


def _sprints(trail: Tables) -> Any:
    """The names of the sprints of each item, which itself holds their numbers."""
    held = trail.items.select(item="external_id", number=trail.items.sprints.unnest())
    named = held.join(trail.sprints, [held.number == trail.sprints.external_id])
    return named.group_by(of_sprints=named.item).agg(sprint_names=named.name.collect())


def _category(status: Any, meanings: Mapping[str, str]) -> Any:
    """Where work stands by its status."""
    sides: dict[str, list[str]] = {}
    for name, category in meanings.items():
        sides.setdefault(category, []).append(name)
    cases = [(status.isin(names), category) for category, names in sorted(sides.items()) if category]
    return ibis.cases(*cases, else_="") if cases else ibis.literal("")


def _standing(items: Any, at: dt.datetime, meanings: Mapping[str, str]) -> Any:
    """The columns of a state, and who had the item, which no expression can name."""
    moment = ibis.literal(at)
    status = items.was_status.fill_null(items.status)
    resolution = items.was_resolution.fill_null(items.resolution)
    updated = ibis.ifelse(
        items.updated_at <= moment, items.updated_at, items.last_at.fill_null(items.created_at)
    )
    count = {
        name: items[name].fill_null(0).cast("int64")
        for name in ("status_changes", "sprint_changes", "hand_overs", "reopenings")
    }
    who = items.was_assignee.fill_null(items.assignee).fill_null("")
    due = items.was_due.substr(0, 10).try_cast("date")
    return items.select(
        "external_id", "key", "title", "project", "kind", "parent", "comments", "labels", "components", "versions",
        "fields", "links", **count,
        sprints=items.sprint_names,
        status=status,
        category=_category(status, meanings),
        priority=items.was_priority.fill_null(items.priority),
        resolution=resolution,
        points=ibis.ifelse(items.was_points.isnull(), items.points, items.was_points.try_cast("float64")),
        due=ibis.ifelse(items.was_due.isnull(), items.due_on, due),
        created=items.created_at.date(),
        updated=updated.date(),
        updated_at=updated,
        started=items.started_at.date(),
        resolved=ibis.ifelse(items.resolved_at <= moment, items.resolved_at, ibis.null("timestamp('UTC')")).date(),
        status_since=items.status_at.fill_null(items.created_at).date(),
        assigned=who != "",
        held_by=who,
    )  # fmt: skip


def _with_children(found: Any) -> Any:
    """The states, each with how many items lie under it, and how many of those are not done."""
    parts = found.filter(found.parent != "")
    under = parts.group_by(of_parent=parts.parent).agg(
        children=parts.count(), open_children=parts.count(where=parts.category != "done")
    )
    joined = found.left_join(under, [found.key == under.of_parent]).drop("of_parent")
    return joined.mutate(
        children=joined.children.fill_null(0), open_children=joined.open_children.fill_null(0)
    )


def current(found: Any, at: dt.datetime) -> Any:
    """Of states, those that anybody could still do something about: open, or touched lately."""
    since = ibis.literal(at - RECENT)
    return found.filter(found.category.isin(["todo", "doing"]) | (found.updated_at >= since))


def meanings_of(told: Iterable[tuple[str, str]], said: Mapping[str, str]) -> dict[str, str]:
    """What statuses mean: as the tool tells it of its items, or as somebody said otherwise."""
    found = {**{status: category for status, category in told if category}, **said}
    # What waits was begun all the same.
    return {status: "doing" if category == "waiting" else category for status, category in found.items()}
