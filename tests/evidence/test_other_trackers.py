"""Work items of GitHub, GitLab and Linear, connected like any tracker: kept once, followed, gone, without names."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from tests import world
from tests.connectors import github_world, gitlab_world, linear_world
from tests.connectors.github_world import GitHub
from tests.connectors.gitlab_world import GitLab
from tests.connectors.linear_world import Linear
from tests.connectors.systems import TOKEN, Fake, serving
from tests.evidence.trail_world import current, rows
from vertebra.accounts.models import User
from vertebra.connectors.asking import Asker
from vertebra.connectors.faults import Fault
from vertebra.evidence.importing.readings import TAKES_WORK
from vertebra.evidence.importing.target import TARGETS
from vertebra.evidence.models import TrailVersion
from vertebra.evidence.trail import places
from vertebra.evidence.trail.pseudonyms import key_of, pseudonym
from vertebra.sources import connections
from vertebra.sources.commands import run_sync
from vertebra.sources.models import Connection, Source, SyncRun

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
NOW = dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
CLOSED = dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)
PEOPLE = ("zoe-quist", "yann-orsel", "xavier-lund", "wanda-miro")
COUNT = 60


@dataclass
class Tracked:
    """One tracker with some work, and how to close or delete a piece of it."""

    kind: str
    fake: Fake
    choice: str
    close: Callable[[int], None]
    delete: Callable[[int], None]
    ended: str
    reporter: str


def _github() -> Tracked:
    hub, day = GitHub(), github_world.BEGAN
    for number in range(1, COUNT + 1):
        told = github_world.issue(number, assignee=github_world.user("xavier-lund"))
        hub.add(told, github_world.event("assigned", day, assignee=github_world.user("xavier-lund")))
    pull = github_world.issue(COUNT + 1, pull_request={"merged_at": None})
    asked = github_world.event("review_requested", day, requested_reviewer=github_world.user("wanda-miro"))
    hub.add(pull, asked, github_world.event("subscribed", day))

    def close(number: int) -> None:
        hub.change(number, github_world.event("closed", CLOSED, state_reason="completed"), state="closed")

    return Tracked("github", hub.fake, "red/boat", close, hub.delete, "closed", "zoe-quist")


def _gitlab() -> Tracked:
    lab = GitLab(is_premium=True)
    for number in range(1, COUNT + 2):
        told = gitlab_world.issue(number, assignees=[gitlab_world.user("xavier-lund")])
        lab.add(told, notes=[gitlab_world.note(gitlab_world.BEGAN, "assigned to @xavier-lund")])

    def close(number: int) -> None:
        event = gitlab_world.happened(CLOSED, state="closed")
        lab.change(
            number, "resource_state_events", event, state="closed", closed_at=gitlab_world.stamp(CLOSED)
        )

    return Tracked("gitlab", lab.fake, "red/boat", close, lab.delete, "closed", "zoe-quist")


def _linear() -> Tracked:
    line = Linear()
    for number in range(1, COUNT + 2):
        step = linear_world.step(linear_world.BEGAN, toAssigneeId="u-xavier-lund", toCycleId="c-1")
        line.add(
            linear_world.issue(
                number, step, cycle=linear_world.CYCLES[0], assignee=linear_world.person("xavier-lund")
            )
        )

    def close(number: int) -> None:
        step = linear_world.step(CLOSED, fromStateId="s-backlog", toStateId="s-done")
        line.change(number, step, state=linear_world.state("s-done"), completedAt=linear_world.stamp(CLOSED))

    def delete(number: int) -> None:
        line.held[f"i-RED-{number:05}"]["trashed"] = True

    return Tracked("linear", line.fake, "RED", close, delete, "Done", "zoe-quist@example.org")


@pytest.fixture(autouse=True)
def near(settings: LazySettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings.DATA, settings.PRIVATE_HOSTS, settings.NOW = tmp_path, ["127.0.0.1"], NOW
    monkeypatch.setattr(Asker.__init__, "__kwdefaults__", {"pause": lambda _wait: None, "now": lambda: 0.0})


@pytest.fixture
def ada() -> User:
    return world.ada()


@pytest.fixture(params=[_github, _gitlab, _linear], ids=["github", "gitlab", "linear"])
def tracked(request: pytest.FixtureRequest) -> Iterator[Tracked]:
    found = request.param()
    with serving(found.fake):
        yield found


@pytest.fixture
def source(tracked: Tracked, ada: User) -> Source:
    values = {"address": tracked.fake.address, "token": TOKEN}
    connections.connect_system(actor=ada, name="Tracker", kind=tracked.kind, values=values, now=NOW)
    source = Source.objects.get(name="Tracker")
    connections.choose_what_is_taken(
        actor=ada, source=source, chosen=[tracked.choice], every_hours=1, now=NOW, takes=["work"]
    )
    return source


def _read(source: Source, now: dt.datetime = NOW) -> SyncRun:
    return connections.read_source(actor=None, source=source, take=None, now=now, takes_work=TAKES_WORK)


def _all() -> list[list[Any]]:
    return [rows(table) for table in places.TABLES]


def test_everything_is_kept_once_and_the_same_again_is_the_same(source: Source, ada: User) -> None:
    first = _read(source)
    kept = _all()
    again = _read(source, NOW + HOUR)
    connections.read_from_beginning(actor=ada, source=source, now=NOW + HOUR)
    anew = _read(source, NOW + 2 * HOUR)
    assert (first.state, first.words, first.read_count, first.created_count) == (
        "done",
        "",
        COUNT + 1,
        COUNT + 1,
    )
    assert (again.state, again.created_count, again.changed_count) == ("done", 0, 0)
    assert again.read_count < 5
    assert (anew.read_count, anew.created_count, anew.changed_count, anew.gone_count) == (COUNT + 1, 0, 0, 0)
    assert _all() == kept
    assert TrailVersion.objects.count() == 1
    assert first.total_count == COUNT + 1


def test_only_what_changed_is_read_again(source: Source, tracked: Tracked) -> None:
    _read(source)
    before = current().counts["changes"]
    tracked.close(9)
    run = _read(source, NOW + HOUR)
    assert (run.created_count, run.changed_count) == (0, 1)
    assert run.read_count < 5
    assert [one for one in rows("items", columns="status, resolved_at") if one[0] == tracked.ended]
    assert current().counts["changes"] > before


def test_what_is_deleted_there_is_gone_here_from_then_on(source: Source, tracked: Tracked, ada: User) -> None:
    _read(source)
    tracked.delete(9)
    connections.read_from_beginning(actor=ada, source=source, now=NOW + HOUR)
    assert _read(source, NOW + 2 * HOUR).gone_count == 1
    gone = [key for key, gone_at in rows("items", columns="key, gone_at") if gone_at is not None]
    assert [key[-2:] for key in gone] in (["#9"], ["-9"])


def test_nobody_is_named_and_no_text_is_kept(source: Source, tracked: Tracked, tmp_path: Path) -> None:
    _read(source)
    kept = b"".join(path.read_bytes() for path in (tmp_path / "trail").rglob("*.parquet"))
    told = repr(_all()).encode() + kept
    for said in (*PEOPLE, *(one.replace("-", " ").title() for one in PEOPLE), "secret"):
        assert said.encode() not in told
    key = key_of(source)
    assert key is not None
    assert rows("items", columns="DISTINCT reporter") == [(pseudonym(key, tracked.reporter),)]
    assert {one for (one,) in rows("changes", columns="author")} == {
        pseudonym(key, tracked.reporter.replace("zoe-quist", "yann-orsel"))
    }


def test_a_token_taken_back_in_the_middle_pauses_it_and_what_was_read_stays(
    source: Source, tracked: Tracked
) -> None:
    plain, count = tracked.fake.answer, 0

    def answer(asked: Any) -> Any:
        nonlocal count
        count += 1
        refusal = {"errors": [{"extensions": {"code": "AUTHENTICATION_ERROR"}}]}
        return (
            plain(asked)
            if count < {"github": 40, "gitlab": 100, "linear": 10}[tracked.kind]
            else (401, {}, refusal)
        )

    tracked.fake.answer = answer
    run = _read(source)
    held = Connection.objects.get()
    assert (run.state, (run.fault or {}).get("code")) == ("failed", Fault.NOT_ALLOWED)
    assert held.paused_at is not None
    kept = current().counts["items"]
    assert 0 < kept < COUNT + 1
    tracked.fake.answer = plain
    connections.pause_source(actor=None, source=source, is_paused=False, now=NOW + HOUR)
    assert _read(source, NOW + HOUR).state == "done"
    assert current().counts["items"] == COUNT + 1


def test_it_is_connected_on_screen_and_read_at_a_terminal(
    tracked: Tracked, ada: User, client: Client
) -> None:
    client.force_login(ada)
    assert tracked.kind in client.get(reverse("sources:system-list")).content.decode()
    given = {"name": "Boats", "address": tracked.fake.address, "token": TOKEN}
    answer = client.post(reverse("sources:source-connect", args=(tracked.kind,)), given, follow=True)
    source = Source.objects.get(name="Boats")
    assert tracked.choice in answer.content.decode()
    chosen = {"listed": [tracked.choice], "takes": ["work"], "every_hours": "6", "named": ""}
    client.post(reverse("sources:source-choice", args=(source.pk,)), chosen)
    code, facts, _words = run_sync(source="Boats", targets=TARGETS)
    assert (code, facts["read"], facts["problem"]) == (0, COUNT + 1, "")
    shown = client.get(reverse("sources:source-show", args=(source.pk,))).content.decode()
    assert TOKEN not in shown
