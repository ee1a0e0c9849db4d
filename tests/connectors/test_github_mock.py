"""GitHub as an independent mock server tells it from the description that it publishes; VERTEBRA_PRISM names the server."""

import json
import os
import subprocess
from collections.abc import Iterator

import pytest

from tests.connectors.github_description import github_description, what_is_asked
from tests.connectors.systems import TOKEN
from tests.connectors.test_tracker_mock import _wait
from tests.ports import free_port
from vertebra.connectors.systems import TRACKERS
from vertebra.connectors.trackers.github import GitHubWork
from vertebra.connectors.web_json import Reach

pytestmark = [pytest.mark.deep, pytest.mark.real_data, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not (program := os.environ.get("VERTEBRA_PRISM", "")):
        pytest.skip("VERTEBRA_PRISM names no mock server: not tested against it")
    folder = tmp_path_factory.mktemp("mock")
    path, port = folder / "github.json", free_port()
    path.write_text(json.dumps(what_is_asked(github_description(folder))), encoding="utf-8")
    server = subprocess.Popen(
        [program, "mock", str(path), "--port", str(port), "--errors"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(f"http://127.0.0.1:{port}/user")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def test_every_question_is_one_that_is_published_and_what_is_answered_is_read(address: str) -> None:
    values = {"address": address, "token": TOKEN}
    session = TRACKERS["github"].open(values, Reach(private=["127.0.0.1"], seconds=60))
    assert isinstance(session, GitHubWork)
    # The description knows its answers as plain JSON only; GitHub itself recommends the name that is asked for.
    session.asker.headers["Accept"] = "application/json"
    assert session.check() == "octocat"
    assert {one.code for one in session.choices()} == {"octocat/Hello-World"}
    pages = list(session.items("", ["octocat/Hello-World"], {}))
    (item,) = [item for page in pages for item in page.items]
    assert (item.external_id, item.key) == ("1", "octocat/Hello-World#1347")
    assert (item.title, item.status, item.reporter) == ("Found a bug", "open", "octocat")
    assert list(session.present(["octocat/Hello-World"])) == ["1"]
