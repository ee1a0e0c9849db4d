"""Trackers on this machine, each holding the same work in its own way, to ask them all the same questions."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks import fake_jira
from benchmarks.fake_jira import FakeJira, stamp
from tests.connectors import github_world, gitlab_world, linear_world
from tests.connectors.systems import TOKEN, Fake
from vertebra.connectors.contract import WorkSession
from vertebra.connectors.systems import TRACKERS
from vertebra.connectors.web_json import Reach

BEGAN = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
SECRET = "A secret text that nobody keeps"
PERSON = "Zoe Quist"
STATUSES = (("To do", "new"), ("In progress", "indeterminate"), ("Done", "done"))


@dataclass(frozen=True)
class Work:
    """One piece of work: how often its status changed since it began, the last time in that minute."""

    number: int
    steps: int = 3
    project: str = "RED"

    @property
    def began(self) -> dt.datetime:
        """When it was created."""
        return BEGAN + dt.timedelta(minutes=self.number)

    def at(self, step: int) -> dt.datetime:
        """When its status went that step further."""
        return self.began + dt.timedelta(minutes=step + 1)


# What makes a stand-in for each tracker of some work: texts hold SECRET, somebody is called PERSON.
FAKES: dict[str, Callable[[Sequence[Work]], Fake]] = {}
# What has to be given besides the address and the token.
VALUES: dict[str, Mapping[str, str]] = {}
# What of each is chosen.
CHOSEN: dict[str, list[str]] = {}


def opened(code: str, fake: Fake, token: str = TOKEN, **more: str) -> WorkSession:
    """A session with a stand-in that waits for nothing."""
    values = {"address": fake.address, "token": token, **VALUES.get(code, {}), **more}
    session = TRACKERS[code].open(values, Reach(private=["127.0.0.1"], seconds=10))
    session.waits = []  # type: ignore[attr-defined]
    session.asker.pause = session.waits.append  # type: ignore[attr-defined]
    return session


def jira_issue(work: Work, **fields: Any) -> dict[str, Any]:
    """One issue as Jira tells it."""
    person = {"accountId": "zoe-quist", "displayName": PERSON, "emailAddress": "zoe@example.org"}
    histories = [
        {
            "id": f"{work.number}{step:03}", "created": stamp(work.at(step)), "author": person,
            "items": [{"field": "status", "fieldtype": "jira", "from": str(step % 3), "to": str((step + 1) % 3),
                       "fromString": STATUSES[step % 3][0], "toString": STATUSES[(step + 1) % 3][0]}],
        }
        for step in range(work.steps)
    ]  # fmt: skip
    status, category = STATUSES[work.steps % 3]
    told = {
        "summary": f"Work item {work.number}", "description": SECRET, "project": {"key": work.project},
        "issuetype": {"name": "Story"}, "status": {"name": status, "statusCategory": {"key": category}},
        "created": stamp(work.began), "updated": stamp(work.at(work.steps - 1) if work.steps else work.began),
        "reporter": person, "assignee": person, "labels": ["sails"],
        "comment": {"total": 1, "comments": [{"author": person, "body": SECRET}]},
        **fields,
    }  # fmt: skip
    return {"id": str(10_000 + work.number), "key": f"{work.project}-{work.number}", "fields": told,
            "changelog": {"total": len(histories), "histories": histories}}  # fmt: skip


def a_jira(works: Sequence[Work], version: int = 3) -> FakeJira:
    """A Jira that holds this work."""
    jira = FakeJira(version=version)
    jira.put(jira_issue(one) for one in works)
    return jira


def _jira(works: Sequence[Work]) -> Fake:
    jira = a_jira(works)
    jira.projects = lambda: ["BLUE", "RED"]  # type: ignore[method-assign]
    return Fake(jira.answer)


FAKES["jira"] = _jira
VALUES["jira"] = {"email": fake_jira.EMAIL}
CHOSEN["jira"] = ["RED", "BLUE"]
assert fake_jira.TOKEN == TOKEN
FAKES["github"] = github_world.holding
CHOSEN["github"] = ["red/boat"]
FAKES["gitlab"] = gitlab_world.holding
CHOSEN["gitlab"] = ["red/boat"]
FAKES["linear"] = linear_world.holding
CHOSEN["linear"] = ["RED"]
