"""A system that is connected, tried, chosen from, read by itself, paused when nothing helps, and removed."""

import contextlib
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from tests import world
from tests.connectors import systems
from tests.connectors.systems import TOKEN, Fake, serving
from tests.waiting import needs_of
from vertebra.accounts.models import AuditEntry, Message, User
from vertebra.connectors.asking import Asker
from vertebra.connectors.release_notes import ReleaseRecord
from vertebra.kit import clock
from vertebra.sources import actions, connections, opening
from vertebra.sources.commands import run_sync
from vertebra.sources.home import part
from vertebra.sources.labels import SyncState
from vertebra.sources.models import Connection, Secret, Source, SyncRun
from vertebra.sources.target import Takers

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


class Shelf:
    """Takes releases as their module does: the same twice changes nothing."""

    def __init__(self) -> None:
        self.held: dict[str, ReleaseRecord] = {}
        self.order: list[str] = []
        self.breaks_after = 10_000

    def __call__(
        self, actor: User | None, source: Source, records: Sequence[ReleaseRecord], now: dt.datetime
    ) -> Mapping[str, int]:
        if len(self.order) >= self.breaks_after:
            raise RuntimeError("the disk is full")
        counts = {"created": 0, "changed": 0, "unchanged": 0}
        for one in records:
            known = self.held.get(one.external_id)
            counts["created" if known is None else "unchanged" if known == one else "changed"] += 1
            self.held[one.external_id] = one
            self.order.append(one.external_id)
        return counts


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture(autouse=True)
def near(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PRIVATE_HOSTS = ["127.0.0.1"]
    monkeypatch.setattr(Asker.__init__, "__kwdefaults__", {"pause": lambda _wait: None, "now": lambda: 0.0})
    monkeypatch.setattr(connections, "time", SimpleNamespace(monotonic=lambda: 0.0))


@pytest.fixture
def anna() -> User:
    return world.ada()


@pytest.fixture
def jira() -> Iterator[Fake]:
    with serving(
        systems.jira({"RED": [systems.version(number) for number in range(1, 121)], "BLUE": []})
    ) as fake:
        yield fake


def _connect(actor: User, fake: Fake, *chosen: str, kind: str = "jira") -> Source:
    values = {"address": fake.address, "email": "reader@example.org", "token": TOKEN}
    connections.connect_system(actor=actor, name="Tracker", kind=kind, values=values, now=NOW)
    source = Source.objects.get(name="Tracker")
    if chosen:
        connections.choose_what_is_taken(actor=actor, source=source, chosen=chosen, every_hours=6, now=NOW)
    return source


def test_a_token_is_sealed_and_stands_in_no_entry_of_the_audit(anna: User, jira: Fake) -> None:
    _connect(anna, jira, "RED")
    kept = bytes(Secret.objects.get().ciphertext).decode()
    assert kept.startswith("sealed:")
    assert TOKEN not in kept
    assert TOKEN not in str(list(AuditEntry.objects.values()))
    assert TOKEN not in str(list(Connection.objects.values()))


def test_everything_is_read_once_and_reading_again_changes_nothing(
    anna: User, jira: Fake, shelf: Shelf
) -> None:
    source = _connect(anna, jira, "RED", "BLUE")
    first = connections.read_source(actor=None, source=source, take=shelf, now=NOW)
    assert (first.state, first.read_count, first.created_count, first.words) == (SyncState.DONE, 120, 120, "")
    later = connections.read_source(actor=None, source=source, take=shelf, now=NOW + dt.timedelta(hours=6))
    assert (later.state, later.read_count, later.created_count, later.changed_count) == (
        SyncState.DONE,
        120,
        0,
        0,
    )
    assert len(shelf.held) == 120
    assert Connection.objects.get().next_run_at == NOW + dt.timedelta(hours=12)


def test_what_was_cut_off_goes_on_where_it_was(anna: User, jira: Fake, shelf: Shelf) -> None:
    source = _connect(anna, jira, "RED")
    shelf.breaks_after = 50
    broken = connections.read_source(actor=None, source=source, take=shelf, now=NOW)
    assert (broken.state, broken.read_count, broken.created_count) == (SyncState.FAILED, 50, 50)
    assert Connection.objects.get().paused_at is None
    shelf.breaks_after = 10_000
    connections.read_source(actor=None, source=source, take=shelf, now=NOW + dt.timedelta(minutes=15))
    assert shelf.order == [str(number) for number in range(1, 121)]


def test_only_what_changed_is_asked_of_a_system_that_can_say_it(anna: User, shelf: Shelf) -> None:
    with serving(systems.linear([systems.project(number) for number in range(1, 61)])) as fake:
        source = _connect(anna, fake, "RED", kind="linear")
        connections.read_source(actor=None, source=source, take=shelf, now=NOW)
        again = connections.read_source(
            actor=None, source=source, take=shelf, now=NOW + dt.timedelta(hours=6)
        )
    assert (len(shelf.order), again.read_count) == (60, 0)


def test_a_refused_token_switches_the_source_off_and_tells_whoever_connected_it(
    anna: User, jira: Fake, shelf: Shelf
) -> None:
    source = _connect(anna, jira, "RED")
    jira.first = [(401, {}, {})]
    run = connections.read_source(actor=None, source=source, take=shelf, now=NOW)
    connection = Connection.objects.get()
    assert (run.state, connection.paused_at, connection.next_run_at) == (SyncState.FAILED, NOW, None)
    assert "refuses to answer (401)" in connection.words
    assert Message.objects.filter(to_user=anna, template="source_paused").count() == 1
    assert connections.read_due(take=shelf, now=NOW + dt.timedelta(days=9)) == {"read": 0, "failed": 0}


def test_a_system_that_is_down_is_tried_again_later_and_later(anna: User, shelf: Shelf) -> None:
    with serving(Fake(lambda _asked: (503, {}, {}))) as fake:
        source = _connect(anna, fake, "RED")
        waits, now = [], NOW
        for _time in range(4):
            connections.read_source(actor=None, source=source, take=shelf, now=now)
            due_at = Connection.objects.get().next_run_at
            assert due_at is not None
            waits.append(int((due_at - now).total_seconds() // 60))
            now = due_at
    assert waits == [15, 60, 240, 360]
    assert Message.objects.count() == 0


def test_a_system_that_asks_for_an_hour_gets_it(anna: User, shelf: Shelf) -> None:
    with serving(Fake(lambda _asked: (429, {"Retry-After": "7200"}, {}))) as fake:
        source = _connect(anna, fake, "RED")
        connections.read_source(actor=None, source=source, take=shelf, now=NOW)
    assert Connection.objects.get().next_run_at == NOW + dt.timedelta(hours=2)


def test_two_workers_read_one_system_once(anna: User, jira: Fake, shelf: Shelf) -> None:
    source = _connect(anna, jira, "RED")
    Connection.objects.update(busy_until=NOW + dt.timedelta(minutes=30))
    with pytest.raises(connections.AtWork):
        connections.read_source(actor=None, source=source, take=shelf, now=NOW)
    assert list(connections.due(NOW)) == []
    assert connections.read_due(take=shelf, now=NOW + dt.timedelta(hours=1)) == {"read": 1, "failed": 0}


def test_a_reading_that_died_is_said_to_have_failed(anna: User, jira: Fake, shelf: Shelf) -> None:
    source = _connect(anna, jira, "RED")
    SyncRun.objects.create(source=source, started_at=NOW - dt.timedelta(hours=2))
    connections.read_source(actor=None, source=source, take=shelf, now=NOW)
    assert [run.state for run in SyncRun.objects.all()] == [SyncState.DONE, SyncState.FAILED]


def test_choosing_again_reads_from_the_beginning(anna: User, jira: Fake, shelf: Shelf) -> None:
    source = _connect(anna, jira, "RED")
    Connection.objects.update(cursor="RED@50")
    connections.choose_what_is_taken(
        actor=anna, source=source, chosen=["BLUE", "RED"], every_hours=1, now=NOW
    )
    assert Connection.objects.get().cursor == ""
    with pytest.raises(connections.NothingChosen):
        connections.choose_what_is_taken(actor=anna, source=source, chosen=[" "], every_hours=1, now=NOW)


def test_what_is_chosen_while_it_is_read_is_read_next_from_the_beginning(
    anna: User, jira: Fake, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, opened = _connect(anna, jira, "RED"), opening.opened

    @contextlib.contextmanager
    def chosen_anew(source: Source) -> Iterator[Any]:
        with opened(source) as session:
            pages = session.read

            def read(*given: Any) -> Iterator[Any]:
                for number, page in enumerate(pages(*given)):
                    if number == 1:
                        connections.choose_what_is_taken(
                            actor=anna, source=source, chosen=["BLUE"], every_hours=6, now=NOW
                        )
                    yield page

            monkeypatch.setattr(session, "read", read)
            yield session

    monkeypatch.setattr(connections, "opened", chosen_anew)
    connections.read_source(actor=None, source=source, take=shelf, now=NOW)
    held = Connection.objects.get()
    assert (len(shelf.order), held.cursor, held.chosen) == (50, "", ["BLUE"])
    assert held.next_run_at is not None and held.next_run_at < NOW + dt.timedelta(minutes=10)


def test_a_run_says_when_it_ended_and_the_next_when_it_began(
    anna: User, jira: Fake, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    _connect(anna, jira, "RED")
    values = {"address": jira.address, "email": "reader@example.org", "token": TOKEN}
    connections.connect_system(actor=anna, name="Other", kind="jira", values=values, now=NOW)
    other = Source.objects.get(name="Other")
    connections.choose_what_is_taken(
        actor=anna, source=other, chosen=["RED"], every_hours=6, now=NOW - dt.timedelta(hours=1)
    )
    passed = [0.0]
    monkeypatch.setattr(connections, "time", SimpleNamespace(monotonic=lambda: passed[0]))

    def slow(*given: Any) -> Mapping[str, int]:
        passed[0] += 600
        return shelf(*given)

    assert connections.read_due(take=slow, now=NOW) == {"read": 2, "failed": 0}
    runs = [(run.started_at, run.ended_at) for run in SyncRun.objects.order_by("pk")]
    half = NOW + dt.timedelta(minutes=30)
    assert runs == [(NOW, half), (half, NOW + dt.timedelta(hours=1))]


@pytest.mark.parametrize("address", ["http://jira.example.org", "boats", "https://me:secret@example.org"])
def test_an_address_that_would_give_the_token_away_is_refused(anna: User, address: str) -> None:
    with pytest.raises(connections.CannotOpen):
        connections.connect_system(
            actor=anna, name="T", kind="jira", values={"address": address, "token": TOKEN}, now=NOW
        )
    assert not Source.objects.exists()


def test_a_source_goes_with_everything_that_opens_it(anna: User, jira: Fake, shelf: Shelf) -> None:
    source = _connect(anna, jira, "RED")
    connections.read_source(actor=None, source=source, take=shelf, now=NOW)
    actions.erase_source(actor=anna, source=source, typed="Tracker", targets=[], now=NOW)
    assert not (Source.objects.exists() or Secret.objects.exists() or SyncRun.objects.exists())


def test_the_terminal_says_what_came_and_which_systems_there_are(
    anna: User, jira: Fake, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vertebra.sources.commands.takers", lambda _targets: Takers(shelf))
    _connect(anna, jira, "RED")
    code, facts, words = run_sync(source="Tracker", targets={})
    assert (code, facts["created"], words) == (0, 120, "Tracker: 120 read, 120 new, 0 changed.")
    assert run_sync(source="Trucker", targets={})[0] == 2
    assert "Tracker" in run_sync(source="Trucker", targets={})[2]


class TestPages:
    """The pages, as somebody without JavaScript walks them."""

    @pytest.fixture
    def browser(self, client: Client, anna: User) -> Client:
        User.objects.filter(pk=anna.pk).update(language="en")
        client.force_login(User.objects.get(pk=anna.pk))
        return client

    def _page(self, client: Client, address: str) -> str:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer.content.decode()

    def test_a_system_is_connected_chosen_from_tried_and_paused(self, browser: Client, jira: Fake) -> None:
        assert "Jira" in self._page(browser, "/imports/connect/")
        values = {"name": "Tracker", "address": jira.address, "email": "reader@example.org", "token": TOKEN}
        answer = browser.post("/imports/connect/jira/", values)
        source = Source.objects.get()
        assert answer.headers["Location"] == f"/imports/systems/{source.pk}/choice/"
        choice = self._page(browser, answer.headers["Location"])
        assert "Project RED (RED)" in choice
        assert TOKEN not in choice
        browser.post(
            f"/imports/systems/{source.pk}/choice/",
            {"takes": ["releases"], "listed": ["RED"], "named": "", "every_hours": 24},
        )
        assert Connection.objects.get().chosen == ["RED"]
        browser.post(f"/imports/systems/{source.pk}/test/")
        shown = self._page(browser, f"/imports/sources/{source.pk}/")
        assert "knows us as “Reader”" in shown
        assert TOKEN not in shown
        browser.post(f"/imports/systems/{source.pk}/pause/")
        assert "Start again" in self._page(browser, f"/imports/sources/{source.pk}/")
        browser.post(f"/imports/systems/{source.pk}/reading/")
        assert Connection.objects.get().paused_at is None

    def test_what_is_wrong_is_said_where_it_can_be_mended(
        self, browser: Client, anna: User, jira: Fake
    ) -> None:
        answer = browser.post(
            "/imports/connect/jira/", {"name": "T", "address": "http://a.org", "token": TOKEN}
        )
        assert answer.status_code == 422
        assert "is not encrypted" in answer.content.decode()
        assert TOKEN not in answer.content.decode()
        source = _connect(anna, jira, "RED", "GONE")
        jira.answer = lambda _asked: (401, {}, {})
        browser.post(f"/imports/systems/{source.pk}/test/")
        assert "refuses to answer (401)" in self._page(browser, f"/imports/sources/{source.pk}/")
        choice = self._page(browser, f"/imports/systems/{source.pk}/choice/")
        assert "It does not say what there is." in choice
        assert "GONE" in choice

    def test_the_page_of_a_source_that_failed_says_why(
        self, browser: Client, anna: User, jira: Fake, shelf: Shelf
    ) -> None:
        source = _connect(anna, jira, "RED")
        jira.first = [(404, {}, {})]
        connections.read_source(actor=None, source=source, take=shelf, now=clock.now())
        shown = self._page(browser, f"/imports/sources/{source.pk}/")
        assert "It is no longer read." in shown
        assert "There is nothing at this address" in shown
        assert "nothing at this address" in self._page(browser, "/imports/sources/")

    def test_home_says_what_is_switched_off_to_whoever_can_mend_it(
        self, browser: Client, anna: User, jira: Fake, shelf: Shelf
    ) -> None:
        source = _connect(anna, jira, "RED")
        assert needs_of([part(anna, NOW)]) == []
        jira.first = [(401, {}, {})]
        connections.read_source(actor=None, source=source, take=shelf, now=NOW)
        assert [(one.sentence, one.url) for one in needs_of([part(anna, NOW)])] == [
            ("Tracker is no longer read", f"/imports/sources/{source.pk}/")
        ]
        assert needs_of([part(world.lea(), NOW)]) == []

    def test_nobody_else_connects_and_files_are_no_system(self, client: Client, anna: User) -> None:
        client.force_login(world.ines())
        assert (
            client.get("/imports/connect/").status_code == 404
            or client.get("/imports/connect/").status_code == 403
        )
        source = Source.objects.create(name="HR", made_at=NOW)
        assert client.post(f"/imports/systems/{source.pk}/test/").status_code == 404
        assert client.get("/imports/connect/boat/").status_code in {403, 404}
