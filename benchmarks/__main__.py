"""Runs benchmarks: `python -m benchmarks [--only NAME] [--runs 3] [--json]`; medians, a line per figure."""

import argparse
import dataclasses
import json
import os
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from benchmarks.figures import Figure
from benchmarks.instance import new_database

ALL = (
    "start",
    "demo",
    "pages",
    "search",
    "api",
    "memory",
    "imports",
    "listen",
    "results",
    "metrics",
    "roadmap",
    "fanout",
    "trail",
    "conformance",
    "flow",
)
RUNS = 3


@contextmanager
def fresh_database() -> Iterator[None]:
    """On PostgreSQL, a database that no run before has touched."""
    address = os.environ.get("DATABASE_URL")
    if address is None:
        yield
        return
    os.environ["DATABASE_URL"] = new_database(address)
    try:
        yield
    finally:
        os.environ["DATABASE_URL"] = address


def measure(name: str, runs: int) -> list[Figure]:
    """The medians of so many runs of one benchmark, in the order of the first."""
    taken: dict[str, list[Figure]] = {}
    for _ in range(runs):
        with fresh_database():
            for figure in import_module(f"benchmarks.{name}").run():
                taken.setdefault(figure.name, []).append(figure)
    return [
        dataclasses.replace(
            same[0],
            value=statistics.median(one.value for one in same),
            goal=None if same[0].goal is None else statistics.median(one.goal or 0.0 for one in same),
        )
        for same in taken.values()
    ]


def line(figure: Figure) -> str:
    """One figure for a reader: name, value, unit, goal, reached or not."""
    told = f"{figure.name:<74} {figure.value:>10,.2f} {figure.unit:<10}"
    if figure.goal is None:
        return told.rstrip()
    sign = "≤" if figure.is_lower_better else "≥"
    return f"{told} {sign} {figure.goal:<9,.4g} {'reached' if figure.is_reached else 'NOT REACHED'}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--only", choices=ALL, help="one benchmark")
    parser.add_argument("--runs", type=int, default=RUNS, help="how many runs the medians are taken over")
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    asked = parser.parse_args()
    figures: list[Figure] = []
    for name in (asked.only,) if asked.only else ALL:
        print(f"… {name}", file=sys.stderr, flush=True)
        found = measure(name, asked.runs)
        figures += found
        if not asked.json:
            print("\n".join(map(line, found)), flush=True)
    missed = [figure for figure in figures if figure.is_reached is False]
    if asked.json:
        told = [dataclasses.asdict(figure) | {"is_reached": figure.is_reached} for figure in figures]
        print(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        engine = "PostgreSQL" if os.environ.get("DATABASE_URL") else "SQLite"
        reached = sum(figure.is_reached is True for figure in figures)
        print(f"{engine}, median of {asked.runs}: {reached} goals reached, {len(missed)} not.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
