"""Work items as they stood at moments, one row each, by their trail: what checks look at, today and on the past.

What a tool's history tells is as it was: status, assignee, priority, resolution, estimate, due date, counts of what
happened. What it does not tell (labels, components, versions, links, texts) is as it is now. However many moments are
asked for, the history is read once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis

NAME = "work"
VERSION = 2
# What tools call an estimate in their histories.
POINTS = ("story points", "story point estimate", "estimation du story point", "points de story", "points")
SPRINT = "sprint"
# What was done longer ago than this is looked at no more.
RECENT = dt.timedelta(days=90)
_COUNTED = ("status_changes", "sprint_changes", "hand_overs", "reopenings")
_MOMENTS = {"nth": "int64", "then": "timestamp('UTC')", "since": "timestamp('UTC')", "today": "date"}


@dataclass(frozen=True, slots=True)
class Moment:
    """When items are looked at, and which day that is where the company is."""

    at: dt.datetime
    today: dt.date


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one trail, as Ibis tables of any engine."""

    items: Any
    changes: Any
    links: Any
    sprints: Any


def states(trail: Tables, moments: Sequence[Moment], meanings: Mapping[str, str]) -> Any:
    """Every item that existed at each moment (`nth`, from 0, ascending), as it stood then.

    `meanings` tells the category of each status.
    """
    return _states(trail, trail.items, moments, meanings)


def current(trail: Tables, moments: Sequence[Moment], meanings: Mapping[str, str]) -> Any:
    """Of them those that anybody could still do something about: open, or touched lately."""
    found = _states(trail, _alive(trail, moments, meanings), moments, meanings)
    return found.filter(found.category.isin(["todo", "doing"]) | (found.updated_at >= found.since))


def _alive(trail: Tables, moments: Sequence[Moment], meanings: Mapping[str, str]) -> Any:
    """The items that may be current at one of the moments: what ended long before the first and never moved is not."""
    moved = trail.changes.filter(
        _of(trail.changes, "status") & (trail.changes.at > ibis.literal(moments[0].at))
    )
    moved = moved.select(of_moved=moved.item).distinct().mutate(has_moved=True)
    items = trail.items.left_join(moved, [("external_id", "of_moved")])
    is_open = _category(items.status, meanings).isin(["todo", "doing"])
    since = ibis.literal(moments[0].at - RECENT)
    is_late = items.updated_at.isnull() | (items.updated_at >= since)
    return items.filter(items.has_moved.notnull() | is_open | is_late).drop("of_moved", "has_moved")


def _states(trail: Tables, items: Any, moments: Sequence[Moment], meanings: Mapping[str, str]) -> Any:
    times = _times(moments)
    of_these = items.select(of_item=items.external_id)
    changes = _turned(trail.changes.semi_join(of_these, [("item", "of_item")]), moments)
    found = _beside(_there(items, times), _was(changes, times), "was")
    found = _beside(found, _done(changes, times, meanings), "done")
    found = _aside(found, _ties(trail.links), "of_ties")
    found = _aside(found, _sprints(trail), "of_sprints")
    return _with_children(_standing(found, meanings), _children(trail, items, moments, meanings))


def _times(moments: Sequence[Moment]) -> Any:
    """The moments as a table, with since when what is done counts as touched lately."""
    rows = [
        {"nth": nth, "then": one.at, "since": one.at - RECENT, "today": one.today}
        for nth, one in enumerate(moments)
    ]
    return ibis.memtable(rows, schema=_MOMENTS)


def _there(items: Any, times: Any) -> Any:
    """Each item at each moment at which it existed."""
    return items.inner_join(times, [items.created_at <= times.then])


def _turned(changes: Any, moments: Sequence[Moment]) -> Any:
    """Changes, each with the first moment (`turn`) at which it had happened; behind the last, it had not yet."""
    cases = [(changes.at <= ibis.literal(one.at), nth) for nth, one in enumerate(moments)]
    return changes.mutate(turn=ibis.cases(*cases, else_=len(moments)))


def _beside(items: Any, more: Any, name: str) -> Any:
    """Items with what is told of them at the same moment."""
    keys = [items.external_id == more[f"{name}_item"], items.nth == more[f"{name}_nth"]]
    return items.left_join(more, keys).drop(f"{name}_item", f"{name}_nth")


def _aside(items: Any, more: Any, name: str) -> Any:
    """Items with what is told of them elsewhere, by their ids under that name."""
    return items.left_join(more, [("external_id", name)]).drop(name)


def _of(changes: Any, *names: str) -> Any:
    return changes.field.lower().isin(list(names))


def _was(changes: Any, times: Any) -> Any:
    """What fields held at each moment: what they were before they changed for the first time after it."""
    rows = changes.filter(changes.turn > 0)
    field = rows.field.lower()
    named = [(field == one, one) for one in ("status", "assignee", "priority", "resolution")]
    named += [(field.isin(list(POINTS)), "points"), (field.isin(["duedate", "due date"]), "due")]
    rows = rows.mutate(what=ibis.cases(*named)).filter(lambda row: row.what.notnull())
    first = rows.group_by(["item", "what", "turn"]).agg(value=rows.before.argmin(rows.at))
    then = first.inner_join(times, [first.turn > times.nth])

    def before(name: str) -> Any:
        return then.value.argmin(then.turn, where=then.what == name)

    names = ("status", "assignee", "priority", "resolution", "points", "due")
    return then.group_by(was_item=then.item, was_nth=then.nth).agg(
        **{f"was_{name}": before(name) for name in names}
    )


def _done(changes: Any, times: Any, meanings: Mapping[str, str]) -> Any:
    """What had happened to items until each moment, counted: turn by turn, then the turns until then together."""
    rows = changes
    status, assignee, sprint = _of(rows, "status"), _of(rows, "assignee"), _of(rows, SPRINT)
    before, after = (_category(value, meanings) for value in (rows.before, rows.after))
    was_there = rows.before != ""
    by_turn = rows.group_by(["item", "turn"]).agg(
        last_at=rows.at.max(),
        status_at=rows.at.max(where=status),
        started_at=rows.at.min(where=status & (after == "doing")),
        status_changes=rows.count(where=status & was_there),
        # The first sprint is no change of it.
        sprint_changes=rows.count(where=sprint & was_there),
        hand_overs=rows.count(where=assignee & was_there & (rows.after != "")),
        reopenings=rows.count(where=status & (before == "done") & (after != "done")),
    )
    then = by_turn.inner_join(times, [by_turn.turn <= times.nth])
    return then.group_by(done_item=then.item, done_nth=then.nth).agg(
        last_at=then.last_at.max(), status_at=then.status_at.max(), started_at=then.started_at.min(),
        **{name: then[name].sum() for name in _COUNTED},
    )  # fmt: skip


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


def _standing(items: Any, meanings: Mapping[str, str]) -> Any:
    """The columns of a state, and who had the item, which no expression can name."""
    status = items.was_status.fill_null(items.status)
    updated = ibis.ifelse(
        items.updated_at <= items.then, items.updated_at, items.last_at.fill_null(items.created_at)
    )
    who = items.was_assignee.fill_null(items.assignee).fill_null("")
    due = items.was_due.substr(0, 10).try_cast("date")
    resolved = ibis.ifelse(items.resolved_at <= items.then, items.resolved_at, ibis.null("timestamp('UTC')"))
    return items.select(
        "nth", "since", "today", "external_id", "key", "title", "project", "kind", "parent", "comments", "labels",
        "components", "versions", "fields", "links",
        **{name: items[name].fill_null(0).cast("int64") for name in _COUNTED},
        sprints=items.sprint_names,
        status=status,
        category=_category(status, meanings),
        priority=items.was_priority.fill_null(items.priority),
        resolution=items.was_resolution.fill_null(items.resolution),
        points=ibis.ifelse(items.was_points.isnull(), items.points, items.was_points.try_cast("float64")),
        due=ibis.ifelse(items.was_due.isnull(), items.due_on, due),
        created=items.created_at.date(),
        updated=updated.date(),
        updated_at=updated,
        started=items.started_at.date(),
        resolved=resolved.date(),
        status_since=items.status_at.fill_null(items.created_at).date(),
        assigned=who != "",
        held_by=who,
    )  # fmt: skip


def _children(trail: Tables, items: Any, moments: Sequence[Moment], meanings: Mapping[str, str]) -> Any:
    """How many items lay under each of these at each moment, and how many of those were not done."""
    above = items.select(above_key=items.key).distinct()
    parts = trail.items.filter(trail.items.parent != "").select(
        "external_id", "parent", "status", "created_at"
    )
    parts = parts.semi_join(above, [("parent", "above_key")])
    times = _times(moments)
    changes = trail.changes.filter(_of(trail.changes, "status"))
    found = _beside(_there(parts, times), _was(_turned(changes, moments), times), "was")
    is_open = _category(found.was_status.fill_null(found.status), meanings) != "done"
    return found.group_by(of_parent=found.parent, of_nth=found.nth).agg(
        children=found.count(), open_children=found.count(where=is_open)
    )


def _with_children(found: Any, under: Any) -> Any:
    """The states, each with what lay under it."""
    joined = found.left_join(under, [found.key == under.of_parent, found.nth == under.of_nth])
    return joined.drop("of_parent", "of_nth").mutate(
        children=joined.children.fill_null(0), open_children=joined.open_children.fill_null(0)
    )


def meanings_of(told: Iterable[tuple[str, str]], said: Mapping[str, str]) -> dict[str, str]:
    """What statuses mean: as the tool tells it of its items, or as somebody said otherwise."""
    found = {**{status: category for status, category in told if category}, **said}
    # What waits was begun all the same.
    return {status: "doing" if category == "waiting" else category for status, category in found.items()}
