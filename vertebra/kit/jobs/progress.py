"""How far the running job is, for those who wait."""

import time

from django.db import transaction

from vertebra.kit import clock
from vertebra.kit.jobs import current_job
from vertebra.kit.models import JobProgress

EVERY_SECONDS = 0.5
_latest: dict[object, float] = {}


def report(done: int, total: int | None = None, words: str = "") -> None:
    """Note how far the running job is; nothing outside a job, nor inside a transaction (nobody would see it)."""
    running = current_job.get()
    if running is None or transaction.get_connection().in_atomic_block:
        return
    is_last = total is not None and done >= total
    if not is_last and time.monotonic() - _latest.get(running, 0) < EVERY_SECONDS:
        return
    _latest.clear()
    _latest[running] = time.monotonic()
    JobProgress.objects.update_or_create(
        job_id=running,
        defaults={"done": done, "total": total, "words": words, "updated_at": clock.machine()},
    )
