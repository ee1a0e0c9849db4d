"""Instances to measure: a folder and a database of their own, and the product's own commands run in them."""

import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

DAY = "2026-11-02"
NOW = f"{DAY}T09:00:00+01:00"
SCALE = "10"
REST_SECONDS = 120


class Instance:
    """One instance, as empty as its database is new."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="vertebra-bench-"))
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        given = {name: value for name, value in os.environ.items() if not name.startswith("VERTEBRA_")}
        self.environment = given | {
            "VERTEBRA_DATA": str(self.folder),
            "VERTEBRA_NOW": NOW,
            "VERTEBRA_TIME_ZONE": "Europe/Paris",
        }
        if address := os.environ.get("DATABASE_URL"):
            self.environment["DATABASE_URL"] = new_database(address)

    def command(self, *words: str) -> float:
        """Seconds that one command of the product takes, start of the program included."""
        start = time.perf_counter()
        self._run("-m", "vertebra.cli", *words)
        return time.perf_counter() - start

    def make(self, *words: str) -> None:
        """Make a demo company, and at once what it leaves to a job: nothing else is to happen while one measures."""
        self.command("demo", *words)
        self.inside("demo.work_items")

    def inside(self, what: str, *words: str) -> Any:
        """What `benchmarks.inside` answers with this instance's database."""
        return json.loads(self._run("-m", "benchmarks.inside", what, *words).splitlines()[-1])

    def rest(self) -> None:
        """Wait until the worker has done what was due (files of audits, counts), and had the time to make room."""
        until = time.monotonic() + REST_SECONDS
        while self.inside("jobs_to_do") and time.monotonic() < until:
            time.sleep(1)
        time.sleep(3)

    def _run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words], env=self.environment, check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)} failed: {done.stderr[-2000:]}")
        return done.stdout

    @contextmanager
    def served(self) -> Iterator["Server"]:
        """The instance served by one web process with threads and one worker, as long as the block."""
        server = Server(self)
        try:
            server.wait()
            yield server
        finally:
            server.stop()


class Server:
    """A running `vertebra serve`."""

    def __init__(self, instance: Instance, *options: str) -> None:
        self.port = free_port()
        self.start = time.perf_counter()
        self.log = (instance.folder / "serve.log").open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "vertebra.cli", "serve", "--port", str(self.port), *options],
            env=instance.environment,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    def wait(self, path: str = "/accounts/login/") -> float:
        """Wait until a page answers; gives the seconds since the command was typed."""
        while time.perf_counter() - self.start < 60:
            try:
                connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
                connection.request("GET", path)
                if connection.getresponse().status == 200:
                    return time.perf_counter() - self.start
            except OSError:
                time.sleep(0.01)
        raise RuntimeError("the server does not answer")

    def stop(self) -> None:
        """Stop it as Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()

    def memory(self) -> float:
        """Megabytes that all its processes use, what they share counted once (PSS)."""
        return sum(map(proportional_size, family_of(self.process.pid))) / 1024


def free_port() -> int:
    """A port that nobody listens on: `BENCH_PORT` if given, else any."""
    if given := os.environ.get("BENCH_PORT"):
        return int(given)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def family_of(process: int) -> list[int]:
    """The process and everything it started."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [process, *(one for child in children for one in family_of(int(child)))]


def proportional_size(process: int) -> int:
    """Kilobytes of one process, its part of what it shares only."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def new_database(address: str) -> str:
    """A new PostgreSQL database beside the one of this address."""
    import psycopg

    name = f"bench_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))


@cache
def shared() -> Instance:
    """The instance that all reading benchmarks look at: ten times the scale-up, made once."""
    made = Instance()
    made.make("--scale", os.environ.get("BENCH_SCALE", SCALE), "--until", DAY)
    return made
