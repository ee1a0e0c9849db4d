"""Every page of ten times the scale-up, asked for one after the other: time at the server, queries, size."""

from collections.abc import Iterable

from benchmarks.figures import Figure
from benchmarks.instance import shared
from benchmarks.visitor import BrokenPage, Visitor, p50, p95

REQUESTS = 25


def run() -> Iterable[Figure]:
    """Five figures for each page, then the slowest of all."""
    instance = shared()
    pages, cookies, floors = instance.inside("pages"), instance.inside("sessions"), instance.inside("floors")
    slowest = {"p50": 0.0, "p95": 0.0}
    with instance.served() as server:
        instance.rest()
        visitors = {who: Visitor(server.port, cookie=cookie) for who, cookie in cookies.items()}
        yield Figure("pages: floor: empty view", p50(visitors["reader"].times("/healthz", 100)), "ms")
        yield Figure("pages: floor: raw query of fifty rows", floors["query"], "ms")
        for page in pages:
            name = f"pages: {page['path']}"
            try:
                times = visitors[page["who"]].times(page["path"], REQUESTS)
            except BrokenPage as error:
                yield Figure(f"{name}: broken ({error})", 1, "pages", 0)
                continue
            slowest = {"p50": max(slowest["p50"], p50(times)), "p95": max(slowest["p95"], p95(times))}
            yield Figure(f"{name}: p50", p50(times), "ms", 35.0)
            yield Figure(f"{name}: p95", p95(times), "ms", 60.0)
            yield Figure(f"{name}: processor", page["processor"], "ms")
            yield Figure(f"{name}: queries", page["queries"], "queries", 12)
            yield Figure(f"{name}: size", page["bytes"] / 1000, "kB", 150.0)
    yield Figure("pages: the slowest: p50", slowest["p50"], "ms", 35.0)
    yield Figure("pages: the slowest: p95", slowest["p95"], "ms", 60.0)
