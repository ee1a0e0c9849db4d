"""Work items over the network: issues of a Jira of our own on this machine, fetched, read and stored; then only what changed."""

import datetime as dt
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

from benchmarks.fake_jira import EMAIL, TOKEN, FakeJira, serving, stamp
from benchmarks.figures import Figure
from benchmarks.trail import issue

# A server of ours keeps them in memory, 8.3 kB each.
ISSUES = min(int(os.environ.get("ISSUES", "20000")), 100_000)
CHANGED = 1_000
PROJECTS = [f"P{number}" for number in range(12)]


class LargeJira(FakeJira):
    """A Jira that only knows its issues as it tells them."""

    def fill(self, numbers: Iterable[int], more: int = 0) -> int:
        """Put issues there; gives how many changes they tell of."""
        changes = 0
        for number in numbers:
            told = issue(number, more)
            changes += len(told["changelog"]["histories"])
            self._bodies[told["id"]] = (0, json.dumps(told).encode())
            fields = {name: told["fields"][name] for name in ("updated", "project")}
            self.issues[told["id"]] = {"id": told["id"], "key": told["key"], "fields": fields}
        self.touched()
        return changes

    def restamp(self, number: str, moment: str) -> None:
        """Say that an issue changed at that moment."""
        light = self.issues[number]
        was, light["fields"]["updated"] = light["fields"]["updated"], moment
        body = self._bodies[number][1].replace(
            f'"updated": "{was}"'.encode(), f'"updated": "{moment}"'.encode()
        )
        self._bodies[number] = (0, body)
        self.touched()

    def _body(self, number: str, query: dict[str, str], *, is_light: bool) -> bytes:
        return super()._body(number, query, is_light=True) if is_light else self._bodies[number][1]

    def projects(self) -> list[str]:
        """The keys of the projects that there are."""
        return PROJECTS


def _serve(pipe: Pipe) -> None:
    """Serve in a process of its own; a word from the other end changes some issues, or ends it."""
    jira = LargeJira(version=3, told_changes=1_000)
    changes = jira.fill(range(ISSUES))
    with serving(jira) as address:
        pipe.send((address, changes))
        while pipe.recv() == "change":
            latest = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
            some = range(0, ISSUES, max(1, ISSUES // CHANGED))
            jira.fill(some, 1)
            for place, number in enumerate(some):
                jira.restamp(str(100_000 + number), stamp(latest + dt.timedelta(seconds=place)))
            pipe.send(len(some))


def _sync(data: Path) -> tuple[float, float]:
    """Seconds and megabytes that reading takes, start of the program included."""
    start = time.perf_counter()
    process = subprocess.Popen(
        (sys.executable, "-m", "vertebra.cli", "sync", "Jira"),
        env=_environment(data),
        stdout=subprocess.DEVNULL,
    )
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"vertebra sync ended with {process.returncode}")
    return time.perf_counter() - start, used.ru_maxrss / 1024


def _environment(data: Path) -> dict[str, str]:
    return {**os.environ, "VERTEBRA_DATA": str(data), "VERTEBRA_PRIVATE_HOSTS": "127.0.0.1"}


def fetch(address: str) -> None:
    """Write down the seconds that fetching and reading everything takes, and storing nothing."""
    from vertebra.connectors.systems import TRACKERS
    from vertebra.connectors.web_json import Reach

    values = {"address": address, "email": EMAIL, "token": TOKEN}
    session = TRACKERS["jira"].open(values, Reach(private=["127.0.0.1"]))
    start = time.perf_counter()
    count = sum(len(page.items) for page in session.items("", PROJECTS, {}))
    if count < ISSUES:
        raise RuntimeError(f"{count} of {ISSUES} issues were given")
    print(time.perf_counter() - start)


def connect(address: str) -> None:
    """Connect the Jira, in an instance of its own."""
    import django

    django.setup()
    from vertebra.kit import clock
    from vertebra.sources import connections
    from vertebra.sources.models import Connection

    values: dict[str, Any] = {"address": address, "email": EMAIL, "token": TOKEN}
    connections.connect_system(actor=None, name="Jira", kind="jira", values=values, now=clock.now())  # type: ignore[arg-type]
    Connection.objects.update(chosen=PROJECTS, takes_work=True, takes_releases=False)


def run() -> Iterable[Figure]:
    """Read everything, then nothing new, then a thousand issues that changed."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    server.start()
    address, changes = ours.recv()
    try:
        with tempfile.TemporaryDirectory(prefix="vertebra-bench-") as folder:
            data = Path(folder) / "data"
            _prepare(data, address)
            alone = float(_apart("fetch", data, address))
            whole, again = _sync(data), _sync(data)
            ours.send("change")
            ours.recv()
            changed = _sync(data)
    finally:
        ours.send("end")
        server.join(10)
    yield from _figures(alone, changes, whole, again[0], changed[0])


def _prepare(data: Path, address: str) -> None:
    """An empty instance with the Jira connected."""
    migrate = [sys.executable, "-m", "vertebra.cli", "migrate"]
    subprocess.run(migrate, env=_environment(data), check=True, stdout=subprocess.DEVNULL)
    _apart("connect", data, address)


def _apart(name: str, data: Path, address: str) -> str:
    """What a function of this module writes down, called in a process with the settings of the instance."""
    program = f"from benchmarks.trail_network import {name}; {name}({address!r})"
    environment = {**_environment(data), "DJANGO_SETTINGS_MODULE": "vertebra.settings"}
    return subprocess.run(
        [sys.executable, "-c", program], env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def _figures(
    alone: float, changes: int, whole: tuple[float, float], again: float, changed: float
) -> Iterable[Figure]:
    seconds, megabytes = whole
    size = f"{ISSUES:,} issues".replace(",", " ")
    yield Figure(
        f"trail: {size} of a Jira, fetched and read alone", ISSUES / alone, "issues/s", is_lower_better=False
    )
    yield Figure(
        "trail: fetched, read and stored, start included",
        ISSUES / seconds,
        "issues/s",
        3_000.0,
        is_lower_better=False,
    )
    yield Figure(
        "trail: changes fetched, read and stored",
        changes / seconds,
        "changes/s",
        35_000.0,
        is_lower_better=False,
    )
    yield Figure(
        "trail: nothing changed in the Jira, times faster",
        seconds / again,
        "times",
        3.0,
        is_lower_better=False,
    )
    yield Figure("trail: a thousand issues changed in the Jira", changed, "s")
    yield Figure("trail: peak of memory while a Jira is read", megabytes, "MB", 512.0)
