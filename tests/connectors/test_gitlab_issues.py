"""Issues of GitLab become items, with what happened to them and without what people wrote.

The payloads are written by hand from the published reference of its REST API, version 4: there is no description of
it that could be run.
"""

import datetime as dt
from typing import Any

import pytest

from tests.connectors.gitlab_world import BEGAN, GitLab, happened, issue, note, stamp, user
from tests.connectors.systems import TOKEN, serving
from vertebra.connectors.contract import WorkPage
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.histories.gitlab_issues import item_of
from vertebra.connectors.systems import TRACKERS
from vertebra.connectors.trackers import gitlab
from vertebra.connectors.trackers.gitlab import GitLabWork
from vertebra.connectors.trail import SOMETHING, Item, Sprint, Tie
from vertebra.connectors.web_json import Reach

ITERATION = {
    "id": 53, "iid": 13, "sequence": 1, "group_id": 5, "title": None, "description": None, "state": 2,
    "start_date": "2026-03-02", "due_date": "2026-03-15",
}  # fmt: skip


def day(number: int) -> dt.datetime:
    return BEGAN + dt.timedelta(days=number)


def read(record: dict[str, Any], **events: list[dict[str, Any]]) -> Item:
    item = item_of({**record, **events})
    assert item is not None
    return item


def steps(item: Item, *fields: str) -> list[tuple[str, str, str]]:
    return [(one.field, one.before, one.after) for one in item.changes if one.field in fields or not fields]


def test_an_issue_tells_all_that_is_kept_of_it() -> None:
    item = read(
        issue(
            7, title="A leak", issue_type="test_case", state="closed", closed_at=stamp(day(3)), updated_at=stamp(day(4)),
            labels=["hull", "workflow::in dev"], milestone={"id": 1, "title": "Spring", "due_date": "2026-03-31"},
            assignees=[user("xavier-lund"), user("wanda-miro")], due_date="2026-03-15", weight=5, severity="HIGH",
            health_status="at_risk", time_stats={"time_estimate": 28_800, "total_time_spent": 3_600}, moved_to_id=None,
            epic={"id": 42, "iid": 5, "title": "A secret", "url": "/groups/red/fleet/-/epics/5"}, iteration=ITERATION,
        ),
        links=[
            {"iid": 3, "link_type": "is_blocked_by", "title": "A secret", "references": {"full": "blue/boat#3"}},
            {"iid": 4, "link_type": "relates_to", "references": {"full": "red/boat#4"}},
        ],
    )  # fmt: skip
    assert (item.external_id, item.key, item.project, item.kind) == (
        "9000007",
        "red/boat#7",
        "red/boat",
        "test case",
    )
    assert (item.title, item.status, item.category, item.points) == ("A leak", "closed", "done", 5)
    assert (item.reporter, item.assignee, item.comments) == ("zoe-quist", "xavier-lund", 2)
    assert (item.resolved_at, item.updated_at, item.due_on) == (day(3), day(4), dt.date(2026, 3, 15))
    assert (item.labels, item.versions, item.parent) == (
        ("hull", "workflow::in dev"),
        ("Spring",),
        "red/fleet&5",
    )
    assert item.fields == {
        "workflow": "in dev", "severity": "high", "health": "at risk", "time estimate": "28800", "time spent": "3600",
    }  # fmt: skip
    assert item.ties == [Tie("is blocked by", "blue/boat#3"), Tie("relates to", "red/boat#4")]
    assert item.sprints == [
        Sprint("53", "2026-03-02 – 2026-03-15", "active", dt.datetime(2026, 3, 2, tzinfo=dt.UTC), dt.datetime(2026, 3, 15, tzinfo=dt.UTC))
    ]  # fmt: skip
    assert "secret" not in repr(item)


def test_of_a_confidential_issue_the_title_is_not_kept() -> None:
    assert read(issue(7, title="A secret", confidential=True)).title == SOMETHING


def test_an_issue_is_closed_and_opened_again() -> None:
    item = read(
        issue(7),
        state_events=[
            happened(day(2), state="reopened"), happened(day(0), state="opened"), happened(day(1), state="closed", who="wanda-miro"),
        ],
    )  # fmt: skip
    assert steps(item) == [("status", "opened", "closed"), ("status", "closed", "opened")]
    assert [one.author for one in item.changes] == ["wanda-miro", "yann-orsel"]


def test_labels_of_a_kind_are_also_the_values_of_a_field() -> None:
    def event(number: int, action: str, name: str | None) -> dict[str, Any]:
        return happened(day(number), action=action, label={"id": 1, "name": name} if name else None)

    item = read(
        issue(7),
        label_events=[
            event(1, "add", "workflow::ready"), event(1, "add", "hull"),
            event(2, "remove", "workflow::ready"), event(2, "add", "workflow::in dev"),
            event(3, "add", None), event(4, "remove", "workflow::in dev"),
        ],
    )  # fmt: skip
    assert steps(item, "workflow") == [
        ("workflow", "", "ready"), ("workflow", "ready", "in dev"), ("workflow", "in dev", ""),
    ]  # fmt: skip
    assert len(steps(item, "labels")) == 5


def test_milestones_iterations_and_weights_change() -> None:
    item = read(
        issue(7),
        milestone_events=[happened(day(1), action="add", milestone={"title": "Spring"}), happened(day(2), action="remove", milestone={"title": "Spring"})],
        iteration_events=[happened(day(3), action="add", iteration={**ITERATION, "title": "Sprint 4"})],
        weight_events=[happened(day(4), weight=3), happened(day(5), weight=8)],
    )  # fmt: skip
    assert steps(item) == [
        ("milestone", "", "Spring"), ("milestone", "Spring", ""), ("Sprint", "", "Sprint 4"), ("points", "", "3"), ("points", "3", "8"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("assigned to @wanda-miro", [("", "wanda-miro")]),
        ("unassigned @wanda-miro", [("wanda-miro", "")]),
        ("assigned to @victor.sol and unassigned @wanda-miro", [("wanda-miro", "victor.sol")]),
        ("assigned to @a_1, @b, and @c-d and unassigned @e", [("e", "a_1"), ("", "b"), ("", "c-d")]),
        ("mentioned in merge request !7, assigned to @wanda-miro", []),
        ("changed the description", []),
    ],
)
def test_to_whom_it_was_given_is_read_from_gitlab_s_own_notes(
    body: str, expected: list[tuple[str, str]]
) -> None:
    item = read(issue(7), notes=[note(day(1), body)])
    assert [(one.before, one.after) for one in item.changes if one.field == "assignee"] == expected


def test_what_people_wrote_is_never_taken_for_a_note_of_gitlab() -> None:
    item = read(issue(7), notes=[note(day(1), "assigned to @wanda-miro", is_system=False)])
    assert item.changes == []


def test_the_day_it_was_due_changes() -> None:
    item = read(
        issue(7),
        notes=[
            note(day(1), "changed due date to March 11, 2026"),
            note(day(2), "changed due date to April 2, 2026"),
            note(day(3), "removed due date"),
        ],
    )
    assert steps(item) == [
        ("due date", "", "2026-03-11"), ("due date", "2026-03-11", "2026-04-02"), ("due date", "2026-04-02", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"id": None, "references": None, "created_at": None},
        {"id": 1, "references": {"full": "a/b#1"}, "created_at": "soon"},
    ],
)
def test_what_is_no_issue_is_none(record: dict[str, Any]) -> None:
    assert item_of(record) is None


def test_an_issue_with_strange_values_is_taken_as_far_as_it_goes() -> None:
    item = read(
        issue(7, labels=[3, None, {"name": "hull"}], author=None, weight="many", epic=[], iteration=3, due_date="soon", time_stats=None),
        state_events=[{}, {"created_at": "soon", "state": "closed"}, {"created_at": stamp(day(1)), "state": None}],
        notes=[{"system": True, "created_at": stamp(day(1)), "body": None}],
    )  # fmt: skip
    assert (item.reporter, item.labels, item.points, item.due_on) == ("", ("3", "hull"), None, None)
    assert item.changes == []


def opened(world: GitLab, token: str = TOKEN) -> GitLabWork:
    session = TRACKERS["gitlab"].open(
        {"address": world.fake.address, "token": token}, Reach(private=["127.0.0.1"], seconds=10)
    )
    assert isinstance(session, GitLabWork)
    session.asker.pause = lambda _seconds: None
    return session


def pages(world: GitLab, since: str = "", *chosen: str) -> list[WorkPage]:
    return list(opened(world).items(since, chosen or ("red/boat",), {}))


def keys(found: list[WorkPage]) -> list[str]:
    return [item.key for page in found for item in page.items]


def test_it_says_whose_token_it_is_and_which_projects_there_are() -> None:
    world = GitLab("red/boat", "red/fleet/sail")
    with serving(world.fake):
        session = opened(world)
        assert session.check() == "reader"
        assert [one.code for one in session.choices()] == ["red/boat", "red/fleet/sail"]


def test_a_long_list_is_read_once_oldest_first_though_many_changed_at_one_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gitlab, "PAGE", 10)
    world = GitLab()
    for number in range(1, 37):
        world.add(issue(number, created_at=stamp(day(0)), updated_at=stamp(day(number // 15))))
    with serving(world.fake):
        found = pages(world)
    assert len(keys(found)) == len(set(keys(found))) == 36
    moments = [item.updated_at for page in found for item in page.items]
    assert moments == sorted(moments)
    assert {page.total for page in found} == {36}


def test_a_free_edition_is_not_asked_again_for_what_it_does_not_tell() -> None:
    world = GitLab()
    for number in range(1, 4):
        world.add(issue(number, iteration=None))
    with serving(world.fake):
        assert len(keys(pages(world))) == 3
    assert sum(one.path.endswith("resource_iteration_events") for one in world.fake.asked) == 1


def test_comments_are_not_asked_for() -> None:
    world = GitLab()
    world.add(
        issue(1), notes=[note(day(1), "assigned to @wanda-miro"), note(day(2), "A secret", is_system=False)]
    )
    with serving(world.fake):
        ((item,), *_rest) = [page.items for page in pages(world)]
    assert [one.query.get("activity_filter") for one in world.fake.asked if one.path.endswith("/notes")] == [
        "only_activity"
    ]
    assert (item.changes[0].after, "secret" in repr(item)) == ("wanda-miro", False)


def test_a_second_reading_asks_once_where_nothing_changed_and_brings_what_did() -> None:
    world = GitLab("red/boat", "red/fleet/sail", is_premium=True)
    for number in range(1, 31):
        world.add(issue(number))
    world.add(issue(40, "red/fleet/sail"))
    chosen = ("red/boat", "red/fleet/sail")
    with serving(world.fake):
        first = pages(world, "", *chosen)
        world.now += dt.timedelta(days=1)
        second = pages(world, first[-1].cursor, *chosen)
        world.fake.asked.clear()
        third = pages(world, second[-1].cursor, *chosen)
        asked = len(world.fake.asked)
        world.change(9, "resource_state_events", happened(day(20), state="closed"), state="closed")
        fourth = pages(world, third[-1].cursor, *chosen)
    assert (len(keys(first)), keys(third), asked) == (31, [], 4)
    assert [(item.key, item.status, len(item.changes)) for page in fourth for item in page.items] == [
        ("red/boat#9", "closed", 1)
    ]


def test_an_issue_deleted_since_it_was_listed_stops_nothing_and_is_present_no_more() -> None:
    world = GitLab()
    for number in range(1, 4):
        world.add(issue(number))
    plain = world.answer

    def answer(asked: Any) -> Any:
        if asked.path.endswith("/2/notes"):
            world.issues["red/boat"].pop(2, None)
        return plain(asked)

    world.fake.answer = answer
    with serving(world.fake):
        assert keys(pages(world)) == ["red/boat#1", "red/boat#3"]
        assert list(opened(world).present(["red/boat"])) == ["9000001", "9000003"]


def test_a_refused_token_or_a_project_that_is_gone_is_permanent() -> None:
    world = GitLab()
    with serving(world.fake):
        with pytest.raises(Trouble) as raised:
            opened(world, "another").check()
        assert (raised.value.fault, raised.value.is_permanent) == (Fault.NOT_ALLOWED, True)
        with pytest.raises(Trouble) as raised:
            pages(world, "", "red/gone")
        assert (raised.value.fault, raised.value.is_permanent) == (Fault.NOT_THERE, True)


def test_the_name_of_a_project_stays_in_its_place() -> None:
    world = GitLab()
    with serving(world.fake), pytest.raises(Trouble):
        pages(world, "", "red/../../user?x=")
    assert world.fake.asked[0].path.startswith("/api/v4/projects/red%2F..%2F..%2Fuser%3Fx%3D/")
