"""The roadmap with a hundred thousand initiatives behind it: boards, timeline, lists; time at the server and size."""

import time
from collections.abc import Iterable

from benchmarks.figures import Figure
from benchmarks.instance import DAY, Instance
from benchmarks.visitor import BrokenPage, Visitor, p50, p95

COUNT, REQUESTS = 100_000, 25


def run() -> Iterable[Figure]:
    """The whole of it on one instance of its own."""
    instance = Instance()
    instance.make("--until", DAY)
    start = time.perf_counter()
    there = instance.inside("initiatives.fill", str(COUNT))
    yield Figure("roadmap: rows made", time.perf_counter() - start, "s")
    yield Figure("roadmap: initiatives", there["initiatives"], "rows")
    yield Figure("roadmap: moments of their history", there["revisions"], "rows")
    present, past = instance.inside("initiatives.addresses"), instance.inside("initiatives.past")
    cookie = instance.inside("sessions")["product_ops"]
    slowest, largest = 0.0, 0.0
    with instance.served() as server:
        visitor = Visitor(server.port, cookie=cookie)
        yield Figure("roadmap: floor: empty view", p50(visitor.times("/healthz", 100)), "ms")
        for path in (*present, *past):
            name, is_past = f"roadmap: {path}", path in past
            try:
                times = visitor.times(path, REQUESTS)
            except BrokenPage as error:
                yield Figure(f"{name}: broken ({error})", 1, "pages", 0)
                continue
            size = len(visitor.ask(path)[1]) / 1000
            # A day of the past reads the history: told, without a goal of its own.
            slowest = slowest if is_past else max(slowest, p50(times))
            largest = max(largest, size)
            yield Figure(f"{name}: p50", p50(times), "ms", None if is_past else 80.0)
            yield Figure(f"{name}: p95", p95(times), "ms")
            yield Figure(f"{name}: size", size, "kB", 200.0)
    yield Figure("roadmap: the slowest: p50", slowest, "ms", 80.0)
    yield Figure("roadmap: the largest page", largest, "kB", 200.0)
