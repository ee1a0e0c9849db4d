"""The administration page of jobs: what runs, is due, failed, comes by itself, and whether a worker lives."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Max, Q
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.kit.jobs import policy_of, state
from vertebra.kit.jobs.queue import Job, due
from vertebra.kit.listing import Column, Filter, ListOf, Rows
from vertebra.kit.logs import without_secrets
from vertebra.kit.models import CronTick, JobProgress, Scheduled
from vertebra.web.actions import CannotRetry, retry_job

STATES: dict[str, str | Promise] = {
    "running": gettext_lazy("running"),
    "due": pgettext_lazy("job", "due"),
    "later": gettext_lazy("tried again later"),
    "failed": pgettext_lazy("job", "failed"),
    "done": pgettext_lazy("job", "done"),
}
TONES = {"running": "accent", "due": "neutral", "later": "attention", "failed": "harm", "done": "good"}


def state_of(job: Job, now: dt.datetime) -> str:
    """The state of a job, as a code of STATES."""
    if job.status == TaskResultStatus.READY:
        return "due" if job.run_after == get_date_max() or job.run_after <= now else "later"
    return {
        TaskResultStatus.RUNNING: "running",
        TaskResultStatus.FAILED: "failed",
        TaskResultStatus.SUCCESSFUL: "done",
    }[TaskResultStatus(job.status)]


def _in_state(rows: Rows, code: str) -> Rows:
    now = clock.machine()
    return rows.filter(
        {
            "running": Q(status=TaskResultStatus.RUNNING),
            "due": due(now),
            "later": Q(status=TaskResultStatus.READY) & ~due(now),
            "failed": Q(status=TaskResultStatus.FAILED),
            "done": Q(status=TaskResultStatus.SUCCESSFUL),
        }[code]
    )


def _paths() -> list[tuple[str, str | Promise]]:
    paths = DBTaskResult.objects.order_by("task_path").values_list("task_path", flat=True).distinct()
    return [(path, policy_of(path).words) for path in paths]


def _seconds(job: Job) -> float | None:
    if not job.started_at or not job.finished_at:
        return None
    return round((job.finished_at - job.started_at).total_seconds(), 2)


JOBS = ListOf(
    page="jobs",
    file_name="jobs",
    columns=(
        Column("job", gettext_lazy("Job"), lambda job: policy_of(job.task_path).words),
        Column("state", gettext_lazy("State"), lambda job: STATES[state_of(job, clock.machine())]),
        Column("queued", gettext_lazy("Queued"), lambda job: job.enqueued_at, sort="enqueued_at"),
        Column("started", gettext_lazy("Started"), lambda job: job.started_at),
        Column("seconds", gettext_lazy("Seconds"), _seconds, is_numeric=True),
        Column("attempts", gettext_lazy("Attempts"), lambda job: len(job.worker_ids), is_numeric=True),
    ),
    filters=(
        Filter("state", gettext_lazy("State"), _in_state, choices=lambda: list(STATES.items())),
        Filter("name", gettext_lazy("Job"), lambda rows, path: rows.filter(task_path=path), choices=_paths),
    ),
    sort="-queued",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One job as the page shows it."""

    pk: uuid.UUID
    job: Job
    words: str | Promise
    state: str | Promise
    tone: str
    attempts: int
    seconds: float | None
    progress: JobProgress | None = None

    @property
    def has_failed(self) -> bool:
        return self.tone == "harm"


def shown(job: Job, now: dt.datetime, progress: JobProgress | None = None) -> Shown:
    """A job with the words that people read."""
    code = state_of(job, now)
    words = policy_of(job.task_path).words
    return Shown(job.pk, job, words, STATES[code], TONES[code], len(job.worker_ids), _seconds(job), progress)


@require_safe
@requires(Right.ADMINISTER)
def jobs(request: PageRequest) -> HttpResponseBase:
    """The list of jobs, with the state of the workers above and what is scheduled below."""
    now = clock.machine()
    rows = DBTaskResult.objects.defer("traceback", "return_value", "args_kwargs")
    listing = JOBS.read(request, rows)
    if listing.export:
        return listing.export
    listing.rows = [shown(job, now) for job in listing.rows]
    return render(request, "web/jobs.html", {"listing": listing, "scheduled": _scheduled()} | _pulse(now))


@require_safe
@requires(Right.ADMINISTER)
def pulse(request: PageRequest) -> HttpResponse:
    """How the workers are and what runs: the part of the page that renews itself."""
    return render(request, "web/jobs.html#pulse", _pulse(clock.machine()))


def _pulse(now: dt.datetime) -> dict[str, Any]:
    running = list(DBTaskResult.objects.running().order_by("started_at")[:20])
    progress = JobProgress.objects.in_bulk([job.pk for job in running]) if running else {}
    return {
        "now": now,
        "workers": state.workers(now),
        "counts": state.counts(now),
        "running": [shown(job, now, progress.get(job.pk)) for job in running],
    }


def _scheduled() -> list[dict[str, Any]]:
    latest = dict(CronTick.objects.values_list("name").annotate(latest=Max("due_at")).order_by())
    return [
        {"row": row, "words": policy_of(row.task_path).words, "latest": latest.get(row.name)}
        for row in Scheduled.objects.order_by("next_at", "name")
    ]


@require_safe
@requires(Right.ADMINISTER)
def job(request: PageRequest, job_id: uuid.UUID) -> HttpResponse:
    """One job: what it was asked, what it answered, why it failed."""
    found = get_object_or_404(DBTaskResult, pk=job_id)
    now = clock.machine()
    progress = JobProgress.objects.filter(pk=found.pk).first()
    context = {
        "now": now,
        "shown": shown(found, now, progress),
        "traceback": without_secrets(found.traceback),
        "policy": policy_of(found.task_path),
    }
    return render(request, "web/job.html", context)


@require_POST
@requires(Right.ADMINISTER)
def retry(request: PageRequest, job_id: uuid.UUID) -> HttpResponse:
    """Start a failed job again."""
    try:
        retry_job(actor=request.user, job_id=job_id, now=clock.now())
    except CannotRetry as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The job starts again as soon as a worker is free."))
    return HttpResponseRedirect(reverse("web:job-list"))
