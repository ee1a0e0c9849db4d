"""A connected Jira of our own, and what its trail holds after it was read."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from benchmarks.fake_jira import EMAIL, TOKEN, FakeJira
from tests.evidence.trail_world import PEOPLE, issue
from vertebra.accounts.models import User
from vertebra.evidence.importing.readings import TAKES_WORK
from vertebra.sources import connections
from vertebra.sources.models import Source, SyncRun

NOW = dt.datetime(2026, 11, 2, 8, 0, tzinfo=dt.UTC)
SPRINTS = [
    {"id": 4, "name": "Sprint 4", "state": "active", "startDate": "2026-01-05T09:00:00.000Z", "originBoardId": 7}
]  # fmt: skip


def tracker(numbers: Iterable[int], version: int = 2, **more: Any) -> FakeJira:
    """A Jira with the issues of these numbers, in the project SHOP."""
    jira = FakeJira(version=version, sprints=list(SPRINTS), **more)
    jira.put(issue(number) for number in numbers)
    return jira


def connect(actor: User | None, jira: FakeJira, address: str, *chosen: str, name: str = "Tracker") -> Source:
    """Connect it, and choose its work items."""
    values = {"address": address, "token": TOKEN, "email": EMAIL if jira.version == 3 else ""}
    user = actor or User.objects.order_by("pk")[0]
    connections.connect_system(actor=user, name=name, kind="jira", values=values, now=NOW)
    source = Source.objects.get(name=name)
    connections.choose_what_is_taken(
        actor=user, source=source, chosen=chosen or ["SHOP"], every_hours=1, now=NOW, takes=["work"]
    )
    return source


def read(source: Source, now: dt.datetime = NOW, *, is_one_go: bool = False) -> SyncRun:
    """Read it, as the terminal does."""
    return connections.read_source(
        actor=None, source=source, take=None, now=now, takes_work=TAKES_WORK, is_one_go=is_one_go
    )


__all__ = ["NOW", "PEOPLE", "connect", "read", "tracker"]
