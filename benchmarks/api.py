"""The API over ten times the scale-up: lists, one object at a time, many at once."""

import datetime as dt
import time
import uuid
from collections.abc import Iterable
from typing import Any

from benchmarks.figures import Figure
from benchmarks.instance import Instance, shared
from benchmarks.visitor import Visitor, p50, p95

LISTS = ("people", "units", "memberships", "mandates", "areas", "ownerships", "empty-spaces", "gaps",
         "initiatives", "topics", "metrics", "values", "incidents")  # fmt: skip
BATCH, BATCHES, SINGLES = 1000, 5, 200


def run() -> Iterable[Figure]:
    """Reading first; what is written goes into an instance of its own."""
    instance = shared()
    token, floors = instance.inside("token"), instance.inside("floors")
    with instance.served() as server:
        instance.rest()
        visitor = Visitor(server.port, token=token)
        yield Figure("api: floor: empty view", p50(visitor.times("/healthz", 100)), "ms")
        for name in LISTS:
            times = visitor.times(f"/api/v1/{name}", 60)
            yield Figure(f"api: list of {name}: p50", p50(times), "ms", 6.0)
            yield Figure(f"api: list of {name}: p95", p95(times), "ms")
    yield Figure("api: floor: rows by executemany", floors["rows"], "rows/s", is_lower_better=False)
    yield from writing()


def writing() -> Iterable[Figure]:
    """People made one by one, and by the thousand."""
    instance = Instance()
    instance.make("--profile", "small", "--until", "2026-11-02")
    token = instance.inside("token")
    with instance.served() as server:
        visitor = Visitor(server.port, token=token)
        start = time.perf_counter()
        for number in range(SINGLES):
            made = visitor.ask("/api/v1/people", {"name": f"Ada Lovelace {number}", "title": "Engineer"})
            expect(made, 201)
        yield Figure(
            "api: people made one by one", SINGLES / (time.perf_counter() - start), "objects/s", 150.0, False
        )
        start = time.perf_counter()
        for number in range(BATCHES):
            expect(visitor.ask("/api/v1/records", batch(number)), 200)
        rate = BATCH * BATCHES / (time.perf_counter() - start)
        yield Figure("api: people made by the thousand", rate, "objects/s", 1000.0, False)
        for path, told in (("values", values_of), ("initiatives", roadmap_of)):
            if path == "values":
                metric = [{"slug": "bench", "name": "Bench", "grain": "day"}]
                expect(visitor.ask("/api/v1/bulk/metrics", {"source": "bench", "metrics": metric}), 200)
            start = time.perf_counter()
            for number in range(BATCHES):
                expect(visitor.ask(f"/api/v1/bulk/{path}", told(number)), 200)
            rate = BATCH * BATCHES / (time.perf_counter() - start)
            yield Figure(f"api: {path} told by the thousand", rate, "objects/s", 1000.0, False)


def batch(number: int) -> dict[str, Any]:
    """A thousand people told by one source."""
    records = []
    for index in range(BATCH):
        key = f"{number}-{index}"
        values = {"name": f"Person {key}", "email": f"person.{key}@example.org", "title": "Engineer"}
        records.append({"kind": "person", "external_id": key, "values": values})
    return {"source": f"bench {uuid.uuid4().hex[:8]}", "records": records}


def values_of(number: int) -> dict[str, Any]:
    """A thousand values of one metric, a day each, for one part of it."""
    days = [(dt.date(2023, 1, 1) + dt.timedelta(days=at)).isoformat() for at in range(BATCH)]
    return {
        "values": [
            {"metric": "bench", "on": day, "value": at, "part": f"p{number}"} for at, day in enumerate(days)
        ]
    }


def roadmap_of(number: int) -> dict[str, Any]:
    """A thousand initiatives told by one source."""
    records = [
        {
            "kind": "initiative",
            "external_id": f"{number}-{at}",
            "values": {"title": f"T {at}", "due_on": "2026-12-24"},
        }
        for at in range(BATCH)
    ]
    return {"source": f"bench {uuid.uuid4().hex[:8]}", "records": records}


def expect(answer: tuple[int, bytes, float], status: int) -> None:
    """Stop if the server answered anything else."""
    if answer[0] != status:
        raise RuntimeError(f"{answer[0]} {answer[1][:400]!r}")
