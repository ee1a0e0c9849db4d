"""How long one waits: for an empty database, and for the first page after the command was typed."""

from collections.abc import Iterable

from benchmarks.figures import Figure
from benchmarks.instance import Instance


def run() -> Iterable[Figure]:
    """An empty migration, a migration with nothing to do (the floor), then a cold start to a first page."""
    instance = Instance()
    yield Figure("start: migration of an empty database", instance.command("migrate"), "s", 5.0)
    yield Figure("start: floor: the program itself", instance.command("--help"), "s")
    yield Figure("start: migration with nothing to do", instance.command("migrate"), "s")
    with instance.served() as server:
        yield Figure("start: from the command to the first page", server.wait(), "s", 1.5)
