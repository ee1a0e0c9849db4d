"""What is asked of Jira for its work items, and what our own answers, holds against the descriptions that it publishes."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.fake_jira import SPRINT, FakeJira
from tests.connectors.systems import Asked, Fake, Reply, serving
from tests.connectors.test_release_descriptions import Described
from tests.connectors.trackers import Work, a_jira, jira_issue, opened

pytestmark = [pytest.mark.deep, pytest.mark.real_data]


@pytest.fixture(scope="module")
def specifications() -> Iterator[Path]:
    folder = os.environ.get("VERTEBRA_REAL_DATA", "")
    if not folder:
        pytest.skip("VERTEBRA_REAL_DATA names no folder")
    yield Path(folder) / "api-specs"


class _Checked:
    """A Jira whose every question and answer is held against what is published."""

    def __init__(self, jira: FakeJira, folder: Path) -> None:
        self.jira = jira
        self.platform = Described(folder / "jira-platform-v3-2025-07.json")
        self.agile = Described(folder / "jira-software-agile-2022-07.json")

    def answer(self, asked: Asked) -> Reply:
        """The answer, once both are found to be as described."""
        status, told, value = self.jira.answer(asked)
        shown = json.loads(value) if isinstance(value, bytes) else value
        if asked.path.startswith("/rest/agile/"):  # types are no more than “object” there
            known = {one["name"] for one in self.agile.operation(asked.method, asked.path)["parameters"]}
            assert set(asked.query) <= known
            return status, told, shown
        if asked.method == "GET":
            self.platform.check_request(asked)
        else:
            body = self.platform.operation(asked.method, asked.path)["requestBody"]
            self.platform.check(body["content"]["application/json"]["schema"], asked.body)
        self.platform.check_answer(asked, (status, told, shown))
        return status, told, shown


def test_jira_is_asked_for_work_and_answers_as_it_publishes(specifications: Path) -> None:
    jira = a_jira([Work(1, steps=9), *(Work(number) for number in range(2, 251))])
    jira.told_changes = 4
    sprint = {"id": 4, "name": "Sprint 4", "state": "active", "originBoardId": 7}
    jira.sprints = [sprint]
    jira.put([jira_issue(Work(300), **{SPRINT: [sprint]})])
    checked = _Checked(jira, specifications)
    with serving(Fake(checked.answer)) as fake:
        session = opened("jira", fake)
        assert session.check() == "Reader"
        assert [one.code for one in session.choices()] == ["RED"]
        assert len(session.fields()) == 3
        pages = list(session.items("2026-01-05T09:00:00+00:00", ["RED"], {}))
        assert len(set(session.present(["RED"]))) == 251
    items = [item for page in pages for item in page.items]
    assert (len(items), len(items[0].changes) + len(items[-1].changes) > 3) == (251, True)
    assert [one.name for one in pages[-1].sprints] == ["Sprint 4"]


def test_the_issue_that_is_published_as_an_example_is_read(specifications: Path) -> None:
    described = Described(specifications / "jira-platform-v3-2025-07.json")
    answers = described.operation("GET", "/rest/api/3/search/jql")["responses"]["200"]
    example: dict[str, Any] = json.loads(answers["content"]["application/json"]["example"])
    assert example["issues"]
    jira = a_jira([Work(1)])
    jira._search = lambda query: (200, {}, example)  # type: ignore[method-assign]
    with serving(Fake(jira.answer)) as fake:
        session = opened("jira", fake)
        pages = list(session.items("", ["RED"], {}))
    read = [item for page in pages for item in page.items]
    assert len(read) + len(session.flaws) >= len(example["issues"])
    assert "Krystof" not in repr(read)
