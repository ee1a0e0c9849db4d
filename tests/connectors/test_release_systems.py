"""Every connector that reads releases keeps one contract: order, resuming, refusals, patience, silence on secrets."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.connectors import systems
from tests.connectors.systems import TOKEN, Fake, opened, serving
from vertebra.connectors.contract import Page, without
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.systems import CONNECTORS
from vertebra.connectors.web_json import Reach

COUNT = 120
CHOSEN = {"jira": ["RED", "BLUE"], "github": ["red/boat"], "linear": ["RED"]}


def _full(code: str) -> Fake:
    if code == "jira":
        return systems.jira(
            {
                "RED": [systems.version(number) for number in range(1, COUNT)],
                "BLUE": [systems.version(COUNT)],
            }
        )
    if code == "github":
        return systems.github({"red/boat": [systems.release(number) for number in range(1, COUNT + 1)]})
    return systems.linear([systems.project(number) for number in range(1, COUNT + 1)])


def _empty(code: str) -> Fake:
    made = {
        "jira": systems.jira({"RED": [], "BLUE": []}), "github": systems.github({"red/boat": []}),
        "linear": systems.linear([]),
    }  # fmt: skip
    return made[code]


@pytest.fixture(params=sorted(CONNECTORS))
def code(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def full(code: str) -> Iterator[Fake]:
    with serving(_full(code)) as fake:
        yield fake


def _pages(code: str, fake: Fake, since: str = "") -> list[Page]:
    session = opened(code, fake)
    try:
        return list(session.read(CONNECTORS[code].streams[0].code, since, CHOSEN[code]))
    finally:
        session.close()


def _ids(pages: list[Page]) -> list[str]:
    return [str(record["id"]) for page in pages for record in page.records]


def test_a_connector_declares_one_secret_and_what_it_gives(code: str) -> None:
    connector = CONNECTORS[code]
    assert connector.code == code
    assert [one.code for one in connector.settings if one.kind == "secret"] == ["token"]
    assert len({one.code for one in connector.settings}) == len(connector.settings)
    assert len({one.code for one in connector.streams}) == len(connector.streams) == 1


def test_everything_is_given_once_and_oldest_first(code: str, full: Fake) -> None:
    pages = _pages(code, full)
    ids = _ids(pages)
    numbers = [int(one.strip("p")) for one in ids]
    assert numbers == list(range(1, COUNT + 1))
    assert len(pages) > 1


def test_reading_goes_on_after_any_page_and_loses_nothing(code: str, full: Fake) -> None:
    pages = _pages(code, full)
    for place, page in enumerate(pages):
        assert _ids(_pages(code, full, page.cursor)) == _ids(pages[place + 1 :])


def test_the_same_read_twice_gives_the_same_records(code: str, full: Fake) -> None:
    connector = CONNECTORS[code]
    stream = connector.streams[0].code
    once, twice = (
        [connector.normalise(stream, record) for page in _pages(code, full) for record in page.records]
        for _time in range(2)
    )
    assert once == twice
    assert len({one.external_id for one in once if one}) == COUNT


def test_nothing_there_is_no_page_and_no_fault(code: str) -> None:
    with serving(_empty(code)) as fake:
        assert _pages(code, fake) == []


def test_a_refused_token_is_permanent_and_never_told(code: str) -> None:
    refused: systems.Reply = (401, {}, {"errors": [{"extensions": {"code": "AUTHENTICATION_ERROR"}}]})
    fake = Fake(lambda _asked: refused)
    with serving(fake), pytest.raises(Trouble) as raised:
        opened(code, fake).check()
    assert raised.value.fault == Fault.NOT_ALLOWED
    assert raised.value.is_permanent
    assert TOKEN not in repr(raised.value) + repr(raised.value.particulars)
    assert len(fake.asked) == 1


def test_it_says_whom_the_token_opens_for_and_what_there_is_to_choose(code: str, full: Fake) -> None:
    session = opened(code, full)
    assert session.check() in {"Reader", "reader", "Boats"}
    assert {one.code for one in session.choices()} >= set(CHOSEN[code])


def test_it_waits_as_long_as_it_is_asked_to(code: str, full: Fake) -> None:
    full.first = [(429, {"Retry-After": "7"}, {}), (503, {}, {})]
    session = opened(code, full)
    session.check()
    assert session.waits == [7.0, 2]  # type: ignore[attr-defined]


def test_it_does_not_sit_through_an_hour(code: str, full: Fake) -> None:
    full.first = [(429, {"Retry-After": "3600"}, {})]
    session = opened(code, full)
    with pytest.raises(Trouble) as raised:
        session.check()
    assert (raised.value.fault, raised.value.particulars["seconds"]) == (Fault.THROTTLED, 3600)
    assert not raised.value.is_permanent
    assert session.waits == []  # type: ignore[attr-defined]


def test_a_system_that_stays_broken_is_left_alone_after_four_times(code: str) -> None:
    fake = Fake(lambda _asked: (500, {}, {}))
    with serving(fake):
        session = opened(code, fake)
        with pytest.raises(Trouble) as raised:
            session.check()
    assert (raised.value.fault, raised.value.is_permanent) == (Fault.BAD_STATUS, False)
    assert (len(fake.asked), session.waits) == (4, [1, 2, 4])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        ((307, {"Location": "http://10.0.0.1/"}, {}), Fault.ADDRESS_PRIVATE),
        ((307, {"Location": "http://[::ffff:169.254.169.254]/latest/"}, {}), Fault.ADDRESS_PRIVATE),
        ((302, {"Location": "http://10.0.0.1/"}, {}), Fault.MOVED),
        ((404, {}, {}), Fault.NOT_THERE),
        ((418, {}, {}), Fault.BAD_STATUS),
    ],
)
def test_what_patience_does_not_mend_is_said_at_once(code: str, reply: Any, fault: Fault) -> None:
    fake = Fake(lambda _asked: reply)
    with serving(fake), pytest.raises(Trouble) as raised:
        opened(code, fake).check()
    assert raised.value.fault == fault
    assert len(fake.asked) == 1


@pytest.mark.parametrize(
    "answer", [b"<html>", b"", b"3", b"[]", b"{}", b'{"values": 1, "data": 1, "issues": 1}']
)
def test_a_strange_answer_is_a_fault_and_no_crash(code: str, answer: bytes) -> None:
    fake = Fake(lambda _asked: (200, {}, answer))
    with serving(fake):
        try:
            pages = _pages(code, fake)
        except Trouble as trouble:
            assert trouble.fault in {Fault.NOT_JSON, Fault.ANSWER_STRANGE}
        else:
            assert (code, answer, pages) == ("github", b"[]", [])


@pytest.mark.parametrize(
    "address", ["http://example.org", "ftp://example.org", "https://u:p@example.org", "boats"]
)
def test_a_token_only_goes_to_an_address_that_is_one_and_closed(code: str, address: str) -> None:
    with pytest.raises(Trouble) as raised:
        CONNECTORS[code].open({"address": address, "token": TOKEN}, Reach())
    assert raised.value.fault in {Fault.ADDRESS_OPEN, Fault.ADDRESS_INVALID}


def test_what_is_private_is_gone_before_anybody_sees_it(code: str, full: Fake) -> None:
    assert "somebody" not in json.dumps(
        [dict(record) for page in _pages(code, full) for record in page.records]
    )


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"id": None, "name": None},
        {"id": 7, "name": "v", "tag_name": "v", "status": None, "teams": None, "issues": None, "body": None},
        {"id": "7", "name": "v" * 999, "tag_name": "v" * 999, "releaseDate": "soon", "published_at": "soon"},
        {
            "id": "7",
            "name": "v",
            "tag_name": "v",
            "html_url": "javascript:alert(1)",
            "url": "javascript:alert(1)",
        },
        {"id": "7", "name": "v", "tag_name": "v", "body": "\x00" + "a" * 300_000, "content": "a" * 300_000},
    ],
)
def test_normalising_is_pure_and_takes_anything(code: str, record: dict[str, Any]) -> None:
    connector, given = CONNECTORS[code], copy.deepcopy(record)
    made = connector.normalise(connector.streams[0].code, record)
    assert record == given
    assert made == connector.normalise(connector.streams[0].code, record)
    if made is not None:
        assert (made.external_id, len(made.name) <= 60, len(made.body) <= 100_000) == ("7", True, True)
        assert "javascript" not in made.url


def test_paths_are_removed_through_lists_and_objects() -> None:
    record = {"a": {"b": 1, "c": 2}, "d": [{"b": 1}, {"c": 2}, 3], "e": 4}
    assert without(record, ["a.b", "d.b", "e", "x.y", "e.f"]) == {"a": {"c": 2}, "d": [{}, {"c": 2}, 3]}
