"""What runs by itself: each due moment starts its job exactly once, however many workers look."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cronsim import CronSim
from django.db import transaction
from django.utils import timezone
from django_tasks.base import Task

from vertebra.kit import clock
from vertebra.kit.models import CronTick, Scheduled


def always() -> bool:
    """The condition of what runs whenever it is due."""
    return True


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the schedule: a name, when (cron, in the company's time zone), which job, on what condition."""

    name: str
    when: str
    job: Task[Any, Any]
    only_if: Callable[[], bool] = always

    def next_after(self, moment: dt.datetime) -> dt.datetime:
        """The first due moment after that one."""
        local = timezone.localtime(moment, timezone.get_default_timezone())
        return next(CronSim(self.when, local))


def write_down(entries: Iterable[Entry]) -> None:
    """Bring the table of what is scheduled in line with the list."""
    now = clock.machine()
    with transaction.atomic():
        known = {row.name: row for row in Scheduled.objects.select_for_update()}
        for entry in entries:
            row = known.pop(entry.name, None)
            values: dict[str, Any] = {"expression": entry.when, "task_path": entry.job.module_path}
            if row is not None and (row.expression, row.task_path) == (entry.when, entry.job.module_path):
                continue
            if row is None or row.expression != entry.when:
                values["next_at"] = entry.next_after(now)
            Scheduled.objects.update_or_create(name=entry.name, defaults=values)
        Scheduled.objects.filter(name__in=known).delete()


def tick(entries: Iterable[Entry]) -> int:
    """Queue what is due now and count it; what was missed while nobody looked is started once."""
    now, started = clock.machine(), 0
    late = set(Scheduled.objects.filter(next_at__lte=now).values_list("name", flat=True))
    for entry in entries:
        if entry.name in late:
            started += _start(entry, now)
    return started


def _start(entry: Entry, now: dt.datetime) -> bool:
    with transaction.atomic():
        row = Scheduled.objects.select_for_update().filter(name=entry.name, next_at__lte=now).first()
        if row is None:
            return False
        due_at, row.next_at = row.next_at, entry.next_after(now)
        row.save(update_fields=["next_at"])
        if not entry.only_if():
            return False
        made, is_new = CronTick.objects.get_or_create(name=entry.name, due_at=due_at)
        if is_new:
            made.job_id = UUID(entry.job.enqueue().id)
            made.save(update_fields=["job_id"])
        return is_new
