"""Files that two processes read: the same comes of them as of one, whatever becomes of the second."""

import json
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.evidence.trail_world import NOW, bring, current, issue, rows, told_by_name, write
from vertebra.connectors.faults import Trouble
from vertebra.evidence.importing import trail as importing
from vertebra.evidence.trail import beside

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data")]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[beside.Beside]:
    """Every second process that is started, whatever the size of the files."""
    found: list[beside.Beside] = []

    class Noted(beside.Beside):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            found.append(self)

    monkeypatch.setattr(beside, "Beside", Noted)
    monkeypatch.setattr(importing, "MUCH", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    return found


def sprint(number: int, state: str) -> dict[str, Any]:
    """A sprint as a custom field tells it."""
    return {"customfield_10020": [{"id": number, "name": f"Sprint {number}", "state": state}]}


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Items that stand in several files, once with the same moment; a sprint; a line that is no issue."""
    some = [
        [issue(n, **sprint(1, "active")) for n in range(20)],
        [issue(n, steps=4) for n in range(10, 30)],
        [issue(n, steps=4, summary="Told again", **sprint(1, "closed")) for n in range(25, 40)],
        [issue(n, steps=2) for n in range(45)],
    ]
    paths = [write(tmp_path / f"{number}.jsonl", part) for number, part in enumerate(some)]
    with paths[1].open("a") as file:
        file.write(json.dumps({"id": "1", "key": "ODD-1"}) + "\n")
    return paths


def alone(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> importing.Outcome:
    """What comes of the files read by one process."""
    with monkeypatch.context() as patched:
        patched.setattr(importing, "MUCH", 1 << 60)
        return bring(*files, source="Alone")


def is_the_same(found: importing.Outcome, other: importing.Outcome) -> bool:
    """Whether both imports told and stored the same."""
    assert (found.counts, found.flaws) == (other.counts, other.flaws)
    assert current().parts == current("Alone").parts
    return told_by_name() == told_by_name("Alone")


def test_two_processes_bring_in_what_one_does(
    files: list[Path], started: list[beside.Beside], monkeypatch: pytest.MonkeyPatch, data: Path
) -> None:
    hold(monkeypatch, lambda: bool(started) and started[0].count > 0)
    found = bring(*files)
    (second,) = started
    assert second.done is not None and second.process.returncode is not None
    assert second.count > 0
    assert is_the_same(found, alone(files, monkeypatch))
    assert len(found.flaws) == 1
    # Of two states of the same moment that of the later file holds, whoever read it.
    assert ("SHOP-27", "Told again") in rows("items", columns="key, title")
    assert len(started) == 1
    assert not list((data / "staging").iterdir())


def hold(monkeypatch: pytest.MonkeyPatch, until: Callable[[], bool]) -> None:
    """Have the first process wait at the end of its first file."""
    taken_from = beside.taken_from

    def wait(left: deque[int]) -> int | None:
        limit = time.monotonic() + 30
        while threading.current_thread() is threading.main_thread() and not until():
            assert time.monotonic() < limit
            time.sleep(0.01)
        return taken_from(left)

    monkeypatch.setattr(beside, "taken_from", wait)


def test_what_a_killed_second_process_had_taken_is_read_by_the_first(
    files: list[Path], started: list[beside.Beside], monkeypatch: pytest.MonkeyPatch
) -> None:
    def has_read() -> bool:
        """It has read a file to its end, and dies of that."""
        if started and started[0].count:
            started[0].process.kill()
            started[0].process.wait()
        return bool(started) and started[0].process.poll() is not None

    hold(monkeypatch, has_read)
    found = bring(*files)
    assert started[0].done is None
    assert is_the_same(found, alone(files, monkeypatch))


def test_a_damaged_file_is_told_of_as_ever(
    files: list[Path], started: list[beside.Beside], monkeypatch: pytest.MonkeyPatch, data: Path
) -> None:
    with files[1].open("a") as file:
        file.write('{"id": "7", "key": "SHOP-7", "fie')
    hold(monkeypatch, lambda: bool(started) and started[0].process.poll() is not None)
    with pytest.raises(Trouble) as found:
        bring(*files)
    assert found.value.particulars["file"] == "1.jsonl"
    assert found.value.particulars["line"] == 22
    with pytest.raises(Trouble) as other:
        alone(files, monkeypatch)
    assert found.value.particulars == other.value.particulars
    assert started[0].process.returncode == 1
    assert not list((data / "staging").iterdir())


def test_where_no_process_can_be_had_one_reads_all(
    files: list[Path], started: list[beside.Beside], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*arguments: object, **named: object) -> None:
        raise BlockingIOError("Resource temporarily unavailable")

    with monkeypatch.context() as patched:
        patched.setattr(subprocess, "Popen", refused)
        found = bring(*files)
    assert not started
    assert is_the_same(found, alone(files, monkeypatch))


def test_an_import_that_breaks_ends_the_second_process(
    files: list[Path], started: list[beside.Beside], data: Path
) -> None:
    files[0].write_text("[")
    with pytest.raises(Trouble):
        bring(*files)
    assert started[0].process.returncode is not None
    assert not list((data / "staging").iterdir())


def test_the_second_process_ends_with_the_first(tmp_path: Path, data: Path) -> None:
    (tmp_path / "beside").mkdir()
    work = beside.Work(str(tmp_path / "beside"), "00", [], ["no file"], "jira", {}, NOW)
    second = subprocess.Popen(
        [sys.executable, "-m", "vertebra.evidence.trail.reader"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert second.stdin is not None and second.stdout is not None
    second.stdin.write(msgspec.json.encode(work) + b"\n")
    second.stdin.close()
    assert second.wait(60) == 1
    second.stdout.close()


def test_little_is_read_by_one(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        subprocess, "Popen", lambda *arguments, **named: pytest.fail("A process was started.")
    )
    assert bring(*files).counts["trail_items"]["created"] == 45
