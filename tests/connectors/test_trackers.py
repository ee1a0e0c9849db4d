"""Every tracker keeps one contract: order, whole histories, resuming, refusals, patience, silence on people and texts."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from tests.connectors.systems import TOKEN, Fake, Reply, serving
from tests.connectors.trackers import CHOSEN, FAKES, PERSON, SECRET, VALUES, Work, opened
from vertebra.connectors.contract import WorkPage
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.systems import CONNECTORS, TRACKERS, settings_of
from vertebra.connectors.trail import Item
from vertebra.connectors.web_json import Reach

COUNT = 240
WORK = [Work(number, steps=number % 7 + 1) for number in range(1, COUNT + 1)]
# These are asked for each piece of work by itself: a few show as much.
FEW = {"github": 60, "gitlab": 40}


def _work(code: str) -> list[Work]:
    return WORK[: FEW.get(code, COUNT)]


@pytest.fixture(params=sorted(TRACKERS))
def code(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def full(code: str) -> Iterator[Fake]:
    with serving(FAKES[code](_work(code))) as fake:
        yield fake


def _pages(code: str, fake: Fake, since: str = "") -> list[WorkPage]:
    session = opened(code, fake)
    try:
        return list(session.items(since, CHOSEN[code], {}))
    finally:
        session.close()


def _items(pages: list[WorkPage]) -> list[Item]:
    return [item for page in pages for item in page.items]


def test_a_tracker_asks_for_what_the_connector_of_its_system_asks_for(code: str) -> None:
    assert TRACKERS[code].code == code
    assert TRACKERS[code].settings == settings_of(code)
    assert code not in CONNECTORS or CONNECTORS[code].settings == TRACKERS[code].settings
    assert [one.code for one in settings_of(code) if one.kind == "secret"] == ["token"]


def test_everything_is_given_whole_and_oldest_change_first(code: str, full: Fake) -> None:
    pages = _pages(code, full)
    items = _items(pages)
    assert len({one.external_id for one in items}) == len(_work(code))
    assert [one.updated_at for one in items] == sorted(one.updated_at for one in items)
    assert len([page for page in pages if page.items]) > 1
    steps = {one.key.rpartition("-")[2].rpartition("#")[2]: one for one in items}
    for work in _work(code):
        changes = [one for one in steps[str(work.number)].changes if one.field in {"status", "state"}]
        assert len(changes) == work.steps, work


def test_work_is_of_a_project_that_was_chosen_and_has_a_category(code: str, full: Fake) -> None:
    items = _items(_pages(code, full))
    assert {one.project for one in items} <= set(CHOSEN[code])
    assert {one.category for one in items} <= {"todo", "doing", "done"}


def test_reading_goes_on_after_any_page_and_loses_nothing(code: str, full: Fake) -> None:
    pages = _pages(code, full)
    for place, page in enumerate(pages):
        rest = {one.external_id for one in _items(pages[place + 1 :])}
        assert rest <= {one.external_id for one in _items(_pages(code, full, page.cursor))}


def test_at_the_end_hardly_anything_is_read_again(code: str, full: Fake) -> None:
    pages = _pages(code, full)
    assert len(pages[-1].cursor) <= 500
    assert len(_items(_pages(code, full, pages[-1].cursor))) < len(_work(code)) / 4


def test_the_same_read_twice_gives_the_same_items(code: str, full: Fake) -> None:
    once, twice = (sorted(_items(_pages(code, full)), key=lambda one: one.external_id) for _time in range(2))
    assert once == twice


def test_nothing_there_is_no_item_and_no_fault(code: str) -> None:
    with serving(FAKES[code]([])) as fake:
        assert _items(_pages(code, fake)) == []


def test_what_is_there_is_listed(code: str, full: Fake) -> None:
    session = opened(code, full)
    assert set(session.present(CHOSEN[code])) == {one.external_id for one in _items(_pages(code, full))}


def test_people_are_told_by_their_ids_and_texts_not_at_all(code: str, full: Fake) -> None:
    items = _items(_pages(code, full))
    assert PERSON not in repr(items)
    assert SECRET not in repr(items)
    assert any(one.comments for one in items)
    assert all(change.author for item in items for change in item.changes)


def test_a_refused_token_is_permanent_and_never_told(code: str) -> None:
    refused: Reply = (401, {}, {"errors": [{"extensions": {"code": "AUTHENTICATION_ERROR"}}]})
    with serving(Fake(lambda _asked: refused)) as fake, pytest.raises(Trouble) as raised:
        _pages(code, fake)
    assert (raised.value.fault, raised.value.is_permanent) == (Fault.NOT_ALLOWED, True)
    assert TOKEN not in repr(raised.value) + repr(raised.value.particulars)
    assert len(fake.asked) == 1


def test_a_token_taken_back_in_the_middle_ends_after_what_was_given(code: str, full: Fake) -> None:
    session = opened(code, full)
    pages = session.items("", CHOSEN[code], {})
    assert next(pages).items
    full.answer = lambda _asked: (401, {}, {"errors": [{"extensions": {"code": "AUTHENTICATION_ERROR"}}]})
    with pytest.raises(Trouble) as raised:
        list(pages)
    assert raised.value.is_permanent


def test_it_says_whom_the_token_opens_for_and_what_there_is(code: str, full: Fake) -> None:
    session = opened(code, full)
    assert session.check()
    assert {one.code for one in session.choices()} >= set(CHOSEN[code])
    assert isinstance(session.fields(), list)


def test_it_waits_as_long_as_it_is_asked_to_and_not_an_hour(code: str, full: Fake) -> None:
    full.first = [(429, {"Retry-After": "7"}, {}), (503, {}, {})]
    session = opened(code, full)
    session.check()
    assert session.waits == [7.0, 2]  # type: ignore[attr-defined]
    full.first = [(429, {"Retry-After": "3600"}, {})]
    with pytest.raises(Trouble) as raised:
        session.check()
    assert (raised.value.fault, raised.value.is_permanent) == (Fault.THROTTLED, False)


@pytest.mark.parametrize(
    "answer",
    [b"<html>", b"", b"3", b"[]", b"{}", b'{"issues": [{"id": "1"', b'{"values": 1, "data": 1, "issues": 1}'],
)
def test_a_strange_answer_is_a_fault_and_no_crash(code: str, answer: bytes) -> None:
    with serving(Fake(lambda _asked: (200, {}, answer))) as fake:
        try:
            pages = _pages(code, fake)
        except Trouble as trouble:
            assert trouble.fault in {Fault.NOT_JSON, Fault.ANSWER_STRANGE}
        else:
            assert _items(pages) == []


@pytest.mark.parametrize("address", ["http://example.org", "ftp://example.org", "https://u:p@example.org"])
def test_a_token_only_goes_to_an_address_that_is_closed(code: str, address: str) -> None:
    values: dict[str, Any] = {"address": address, "token": TOKEN, **VALUES.get(code, {})}
    with pytest.raises(Trouble) as raised:
        TRACKERS[code].open(values, Reach())
    assert raised.value.fault in {Fault.ADDRESS_OPEN, Fault.ADDRESS_INVALID}


def test_what_changes_while_it_is_read_is_given_in_the_end(code: str) -> None:
    later = [*_work(code)[1:], Work(1, steps=COUNT + 9)]
    with serving(FAKES[code](_work(code))) as fake:
        session = opened(code, fake)
        pages = session.items("", CHOSEN[code], {})
        given = [next(pages)]
        fake.answer = FAKES[code](later).answer
        given += list(pages)
        given += list(session.items(given[-1].cursor, CHOSEN[code], {}))
    latest = {one.external_id: one for one in _items(given)}
    assert len(latest) == len(later)
    assert max(one.updated_at for one in latest.values()) >= later[-1].at(COUNT + 8) - dt.timedelta(seconds=1)
