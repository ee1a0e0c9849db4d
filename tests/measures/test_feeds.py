"""Feeds: seen before they are started, tried again later, paused when that would not help, the same twice nothing."""

import datetime as dt
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import world
from tests.measures.measured import metric
from vertebra.accounts.models import AuditRow, Message, User
from vertebra.measures.actions import connections, feeds
from vertebra.measures.actions.feed_runs import run_due, run_feed
from vertebra.measures.models import Feed, Measurement
from vertebra.measures.queries.problems import all_said
from vertebra.measures.queries.series import Value, series_of
from vertebra.sources.models import Secret, Source

pytestmark = pytest.mark.django_db


class Given:
    """What computes a metric for the tests."""

    names = {"given": "Given"}
    rows: list[Value] = []

    def values(self, name: str, since: dt.date, until: dt.date) -> Iterable[Value]:
        if not self.rows:
            raise OSError("away")
        return self.rows


GIVEN = Given()


def hours(count: float) -> dt.datetime:
    return world.NOW + dt.timedelta(hours=count)


@pytest.fixture
def provided(settings: LazySettings) -> Feed:
    settings.METRIC_PROVIDERS = ["tests.measures.test_feeds.GIVEN"]
    GIVEN.rows = [Value(dt.date(2026, 10, 1), 5)]
    return feeds.set_feed(
        actor=world.ines(), metric=metric(), kind="provider", settings={"provider": "given"}, now=world.NOW
    )


def started(feed: Feed, actor: User | None = None) -> Feed:
    run_feed(actor=None, feed=feed, is_preview=True, now=world.NOW)
    feeds.start_feed(actor=actor or User.objects.get(), feed=feed, now=world.NOW)
    feed.refresh_from_db()
    return feed


def test_nothing_is_recorded_before_somebody_has_seen_it(provided: Feed) -> None:
    with pytest.raises(feeds.NotSeen):
        feeds.start_feed(actor=User.objects.get(), feed=provided, now=world.NOW)
    run = run_feed(actor=None, feed=provided, is_preview=True, now=world.NOW)
    assert run.sample == [["2026-10-01", 5, "", None]]
    assert not Measurement.objects.exists()
    assert run_due(actor=None, now=hours(1)) == {"read": 0, "failed": 0}


def test_a_feed_is_read_when_it_is_due_and_the_same_twice_changes_nothing(provided: Feed) -> None:
    started(provided)
    assert run_due(actor=None, now=hours(0)) == {"read": 1, "failed": 0}
    assert run_due(actor=None, now=hours(1)) == {"read": 0, "failed": 0}
    assert run_due(actor=None, now=hours(25)) == {"read": 1, "failed": 0}
    counts = [(run.new_count, run.corrected_count) for run in provided.runs.filter(is_preview=False)]
    assert counts == [(0, 0), (1, 0)]


def test_a_failure_is_tried_again_later_and_later(provided: Feed) -> None:
    started(provided)
    GIVEN.rows = []
    waits = []
    now = world.NOW
    for _time in range(4):
        assert run_due(actor=None, now=now) == {"read": 0, "failed": 1}
        provided.refresh_from_db()
        assert provided.next_run_at is not None
        waits.append((provided.next_run_at - now).total_seconds() / 60)
        now = provided.next_run_at
    assert waits == [15, 60, 240, 960]
    assert provided.paused_at is None
    GIVEN.rows = [Value(dt.date(2026, 10, 1), 6)]
    assert run_due(actor=None, now=now) == {"read": 1, "failed": 0}
    provided.refresh_from_db()
    assert provided.failures == 0


def test_what_trying_again_would_not_mend_pauses_and_says_so(provided: Feed) -> None:
    started(provided)
    Feed.objects.update(settings={"provider": "gone"})
    run_due(actor=None, now=hours(0))
    provided.refresh_from_db()
    assert provided.paused_at is not None
    assert "gone" in provided.pause_reason
    assert Message.objects.get(template="feed_paused").particulars["name"] == "Orders collected in time"
    feeds.resume_feed(actor=User.objects.get(), feed=provided, now=hours(2))
    assert run_due(actor=None, now=hours(2)) == {"read": 0, "failed": 1}


def test_a_feed_paused_while_it_is_read_stays_paused(provided: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    started(provided)

    def paused_meanwhile(name: str, since: dt.date, until: dt.date) -> Iterable[Value]:
        feeds.pause_feed(actor=User.objects.get(), feed=provided, now=hours(0))
        return GIVEN.rows

    monkeypatch.setattr(GIVEN, "values", paused_meanwhile)
    assert run_due(actor=None, now=hours(0)) == {"read": 1, "failed": 0}
    provided.refresh_from_db()
    assert provided.paused_at == hours(0)
    assert series_of(provided.metric) == [(dt.date(2026, 10, 1), 5)], "what was read stays"


def test_a_feed_that_reads_elsewhere_is_seen_again_first(provided: Feed) -> None:
    started(provided)
    feeds.set_feed(
        actor=User.objects.get(), metric=provided.metric, kind="provider", settings={"provider": "other"},
        now=hours(1),
    )  # fmt: skip
    provided.refresh_from_db()
    assert (provided.started_at, provided.next_run_at) == (None, None)


def upload(feed_text: str, name: str = "values.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, feed_text.encode())


def test_a_file_is_read_with_its_faults_said_and_the_same_file_twice_changes_nothing(
    settings: LazySettings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    ines, row = world.ines(), metric()
    text = "mois;valeur\n2026-08;12,5\n2026-09;beaucoup\n2026-10;14\n"
    for expected in ((2, 0), (0, 0)):
        feed = feeds.set_file(actor=ines, metric=row, upload=upload(text), column="", now=world.NOW)
        started(feed, ines)
        run = run_feed(actor=ines, feed=feed, now=world.NOW)
        assert (run.new_count, run.corrected_count) == expected
    said = all_said(run.problems)
    assert (said[0]["line"], said[0]["column"]) == (3, "valeur")
    assert "beaucoup" in said[0]["what"]
    assert series_of(row) == [(dt.date(2026, 8, 1), 12.5), (dt.date(2026, 10, 1), 14.0)]


def test_a_file_that_is_none_says_what_to_do(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    ines, row = world.ines(), metric()
    for name, text in (("a.xlsx", "no workbook"), ("a.csv", ""), ("a.csv", "x,y,z\n1,2,3\n")):
        feed = feeds.set_file(actor=ines, metric=row, upload=upload(text, name), column="", now=world.NOW)
        run = run_feed(actor=ines, feed=feed, is_preview=True, now=world.NOW)
        said = all_said(run.problems)
        assert said[0]["what"]
        assert said[0]["remedy"]


def connected(ines: User, address: str) -> Source:
    connections.create_connection(actor=ines, name="Shop", kind="database", address=address, now=world.NOW)
    return Source.objects.get(name="Shop")


def test_a_query_on_a_database_feeds_a_metric(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATABASES_FOLDER = tmp_path
    with sqlite3.connect(tmp_path / "shop.db") as database:
        database.execute("CREATE TABLE t (d TEXT, v REAL)")
        database.execute("INSERT INTO t VALUES ('2026-10-05', 7.5)")
    database.close()
    ines, row = world.ines(), metric()
    feed = feeds.set_feed(
        actor=ines, metric=row, kind="sql", settings={"query": "SELECT d AS day, v AS value FROM t"},
        source=connected(ines, "sqlite://shop.db"), now=world.NOW,
    )  # fmt: skip
    started(feed, ines)
    run_due(actor=None, now=hours(0))
    assert series_of(row) == [(dt.date(2026, 10, 1), 7.5)]


def test_a_secret_is_sealed_and_stands_in_no_audit(settings: LazySettings) -> None:
    ines = world.ines()
    connected(ines, "postgresql://me:hush-hush@example.org/shop")
    assert b"hush" not in bytes(Secret.objects.get().ciphertext)
    kept: list[Any] = [(row.before, row.after) for row in AuditRow.objects.all()]
    assert "hush" not in str(kept)


def test_a_token_goes_to_its_own_host_only(settings: LazySettings) -> None:
    ines, row = world.ines(), metric()
    connections.create_connection(
        actor=ines, name="Web", kind="web", address="https://example.org", token="Bearer a", now=world.NOW
    )
    feed = feeds.set_feed(
        actor=ines, metric=row, kind="http", settings={"address": "https://evil.example/steal"},
        source=Source.objects.get(), now=world.NOW,
    )  # fmt: skip
    run = run_feed(actor=ines, feed=feed, is_preview=True, now=world.NOW)
    assert run.problems[0]["code"] == "address_invalid"


@pytest.mark.parametrize("address", ["", "http://me:pw@host", "oracle://x", "postgresql://[", "file:///etc"])
def test_a_connection_without_a_good_address_is_refused(address: str) -> None:
    kind = "web" if address.startswith("http") or not address else "database"
    with pytest.raises(connections.NoAddress):
        connections.create_connection(actor=world.ines(), name="X", kind=kind, address=address, now=world.NOW)
