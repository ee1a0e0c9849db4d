"""The pages of a source whose work items are read: chosen, mapped, followed, read again."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.test import Client

from benchmarks import fake_jira
from benchmarks.fake_jira import FakeJira, serving
from tests import world
from tests.connectors.systems import TOKEN
from tests.connectors.trackers import Work, a_jira
from vertebra.accounts.models import User
from vertebra.connectors.asking import Asker
from vertebra.sources import connections
from vertebra.sources.labels import SyncState
from vertebra.sources.models import Connection, Source, SyncRun

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def near(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PRIVATE_HOSTS = ["127.0.0.1"]
    monkeypatch.setattr(Asker.__init__, "__kwdefaults__", {"pause": lambda _wait: None, "now": lambda: 0.0})


@pytest.fixture
def anna() -> User:
    return world.ada()


@pytest.fixture
def browser(client: Client, anna: User) -> Client:
    User.objects.filter(pk=anna.pk).update(language="en")
    client.force_login(User.objects.get(pk=anna.pk))
    return client


@pytest.fixture
def jira() -> FakeJira:
    return a_jira([Work(1), Work(2)])


@pytest.fixture
def address(jira: FakeJira) -> Iterator[str]:
    with serving(jira) as address:
        yield address


@pytest.fixture
def source(anna: User, address: str) -> Source:
    values = {"address": address, "email": fake_jira.EMAIL, "token": TOKEN}
    connections.connect_system(actor=anna, name="Tracker", kind="jira", values=values, now=NOW)
    made = Source.objects.get()
    connections.choose_what_is_taken(
        actor=anna, source=made, chosen=["RED"], every_hours=6, now=NOW, takes=["work"]
    )
    return made


def _page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_work_items_are_chosen_and_mapped(browser: Client, address: str) -> None:
    values = {"name": "Tracker", "address": address, "email": fake_jira.EMAIL, "token": TOKEN}
    browser.post("/imports/connect/jira/", values)
    source = Source.objects.get()
    assert "Work items with their history" in _page(browser, f"/imports/systems/{source.pk}/choice/")
    chosen = {"takes": ["work"], "listed": ["RED"], "named": "", "every_hours": 1}
    browser.post(f"/imports/systems/{source.pk}/choice/", chosen)
    held = Connection.objects.get()
    assert (held.takes_work, held.takes_releases, held.chosen) == (True, False, ["RED"])
    assert "T-shirt (customfield_10090)" in _page(browser, f"/imports/systems/{source.pk}/fields/")
    mapped = {"points": fake_jira.SIZED, "sprint": "", "epic": "", "kept": [fake_jira.SIZED]}
    browser.post(f"/imports/systems/{source.pk}/fields/", mapped)
    assert Connection.objects.get().mapping == {"points": fake_jira.SIZED, "T-shirt": fake_jira.SIZED}


def test_reading_from_the_beginning_is_one_button(browser: Client, source: Source) -> None:
    Connection.objects.update(work_cursor="2026-01-05T09:00:00+00:00", listed_at=NOW)
    browser.post(f"/imports/systems/{source.pk}/again/")
    held = Connection.objects.get()
    assert (held.work_cursor, held.listed_at) == ("", None)


def test_the_page_of_a_source_says_how_far_its_first_reading_is(browser: Client, source: Source) -> None:
    flaw = {
        "code": "item_without",
        "file": "h",
        "line": 0,
        "particulars": {"what": "created", "key": "RED-4"},
    }
    SyncRun.objects.create(
        source=source, started_at=NOW, state=SyncState.GOING, read_count=12_000, total_count=48_000, flaws=[flaw]
    )  # fmt: skip
    shown = _page(browser, f"/imports/sources/{source.pk}/")
    assert "12,000 of 48,000" in shown
    assert "goes on" in shown
    assert "The work item RED-4 has no date of creation" in shown
    assert "Read from the beginning" in shown


def test_fields_are_asked_of_trackers_only_and_silence_is_said(
    browser: Client, source: Source, jira: FakeJira
) -> None:
    jira.token = "another"
    shown = _page(browser, f"/imports/systems/{source.pk}/fields/")
    assert "It does not say which fields it has." in shown
    Connection.objects.update(takes_work=False)
    assert browser.get(f"/imports/systems/{source.pk}/fields/").status_code == 404
