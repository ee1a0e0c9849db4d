"""Audited changes that belong to no other module."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from vertebra.accounts import audit
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit.jobs import policy_of, queue


class CannotRetry(Exception):
    """Only a job that failed can be started again."""


@transaction.atomic
def retry_job(*, actor: User, job_id: uuid.UUID, now: dt.datetime) -> AuditEntry:
    """Start a failed job again, with all its attempts before it."""
    try:
        job = queue.start_again(job_id)
    except (queue.NotFailed, DBTaskResult.DoesNotExist) as error:
        raise CannotRetry(_("This job did not fail, or somebody already started it again.")) from error
    return audit.record(
        actor=actor,
        verb="retry",
        kind=Kind.JOB,
        object_name=str(policy_of(job.task_path).words),
        particulars={"job": str(job.pk), "path": job.task_path},
        now=now,
    )
