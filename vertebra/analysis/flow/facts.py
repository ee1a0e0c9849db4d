"""What is known of each work item from its history: when it began and ended, where its time went, how often it moved.

Everything is an Ibis expression over the tables of a trail, so that it runs where the trail is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis

HOUR = 3600.0
DAY = 86_400
# Weeks are numbered from Monday, 5 January 1970, at midnight UTC.
FIRST_MONDAY = 4 * DAY
FLAGS = ("flagged", "flag", "blocked", "impediment")
# Items of one week, unit, area and type of work are told together or not at all.
LEAF = ["week", "unit", "area", "kind"]
_ITEM = ["source", "item"]


@dataclass(frozen=True, slots=True)
class Tables:
    """The trails of all sources as Ibis tables of any engine; `source` tells whose each row is.

    `meanings` (source, status, category) says what statuses mean; `places` (source, way, value, unit, area, rank)
    whose work is where: of several places of an item the one of the lowest rank counts. `team_fields` are fields
    whose values are groups.
    """

    items: Any
    changes: Any
    meanings: Any
    places: Any
    ways: tuple[str, ...] = ("project",)
    team_fields: tuple[str, ...] = ("team",)


def facts(trail: Tables) -> Any:
    """One row for each work item that belongs to a unit.

    unit, area (0: none), kind, person (whoever had it last: pseudonyms that never leave), created_at, started_at,
    done_at, week and hours (lead, cycle, blocked), and what happened on the way.
    """
    items = trail.items.mutate(item=trail.items.external_id)
    found = items.inner_join(_homes(trail), _ITEM)
    for part in (_ends(_moves(trail)), _moved(trail), _flagged(trail)):
        found = _with(found, part)
    return _said(_ended(found, trail.meanings))


def _with(left: Any, right: Any) -> Any:
    names = [name for name in right.columns if name not in _ITEM]
    return left.left_join(right, _ITEM)[[*left.columns, *names]]


def _moves(trail: Tables) -> Any:
    """Every change of status, with what both statuses mean; what nobody says is under way."""
    rows = trail.changes.filter(trail.changes.field.lower() == "status")
    for side in ("before", "after"):
        said = trail.meanings.select(said_by="source", said_of="status", **{f"{side}_means": "category"})
        rows = rows.left_join(said, [rows.source == said.said_by, rows[side] == said.said_of])
        rows = rows.drop("said_by", "said_of")
    return rows.mutate(before_means=_or_doing(rows.before_means), after_means=_or_doing(rows.after_means))


def _or_doing(category: Any) -> Any:
    return ibis.coalesce(category.nullif(""), "doing")


def _ends(moves: Any) -> Any:
    """When each item began, and when it was done for good; how often it was opened again; who moved it last."""
    window = ibis.window(group_by=_ITEM)
    opened = ibis.ifelse(moves.after_means != "done", moves.at, None)
    moves = moves.mutate(last_open=opened.max().over(window))
    is_end = (moves.after_means == "done") & (moves.last_open.isnull() | (moves.at >= moves.last_open))
    is_begun = moves.after_means.isin(["doing", "waiting", "done"])
    is_again = (moves.before_means == "done") & (moves.after_means != "done") & (moves.before != "")
    return moves.group_by(_ITEM).agg(
        moved_at=moves.at.min(),
        first_means=moves.before_means.argmin(moves.at, where=moves.before != ""),
        begun_at=moves.at.min(where=is_begun),
        ended_at=moves.at.min(where=is_end),
        reopened=is_again.cast("int64").sum(),
        mover=moves.author.argmax(moves.at, where=moves.author != ""),
    )


def _moved(trail: Tables) -> Any:
    """How often an item went from one person, or group, to another, and came back to one that had it before."""
    rows = trail.changes
    name = rows.field.lower()
    is_team = name.isin([field.lower() for field in trail.team_fields])
    rows = rows.mutate(way=ibis.cases((name == "assignee", "person"), (is_team, "team")))
    rows = rows.filter(rows.way.notnull() & (rows.after != "") & (rows.before != ""))
    one = ibis.window(group_by=[*_ITEM, "way"], order_by=["at", "nth"])
    again = ibis.window(group_by=[*_ITEM, "way", "after"], order_by=["at", "nth"])
    rows = rows.mutate(
        had_first=rows.before.first().over(one), times=ibis.row_number().over(again).cast("int64")
    )
    is_back = ((rows.times > 0) | (rows.after == rows.had_first)).cast("int64")
    is_person = rows.way == "person"
    return rows.group_by(_ITEM).agg(
        handed=is_person.cast("int64").sum(), handed_back=is_back.sum(where=is_person),
        team_handed=(~is_person).cast("int64").sum(), team_back=is_back.sum(where=~is_person),
    )  # fmt: skip


def _flagged(trail: Tables) -> Any:
    """The hours during which an item was flagged, or had a label that says so."""
    rows = trail.changes
    name, after = rows.field.lower(), rows.after.lower()
    is_label = name == "labels"
    is_on = ibis.ifelse(
        is_label, after.contains("block") | after.contains("bloqu"), ~after.isin(["", "false", "no", "none"])
    )
    rows = rows.filter(name.isin([*FLAGS, "labels"])).mutate(is_on=is_on, way=name)
    window = ibis.window(group_by=[*_ITEM, "way"], order_by=["at", "nth"])
    rows = rows.mutate(until=rows.at.lead().over(window))
    held = (rows.until.epoch_seconds() - rows.at.epoch_seconds()) / HOUR
    return rows.group_by(_ITEM).agg(
        flagged_hours=held.sum(where=rows.is_on & rows.until.notnull()),
        flagged_since=rows.at.max(where=rows.is_on & rows.until.isnull()),
    )


def _ended(items: Any, meanings: Any) -> Any:
    """Items with the moment at which each began and ended; without a history the tool's own moment counts."""
    said = meanings.select(said_by="source", said_of="status", means="category")
    items = items.left_join(said, [items.source == said.said_by, items.status == said.said_of]).drop(
        "said_by", "said_of"
    )
    is_done = _or_doing(items.means) == "done"
    done_at = ibis.coalesce(
        items.ended_at, ibis.ifelse(is_done & items.moved_at.isnull(), items.resolved_at, None)
    )
    was_begun = ibis.ifelse(items.first_means.isin(["doing", "waiting"]), items.created_at, None)
    still = ibis.ifelse(
        items.moved_at.isnull() & _or_doing(items.means).isin(["doing", "waiting"]), items.created_at, None
    )
    return items.mutate(
        done_at=ibis.ifelse(done_at < items.created_at, items.created_at, done_at),
        started_at=ibis.coalesce(was_begun, items.begun_at, still),
    )


def stood(trail: Tables, items: Any) -> Any:
    """Every time that an item stood in a status until it was done, in hours (`held`): of whom, in which, what it means.

    `items` are the facts; each change of status ends the time in the one before it, since the item was created or moved.
    """
    moves = _moves(trail)
    window = ibis.window(group_by=_ITEM, order_by=["at", "nth"])
    moves = moves.mutate(
        since=moves.at.lag().over(window), was=moves.after.lag().over(window), was_means=moves.after_means.lag().over(window)
    )  # fmt: skip
    is_first = moves.since.isnull()
    moves = moves.filter(~is_first | (moves.before != "")).select(
        *_ITEM, "at", "since", status=ibis.ifelse(is_first, moves.before, moves.was),
        means=ibis.ifelse(is_first, moves.before_means, moves.was_means),
    )  # fmt: skip
    moves = moves.filter(moves.means != "done")
    done = items.filter(items.done_at.notnull()).select(*_ITEM, *LEAF, "created_at", "done_at")
    rows = moves.inner_join(done, _ITEM)
    rows = rows.mutate(
        held=_between(ibis.least(rows.at, rows.done_at), ibis.coalesce(rows.since, rows.created_at))
    )
    return rows.filter(rows.held > 0).select(*_ITEM, *LEAF, "status", "means", "held")


def _homes(trail: Tables) -> Any:
    """To which unit and area each item belongs, by the most telling of its places."""
    items, places = trail.items, trail.places
    found = None
    for way in trail.ways:
        if way in ("component", "label"):
            named = items.select("source", item="external_id", value=items[f"{way}s"].unnest())
        elif way == "team":
            named = items.select("source", item="external_id", value=items.fields.cast("json")["team"].str)
        else:
            named = items.select("source", item="external_id", value="project")
        rows = named.inner_join(places.filter(places.way == way), ["source", "value"])
        rows = rows.select(*_ITEM, "unit", "area", "rank")
        found = rows if found is None else found.union(rows)
    if found is None:
        raise ValueError("Places name at least one way.")
    homes = found.group_by(_ITEM).agg(
        unit=found.unit.argmin(found["rank"], where=found.unit > 0),
        area=found.area.argmin(found["rank"], where=found.area > 0),
    )
    homes = homes.filter(homes.unit.notnull())
    return homes.mutate(area=ibis.coalesce(homes.area, 0))


def _between(later: Any, earlier: Any) -> Any:
    return (later.epoch_seconds() - earlier.epoch_seconds()) / HOUR


def week_of(moment: Any) -> Any:
    """The number of the week of a moment."""
    return ((moment.epoch_seconds() - FIRST_MONDAY) / (7 * DAY)).floor().cast("int64")


def _said(items: Any) -> Any:
    """The columns that figures are made of; who is behind an item is whoever had it last, or moved it last."""
    nothing = ibis.literal(0)
    sprints = ibis.coalesce(items.sprints.length(), 0)
    flagged = ibis.coalesce(items.flagged_hours, 0.0) + ibis.coalesce(
        _between(items.done_at, items.flagged_since), 0.0
    )
    started = ibis.ifelse(items.done_at < items.started_at, items.done_at, items.started_at)
    late = (items.done_at.epoch_seconds() / DAY).floor() - (
        items.due_on.cast("timestamp").epoch_seconds() / DAY
    ).floor()
    return items.select(
        *_ITEM, "unit", "area", "created_at", "done_at",
        kind=ibis.coalesce(items.kind, ""),
        started_at=started,
        person=ibis.coalesce(items.assignee.nullif(""), items.mover, ""),
        week=week_of(items.done_at),
        lead=_between(items.done_at, items.created_at),
        cycle=_between(items.done_at, started),
        blocked=ibis.greatest(flagged, 0.0),
        reopened=ibis.coalesce(items.reopened, nothing), handed=ibis.coalesce(items.handed, nothing),
        handed_back=ibis.coalesce(items.handed_back, nothing), team_handed=ibis.coalesce(items.team_handed, nothing),
        team_back=ibis.coalesce(items.team_back, nothing), sprints=sprints, late_days=late.cast("int64"),
    )  # fmt: skip


def meanings_of(said: Sequence[tuple[int, str, str]]) -> Any:
    """What statuses mean, as a table."""
    return table(said, {"source": "int64", "status": "string", "category": "string"})


def places_of(said: Sequence[tuple[int, str, str, int, int, int]]) -> Any:
    """Whose work is where, as a table."""
    names = {
        "source": "int64",
        "way": "string",
        "value": "string",
        "unit": "int64",
        "area": "int64",
        "rank": "int64",
    }
    return table(said, names)


def table(rows: Sequence[tuple[Any, ...]], columns: dict[str, str]) -> Any:
    """A small table of rows that are known here."""
    import pyarrow as pa

    names = list(columns)
    kinds = {
        "int64": pa.int64(),
        "string": pa.string(),
        "float64": pa.float64(),
        "moment": pa.timestamp("us", tz="UTC"),
    }
    held = {name: pa.array([row[at] for row in rows], kinds[columns[name]]) for at, name in enumerate(names)}
    return ibis.memtable(pa.table(held))
