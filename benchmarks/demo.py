"""How long the demo company takes to be there, migration and start of the program included."""

from collections.abc import Iterable

from benchmarks.figures import Figure
from benchmarks.instance import DAY, Instance

CASES = (
    ("small", ("--profile", "small"), 3.0),
    ("scale-up", (), 10.0),
    ("ten times the scale-up", ("--scale", "10"), 60.0),
)


def run() -> Iterable[Figure]:
    """Each profile in an empty, migrated instance."""
    for name, options, goal in CASES:
        instance = Instance()
        instance.command("migrate")
        yield Figure(f"demo: {name}", instance.command("demo", *options, "--until", DAY), "s", goal)
        if name == "small":
            rate = instance.inside("floors")["rows"]
            yield Figure("demo: floor: rows by executemany", rate, "rows/s", is_lower_better=False)
