"""A release told to twenty thousand people by three channels, while workers are killed and servers refuse."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from benchmarks.figures import Figure
from benchmarks.instance import DAY, Instance, Server
from benchmarks.visitor import Visitor, p50, p95

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "20000"))
KILL_EVERY = 20.0
GIVEN_UP_AFTER = 1200.0
PAGES = ("/", "/messages/", "/account/telling/", "/organisation/units/", "/organisation/people/")
PAUSE = 0.4


class Receivers:
    """The mail server and the Slack that everything is sent to."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.receivers", str(PEOPLE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.ports: dict[str, int] = self._read()

    def _read(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def told(self) -> dict[str, dict[str, int]]:
        """What arrived so far."""
        assert self.process.stdin is not None
        self.process.stdin.write("report\n")
        self.process.stdin.flush()
        found: dict[str, dict[str, int]] = self._read()
        return found

    def stop(self) -> None:
        """End them."""
        self.process.kill()
        self.process.wait()


class Workers:
    """Two workers; every twenty seconds one of them is killed, and another takes its place."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.log = (instance.folder / "workers.log").open("w")
        self.running = [self._start(), self._start()]
        self.kills = 0
        self.killed_at = time.perf_counter()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "vertebra.cli", "worker"],
            env=self.instance.environment,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    def kill_one(self) -> None:
        """Kill the older of the two, if it is time."""
        if time.perf_counter() - self.killed_at < KILL_EVERY:
            return
        victim = self.running.pop(0)
        victim.kill()
        victim.wait()
        self.kills, self.killed_at = self.kills + 1, time.perf_counter()
        self.running.append(self._start())

    def stop(self) -> None:
        """End both."""
        for one in self.running:
            one.send_signal(signal.SIGTERM)
        for one in self.running:
            with suppress(subprocess.TimeoutExpired):
                one.wait(timeout=40)
            one.kill()
        self.log.close()


@contextmanager
def pages_only(instance: Instance) -> Iterator[Server]:
    """The instance's pages alone: its workers are those that are killed."""
    server = Server(instance, "--no-worker")
    try:
        server.wait()
        yield server
    finally:
        server.stop()


def run() -> Iterable[Figure]:
    """The whole of it on one instance of its own."""
    instance, receivers = Instance(), Receivers()
    try:
        yield from _run(instance, receivers)
    finally:
        receivers.stop()


def _run(instance: Instance, receivers: Receivers) -> Iterable[Figure]:
    instance.environment |= {
        "VERTEBRA_SMTP_HOST": "127.0.0.1",
        "VERTEBRA_SMTP_PORT": str(receivers.ports["mail"]),
        "VERTEBRA_SLACK_API": f"http://127.0.0.1:{receivers.ports['slack']}/api",
        "VERTEBRA_PRIVATE_HOSTS": "127.0.0.1",
    }
    instance.make("--scale", os.environ.get("BENCH_SCALE", "1"), "--until", DAY)
    asked = instance.inside("asking.times")
    yield Figure("fanout: whom to tell, a ticket that names it", asked["named"], "ms", 300.0)
    yield Figure("fanout: whom to tell, a ticket that names nothing", asked["near"], "ms", 300.0)
    known = instance.inside("fanning.people", str(PEOPLE))
    yield Figure("fanout: people known in Slack", known, "people", PEOPLE, is_lower_better=False)
    cookie = instance.inside("sessions")["reader"]
    with pages_only(instance) as server:
        quiet: list[float] = []
        busy: list[float] = []
        stop = threading.Event()
        visitor = Visitor(server.port, cookie=cookie)
        for path in PAGES:
            quiet += visitor.times(path, 5)
        filled = instance.inside("fanning.fill")
        yield Figure("fanout: audience resolved", filled["resolved"], "s", 1.0)
        yield Figure("fanout: pressed", filled["pressed"], "s")
        yield Figure("fanout: outbox filled", filled["seconds"], "s", 10.0)
        yield Figure("fanout: deliveries", filled["deliveries"], "rows", 3 * PEOPLE, is_lower_better=False)
        visiting = threading.Thread(target=_visit, args=(visitor, busy, stop))
        visiting.start()
        try:
            yield from _deliver(instance, receivers)
        finally:
            stop.set()
            visiting.join()
        yield Figure("fanout: pages before: p50", p50(quiet), "ms")
        yield Figure("fanout: pages before: p95", p95(quiet), "ms")
        yield Figure("fanout: pages meanwhile: p50", p50(busy), "ms")
        yield Figure("fanout: pages meanwhile: p95", p95(busy), "ms", 150.0)
    corrected = instance.inside("fanning.correct")
    yield Figure("fanout: correction queued", corrected["seconds"], "s")
    yield Figure("fanout: people corrected", corrected["people"], "people", PEOPLE, is_lower_better=False)


def _visit(visitor: Visitor, times: list[float], stop: threading.Event) -> None:
    """Somebody looks at one page after the other meanwhile."""
    while not stop.is_set():
        for path in PAGES:
            times.append(visitor.ask(path)[2])
            time.sleep(PAUSE)


def _deliver(instance: Instance, receivers: Receivers) -> Iterable[Figure]:
    start, workers = time.perf_counter(), Workers(instance)
    try:
        while time.perf_counter() - start < GIVEN_UP_AFTER:
            time.sleep(1)
            workers.kill_one()
            told = receivers.told()
            if all(one["different"] >= PEOPLE for one in told.values()):
                break
        seconds = time.perf_counter() - start
        time.sleep(5)  # what is on its way twice arrives too
    finally:
        workers.stop()
    told, states = receivers.told(), instance.inside("fanning.states")
    yield Figure("fanout: all received after", seconds, "s", 600.0)
    yield Figure("fanout: workers killed", workers.kills, "workers")
    for channel, one in told.items():
        yield Figure(f"fanout: {channel}: refused on the way", one["refused"], "messages")
        yield Figure(f"fanout: {channel}: lost", PEOPLE - one["different"], "messages", 0)
        yield Figure(f"fanout: {channel}: twice", one["came"] - one["different"], "messages", workers.kills)
    yield Figure("fanout: counted as possibly twice", states["possibly_twice"], "messages")
    yield Figure("fanout: failed", states["failed"], "messages", 0)
