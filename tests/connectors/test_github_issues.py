"""Issues and pull requests of GitHub become items, with what happened to them and without what people wrote.

The payloads are written from the published description of its REST API, version 2022-11-28.
"""

import datetime as dt
from typing import Any

import pytest

from tests.connectors.github_world import BEGAN, GitHub, event, issue, label, stamp, user
from tests.connectors.systems import TOKEN, serving
from vertebra.connectors.contract import WorkPage
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.histories.github_issues import item_of
from vertebra.connectors.systems import TRACKERS
from vertebra.connectors.trackers import github
from vertebra.connectors.trackers.github import GitHubWork
from vertebra.connectors.trail import Change, Item, Tie
from vertebra.connectors.web_json import Reach


def day(number: int) -> dt.datetime:
    return BEGAN + dt.timedelta(days=number)


def read(record: dict[str, Any], *timeline: dict[str, Any]) -> Item:
    item = item_of({**record, "timeline": list(timeline)})
    assert item is not None
    return item


def told(item: Item, *fields: str) -> list[tuple[str, str, str, str]]:
    return [(one.field, one.before, one.after, one.author) for one in item.changes if one.field in fields]


def other(number: int, repository: str = "blue/boat") -> dict[str, Any]:
    return {"number": number, "title": "A secret", "state": "open", "repository": {"full_name": repository}}


def test_an_issue_tells_all_that_is_kept_of_it() -> None:
    item = read(
        issue(
            7, title="A leak", type={"id": 1, "name": "Bug"}, labels=[label("hull"), label("urgent")],
            assignee=user("xavier-lund"), assignees=[user("xavier-lund"), user("wanda-miro")], state="closed",
            state_reason="not_planned", closed_at=stamp(day(3)), updated_at=stamp(day(4)),
            milestone={"title": "Spring", "due_on": "2026-03-31T07:00:00Z"},
            parent_issue_url="https://api.example.org/repos/red/boat/issues/1",
            issue_field_values=[
                {"issue_field_name": "Priority", "data_type": "single_select", "single_select_option": {"name": "High"}},
                {"issue_field_name": "Effort", "data_type": "number", "value": 5},
                {"issue_field_name": "Notes", "data_type": "text", "value": "A secret word"},
            ],
        )
    )  # fmt: skip
    assert (item.external_id, item.key, item.project, item.kind) == (
        "9000007",
        "red/boat#7",
        "red/boat",
        "Bug",
    )
    assert (item.title, item.status, item.category, item.resolution) == (
        "A leak",
        "closed",
        "done",
        "not planned",
    )
    assert (item.reporter, item.assignee, item.comments) == ("zoe-quist", "xavier-lund", 2)
    assert (item.resolved_at, item.updated_at, item.due_on) == (day(3), day(4), dt.date(2026, 3, 31))
    assert (item.labels, item.versions, item.parent) == (("hull", "urgent"), ("Spring",), "red/boat#1")
    assert (item.priority, item.fields) == ("High", {"Priority": "High", "Effort": "5"})
    assert "secret" not in repr(item)


@pytest.mark.parametrize(
    ("more", "status", "category"),
    [
        ({}, "open", "todo"),
        ({"state": "closed"}, "closed", "done"),
        ({"pull_request": {"merged_at": None}}, "open", "doing"),
        ({"pull_request": {"merged_at": None}, "draft": True}, "draft", "doing"),
        ({"pull_request": {"merged_at": None}, "state": "closed"}, "closed", "done"),
        ({"pull_request": {"merged_at": "2026-02-01T00:00:00Z"}, "state": "closed"}, "merged", "done"),
    ],
)
def test_the_state_is_that_which_github_shows(more: dict[str, Any], status: str, category: str) -> None:
    item = read(issue(7, **more))
    assert (item.status, item.category) == (status, category)
    assert item.kind == ("pull request" if "pull_request" in more else "issue")


def test_an_issue_goes_from_state_to_state() -> None:
    item = read(
        issue(7),
        event("closed", day(1), state_reason="completed"),
        event("reopened", day(2)),
        event("closed", day(3), state_reason="not_planned"),
    )
    assert told(item, "status") == [
        ("status", "open", "closed", "yann-orsel"),
        ("status", "closed", "open", "yann-orsel"),
        ("status", "open", "closed", "yann-orsel"),
    ]
    assert [one[1:3] for one in told(item, "resolution")] == [
        ("", "completed"),
        ("completed", ""),
        ("", "not planned"),
    ]


def test_a_pull_request_goes_from_draft_to_merged_and_is_not_closed_besides() -> None:
    item = read(
        issue(8, pull_request={"merged_at": stamp(day(4))}, state="closed"),
        event("ready_for_review", day(1)),
        event("convert_to_draft", day(2)),
        event("ready_for_review", day(3)),
        event("closed", day(4)),
        event("merged", day(4), commit_id="abc"),
    )
    steps = [(one.before, one.after) for one in item.changes if one.field == "status"]
    assert steps == [("draft", "open"), ("open", "draft"), ("draft", "open"), ("open", "merged")]
    assert item.resolution == "merged"


def test_reviews_are_told_with_who_was_asked_and_who_answered() -> None:
    item = read(
        issue(8, pull_request={"merged_at": None}),
        event("review_requested", day(1), requested_reviewer=user("wanda-miro"), review_requester=user("yann-orsel")),
        event("review_requested", day(1), requested_team={"name": "Sailors"}),
        {"event": "reviewed", "user": user("wanda-miro"), "state": "changes_requested", "submitted_at": stamp(day(2)),
         "body": "A secret word"},
        {"event": "reviewed", "user": user("wanda-miro"), "state": "approved", "submitted_at": stamp(day(3)), "body": ""},
        event("review_dismissed", day(4), dismissed_review={"state": "approved", "review_id": 1, "dismissal_message": "A secret"}),
        event("review_request_removed", day(5), requested_reviewer=user("victor-sol")),
    )  # fmt: skip
    assert told(item, "reviewer", "reviewing team", "review") == [
        ("reviewer", "", "wanda-miro", "yann-orsel"),
        ("reviewing team", "", "Sailors", "yann-orsel"),
        ("review", "", "changes requested", "wanda-miro"),
        ("review", "", "approved", "wanda-miro"),
        ("review", "approved", "dismissed", "yann-orsel"),
        ("reviewer", "victor-sol", "", "yann-orsel"),
    ]
    assert "secret" not in repr(item)


def test_what_is_put_on_an_issue_and_taken_off_is_told_one_by_one() -> None:
    item = read(
        issue(7),
        event("labeled", day(1), label=label("hull")),
        event("unlabeled", day(2), label=label("hull")),
        event("assigned", day(3), who="victor-sol", assignee=user("wanda-miro")),
        event("unassigned", day(4), assignee=user("wanda-miro")),
        event("milestoned", day(5), milestone={"title": "Spring"}),
        event("demilestoned", day(6), milestone={"title": "Spring"}),
        event("renamed", day(7), rename={"from": "A leak", "to": "A hole"}),
        event("issue_type_changed", day(8), prev_issue_type={"name": "Task"}, issue_type={"name": "Bug"}),
        event(
            "moved_columns_in_project",
            day(9),
            project_card={"column_name": "Doing", "previous_column_name": "To do"},
        ),
        event("subscribed", day(9)),
    )
    assert [(one.field, one.before, one.after) for one in item.changes] == [
        ("labels", "", "hull"), ("labels", "hull", ""), ("assignee", "", "wanda-miro"), ("assignee", "wanda-miro", ""),
        ("milestone", "", "Spring"), ("milestone", "Spring", ""), ("title", "A leak", "A hole"), ("type", "Task", "Bug"),
        ("column", "To do", "Doing"),
    ]  # fmt: skip
    assert item.changes[2] == Change(day(3), "assignee", "", "wanda-miro", "victor-sol")


def test_whoever_takes_the_place_of_another_is_told_as_one_change() -> None:
    second = dt.timedelta(seconds=1)
    item = read(
        issue(7),
        event("assigned", day(1), assignee=user("wanda-miro")),
        event("unassigned", day(2), assignee=user("wanda-miro")),
        event("assigned", day(2) + second, assignee=user("victor-sol")),
        event("assigned", day(3), assignee=user("xavier-lund")),
        event("unassigned", day(3), assignee=user("victor-sol")),
        event("assigned", day(4), assignee=user("wanda-miro")),
        event("assigned", day(4), assignee=user("victor-sol")),
        event("unassigned", day(5), assignee=user("xavier-lund")),
        event("assigned", day(6), assignee=user("xavier-lund")),
    )
    assert [(one.before, one.after) for one in item.changes] == [
        ("", "wanda-miro"), ("wanda-miro", "victor-sol"), ("victor-sol", "xavier-lund"), ("", "wanda-miro"),
        ("", "victor-sol"), ("xavier-lund", ""), ("", "xavier-lund"),
    ]  # fmt: skip


def test_ties_are_those_that_still_hold() -> None:
    item = read(
        issue(7),
        event("blocked_by_added", day(1), blocked_by=other(3)),
        event("blocked_by_added", day(1), blocked_by=other(4)),
        event("blocked_by_removed", day(2), blocked_by=other(3)),
        event("blocking_added", day(3), blocking=other(5, "red/boat")),
        event("parent_issue_added", day(3), parent_issue=other(1)),
        {"event": "cross-referenced", "actor": user("yann-orsel"), "created_at": stamp(day(4)), "updated_at": stamp(day(4)),
         "source": {"type": "issue", "issue": issue(12)}},
    )  # fmt: skip
    assert item.ties == [
        Tie("is blocked by", "blue/boat#4"), Tie("blocks", "red/boat#5"), Tie("is mentioned in", "red/boat#12"),
    ]  # fmt: skip
    assert [one.field for one in item.changes] == [
        "is blocked by",
        "is blocked by",
        "is blocked by",
        "blocks",
        "parent",
    ]


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"id": None, "number": None, "repository_url": None, "created_at": None},
        {
            "id": 1,
            "number": 2,
            "repository_url": "https://example.org/nothing",
            "created_at": "2026-01-01T00:00:00Z",
        },
        {"id": 1, "number": 2, "repository_url": "https://api.example.org/repos/a/b", "created_at": "soon"},
    ],
)
def test_what_is_no_issue_is_none(record: dict[str, Any]) -> None:
    assert item_of(record) is None


def test_an_issue_with_strange_values_is_taken_as_far_as_it_goes() -> None:
    item = read(
        issue(7, user=None, labels=[3, {"name": None}], milestone="x", comments="many", title="a\x00b\ud800" + "é" * 600,
              issue_field_values=[{}, {"issue_field_name": "N", "data_type": "number", "value": "x"}]),
        {"event": "closed"}, {"event": "labeled", "created_at": stamp(day(1))}, {"event": ["closed"], "created_at": 3},
        event("renamed", day(2), rename=None), event("assigned", day(2), assignee=None),
    )  # fmt: skip
    assert (item.reporter, item.labels, item.versions, item.comments, item.changes) == ("", (), (), 0, [])
    assert len(item.title) == 500
    assert "\x00" not in item.title


def opened(world: GitHub, token: str = TOKEN) -> GitHubWork:
    session = TRACKERS["github"].open(
        {"address": world.fake.address, "token": token}, Reach(private=["127.0.0.1"], seconds=10)
    )
    assert isinstance(session, GitHubWork)
    session.asker.pause = lambda _seconds: None
    return session


def pages(world: GitHub, since: str = "", *chosen: str) -> list[WorkPage]:
    return list(opened(world).items(since, chosen or ("red/boat",), {}))


def keys(found: list[WorkPage]) -> list[str]:
    return [item.key for page in found for item in page.items]


def test_a_long_list_is_read_once_oldest_first_though_many_changed_at_one_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(github, "PAGE", 10)
    world = GitHub()
    for number in range(1, 37):
        moment = stamp(day(number // 15))
        world.add(issue(number, created_at=stamp(day(0)), updated_at=moment))
    with serving(world.fake):
        found = pages(world)
    assert len(keys(found)) == len(set(keys(found))) == 36
    moments = [item.updated_at for page in found for item in page.items]
    assert moments == sorted(moments)
    assert {page.total for page in found} == {36}


def test_what_changes_while_it_is_read_is_neither_lost_nor_does_it_hide_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(github, "PAGE", 20)
    world = GitHub()
    for number in range(1, 47):
        world.add(issue(number))
    plain = world.answer

    def restless(asked: Any) -> Any:
        reply = plain(asked)
        if asked.path.endswith("/issues") and asked.query["per_page"] == "20" and len(world.fake.asked) < 5:
            for number in range(1, 11):
                world.change(number, event("closed", day(30)), state="closed")
        return reply

    world.fake.answer = restless
    with serving(world.fake):
        found = pages(world)
    last = {item.key: item.status for page in found for item in page.items}
    assert len(last) == 46
    assert {last[f"red/boat#{number}"] for number in range(1, 11)} == {"closed"}


def test_a_second_reading_asks_once_where_nothing_changed_and_brings_what_did() -> None:
    world = GitHub("red/boat", "blue/boat")
    for number in range(1, 61):
        world.add(issue(number))
    world.add(issue(1, "blue/boat"))
    with serving(world.fake):
        first = pages(world, "", "red/boat", "blue/boat")
        world.now += dt.timedelta(days=1)
        second = pages(world, first[-1].cursor, "red/boat", "blue/boat")
        world.fake.asked.clear()
        third = pages(world, second[-1].cursor, "red/boat", "blue/boat")
        asked = len(world.fake.asked)
        world.now += dt.timedelta(days=1)
        world.change(9, event("closed", world.now), state="closed")
        fourth = pages(world, third[-1].cursor, "red/boat", "blue/boat")
    assert (len(keys(first)), keys(third), asked) == (61, [], 2)
    assert [(item.key, item.status) for page in fourth for item in page.items] == [("red/boat#9", "closed")]


def test_reading_goes_on_after_any_page() -> None:
    world = GitHub("red/boat", "blue/boat")
    for number in range(1, 61):
        world.add(issue(number))
        world.add(issue(number, "blue/boat", id=8_000_000 + number))
    with serving(world.fake):
        found = pages(world, "", "red/boat", "blue/boat")
        for place, page in enumerate(found):
            rest = set(keys(pages(world, page.cursor, "red/boat", "blue/boat")))
            assert set(keys(found[place + 1 :])) <= rest
    assert max(len(page.cursor) for page in found) < 500


def test_an_issue_deleted_since_it_was_listed_stops_nothing_and_is_present_no_more() -> None:
    world = GitHub()
    for number in range(1, 4):
        world.add(issue(number))
    plain = world.answer

    def answer(asked: Any) -> Any:
        if asked.path.endswith("/2/timeline"):
            world.issues["red/boat"].pop(2, None)
        return plain(asked)

    world.fake.answer = answer
    with serving(world.fake):
        assert keys(pages(world)) == ["red/boat#1", "red/boat#3"]
        assert list(opened(world).present(["red/boat"])) == ["9000001", "9000003"]


def test_what_was_read_before_a_trouble_is_given_before_it() -> None:
    world = GitHub()
    for number in range(1, 11):
        world.add(issue(number))
    plain = world.answer

    def answer(asked: Any) -> Any:
        if asked.path.endswith("/8/timeline"):
            return 401, {}, {"message": "Bad credentials"}
        return plain(asked)

    world.fake.answer = answer
    given = []
    with serving(world.fake), pytest.raises(Trouble) as raised:
        for page in opened(world).items("", ["red/boat"], {}):
            given += keys([page])
    assert given == [f"red/boat#{number}" for number in range(1, 8)]
    assert (raised.value.fault, raised.value.is_permanent) == (Fault.NOT_ALLOWED, True)


def test_the_limit_on_how_fast_it_is_asked_is_waited_for() -> None:
    world = GitHub()
    world.add(issue(1))
    waits: list[float] = []
    with serving(world.fake):
        session = opened(world)
        session.asker.pause = waits.append
        world.fake.first = [
            (403, {}, {"message": "You have exceeded a secondary rate limit. Please wait a few minutes."})
        ]
        assert [item.key for page in session.items("", ["red/boat"], {}) for item in page.items] == [
            "red/boat#1"
        ]
    assert waits == [60.0]


def test_a_repository_that_is_gone_or_has_a_strange_name_says_so() -> None:
    world = GitHub()
    with serving(world.fake):
        for name in ("red/gone", "red/boat/../../user"):
            with pytest.raises(Trouble) as raised:
                pages(world, "", name)
            assert raised.value.fault == Fault.NOT_THERE
