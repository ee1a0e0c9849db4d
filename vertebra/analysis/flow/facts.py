"""What is known of each work item from its history: when it began and ended, where its time went, how often it moved.

Everything is an Ibis expression over the tables of a trail, so that it runs where the trail is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis

from vertebra.analysis.fields import own_field

HOUR = 3600
DAY = 86_400
# Weeks are numbered from Monday, 5 January 1970, at midnight UTC.
FIRST_MONDAY = 4 * DAY
FLAGS = ("flagged", "flag", "blocked", "impediment")
# Items of one week, unit, area and type of work are told together or not at all.
LEAF = ["week", "unit", "area", "kind"]
_ITEM = ["source", "item"]
_UNDER_WAY = ["doing", "waiting"]


@dataclass(frozen=True, slots=True)
class Tables:
    """The trails of all sources as Ibis tables of any engine; `source` tells whose each row is.

    `meanings` (source, status, category) says what statuses mean; `places` (source, way, value, unit, area, rank)
    whose work is where: of several places of an item the one of the lowest rank counts. `team_fields` are fields
    whose values are groups. Moments are of UTC, with or without saying so.
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
    done_at, week and seconds (lead, cycle, blocked), and what happened on the way.
    """
    items = trail.items.mutate(item=trail.items.external_id)
    found = items.inner_join(_homes(trail), _ITEM)
    moves = _moves(trail)
    ends = _ends(moves)
    for part in (ends, _done_for_good(moves, ends), _movers(trail), _moved(trail), _flagged(trail)):
        found = _with(found, part)
    return _said(_ended(found, trail.meanings))


def _with(left: Any, right: Any) -> Any:
    names = [name for name in right.columns if name not in _ITEM]
    return left.left_join(right, _ITEM)[[*left.columns, *names]]


def _moves(trail: Tables) -> Any:
    """Every change of status: whether both were begun or done, as far as they are told; what nobody says is under way."""
    rows = trail.changes.filter(trail.changes.field.lower() == "status")
    for side in ("before", "after"):
        said = trail.meanings.select(said_by="source", said_of="status", **{f"{side}_means": "category"})
        rows = rows.left_join(said, [rows.source == said.said_by, rows[side] == said.said_of])
        rows = rows.drop("said_by", "said_of")
    was, is_now, is_told = _or_doing(rows.before_means), _or_doing(rows.after_means), rows.before != ""
    return rows.select(
        *_ITEM, "at", was_told=is_told,
        was_begun=is_told & was.isin(_UNDER_WAY), was_done=is_told & (was == "done"),
        is_begun=is_now.isin([*_UNDER_WAY, "done"]), is_done=is_now == "done",
    )  # fmt: skip


def _or_doing(category: Any) -> Any:
    return ibis.coalesce(category.nullif(""), "doing")


def _ends(moves: Any) -> Any:
    """When each item began, whether it was begun before anything is told of it, how often it was opened again."""
    return moves.group_by(_ITEM).agg(
        moved_at=moves.at.min(),
        told_at=moves.at.min(where=moves.was_told),
        told_begun_at=moves.at.min(where=moves.was_begun),
        begun_at=moves.at.min(where=moves.is_begun),
        last_open=moves.at.max(where=~moves.is_done),
        reopened=(moves.was_done & ~moves.is_done).cast("int64").sum(),
    )


def _done_for_good(moves: Any, ends: Any) -> Any:
    """When each item was done for good: grouping again costs less than a window over every change of status."""
    rows = _with(moves.filter(moves.is_done).select(*_ITEM, "at"), ends.select(*_ITEM, "last_open"))
    rows = rows.filter(rows.last_open.isnull() | (rows.at >= rows.last_open))
    return rows.group_by(_ITEM).agg(ended_at=rows.at.min())


def _movers(trail: Tables) -> Any:
    """Who changed the status of an item last, of the items that nobody has."""
    items, changes = trail.items, trail.changes
    alone = items.filter(ibis.coalesce(items.assignee, "") == "").select("source", item="external_id")
    rows = changes.filter((changes.field.lower() == "status") & (changes.author != "")).semi_join(
        alone, _ITEM
    )
    return rows.group_by(_ITEM).agg(mover=rows.author.argmax(rows.at))


def _moved(trail: Tables) -> Any:
    """How often an item went from one person, or group, to another, and came back to one that had it before.

    Whoever had it first has it back each time, everybody else each time but the first.
    """
    rows = trail.changes
    name = rows.field.lower()
    is_team = name.isin([field.lower() for field in trail.team_fields])
    rows = rows.mutate(way=ibis.cases((name == "assignee", "person"), (is_team, "team")))
    rows = rows.filter(rows.way.notnull() & (rows.after != "") & (rows.before != ""))
    firsts = rows.group_by([*_ITEM, "way"]).agg(had_first=rows.before.argmin(rows.at))
    times = rows.group_by([*_ITEM, "way", "after"]).agg(times=rows.count())
    rows = times.inner_join(firsts, [*_ITEM, "way"])
    back = rows.times - (rows.after != rows.had_first).cast("int64")
    is_person = rows.way == "person"
    sums = {"handed": (rows.times, is_person), "handed_back": (back, is_person),
            "team_handed": (rows.times, ~is_person), "team_back": (back, ~is_person)}  # fmt: skip
    return rows.group_by(_ITEM).agg(**{name: count.sum(where=which) for name, (count, which) in sums.items()})


def _flagged(trail: Tables) -> Any:
    """How long an item was flagged, or had a label that says so, in seconds."""
    rows = trail.changes
    name, after = rows.field.lower(), rows.after.lower()
    is_label = name == "labels"
    is_on = ibis.ifelse(
        is_label, after.contains("block") | after.contains("bloqu"), ~after.isin(["", "false", "no", "none"])
    )
    rows = rows.filter(name.isin([*FLAGS, "labels"])).mutate(is_on=is_on, way=name)
    window = ibis.window(group_by=[*_ITEM, "way"], order_by=["at", "nth"])
    rows = rows.mutate(until=rows.at.lead().over(window))
    held = between(rows.until, rows.at)
    return rows.group_by(_ITEM).agg(
        flagged_for=held.sum(where=rows.is_on & rows.until.notnull()),
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
    was_begun = ibis.ifelse(items.told_begun_at == items.told_at, items.created_at, None)
    still = ibis.ifelse(
        items.moved_at.isnull() & _or_doing(items.means).isin(_UNDER_WAY), items.created_at, None
    )
    return items.mutate(
        done_at=ibis.ifelse(done_at < items.created_at, items.created_at, done_at),
        started_at=ibis.coalesce(was_begun, items.begun_at, still),
    )


def stood(trail: Tables, items: Any) -> Any:
    """Every time that an item stood in a status until it was done, in seconds (`held`).

    `items` are the facts; each change of status ends the time in the one before it, since the item was created or moved.
    """
    moves = trail.changes.filter(trail.changes.field.lower() == "status")
    window = ibis.window(group_by=_ITEM, order_by=["at", "nth"])
    moves = moves.select(
        *_ITEM, "at", "before", since=moves.at.lag().over(window), was=moves.after.lag().over(window)
    )
    is_first = moves.since.isnull()
    moves = moves.filter(~is_first | (moves.before != ""))
    moves = moves.select(*_ITEM, "at", "since", status=ibis.ifelse(is_first, moves.before, moves.was))
    done = items.filter(items.done_at.notnull()).select(*_ITEM, *LEAF, "person", "created_at", "done_at")
    rows = moves.inner_join(done, _ITEM)
    rows = rows.mutate(
        held=between(ibis.least(rows.at, rows.done_at), ibis.coalesce(rows.since, rows.created_at))
    )
    return rows.filter(rows.held > 0).select(*_ITEM, *LEAF, "person", "status", "held")


def meant(trail: Tables, rows: Any) -> Any:
    """What stood in a status that is not done, with what it means; what nobody says is under way."""
    said = trail.meanings.select(said_by="source", said_of="status", means="category")
    rows = rows.left_join(said, [rows.source == said.said_by, rows.status == said.said_of])
    rows = rows.drop("said_by", "said_of").mutate(means=_or_doing(rows.means))
    return rows.filter(rows.means != "done")


def _homes(trail: Tables) -> Any:
    """To which unit and area each item belongs, by the most telling of its places."""
    items, places = trail.items, trail.places
    found = None
    for way in trail.ways:
        if way in ("component", "label"):
            named = items.select("source", item="external_id", value=items[f"{way}s"].unnest())
        elif way == "team":
            named = items.select("source", item="external_id", value=own_field(items, "team"))
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


def seconds_of(moment: Any) -> Any:
    """The seconds of a moment, whole ones: of their parts, DuckDB tells and Spark does not."""
    return moment.epoch_seconds().floor()


def between(later: Any, earlier: Any) -> Any:
    """The seconds between two moments; whole numbers add up to the same in whatever order an engine takes them."""
    return seconds_of(later) - seconds_of(earlier)


def week_of(moment: Any) -> Any:
    """The number of the week of a moment."""
    return ((seconds_of(moment) - FIRST_MONDAY) / (7 * DAY)).floor().cast("int64")


def _said(items: Any) -> Any:
    """The columns that figures are made of; who is behind an item is whoever had it last, or moved it last."""
    nothing = ibis.literal(0)
    sprints = ibis.coalesce(items.sprints.length(), 0)
    still_flagged = between(items.done_at, items.flagged_since)
    flagged = ibis.coalesce(items.flagged_for, 0) + ibis.coalesce(still_flagged, 0)
    started = ibis.ifelse(items.done_at < items.started_at, items.done_at, items.started_at)
    late = (seconds_of(items.done_at) / DAY).floor() - (
        seconds_of(items.due_on.cast("timestamp")) / DAY
    ).floor()
    return items.select(
        *_ITEM, "unit", "area", "created_at", "done_at",
        kind=ibis.coalesce(items.kind, ""),
        started_at=started,
        person=ibis.coalesce(items.assignee.nullif(""), items.mover, ""),
        week=week_of(items.done_at),
        lead=between(items.done_at, items.created_at),
        cycle=between(items.done_at, started),
        blocked=ibis.greatest(flagged, 0),
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
