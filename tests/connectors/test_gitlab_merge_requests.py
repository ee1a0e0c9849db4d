"""Merge requests of GitLab become items, with their reviews and without what people wrote.

The payloads are written by hand from the published reference of its REST API, version 4.
"""

import datetime as dt
from typing import Any

import pytest

from tests.connectors.gitlab_world import BEGAN, GitLab, happened, issue, merge_request, note, stamp, user
from tests.connectors.systems import TOKEN, serving
from vertebra.connectors.histories.gitlab_merge_requests import item_of
from vertebra.connectors.systems import TRACKERS
from vertebra.connectors.trail import Item
from vertebra.connectors.web_json import Reach


def day(number: int) -> dt.datetime:
    return BEGAN + dt.timedelta(days=number)


def read(record: dict[str, Any], **events: list[dict[str, Any]]) -> Item:
    item = item_of({**record, **events})
    assert item is not None
    return item


def steps(item: Item, *fields: str) -> list[tuple[str, str, str]]:
    return [(one.field, one.before, one.after) for one in item.changes if one.field in fields]


def test_a_merge_request_tells_all_that_is_kept_of_it() -> None:
    item = read(
        merge_request(
            7, title="Mend it", state="merged", merged_at=stamp(day(3)), updated_at=stamp(day(4)), labels=["hull"],
            assignees=[user("xavier-lund")], milestone={"title": "Spring"}, reviewers=[user("wanda-miro")],
        )
    )  # fmt: skip
    assert (item.external_id, item.key, item.project) == ("merge-request-9000007", "red/boat!7", "red/boat")
    assert (item.kind, item.title, item.status, item.category) == (
        "merge request",
        "Mend it",
        "merged",
        "done",
    )
    assert (item.reporter, item.assignee, item.comments) == ("zoe-quist", "xavier-lund", 2)
    assert (item.resolved_at, item.resolution, item.labels, item.versions) == (
        day(3),
        "merged",
        ("hull",),
        ("Spring",),
    )
    assert "secret" not in repr(item)


def test_it_goes_from_draft_to_merged() -> None:
    item = read(
        merge_request(7, state="merged"),
        state_events=[happened(day(4), state="merged", who="wanda-miro")],
        notes=[
            note(day(1), "marked this merge request as **ready**"),
            note(day(2), "marked this merge request as **draft**"),
            note(day(3), "marked this merge request as **ready**"),
        ],
    )
    assert steps(item, "status") == [
        ("status", "draft", "opened"), ("status", "opened", "draft"), ("status", "draft", "opened"),
        ("status", "opened", "merged"),
    ]  # fmt: skip
    assert item.changes[-1].author == "wanda-miro"


def test_one_that_is_closed_and_opened_again_is_the_draft_that_it_was() -> None:
    item = read(
        merge_request(7, draft=True),
        state_events=[happened(day(1), state="closed"), happened(day(2), state="reopened")],
    )
    assert (item.status, item.category) == ("draft", "doing")
    assert steps(item, "status") == [("status", "draft", "closed"), ("status", "closed", "draft")]


def test_reviews_are_told_with_who_was_asked_and_who_answered() -> None:
    item = read(
        merge_request(7),
        notes=[
            note(day(1), "requested review from @wanda-miro and @victor.sol"),
            note(day(2), "removed review request for @victor.sol"),
            note(day(3), "requested changes", who="wanda-miro"),
            note(day(4), "approved this merge request", who="wanda-miro"),
            note(day(5), "unapproved this merge request", who="wanda-miro"),
            note(day(6), "approved this merge request", is_system=False),
            note(day(7), "assigned to @xavier-lund"),
        ],
    )
    assert steps(item, "reviewer", "review", "assignee") == [
        ("reviewer", "", "wanda-miro"), ("reviewer", "", "victor.sol"), ("reviewer", "victor.sol", ""),
        ("review", "", "changes requested"), ("review", "", "approved"), ("review", "approved", ""),
        ("assignee", "", "xavier-lund"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "record",
    [{}, {"id": 1, "references": None}, {"id": 1, "references": {"full": "a!1"}, "created_at": "soon"}],
)
def test_what_is_no_merge_request_is_none(record: dict[str, Any]) -> None:
    assert item_of(record) is None


def _session(world: GitLab) -> Any:
    return TRACKERS["gitlab"].open(
        {"address": world.fake.address, "token": TOKEN}, Reach(private=["127.0.0.1"], seconds=10)
    )


def test_issues_and_merge_requests_of_one_number_stay_apart() -> None:
    world = GitLab()
    world.add(issue(1))
    world.add(merge_request(1), notes=[note(day(1), "approved this merge request")])
    with serving(world.fake):
        pages = list(_session(world).items("", ["red/boat"], {}))
        there = set(_session(world).present(["red/boat"]))
        world.change(
            1, "resource_state_events", happened(day(9), state="merged"), "red/boat!", state="merged"
        )
        later = list(_session(world).items(pages[-1].cursor, ["red/boat"], {}))
    found = {item.external_id: item for page in pages for item in page.items}
    assert set(found) == there == {"9000001", "merge-request-9000001"}
    assert {item.project for item in found.values()} == {"red/boat"}
    assert [(item.key, item.status) for page in later for item in page.items if item.status == "merged"] == [
        ("red/boat!1", "merged")
    ]


@pytest.mark.parametrize("status", [403, 404])
def test_a_project_without_merge_requests_has_its_issues_read(status: int) -> None:
    world = GitLab()
    world.add(issue(1))
    plain = world.answer
    world.fake.answer = lambda asked: (status, {}, {}) if "merge_requests" in asked.path else plain(asked)
    with serving(world.fake):
        assert [item.key for page in _session(world).items("", ["red/boat"], {}) for item in page.items] == [
            "red/boat#1"
        ]
        assert list(_session(world).present(["red/boat"])) == ["9000001"]
