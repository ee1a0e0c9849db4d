"""Jira as a tracker: both its versions, long histories, lists that move, clocks, deletions, moves, fields of its own."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.fake_jira import EMAIL, POINTS, SIZED, SPRINT, FakeJira, serving, stamp
from tests.connectors.systems import TOKEN
from tests.connectors.trackers import BEGAN, Work, a_jira, jira_issue
from vertebra.connectors.contract import WorkPage
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.systems import TRACKERS
from vertebra.connectors.trackers.jira_search import OVERLAP, minute
from vertebra.connectors.trackers.jira_session import JiraWorkSession
from vertebra.connectors.trail import Item
from vertebra.connectors.web_json import Reach

WORK = [Work(number, steps=number % 5 + 1) for number in range(1, 251)]
ZONES = ["Europe/Paris", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "UTC"]


@pytest.fixture(params=[3, 2], ids=["cloud", "data-center"])
def jira(request: pytest.FixtureRequest) -> FakeJira:
    return a_jira(WORK, request.param)


def _session(jira: FakeJira, address: str, **reach: Any) -> JiraWorkSession:
    values = {"address": address, "token": TOKEN, "email": EMAIL if jira.version == 3 else ""}
    made = TRACKERS["jira"].open(values, Reach(private=["127.0.0.1"], **reach))
    assert isinstance(made, JiraWorkSession)
    made.asker.pause = lambda _seconds: None
    return made


def _read(
    jira: FakeJira, since: str = "", chosen: tuple[str, ...] = ("RED",), **mapping: str
) -> list[WorkPage]:
    with serving(jira) as address:
        return list(_session(jira, address).items(since, chosen, mapping))


def _items(pages: list[WorkPage]) -> Iterator[Item]:
    return (item for page in pages for item in page.items)


def _ids(pages: list[WorkPage]) -> set[str]:
    return {one.external_id for one in _items(pages)}


def test_both_versions_tell_the_same() -> None:
    cloud, server = (list(_items(_read(a_jira(WORK, version)))) for version in (3, 2))
    assert cloud == server
    assert len(cloud) == len(WORK)


def test_how_many_there_are_is_said_from_the_beginning(jira: FakeJira) -> None:
    assert {page.total for page in _read(jira)} == {len(WORK)}


def test_a_history_that_a_search_cuts_is_read_whole() -> None:
    jira = a_jira([Work(1, steps=350), *WORK[1:]])
    jira.told_changes = 2
    found = {one.key: one for one in _items(_read(jira))}
    assert [len(found[f"RED-{number}"].changes) for number in (1, 2, 3)] == [350, 3, 4]
    assert [one.at for one in found["RED-1"].changes] == sorted(one.at for one in found["RED-1"].changes)


def test_an_issue_deleted_while_its_history_is_read_costs_nothing_else() -> None:
    jira = a_jira([Work(1, steps=9), Work(2, steps=9)])
    jira.told_changes = 2

    def deleted(_count: int) -> None:
        if jira.paths[-1:] == ["/rest/api/3/search/jql"]:
            jira.issues.pop("10001", None)

    jira.meanwhile = deleted
    found = {one.key: len(one.changes) for one in _items(_read(jira))}
    assert found == {"RED-1": 2, "RED-2": 9}


def test_issues_that_change_while_they_are_read_hide_no_other(jira: FakeJira) -> None:
    jira.most = 20
    late = BEGAN + dt.timedelta(days=2)

    def work_goes_on(count: int) -> None:
        for number in range(1, 8):
            if (one := str(10_000 + count * 7 + number)) in jira.issues and count:
                jira.change(one, "status", "Done", "To do", late + dt.timedelta(minutes=count))

    jira.meanwhile = work_goes_on
    assert _ids(_read(jira)) == set(jira.issues)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("is_late", [False, True])
def test_what_changed_since_is_found_in_the_zone_of_the_account(
    jira: FakeJira, zone: str, is_late: bool
) -> None:
    jira.zone, jira.is_late = zone, is_late
    autumn = dt.datetime(2026, 10, 25, 0, 10, tzinfo=dt.UTC)
    jira.put(
        jira_issue(Work(1_000 + n), updated=stamp(autumn + dt.timedelta(minutes=20 * n))) for n in range(9)
    )
    whole = _read(jira)
    for n in range(9):
        since = (autumn + dt.timedelta(minutes=20 * n)).isoformat()
        assert {str(11_000 + later) for later in range(n, 9)} <= _ids(_read(jira, since))
    assert len(_ids(_read(jira, whole[-1].cursor))) < 20


@settings(deadline=None)
@given(
    st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2028, 1, 1)).map(lambda at: at.replace(tzinfo=dt.UTC)),
    st.sampled_from([*ZONES, "Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca"]),
)
def test_the_minute_that_is_named_is_never_after_the_moment(at: dt.datetime, zone: str) -> None:
    named = dt.datetime.strptime(minute(at, ZoneInfo(zone)), "%Y-%m-%d %H:%M")
    meant = [named.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(dt.UTC) for fold in (0, 1)]
    assert max(meant) <= at - OVERLAP + dt.timedelta(minutes=1)
    assert min(meant) > at - dt.timedelta(hours=6)


def test_an_account_without_a_zone_reads_a_day_more(jira: FakeJira) -> None:
    jira.zone = "UTC"
    assert minute(BEGAN, None) == "2026-01-04 06:55"


def test_a_change_from_the_future_hides_nothing_that_follows(jira: FakeJira) -> None:
    jira.put([jira_issue(Work(900), updated="2199-01-01T00:00:00.000+0000")])
    pages = _read(jira)
    assert pages[-1].cursor < "2199"


def test_what_is_deleted_is_listed_no_longer_and_what_is_moved_keeps_its_id(jira: FakeJira) -> None:
    jira.delete("10007")
    jira.put([jira_issue(Work(600, project="BLUE"))])
    jira.move("10008", "BLUE-8", BEGAN + dt.timedelta(days=1))
    with serving(jira) as address:
        session = _session(jira, address)
        there = set(session.present(["RED", "BLUE"]))
        moved = next(one for one in _items(list(session.items("", ["BLUE"], {}))) if one.key == "BLUE-8")
    assert there == set(jira.issues)
    assert (moved.external_id, moved.project) == ("10008", "BLUE")
    assert moved.changes[-1].field == "Key"


def test_sprints_are_told_apart_as_they_are_now(jira: FakeJira) -> None:
    jira.sprints = [
        {"id": number, "name": f"Sprint {number}", "state": "closed" if number < 60 else "active",
         "startDate": "2026-01-05T09:00:00.000Z", "originBoardId": 7}
        for number in range(1, 61)
    ]  # fmt: skip
    told = _read(jira)[-1].sprints
    assert (len(told), told[0].state, told[-1].state) == (60, "closed", "active")


def test_a_jira_without_boards_is_read_all_the_same(jira: FakeJira) -> None:
    with serving(jira) as address:
        session = _session(jira, address)
        jira._agile = lambda *_asked: (404, {}, {})  # type: ignore[method-assign]
        pages = list(session.items("", ["RED"], {}))
    assert len(_ids(pages)) == len(WORK)


def test_fields_play_their_parts_by_themselves_or_as_somebody_says(jira: FakeJira) -> None:
    sprint = {"id": 4, "name": "Sprint 4", "state": "active", "boardId": 7}
    own = {POINTS: 5.0, SPRINT: [sprint], SIZED: {"value": "XL"}}
    jira.put([jira_issue(Work(700, project="BLUE"), **own)])
    plain = next(_items(_read(jira, chosen=("BLUE",))))
    assert (plain.points, [one.name for one in plain.sprints], plain.fields) == (5.0, ["Sprint 4"], {})
    asked = next(_items(_read(jira, chosen=("BLUE",), points=SIZED, size=SIZED)))
    assert (asked.points, asked.fields) == (None, {"size": "XL"})
    with serving(jira) as address:
        assert [one.name for one in _session(jira, address).fields()] == [
            "Sprint", "Story point estimate", "T-shirt",
        ]  # fmt: skip


def test_too_much_at_once_is_asked_for_in_smaller_pieces(jira: FakeJira) -> None:
    with serving(jira) as address:
        session = _session(jira, address, bytes=40_000)
        assert _ids(list(session.items("", ["RED"], {}))) == set(jira.issues)


def test_a_project_that_is_gone_is_said_and_switches_off(jira: FakeJira) -> None:
    with pytest.raises(Trouble) as raised:
        _read(jira, chosen=("RED", "GONE"))
    assert (raised.value.fault, raised.value.is_permanent) == (Fault.CHOICE_REFUSED, True)


def test_a_name_of_a_project_adds_nothing_to_what_is_searched_for() -> None:
    jira = a_jira(WORK)
    asked: list[str] = []
    jira._matching = lambda jql: asked.append(jql) or []  # type: ignore[method-assign,func-returns-value]
    _read(jira, chosen=('RED") OR project in ("BLUE', "A\\"))
    assert asked[0].startswith('project in ("RED\\") OR project in (\\"BLUE", "A\\\\")')


@pytest.mark.parametrize(
    ("odd", "left_out"),
    [
        ({"id": "1", "key": "RED-900", "fields": None}, True),
        ({"id": "1", "key": "RED-900", "fields": {"updated": stamp(BEGAN)}}, True),
        ([1, 2], True),
        (None, True),
        ({"id": "1", "key": "RED-900", "fields": {"created": stamp(BEGAN), "updated": stamp(BEGAN), "labels": 3}}, False),
        ({"id": "1", "key": "RED-900", "fields": {"created": stamp(BEGAN), "summary": "\x00 \ud800"}}, False),
    ],
)  # fmt: skip
def test_an_odd_issue_costs_only_itself(jira: FakeJira, odd: Any, left_out: bool) -> None:
    search = jira._search

    def with_one_more(query: dict[str, str]) -> Any:
        status, told, body = search(query)
        more = b"" if body.endswith(b"[]}") else json.dumps(odd).encode() + b", "
        return status, told, body.replace(b'"issues": [', b'"issues": [' + more, 1)

    jira._search = with_one_more  # type: ignore[method-assign]
    with serving(jira) as address:
        session = _session(jira, address)
        found = {one.key for one in _items(list(session.items("", ["RED"], {})))}
    assert len(found - {"RED-900"}) == len(WORK)
    assert ("RED-900" not in found) == left_out
    assert bool(session.flaws) == (left_out or "labels" in repr(odd))
