"""Upkeep: old jobs are forgotten (done after two weeks, failed after three months), and what has expired; tables that grew counted."""

import datetime as dt

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from vertebra.kit import clock
from vertebra.kit.database import learn_sizes
from vertebra.kit.jobs import job
from vertebra.kit.models import CronTick, JobProgress

KEEP_DONE = dt.timedelta(days=14)
KEEP_FAILED = dt.timedelta(days=90)


@job(words=_("Forget old jobs"))
def forget_old_jobs() -> int:
    """Remove what the queue no longer needs to remember."""
    now = clock.machine()
    done = DBTaskResult.objects.successful().filter(finished_at__lt=now - KEEP_DONE).delete()[0]
    failed = DBTaskResult.objects.failed().filter(finished_at__lt=now - KEEP_FAILED).delete()[0]
    CronTick.objects.filter(due_at__lt=now - KEEP_FAILED).delete()
    JobProgress.objects.filter(updated_at__lt=now - KEEP_FAILED).delete()
    return done + failed


@job(words=_("Count what the tables hold"))
def count_tables() -> None:
    """Let the database know what it holds, so that it reads large tables as large ones."""
    learn_sizes()


@job(words=_("Forget what has expired"))
def forget_what_expired() -> int:
    """Remove what was kept for a while only: the cache itself does so when somebody asks for it, and nobody may."""
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    past = connection.ops.adapt_datetimefield_value(clock.machine())
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [past])  # noqa: S608 (the name of our own table)
        return int(cursor.rowcount)
