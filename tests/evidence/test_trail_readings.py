"""Work items of a connected tracker: kept once, followed when they change, gone when they are, nothing lost on the way."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from benchmarks.fake_jira import FakeJira, serving
from tests import world
from tests.evidence.reading_world import NOW, PEOPLE, connect, read, tracker
from tests.evidence.trail_world import bring, current, issue, name, rows, write
from tests.waiting import needs_of
from vertebra.accounts.models import AuditEntry, Message, User
from vertebra.connectors.asking import Asker
from vertebra.evidence.importing.target import TARGETS, TRAIL
from vertebra.evidence.models import TrailVersion
from vertebra.evidence.trail import places
from vertebra.releases.importing.jobs import sync_due_sources, sync_source
from vertebra.sources import actions, connections, work
from vertebra.sources.home import part
from vertebra.sources.labels import SyncState
from vertebra.sources.models import Connection, ImportRun, Source, SyncRun

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
LATER = dt.datetime(2025, 12, 1, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def near(settings: LazySettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings.DATA, settings.PRIVATE_HOSTS, settings.NOW = tmp_path, ["127.0.0.1"], NOW
    monkeypatch.setattr(Asker.__init__, "__kwdefaults__", {"pause": lambda _wait: None, "now": lambda: 0.0})


@pytest.fixture
def ada() -> User:
    return world.ada()


@pytest.fixture
def jira() -> FakeJira:
    return tracker(range(250))


@pytest.fixture
def address(jira: FakeJira) -> Iterator[str]:
    with serving(jira) as address:
        yield address


@pytest.fixture
def source(ada: User, jira: FakeJira, address: str) -> Source:
    return connect(ada, jira, address)


def _gone() -> list[str]:
    return sorted(key for key, gone_at in rows("items", columns="key, gone_at") if gone_at is not None)


@pytest.mark.parametrize("version", [2, 3])
def test_everything_is_kept_once_and_reading_again_changes_nothing(ada: User, version: int) -> None:
    jira = tracker(range(250), version)
    with serving(jira) as address:
        source = connect(ada, jira, address)
        first = read(source)
        counts = current().counts
        again = read(source, NOW + HOUR)
    assert (first.state, first.read_count, first.total_count, first.created_count) == ("done", 250, 250, 250)
    assert (counts["items"], counts["changes"], counts["sprints"], counts["links"]) == (250, 1_500, 1, 250)
    assert (again.created_count, again.changed_count, again.words) == (0, 0, "")
    assert again.read_count < 20
    assert (TrailVersion.objects.count(), current().number) == (1, 1)
    assert Connection.objects.get().next_run_at == NOW + 2 * HOUR


def test_only_what_changed_is_read_and_stored_beside_the_rest(jira: FakeJira, source: Source) -> None:
    read(source)
    for number in range(1_000, 1_007):
        jira.change(str(number), "status", "Done", "Shipped", LATER)
    run = read(source, NOW + HOUR)
    assert (run.created_count, run.changed_count) == (0, 7)
    assert run.read_count < 30
    assert len([one for one in rows("items", columns="status") if one == ("Shipped",)]) == 7
    assert current().counts["changes"] == 1_507


def test_nobody_is_named_and_no_text_is_kept(source: Source, tmp_path: Path) -> None:
    read(source)
    kept = b"".join(path.read_bytes() for path in (tmp_path / "trail").rglob("*.parquet"))
    told = repr([rows(table) for table in places.TABLES]).encode() + kept
    for said in (*PEOPLE, *(name(number) for number in range(5)), "secret"):
        assert said.encode() not in told


def test_what_is_deleted_there_is_gone_here_from_then_on_and_may_come_back(
    jira: FakeJira, source: Source, ada: User
) -> None:
    read(source)
    kept = jira.issues["1007"]
    jira.delete("1007")
    jira.delete("1008")
    assert read(source, NOW + HOUR).gone_count == 0
    connections.read_from_beginning(actor=ada, source=source, now=NOW + HOUR)
    run = read(source, NOW + 2 * HOUR)
    assert (run.gone_count, run.created_count, run.changed_count, _gone()) == (2, 0, 0, ["SHOP-7", "SHOP-8"])
    assert current().counts["items"] == 248
    assert len(rows("items")) == 250
    jira.put([kept])
    assert read(source, NOW + dt.timedelta(days=8)).gone_count == 0
    assert _gone() == ["SHOP-8"]


def test_an_account_that_sees_nothing_any_more_deletes_nothing(
    jira: FakeJira, source: Source, ada: User
) -> None:
    read(source)
    connections.read_from_beginning(actor=ada, source=source, now=NOW + HOUR)
    jira._matching = lambda jql: []  # type: ignore[method-assign]
    Connection.objects.update(work_cursor="2025-01-01T00:00:00+00:00")
    run = read(source, NOW + HOUR)
    assert (run.state, _gone()) == ("failed", [])
    assert "closed to this account" in run.words


def test_a_project_that_is_no_longer_taken_stays_as_it_was(jira: FakeJira, source: Source, ada: User) -> None:
    jira.put(issue(number, project="BANK") for number in range(500, 510))
    connections.choose_what_is_taken(
        actor=ada, source=source, chosen=["SHOP", "BANK"], every_hours=1, now=NOW, takes=["work"]
    )
    read(source)
    connections.choose_what_is_taken(
        actor=ada, source=source, chosen=["BANK"], every_hours=1, now=NOW, takes=["work"]
    )
    run = read(source, NOW + HOUR)
    assert (run.gone_count, current().counts["items"]) == (0, 260)


def test_an_item_that_moves_to_another_project_stays_one(jira: FakeJira, source: Source) -> None:
    jira.put([issue(600, project="BANK")])
    Connection.objects.update(chosen=["SHOP", "BANK"])
    read(source)
    jira.move("1003", "BANK-3", LATER)
    run = read(source, NOW + HOUR)
    assert (run.created_count, run.changed_count) == (0, 1)
    assert [key for key, number in rows("items", columns="key, external_id") if number == "1003"] == [
        "BANK-3"
    ]


def test_a_token_taken_back_in_the_middle_keeps_what_came_and_switches_off(
    jira: FakeJira, source: Source, ada: User
) -> None:
    jira.meanwhile = lambda count: setattr(jira, "token", "another") if count == 5 else None
    run = read(source)
    assert (run.state, run.created_count) == (SyncState.FAILED, 195)
    assert current().counts["items"] == 195
    assert Connection.objects.get().paused_at is not None
    assert [one.sentence for one in needs_of([part(ada, NOW)])] == ["Tracker is no longer read"]
    assert Message.objects.filter(template="source_paused").count() == 1
    jira.meanwhile, jira.token = (lambda _count: None), "t0ken-of-nobody"
    connections.pause_source(actor=ada, source=source, is_paused=False, now=NOW + HOUR)
    assert read(source, NOW + HOUR).created_count == 55


@pytest.mark.parametrize("refusal", [(503, {}, {}), (429, {"Retry-After": "300"}, {})])
def test_a_tracker_that_is_away_for_minutes_loses_nothing(
    jira: FakeJira, source: Source, refusal: Any
) -> None:
    away = [True]
    answer = jira.answer
    jira.answer = lambda asked: refusal if away[0] and jira.answered >= 5 else answer(asked)  # type: ignore[method-assign]
    run = read(source)
    connection = Connection.objects.get()
    assert (run.state, connection.paused_at, current().counts["items"]) == (SyncState.FAILED, None, 195)
    assert connection.next_run_at is not None
    assert NOW + dt.timedelta(minutes=5) <= connection.next_run_at <= NOW + HOUR
    away[0] = False
    read(source, connection.next_run_at)
    assert current().counts["items"] == 250


def test_a_long_reading_lets_others_have_their_turn_and_is_one_run(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "PORTION_SECONDS", 0)
    states = [sync_source.func(source.pk) for _time in range(5)]
    assert states[:2] == ["going", "going"]
    assert "done" in states
    run = SyncRun.objects.all()[len(states) - 1 - states.index("done")]
    assert (run.read_count >= 250, run.total_count, run.created_count) == (True, 250, 250)
    assert current().counts["items"] == 250


def test_who_pauses_a_reading_waits_for_a_page_and_nothing_goes_on(
    jira: FakeJira, source: Source, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "TELL_SECONDS", 0)
    pause = work.WorkReading._goes_on

    def paused_now(reading: Any, connection: Connection, page: Any) -> bool:
        connections.pause_source(actor=ada, source=source, is_paused=True, now=NOW)
        return pause(reading, connection, page)

    monkeypatch.setattr(work.WorkReading, "_goes_on", paused_now)
    assert sync_source.func(source.pk) == "paused"
    assert current().counts["items"] == 100
    assert Connection.objects.get().next_run_at is None


def test_a_source_removed_in_the_middle_leaves_nothing(
    source: Source, ada: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def removed(*_given: Any) -> bool:
        if Source.objects.exists():
            actions.erase_source(actor=ada, source=source, typed="Tracker", targets=TARGETS.values(), now=NOW)
        return False

    monkeypatch.setattr(work.WorkReading, "_goes_on", removed)
    read(Source.objects.get())
    assert not (Source.objects.exists() or TrailVersion.objects.exists() or SyncRun.objects.exists())
    assert not list((tmp_path / "trail").rglob("*.parquet"))


def test_what_is_chosen_anew_while_it_is_read_is_read_from_the_beginning(
    source: Source, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = work.WorkReading._goes_on

    def mapped(reading: Any, connection: Connection, page: Any) -> bool:
        connections.map_fields(actor=ada, source=source, mapping={"points": "customfield_1"}, now=NOW)
        return goes_on(reading, connection, page)

    monkeypatch.setattr(work.WorkReading, "_goes_on", mapped)
    assert read(source).state == SyncState.GOING
    held = Connection.objects.get()
    assert (held.work_cursor, held.mapping) == ("", {"points": "customfield_1"})
    monkeypatch.undo()


def test_files_brought_in_at_the_same_time_make_it_read_once_more(
    source: Source, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from vertebra.evidence.trail import merging, staging

    merge, brought = merging.merge, list[int]()

    def brought_meanwhile(*given: Any) -> Any:
        if not brought:
            brought.append(1)
            bring(write(tmp_path / "more.jsonl", [issue(700, project="FILES")]))
        return merge(*given)

    monkeypatch.setattr(staging, "merge", brought_meanwhile)
    assert read(source).state == SyncState.DONE
    assert current().counts["items"] == 251


def test_two_sources_with_the_same_keys_stay_apart(
    jira: FakeJira, address: str, source: Source, ada: User
) -> None:
    other = connect(ada, jira, address, name="Other")
    read(source)
    read(other)
    assert current("Other").counts["items"] == current().counts["items"] == 250
    assert set(rows("items", columns="reporter")).isdisjoint(rows("items", "Other", "reporter"))


def test_the_hourly_job_reads_what_is_due(source: Source) -> None:
    assert sync_due_sources.func() == {"read": 1, "failed": 0}
    assert current().counts["items"] == 250
    assert ImportRun.objects.count() == 0
    assert AuditEntry.objects.filter(verb="import", object_id=source.pk).count() == 1


def test_strange_work_items_are_told_in_words(jira: FakeJira, source: Source) -> None:
    jira.issues["1004"]["fields"]["created"] = None
    jira.issues["1005"]["fields"]["labels"] = 3
    run = read(source)
    run.refresh_from_db()
    told = TRAIL.told_flaws
    assert told is not None
    said = " ".join(told(run.flaws))
    assert "The work item SHOP-4 has no date of creation: it is left out." in said
    assert "“fields.labels” of SHOP-5" in said
    assert current().counts["items"] == 249


def test_a_source_goes_with_its_trail(source: Source, ada: User, tmp_path: Path) -> None:
    read(source)
    actions.erase_source(actor=ada, source=source, typed="Tracker", targets=TARGETS.values(), now=NOW)
    assert not (TrailVersion.objects.exists() or Connection.objects.exists() or Source.objects.exists())
