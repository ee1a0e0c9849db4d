"""Issues of Linear become items, with their history and without what people wrote."""

import datetime as dt
from typing import Any

import pytest

from tests.connectors.linear_world import (
    BEGAN,
    CYCLES,
    LABELS,
    PEOPLE,
    STATES,
    Linear,
    issue,
    person,
    stamp,
    state,
    step,
)
from tests.connectors.systems import TOKEN, serving
from vertebra.connectors.contract import WorkPage
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.histories.linear_issues import item_of
from vertebra.connectors.systems import TRACKERS
from vertebra.connectors.trackers.linear import LinearWork
from vertebra.connectors.trail import Item, Sprint, Tie
from vertebra.connectors.web_json import Reach

NAMES = {
    **{code: told[0] for code, told in STATES.items()}, **LABELS, "c-1": "Cycle 11", "c-2": "Spring", "p-1": "Afloat",
    "t-red": "RED", "t-blue": "BLUE", **{f"u-{one}": f"{one}@example.org" for one in PEOPLE},
}  # fmt: skip


def day(number: int) -> dt.datetime:
    return BEGAN + dt.timedelta(days=number)


def read(*history: dict[str, Any], **more: Any) -> Item:
    item = item_of(Linear().whole(issue(7, *history, **more), 100), NAMES)
    assert item is not None
    return item


def steps(item: Item) -> list[tuple[str, str, str]]:
    return [(one.field, one.before, one.after) for one in item.changes]


def test_an_issue_tells_all_that_is_kept_of_it() -> None:
    item = read(
        title="A leak", state=state("s-done"), completedAt=stamp(day(3)), updatedAt=stamp(day(4)), dueDate="2026-03-15",
        priority=2.0, estimate=3.0, labelIds=["l-hull", "l-gone"], assignee=person("xavier-lund"), cycle=CYCLES[1],
        parent={"identifier": "RED-1"}, project={"name": "Afloat"}, projectMilestone={"name": "Spring"},
        relations=[{"type": "blocks", "relatedIssue": {"identifier": "RED-9"}}, {"type": "odd", "relatedIssue": {"identifier": "RED-8"}}],
        inverseRelations=[{"type": "blocks", "issue": {"identifier": "BLUE-2"}}],
    )  # fmt: skip
    assert (item.external_id, item.key, item.project, item.kind) == ("i-RED-00007", "RED-7", "RED", "issue")
    assert (item.title, item.status, item.category, item.resolution) == (
        "A leak",
        "Done",
        "done",
        "completed",
    )
    assert (item.reporter, item.assignee, item.comments) == (
        "zoe-quist@example.org",
        "xavier-lund@example.org",
        2,
    )
    assert (item.resolved_at, item.updated_at, item.due_on) == (day(3), day(4), dt.date(2026, 3, 15))
    assert (item.priority, item.points, item.labels, item.parent) == ("High", 3, ("hull", "l-gone"), "RED-1")
    assert item.fields == {"project": "Afloat", "milestone": "Spring"}
    assert item.ties == [Tie("blocks", "RED-9"), Tie("relates to", "RED-8"), Tie("is blocked by", "BLUE-2")]
    assert item.sprints == [
        Sprint(
            "c-2",
            "Spring",
            "active",
            dt.datetime(2026, 1, 19, tzinfo=dt.UTC),
            dt.datetime(2026, 2, 2, tzinfo=dt.UTC),
        )
    ]
    assert "secret" not in repr(item)


@pytest.mark.parametrize(
    ("code", "category", "resolution"),
    [
        ("s-backlog", "todo", ""),
        ("s-todo", "todo", ""),
        ("s-review", "doing", ""),
        ("s-no", "done", "canceled"),
    ],
)
def test_a_state_has_a_category(code: str, category: str, resolution: str) -> None:
    item = read(state=state(code))
    assert (item.status, item.category, item.resolution) == (STATES[code][0], category, resolution)


def test_one_step_of_a_history_may_change_several_things() -> None:
    item = read(
        step(day(0), toStateId="s-backlog"),
        step(day(2), fromStateId="s-doing", toStateId="s-done", who="wanda-miro"),
        step(
            day(1), fromStateId="s-backlog", toStateId="s-doing", toAssigneeId="u-xavier-lund", toCycleId="c-1",
            fromPriority=0.0, toPriority=1.0, fromEstimate=1.0, toEstimate=2.5, toProjectId="p-1",
            addedLabelIds=["l-hull"], removedLabelIds=["l-sail"], fromDueDate=None, toDueDate="2026-03-15",
        ),
        step(day(3), fromTitle="A leak", toTitle="A hole", fromTeamId="t-blue", toTeamId="t-red", fromCycleId="c-1", toCycleId="c-2"),
    )  # fmt: skip
    assert steps(item) == [
        ("status", "Backlog", "In Progress"), ("assignee", "", "xavier-lund@example.org"), ("Sprint", "", "Cycle 11"),
        ("project", "", "Afloat"), ("points", "1", "2.5"), ("due date", "", "2026-03-15"), ("priority", "", "Urgent"),
        ("labels", "", "hull"), ("labels", "sail", ""),
        ("status", "In Progress", "Done"),
        ("Sprint", "Cycle 11", "Spring"), ("team", "BLUE", "RED"), ("title", "A leak", "A hole"),
    ]  # fmt: skip
    assert {one.author for one in item.changes} == {"yann-orsel@example.org", "wanda-miro@example.org"}


@pytest.mark.parametrize(
    "record", [{}, {"id": None, "identifier": None}, {"id": "1", "identifier": "A-1", "createdAt": "soon"}]
)
def test_what_is_no_issue_is_none(record: dict[str, Any]) -> None:
    assert item_of(record, {}) is None


def test_an_issue_with_strange_values_is_taken_as_far_as_it_goes() -> None:
    item = item_of(
        {**issue(7), "state": None, "labelIds": 3, "estimate": "x", "priority": None, "relations": {"nodes": None}, "comments": [],
         "history": {"nodes": [3, {}, {"createdAt": "soon"}, {"createdAt": stamp(day(1)), "addedLabelIds": 7, "toStateId": 5}]}},
        {},
    )  # fmt: skip
    assert item is not None
    assert (item.status, item.category, item.labels, item.points, item.changes) == ("", "", (), None, [])


def opened(world: Linear, token: str = TOKEN) -> LinearWork:
    session = TRACKERS["linear"].open(
        {"address": world.fake.address, "token": token}, Reach(private=["127.0.0.1"], seconds=10)
    )
    assert isinstance(session, LinearWork)
    session.asker.pause = lambda _seconds: None
    return session


def pages(world: Linear, since: str = "", *chosen: str) -> list[WorkPage]:
    return list(opened(world).items(since, chosen or ("RED",), {}))


def keys(found: list[WorkPage]) -> list[str]:
    return [item.key for page in found for item in page.items]


def test_only_the_issues_of_chosen_teams_are_read_oldest_first() -> None:
    world = Linear()
    for number in range(1, 301):
        world.add(issue(number))
    world.add(issue(3, team="BLUE"))
    with serving(world.fake):
        found = pages(world)
        assert keys(found) == [f"RED-{number}" for number in range(1, 301)]
        assert keys(pages(world, "", "BLUE")) == ["BLUE-3"]
    assert {page.total for page in found} == {300}
    assert [one.name for one in found[-1].sprints] == ["Cycle 11", "Spring"]


def test_a_long_history_is_read_to_its_end() -> None:
    world = Linear()
    ends = ("s-doing", "s-review")
    world.add(
        issue(
            1,
            *(
                step(BEGAN + dt.timedelta(days=n), fromStateId=ends[n % 2], toStateId=ends[1 - n % 2])
                for n in range(271)
            ),
        )
    )
    world.add(issue(2))
    with serving(world.fake):
        found = {item.key: item for page in pages(world) for item in page.items}
    assert len(found["RED-1"].changes) == 271


def test_a_second_reading_brings_what_changed_and_cycles_that_went_on() -> None:
    world = Linear()
    for number in range(1, 101):
        world.add(issue(number))
    with serving(world.fake):
        first = pages(world)
        again = pages(world, first[-1].cursor)
        world.change(9, step(day(50), fromStateId="s-backlog", toStateId="s-doing"), state=state("s-doing"))
        third = pages(world, again[-1].cursor)
    assert (len(keys(first)), keys(again)) == (100, ["RED-100"])
    assert [(item.key, item.status) for page in third for item in page.items][1:] == [
        ("RED-9", "In Progress")
    ]
    assert len(third[-1].sprints) == 2


def test_what_is_in_the_bin_is_present_no_more() -> None:
    world = Linear()
    for number in range(1, 4):
        world.add(issue(number, trashed=number == 2 or None))
    with serving(world.fake):
        assert sorted(opened(world).present(["RED"])) == ["i-RED-00001", "i-RED-00003"]


def test_an_issue_that_was_removed_since_it_was_listed_stops_nothing() -> None:
    world = Linear()
    for number in range(1, 4):
        world.add(issue(number))
    plain = world.answer

    def answer(asked: Any) -> Any:
        if "query Issues" in asked.body["query"]:
            world.held.pop("i-RED-00002", None)
        return plain(asked)

    world.fake.answer = answer
    with serving(world.fake):
        assert keys(pages(world)) == ["RED-1", "RED-3"]


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("AUTHENTICATION_ERROR", Fault.NOT_ALLOWED),
        ("RATELIMITED", Fault.THROTTLED),
        ("ODD", Fault.ANSWER_STRANGE),
    ],
)
def test_what_linear_refuses_with_is_understood(code: str, fault: Fault) -> None:
    world = Linear()
    world.fake.answer = lambda _asked: (
        400,
        {},
        {"errors": [{"message": "No", "extensions": {"code": code}}]},
    )
    with serving(world.fake), pytest.raises(Trouble) as raised:
        pages(world)
    assert raised.value.fault == fault
