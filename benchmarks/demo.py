"""How long the demo company takes to be there, migration and start of the program included."""

import time
from collections.abc import Iterable

from benchmarks.figures import Figure
from benchmarks.instance import DAY, Instance

CASES = (
    ("small", ("--profile", "small"), 3.0),
    ("scale-up", (), 10.0),
    ("ten times the scale-up", ("--scale", "10"), 60.0),
)
WORK_ITEMS_WITHIN = {"small": 3.0, "scale-up": 20.0}


def work_items() -> int:
    """Make the work items of the company that is here, as its job does."""
    from vertebra.demo.tracked import track
    from vertebra.kit import clock

    return track(clock.now())


def run() -> Iterable[Figure]:
    """Each profile in an empty, migrated instance."""
    for name, options, goal in CASES:
        instance = Instance()
        instance.command("migrate")
        yield Figure(f"demo: {name}", instance.command("demo", *options, "--until", DAY), "s", goal)
        if name != CASES[-1][0]:
            start = time.perf_counter()
            count = instance.inside("demo.work_items")
            took = time.perf_counter() - start
            yield Figure(f"demo: {name}: {count} work items, by a job", took, "s", WORK_ITEMS_WITHIN[name])
        if name == "small":
            rate = instance.inside("floors")["rows"]
            yield Figure("demo: floor: rows by executemany", rate, "rows/s", is_lower_better=False)
