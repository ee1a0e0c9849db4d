"""Work items as they stood at a moment, by their trail; what checks point at, by group."""

import datetime as dt
import random
from operator import itemgetter
from typing import Any

import ibis
import pytest

from tests.analysis.work_world import COUNTED, MEANINGS, at, change, item, moment, moved, tables
from vertebra.analysis import hygiene, work
from vertebra.analysis.expressions.parsing import parse


def state(trail: work.Tables, day: int, key: str = "A-1") -> dict[str, Any]:
    """One item as it stood."""
    found = work.states(trail, [moment(at(day))], MEANINGS)
    rows = found.filter(found.key == key).to_pyarrow().to_pylist()
    assert len(rows) == 1
    return dict(rows[0])


@pytest.fixture(scope="module")
def trail() -> work.Tables:
    items = [
        item(1, status="Done", resolution="Fixed", points=8.0, due_on=dt.date(2026, 11, 1), updated_at=at(20),
             resolved_at=at(20), sprints=["7"], assignee="yann"),
        item(2, parent="A-1", status="Doing"),
        item(3, parent="A-1", status="Done", updated_at=at(2)),
    ]  # fmt: skip
    changes = [
        change(1, 3, "status", "Open", "Doing"),
        change(1, 4, "Story Points", "", "5"),
        change(1, 5, "assignee", "zoe", "yann"),
        change(1, 6, "Sprint", "", "Sprint 6"),
        change(1, 8, "Sprint", "Sprint 6", "Sprint 7"),
        change(1, 10, "status", "Doing", "Done"),
        change(1, 10, "resolution", "", "Fixed"),
        change(1, 12, "status", "Done", "Doing"),
        change(1, 14, "Story Points", "5", "8"),
        change(1, 15, "duedate", "2026-10-15 00:00:00.0", "2026-11-01 00:00:00.0"),
        change(1, 20, "status", "Doing", "Done"),
    ]
    return tables(items, changes, [{"item": "1", "relation": "blocks", "other": "A-9"}])


def test_an_item_is_as_it_was(trail: work.Tables) -> None:
    before = state(trail, 2)
    assert (before["status"], before["category"], before["points"], before["held_by"]) == (
        "Open",
        "todo",
        None,
        "zoe",
    )
    assert (before["started"], before["resolution"], before["resolved"], before["status_since"]) == (
        None,
        "",
        None,
        dt.date(2026, 10, 1),
    )
    amid = state(trail, 13)
    assert (amid["status"], amid["points"], amid["due"]) == ("Doing", 5.0, dt.date(2026, 10, 15))
    assert (amid["reopenings"], amid["sprint_changes"], amid["hand_overs"], amid["status_changes"]) == (
        1,
        1,
        1,
        3,
    )
    assert (amid["started"], amid["updated"], amid["resolution"]) == (
        dt.date(2026, 10, 3),
        dt.date(2026, 10, 12),
        "Fixed",
    )
    now = state(trail, 30)
    assert (now["status"], now["points"], now["due"], now["resolved"]) == (
        "Done",
        8.0,
        dt.date(2026, 11, 1),
        dt.date(2026, 10, 20),
    )
    assert (now["sprints"], now["links"], now["children"], now["open_children"]) == (["Sprint 7"], ["blocks"], 2, 1)  # fmt: skip


def test_what_came_later_was_not_there(trail: work.Tables) -> None:
    day = moment(dt.datetime(2026, 9, 30, tzinfo=dt.UTC))
    assert work.states(trail, [day], MEANINGS).count().execute() == 0


def test_what_was_done_long_ago_is_looked_at_no_more(trail: work.Tables) -> None:
    for day, keys in (
        (dt.datetime(2026, 10, 30, tzinfo=dt.UTC), 3),
        (dt.datetime(2027, 6, 1, tzinfo=dt.UTC), 1),
    ):
        assert work.current(trail, [moment(day)], MEANINGS).count().execute() == keys


def test_counts_by_group_have_people_and_keys() -> None:
    items = [
        item(number, assignee=f"p{number % 6}", points=float(number), updated_at=at(number))
        for number in range(1, 13)
    ]
    trail = tables(items, [])
    states = work.states(trail, [moment(at(30))], MEANINGS)
    groups = ibis.memtable(
        {"item": [str(number) for number in range(1, 13)], "unit": [number % 2 for number in range(1, 13)]}
    )
    [found] = hygiene.count(hygiene.marked(states, parse("points > 2"), parse("points > 6")), groups).values()
    assert (found.whole.count, found.whole.flagged, len(found.whole.people)) == (10, 6, 6)
    assert found.examples == ("A-12", "A-11", "A-10", "A-9", "A-8", "A-7")
    assert {unit: (one.count, one.flagged) for unit, one in found.groups.items()} == {0: (5, 3), 1: (5, 3)}
    [judged] = hygiene.count(hygiene.marked_by(states, [hygiene.Judged(0, ["1", "2"], ["3"])])).values()
    assert (judged.whole.count, judged.whole.flagged, judged.examples) == (3, 1, ("A-3",))  # fmt: skip


def test_what_no_rule_judged_is_counted_nowhere() -> None:
    states = work.states(tables([item(1)], []), [moment(at(30))], {})
    assert hygiene.count(hygiene.marked_by(states, [hygiene.Judged(0, [], [])])) == {}
    assert hygiene.count(hygiene.marked_by(states, [])) == {}


def test_several_moments_are_as_each_alone_counted_by_hand() -> None:
    chance = random.Random(20261123)
    told = [moved(chance, number) for number in range(1, 61)]
    items, changes = [one for one, _changes in told], [each for _one, some in told for each in some]
    moments = [moment(at(day)) for day in (1, 3, 8, 15, 22, 30)]
    found = work.states(tables(items, changes), moments, MEANINGS).to_pyarrow().to_pylist()
    expected = [
        (nth, one["key"], *_by_hand(one, items, changes, day.at))
        for nth, day in enumerate(moments)
        for one in items
        if one["created_at"] <= day.at
    ]
    key = itemgetter(0, 1)
    got = [(row["nth"], row["key"], *(row[name] for name in COUNTED)) for row in found]
    assert sorted(got, key=key) == sorted(expected, key=key)


def _by_hand(one: dict[str, Any], items: list[dict[str, Any]], changes: list[dict[str, Any]], then: dt.datetime) -> tuple[Any, ...]:  # fmt: skip
    """What is told of an item at a moment, from a walk through its changes."""
    mine = [told for told in changes if told["item"] == one["external_id"]]
    past = [told for told in mine if told["at"] <= then]
    status = [told for told in past if told["field"] == "status"]
    points = _held(one, changes, "Story Points", then, one["points"])
    under = [part for part in items if part["parent"] == one["key"] and part["created_at"] <= then]
    is_known = one["updated_at"] <= then
    return (
        _held(one, changes, "status", then, one["status"]),
        _held(one, changes, "Assignee", then, one["assignee"]),
        float(points) if points else None,
        one["updated_at"] if is_known else past[-1]["at"] if past else one["created_at"],
        (status[-1]["at"] if status else one["created_at"]).date(),
        sum(told["before"] != "" for told in status),
        sum(told["before"] != "" for told in past if told["field"] == "Sprint"),
        sum(told["before"] != "" and told["after"] != "" for told in past if told["field"] == "Assignee"),
        sum(told["before"] == "Done" and told["after"] != "Done" for told in status),
        len(under),
        sum(_held(part, changes, "status", then, part["status"]) != "Done" for part in under),
    )


def _held(one: dict[str, Any], changes: list[dict[str, Any]], field: str, then: dt.datetime, now: Any) -> Any:
    """What a field held: what it was before its next change, or what it is."""
    return next(
        (told["before"] for told in changes
         if told["item"] == one["external_id"] and told["field"] == field and told["at"] > then),
        now,
    )  # fmt: skip


def test_what_is_current_is_found_without_what_ended_long_ago() -> None:
    long_ago = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    items = [
        item(1, status="Done", created_at=long_ago, updated_at=long_ago),
        item(2, status="Open", created_at=long_ago, updated_at=long_ago),
        item(3, status="Done", created_at=long_ago, updated_at=long_ago),
        item(4, status="Done", created_at=long_ago, updated_at=at(1)),
        item(5, status="Done", created_at=long_ago, updated_at=long_ago, parent="A-2"),
    ]
    trail = tables(items, [change(3, 5, "status", "Doing", "Done")])
    found = work.current(trail, [moment(at(2)), moment(at(9))], MEANINGS).to_pyarrow().to_pylist()
    told = {(row["nth"], row["key"], row["children"], row["open_children"]) for row in found}
    assert told == {
        (0, "A-2", 1, 0), (0, "A-3", 0, 0), (0, "A-4", 0, 0), (1, "A-2", 1, 0), (1, "A-4", 0, 0),
    }  # fmt: skip
