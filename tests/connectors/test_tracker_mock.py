"""Jira as an independent mock server tells it from the description that it publishes; the server is named by VERTEBRA_PRISM."""

import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.fake_jira import EMAIL
from tests.connectors.systems import TOKEN
from tests.ports import free_port
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.systems import TRACKERS
from vertebra.connectors.web_json import Reach

pytestmark = [pytest.mark.deep, pytest.mark.real_data, pytest.mark.timeout(180)]
SECONDS_TO_START = 90


def _with_examples(value: Any) -> Any:
    """The same description with examples that are JSON inside a text as what they mean; nothing is open to everybody."""
    if isinstance(value, list):
        return [_with_examples(one) for one in value]
    if not isinstance(value, dict):
        return value
    made = {name: _with_examples(one) for name, one in value.items()}
    for name in ("example", "value"):
        if isinstance(made.get(name), str) and made[name][:1] in {"{", "["}:
            try:
                made[name] = json.loads(made[name])
            except ValueError:
                continue
    if isinstance(made.get("security"), list):
        made["security"] = [one for one in made["security"] if one] or made["security"]
    return made


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program, folder = os.environ.get("VERTEBRA_PRISM", ""), os.environ.get("VERTEBRA_REAL_DATA", "")
    if not program or not folder:
        pytest.skip(
            "VERTEBRA_PRISM names no mock server, or VERTEBRA_REAL_DATA no folder: not tested against it"
        )
    told = Path(folder) / "api-specs" / "jira-platform-v3-2025-07.json"
    path = tmp_path_factory.mktemp("mock") / "jira.json"
    path.write_text(
        json.dumps(_with_examples(json.loads(told.read_text(encoding="utf-8")))), encoding="utf-8"
    )
    port = free_port()
    server = subprocess.Popen(
        [program, "mock", str(path), "--port", str(port), "--errors"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(f"http://127.0.0.1:{port}/rest/api/3/myself")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def _wait(address: str) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            urllib.request.urlopen(address, timeout=20).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            assert time.monotonic() < until, "the mock server does not start"
            time.sleep(0.5)
        else:
            return


def _session(address: str, email: str = EMAIL) -> Any:
    values = {"address": address, "token": TOKEN, "email": email}
    return TRACKERS["jira"].open(values, Reach(private=["127.0.0.1"], seconds=60))


def test_every_question_is_one_that_is_published_and_what_is_answered_is_read(address: str) -> None:
    session = _session(address)
    assert session.check() == "Mia Krystof"
    assert {one.code for one in session.choices()} == {"EX", "ABC"}
    assert session.fields() == []
    pages = list(session.items("2026-01-05T09:00:00+00:00", ["EX"], {}))
    assert pages[0].total == 153
    assert "Krystof" not in repr(pages)
    assert isinstance(list(session.present(["EX"])), list)


def test_whoever_shows_nothing_is_refused(address: str) -> None:
    session = _session(address)
    session.asker.headers = {"Accept": "application/json"}
    with pytest.raises(Trouble) as raised:
        session.check()
    assert raised.value.fault == Fault.NOT_ALLOWED
