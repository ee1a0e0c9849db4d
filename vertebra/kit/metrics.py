"""Figures for a monitoring system: requests of this process, and gauges that others fill when asked."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

registry = CollectorRegistry()
ProcessCollector(registry=registry)
_requests = Counter(
    "vertebra_requests", "Requests answered by this process.", ("view", "method", "status"), registry=registry
)
_seconds = Histogram(
    "vertebra_request_seconds",
    "Time to answer, in this process.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=registry,
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def count_request(view: str, method: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    _requests.labels(view, method if method in METHODS else "other", str(status)).inc()
    _seconds.observe(seconds)


class Gauges(Collector):
    """Gauges read from the database at the moment they are asked for."""

    def __init__(self, read: Callable[[], Iterable[GaugeMetricFamily]]) -> None:
        self.read = read

    def collect(self) -> Iterable[GaugeMetricFamily]:
        return self.read()


def gauge(
    name: str, meaning: str, values: Mapping[Any, float], labels: tuple[str, ...] = ()
) -> GaugeMetricFamily:
    """One gauge with its values by label."""
    made = GaugeMetricFamily(f"vertebra_{name}", meaning, labels=labels)
    for key, value in values.items():
        made.add_metric(key, value)
    return made


def exposition(read: Callable[[], Iterable[GaugeMetricFamily]]) -> bytes:
    """Everything in Prometheus' text format: this process, then the gauges."""
    asked = CollectorRegistry()
    asked.register(Gauges(read))
    return generate_latest(registry) + generate_latest(asked)
