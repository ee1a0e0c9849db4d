"""Histories as they are read from the tables of a trail."""

import datetime as dt
import json

import pytest

from tests.analysis.work_world import at, change, item, tables
from vertebra.analysis.conformance.reading import histories_of, presence_of

LATE = {"created_at": at(9), "reporter": "yann"}


def test_items_begin_with_what_stood_before_their_first_change() -> None:
    moved = [change(1, 3, "Status", "Open", "Doing"), change(1, 5, "status", "Doing", "Done")]
    odd = [change(3, 4, "status", "Open", "Done"), change(4, 4, "status", "", "Open")]
    other = [change(2, 4, "labels", "", "x")]
    items = [item(1, status="Done"), item(2), item(3, status="Done", **LATE), item(4)]
    whole = histories_of(tables(items, moved + odd + other))
    days = [dt.datetime.fromtimestamp(int(one) / 1e6, dt.UTC).day for one in whole.at]
    who = [None if one < 0 else one for one in whole.who.tolist()] if whole.who is not None else []
    told: dict[str, list[tuple[str, int, bool]]] = {}
    for owner, step, day, one in zip(whole.owners, whole.steps, days, who, strict=True):
        told.setdefault(whole.items[owner], []).append((whole.names[step], day, one is None))
    assert told == {
        "1": [("Open", 1, True), ("Doing", 3, False), ("Done", 5, False)],
        "2": [("Open", 1, True)],
        # Its tool says that it was created after it was done.
        "3": [("Open", 4, False), ("Done", 4, False)],
        # It began with nothing.
        "4": [("Open", 4, False)],
    }


@pytest.mark.parametrize(
    ("field", "holding"),
    [
        ("Link", "1"), ("Labels", "2"), ("Fix Version", ""), ("Story Points", "2"), ("duedate", "1"), ("Parent", "2"),
        ("$.a", "1"), ('say "b"', "2"), ("none", ""),
    ],
)  # fmt: skip
def test_whether_a_field_holds_something_now(field: str, holding: str) -> None:
    items = [
        item(1, due_on=at(3).date(), fields=json.dumps({"$.a": "x", "none": ""})),
        item(2, labels=["x"], points=0.0, parent="A-1", fields=json.dumps({'say "b"': "x", "none": None})),
    ]
    trail = tables(items, [], [{"item": "1", "relation": "blocks", "other": "A-9"}])
    whole = histories_of(trail)
    now = presence_of(trail, whole, field).now
    assert "".join(one for one, holds in zip(whole.items, now, strict=True) if holds) == holding


def test_when_a_field_began_to_hold_something() -> None:
    changes = [
        change(1, 3, "Labels", "", "x"),
        change(1, 5, "labels", "x", ""),
        change(1, 6, "status", "Open", "Done"),
    ]
    trail = tables([item(1)], changes)
    told = presence_of(trail, histories_of(trail), "LABELS")
    moments = [at(3).timestamp() * 1e6, at(5).timestamp() * 1e6]
    assert sorted(zip(told.at, told.after, told.before, strict=True)) == [
        (moments[0], True, False),
        (moments[1], False, True),
    ]
