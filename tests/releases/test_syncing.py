"""A tracker that is connected becomes releases by itself: once, followed when it moves, gone with its source."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings

from tests import world
from tests.connectors import systems
from tests.connectors.systems import TOKEN, Fake, serving
from vertebra.accounts.models import AuditEntry, User
from vertebra.releases.importing.jobs import sync_due_sources, sync_source
from vertebra.releases.labels.releases import ReleaseState
from vertebra.releases.models import Brief, MovedDate, Release
from vertebra.sources import actions, connections
from vertebra.sources.commands import run_sync
from vertebra.sources.jobs import something_to_sync
from vertebra.sources.models import Connection, ImportRun, Source, SyncRun
from vertebra.web.targets import TARGETS

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
NOW = world.NOW


@pytest.fixture(autouse=True)
def near(settings: LazySettings) -> None:
    settings.PRIVATE_HOSTS = ["127.0.0.1"]
    settings.NOW = NOW


@pytest.fixture
def ada() -> User:
    return world.ada()


def _issue(number: int, kind: str, version: int) -> dict[str, Any]:
    fields = {
        "summary": f"Thing {number}", "issuetype": {"name": kind}, "components": [],
        "fixVersions": [{"id": str(version)}],
    }  # fmt: skip
    return {"id": str(number), "key": f"RED-{number}", "fields": fields}


@pytest.fixture
def versions() -> list[dict[str, Any]]:
    coming = (world.TODAY + dt.timedelta(days=30)).isoformat()
    out = [systems.version(number, releaseDate="2025-01-31") for number in range(1, 61)]
    return [*out, systems.version(61, released=False, releaseDate=coming)]


@pytest.fixture
def jira(versions: list[dict[str, Any]]) -> Iterator[Fake]:
    with serving(systems.jira({"RED": versions}, [_issue(1, "Story", 61), _issue(2, "Bug", 61)])) as fake:
        yield fake


@pytest.fixture
def source(ada: User, jira: Fake) -> Source:
    values = {"address": jira.address, "email": "reader@example.org", "token": TOKEN}
    connections.connect_system(actor=ada, name="Tracker", kind="jira", values=values, now=NOW)
    made = Source.objects.get(name="Tracker")
    connections.choose_what_is_taken(actor=ada, source=made, chosen=["RED"], every_hours=6, now=NOW)
    return made


def _states() -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Release.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def test_fix_versions_become_releases_once(source: Source) -> None:
    assert sync_source.func(source.pk) == "done"
    assert _states() == {ReleaseState.RELEASED: 60, ReleaseState.PLANNED: 1}
    coming = Release.objects.get(external_id="61")
    assert (coming.source_id, coming.planned_on) == (source.pk, world.TODAY + dt.timedelta(days=30))
    entries = AuditEntry.objects.count()
    assert sync_source.func(source.pk) == "done"
    latest = SyncRun.objects.all()[0]
    assert (latest.read_count, latest.created_count, latest.changed_count) == (61, 0, 0)
    assert (Release.objects.count(), AuditEntry.objects.count()) == (61, entries)


def test_what_moves_in_the_tracker_moves_here_and_says_so(
    source: Source, versions: list[dict[str, Any]]
) -> None:
    sync_source.func(source.pk)
    later = world.TODAY + dt.timedelta(days=60)
    versions[60]["releaseDate"] = later.isoformat()
    sync_source.func(source.pk)
    assert Release.objects.get(external_id="61").planned_on == later
    assert MovedDate.objects.get().now_on == later
    versions[60] |= {"released": True, "releaseDate": world.TODAY.isoformat()}
    sync_source.func(source.pk)
    assert Release.objects.get(external_id="61").state == ReleaseState.RELEASED


def test_the_schedule_reads_what_is_due_and_only_that(source: Source) -> None:
    assert something_to_sync()
    assert sync_due_sources.func() == {"read": 1, "failed": 0}
    assert not something_to_sync()
    assert sync_due_sources.func() == {"read": 0, "failed": 0}


def test_the_terminal_reads_it_into_releases(source: Source) -> None:
    code, facts, _words = run_sync(source="Tracker", targets=dict(TARGETS))
    assert (code, facts["created"], Release.objects.count()) == (0, 61, 61)


def test_readings_do_not_fill_the_list_of_imports(source: Source) -> None:
    sync_source.func(source.pk)
    sync_source.func(source.pk)
    assert ImportRun.objects.count() == 0


def test_a_source_goes_with_all_it_brought(source: Source, ada: User) -> None:
    sync_source.func(source.pk)
    actions.erase_source(actor=ada, source=source, typed="Tracker", targets=TARGETS.values(), now=NOW)
    assert not (Release.objects.exists() or Brief.objects.exists() or Connection.objects.exists())
