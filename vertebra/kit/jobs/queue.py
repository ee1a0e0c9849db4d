"""The queue in the database: a job is claimed by one worker, finished by the same, or given back."""

import datetime as dt
import uuid
from traceback import format_exception
from typing import Any

from django.db import transaction
from django.db.models import Q
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from vertebra.kit import clock
from vertebra.kit.jobs import Permanent, WorkerDied, heartbeats, policy_of

Job = DBTaskResult[Any, Any]


class NotOurs(Exception):
    """The job was given to another worker in the meantime: this one's outcome no longer counts."""


class NotFailed(Exception):
    """Only a job that failed can be started again."""


def due(now: dt.datetime) -> Q:
    """The condition that a job waits and may start."""
    return Q(status=TaskResultStatus.READY) & (Q(run_after=get_date_max()) | Q(run_after__lte=now))


def claim(worker_id: str) -> Job | None:
    """Take the next job that is due, for this worker alone."""
    waiting = DBTaskResult.objects.filter(due(clock.machine()))
    if not waiting.exists():
        return None
    with transaction.atomic():
        found = waiting.select_for_update(skip_locked=True).first()
        if found is not None:
            found.claim(worker_id)
        return found


def finish(claimed: Job, value: Any) -> None:
    """Note that the job succeeded."""
    with transaction.atomic():
        _still_ours(claimed).set_successful(value)


def fail(claimed: Job, error: BaseException) -> bool:
    """Note that an attempt failed; say whether another follows."""
    with transaction.atomic():
        row = _still_ours(claimed)
        policy, attempts = policy_of(row.task_path), len(row.worker_ids)
        if isinstance(error, Permanent) or attempts >= policy.attempts:
            row.set_failed(error)
            return False
        row.exception_class_path = f"{type(error).__module__}.{type(error).__qualname__}"
        row.traceback = "".join(format_exception(error))
        _wait(row, clock.machine() + policy.wait_after(attempts))
        return True


def give_back(claimed: Job) -> None:
    """Put an interrupted job back, as if it had not started."""
    with transaction.atomic():
        row = _still_ours(claimed)
        row.worker_ids = row.worker_ids[:-1]
        _wait(row, clock.machine())


def reap() -> int:
    """Give back the jobs of workers that died, and count them."""
    if not DBTaskResult.objects.running().exists():
        return 0
    with transaction.atomic():
        alive = heartbeats.living(clock.machine())
        lost = [
            row
            for row in DBTaskResult.objects.running().select_for_update(skip_locked=True)
            if not row.worker_ids or row.worker_ids[-1] not in alive
        ]
        for row in lost:
            if len(row.worker_ids) >= policy_of(row.task_path).attempts:
                row.set_failed(WorkerDied(f"{len(row.worker_ids)}"))
            else:
                _wait(row, clock.machine())
    return len(lost)


def start_again(job_id: uuid.UUID) -> Job:
    """Queue a failed job once more, with all its attempts before it."""
    with transaction.atomic():
        row = DBTaskResult.objects.select_for_update().get(pk=job_id)
        if row.status != TaskResultStatus.FAILED:
            raise NotFailed
        row.worker_ids = []
        row.started_at = row.finished_at = None
        row.traceback = row.exception_class_path = ""
        row.status, row.run_after = TaskResultStatus.READY, get_date_max()
        row.save()
    return row


def _still_ours(claimed: Job) -> Job:
    row = DBTaskResult.objects.select_for_update().filter(pk=claimed.pk).first()
    if row is None or row.status != TaskResultStatus.RUNNING or row.worker_ids != claimed.worker_ids:
        raise NotOurs
    return row


def _wait(row: Job, until: dt.datetime) -> None:
    row.status, row.run_after, row.started_at = TaskResultStatus.READY, until, None
    row.save()
