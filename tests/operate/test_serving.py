"""`vertebra serve` as a process: its first words, its end, and what it refuses."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.operate.conftest import NewInstance
from tests.operate.instances import Instance, until
from tests.ports import free_port
from vertebra.kit import supervisor


@pytest.fixture
def port() -> int:
    return free_port()


def get(port: int, path: str, **headers: str) -> tuple[int, str]:
    """Ask for a page: status 0 while nobody answers."""
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(asked, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def served(instance: Instance, port: int, *options: str) -> subprocess.Popen[bytes]:
    started = instance.start("serve", "--port", str(port), *options)
    until(lambda: get(port, "/healthz")[0] == 200)
    return started


@dataclass(frozen=True)
class Running:
    """A server that several tests look at."""

    instance: Instance
    port: int
    process: subprocess.Popen[bytes]


def running(instance: Instance, *options: str) -> Iterator[Running]:
    port = free_port()
    one = Running(instance, port, served(instance, port, *options))
    yield one
    one.process.terminate()
    assert one.process.wait(20) == 0


@pytest.fixture(scope="module")
def whole(shared_instances: NewInstance) -> Iterator[Running]:
    """A server with its worker, which a test leaves as sound as it found it."""
    yield from running(shared_instances())


@pytest.fixture(scope="module")
def pages_alone(shared_instances: NewInstance) -> Iterator[Running]:
    """A server without a worker, which is only asked."""
    yield from running(shared_instances(), "--no-worker")


def workers(instance: Instance, but: str = "") -> list[str]:
    """The workers whose hearts beat, once there is one other than this."""
    found: list[str] = instance.python(
        "import json, time\nfrom vertebra.kit.models import Heartbeat\nend = time.monotonic() + 90\n"
        f"beating = Heartbeat.objects.filter(stopped_at=None).exclude(process={but!r})\n"
        "while not beating.exists() and time.monotonic() < end:\n    time.sleep(0.05)\n"
        "print(json.dumps(sorted(beating.values_list('process', flat=True))))"
    )
    return found


def test_it_serves_says_how_to_get_in_and_stops_cleanly(instance: Instance, port: int) -> None:
    started = served(instance, port)
    assert get(port, "/accounts/login/")[0] == 200
    until(lambda: json.loads(get(port, "/readyz")[1])["ready"])
    assert f"http://127.0.0.1:{port}/accounts/owner/" in instance.log()
    os.killpg(started.pid, signal.SIGINT)  # what a terminal does on Ctrl-C
    assert started.wait(20) == 0
    assert "Traceback" not in instance.log()
    assert "Unexpected" not in instance.log()
    assert get(port, "/healthz")[0] == 0


def test_a_worker_that_dies_is_started_again(whole: Running) -> None:
    (before,) = workers(whole.instance)
    os.kill(int(before.split(":")[0]), signal.SIGKILL)
    assert workers(whole.instance, but=before)
    assert whole.process.poll() is None


def test_what_a_job_takes_of_memory_goes_with_it(whole: Running, tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    until(lambda: len(children(whole.process.pid)) == 2)
    family = children(whole.process.pid)
    asked = f"from tests.operate import sample_jobs\nsample_jobs.leave_much.enqueue({str(marks)!r})"

    def copy_that_ran_it(nth: int) -> tuple[int, str]:
        whole.instance.python(asked)
        until(lambda: marks.exists() and len(marks.read_text().splitlines()) == nth)
        pid, kept = marks.read_text().splitlines()[-1].split()
        return int(pid), kept

    first, second = copy_that_ran_it(1), copy_that_ran_it(2)
    assert len({first[0], second[0], *family}) == 4
    # The second found nothing of what the first had kept.
    assert first[1] == second[1] == "1"
    assert children(whole.process.pid) == family


def test_nothing_survives_a_server_that_is_killed(instance: Instance, port: int) -> None:
    started = served(instance, port)
    family = children(started.pid)
    assert len(family) == 2
    started.kill()
    started.wait()
    until(
        lambda: (
            not any(
                Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes()
                for pid in family
            )
        )
    )


def test_a_web_server_that_dies_at_once_ends_with_its_worker(instance: Instance, port: int) -> None:
    started = served(instance, port)
    web, worker = children(started.pid)
    os.kill(web, signal.SIGKILL)
    assert started.wait(40) == 1
    assert not Path(f"/proc/{worker}").exists()


@pytest.mark.deep
def test_a_web_server_that_dies_later_is_started_again_with_its_worker(instance: Instance, port: int) -> None:
    started = served(instance, port)
    time.sleep(supervisor.STEADY_SECONDS)
    before = children(started.pid)
    os.kill(before[0], signal.SIGKILL)
    until(lambda: len(children(started.pid)) == 2 and before[0] not in children(started.pid))
    until(lambda: get(port, "/readyz")[0] == 200)
    assert started.poll() is None
    started.terminate()
    assert started.wait(40) == 0


def test_a_taken_port_is_said_with_the_remedy(instance: Instance, port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        refused = instance.run("serve", "--port", str(port))
    assert refused.returncode == 1
    assert refused.stderr == (
        f"vertebra: Port {port} is already taken by another program. "
        f"Stop that program, or choose another port: PORT={port + 1}.\n"
    )


def test_a_data_folder_that_cannot_be_made_is_said(instance: Instance, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused = instance.run("serve", VERTEBRA_DATA=str(tmp_path / "file"))
    assert refused.returncode == 1
    assert "There is a file where a folder is needed" in refused.stderr
    assert "VERTEBRA_DATA" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_data_folder_that_cannot_be_written_is_said(instance: Instance, port: int, tmp_path: Path) -> None:
    folder = tmp_path / "frozen"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"NO READ-ONLY TEST: mounting is not allowed here ({mounted.stderr.strip()})")
    try:
        refused = instance.run("serve", "--port", str(port), VERTEBRA_DATA=str(folder))
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
    assert refused.returncode == 1
    assert "may not write there" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_pages_alone_are_ready_only_without_asking_for_a_worker(pages_alone: Running) -> None:
    status, said = get(pages_alone.port, "/readyz")
    assert (status, json.loads(said)["worker"]) == (503, "silent")
    assert get(pages_alone.port, "/readyz?without=worker")[0] == 200


def test_figures_are_for_this_machine_only(pages_alone: Running) -> None:
    status, said = get(pages_alone.port, "/metrics")
    assert status == 200
    assert "vertebra_jobs{" in said
    assert get(pages_alone.port, "/metrics", **{"X-Forwarded-For": "10.0.0.1"})[0] == 404


def test_figures_ask_for_the_token_once_there_is_one(instance: Instance, port: int) -> None:
    started: Any = instance.start(
        "serve", "--port", str(port), "--no-worker", VERTEBRA_METRICS_TOKEN="s" * 40
    )
    until(lambda: get(port, "/healthz")[0] == 200)
    assert get(port, "/metrics")[0] == 404
    assert get(port, "/metrics", Authorization="Bearer " + "s" * 40)[0] == 200
    assert started.poll() is None
