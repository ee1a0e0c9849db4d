"""How the queue and its workers are, for the page, the probes and the metrics."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from vertebra.kit.jobs import heartbeats
from vertebra.kit.jobs.queue import due
from vertebra.kit.models import Heartbeat


@dataclass(frozen=True, slots=True)
class Workers:
    """How many workers live, and when one was last seen."""

    alive: int
    latest: dt.datetime | None


def workers(now: dt.datetime) -> Workers:
    """The workers as they are now; one that has said nothing for a minute is not counted."""
    beats = list(Heartbeat.objects.order_by("-seen_at")[:200])
    fresh = (beat for beat in beats if now - beat.seen_at < heartbeats.SILENT_AFTER)
    alive = sum(heartbeats.is_alive(beat, now) for beat in fresh)
    latest = beats[0].seen_at if beats else None
    return Workers(alive, latest)


def counts(now: dt.datetime) -> dict[str, int]:
    """How many jobs run, wait for a worker, wait for their hour, failed."""
    is_ready = Q(status=TaskResultStatus.READY)
    return DBTaskResult.objects.aggregate(
        running=Count("pk", filter=Q(status=TaskResultStatus.RUNNING)),
        due=Count("pk", filter=due(now)),
        later=Count("pk", filter=is_ready & ~due(now)),
        failed=Count("pk", filter=Q(status=TaskResultStatus.FAILED)),
    )


def oldest_due_seconds(now: dt.datetime) -> float:
    """For how long the job that waits longest has been due."""
    waiting = DBTaskResult.objects.filter(due(now)).aggregate(
        queued=Min("enqueued_at", filter=Q(run_after=get_date_max())),
        put_off=Min("run_after", filter=Q(run_after__lt=get_date_max())),
    )
    moments = [moment for moment in waiting.values() if moment is not None]
    return max(0.0, (now - min(moments)).total_seconds()) if moments else 0.0
