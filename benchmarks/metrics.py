"""A thousand metrics of three years, read by SQL: the first time, and again when nothing has changed."""

from collections.abc import Iterable

from benchmarks.figures import Figure
from benchmarks.instance import Instance

METRICS = 1000


def run() -> Iterable[Figure]:
    """Seconds to refresh every metric."""
    instance = Instance()
    instance.command("migrate")
    instance.inside("refreshing.fill", str(METRICS))
    first = instance.inside("refreshing.refresh", "0")
    if first["read"] != METRICS or first["failed"]:
        raise RuntimeError(f"Not every metric was read: {first}")
    again = instance.inside("refreshing.refresh", "25")
    yield Figure("metrics: values of 1,000 metrics over three years", float(first["values"]), "values")
    yield Figure("metrics: 1,000 refreshed for the first time", first["seconds"], "s", 60.0)
    yield Figure("metrics: 1,000 refreshed when nothing has changed", again["seconds"], "s", 60.0)
