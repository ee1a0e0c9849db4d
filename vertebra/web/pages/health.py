"""What machines ask: is the process alive, can it serve, how is it."""

import hmac
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from vertebra.accounts import outbox
from vertebra.accounts.models import User
from vertebra.accounts.permissions import open_to_anyone
from vertebra.kit import clock, metrics
from vertebra.kit.database import unapplied
from vertebra.kit.jobs import state
from vertebra.kit.loopback import is_from_this_machine

if TYPE_CHECKING:
    from prometheus_client.core import GaugeMetricFamily

_seen_up_to_date: set[str] = set()


@require_safe
@never_cache
@open_to_anyone(reason="a supervisor asks whether the process answers; it says nothing else")
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether this process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
@open_to_anyone(reason="a load balancer asks whether to send people here; it names no data")
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether the database answers, is up to date, and a worker lives (`?without=worker` leaves that out)."""
    left_out = set(request.GET.getlist("without"))
    found = {"database": _database(), "migrations": "unknown", "worker": "unknown"}
    if found["database"] == "ok":
        found["migrations"] = _migrations()
        found["worker"] = _worker() if found["migrations"] == "ok" else "unknown"
    is_ready = all(value == "ok" for name, value in found.items() if name not in left_out)
    return JsonResponse({"ready": is_ready} | found, status=200 if is_ready else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        connection.close()
        return "unreachable"
    return "ok"


def _migrations() -> str:
    # What was applied stays applied while this process lives.
    if not _seen_up_to_date and not unapplied():
        _seen_up_to_date.add(settings.VERSION)
    return "ok" if _seen_up_to_date else "behind"


def _worker() -> str:
    return "ok" if state.workers(clock.machine()).alive else "silent"


@require_safe
@never_cache
@open_to_anyone(reason="monitoring, with a token or from this machine; figures only, no names")
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Figures in Prometheus' format, for whoever has the token, or from this machine without a proxy between."""
    if not may_read_metrics(request):
        raise Http404
    return HttpResponse(metrics.exposition(_gauges), content_type="text/plain; version=0.0.4; charset=utf-8")


def may_read_metrics(request: HttpRequest) -> bool:
    """Whether the caller has the token, or is on this machine (when no token is set)."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    return is_from_this_machine(request)


def _gauges() -> "Iterable[GaugeMetricFamily]":
    now = clock.machine()
    workers = state.workers(now)
    seen = (now - workers.latest).total_seconds() if workers.latest else float("nan")
    yield metrics.gauge("info", "The version that runs.", {(settings.VERSION,): 1}, ("version",))
    yield metrics.gauge("workers", "Workers that live.", {(): workers.alive})
    yield metrics.gauge("worker_seen_seconds", "Seconds since a worker was last seen.", {(): seen})
    jobs = {(name,): float(count) for name, count in state.counts(now).items()}
    yield metrics.gauge("jobs", "Jobs by state.", jobs, ("state",))
    waits = state.oldest_due_seconds(now)
    yield metrics.gauge("job_oldest_due_seconds", "For how long the oldest due job waits.", {(): waits})
    sent = {(name,): float(count) for name, count in outbox.count_by_state().items()}
    yield metrics.gauge("deliveries", "Deliveries of messages by state.", sent, ("state",))
    accounts = User.objects.filter(is_active=True).count()
    yield metrics.gauge("accounts", "Accounts that may sign in.", {(): accounts})
