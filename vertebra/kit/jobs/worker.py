"""The worker: runs what is due, one job at a time, and loses nothing when it is killed."""

import signal
import time
from collections.abc import Sequence
from types import FrameType
from typing import Any, cast

import structlog
from django.db import Error, close_old_connections, connection, reset_queries
from django_tasks.base import TaskContext

from vertebra.kit.jobs import current_job, heartbeats, queue
from vertebra.kit.jobs.cron import Entry, tick, write_down
from vertebra.kit.memory import own_bytes

IDLE_SECONDS = 0.25
OUTGROWN_BYTES = 40_000_000
LOOK_AROUND_SECONDS = 2.0
log = structlog.get_logger("vertebra.jobs")


class Interrupted(BaseException):
    """The worker was told twice to stop: the job goes back to the queue."""


class Worker:
    """One process that takes jobs from the queue until it is told to stop, nothing is due, or it has grown."""

    def __init__(
        self, schedule: Sequence[Entry], *, until_empty: bool = False, until_grown: bool = False
    ) -> None:
        self.schedule = schedule
        self.until_empty = until_empty
        self.until_grown = until_grown
        self.is_stopping = False
        self.is_in_job = False
        self.looked_around_at = 0.0

    def run(self) -> None:
        """Work until told to stop; on request, until nothing is due or the last job left much in memory."""
        self._listen_to_signals()
        self.bytes_at_start = own_bytes()
        self.beat = heartbeats.enter()
        beating = heartbeats.Beating(self.beat)
        beating.start()
        log.info("worker_started", worker=self.beat.worker_id)
        try:
            write_down(self.schedule)
            self._loop()
        finally:
            beating.stop()
            heartbeats.leave(self.beat)
            log.info("worker_stopped", worker=self.beat.worker_id)
            connection.close()

    def _loop(self) -> None:
        while not self.is_stopping:
            try:
                self._look_around()
                claimed = queue.claim(self.beat.worker_id)
            except Error as error:
                # The database is away or busy: the queue will still be there.
                log.warning("queue_unreachable", reason=type(error).__name__)
                connection.close()
                claimed = None
            if claimed is not None:
                self.run_job(claimed)
            elif self.until_empty or (self.until_grown and self._has_grown()):
                return
            else:
                time.sleep(IDLE_SECONDS)
            close_old_connections()

    def _has_grown(self) -> bool:
        """Whether jobs have left in memory what only the end of the process gives back (libraries for files)."""
        return own_bytes() - self.bytes_at_start > OUTGROWN_BYTES

    def _look_around(self) -> None:
        if time.monotonic() - self.looked_around_at < LOOK_AROUND_SECONDS:
            return
        self.looked_around_at = time.monotonic()
        if given_back := queue.reap():
            log.warning("jobs_given_back", count=given_back)
        tick(self.schedule)

    def run_job(self, claimed: queue.Job) -> None:
        """Run one claimed job and note how it went."""
        name, started = claimed.task_path, time.monotonic()
        token = current_job.set(claimed.pk)
        structlog.contextvars.bind_contextvars(job=str(claimed.pk))
        try:
            self._attempt(claimed, name, started)
        except queue.NotOurs:
            log.warning("job_went_to_another_worker", name=name)
        finally:
            current_job.reset(token)
            structlog.contextvars.unbind_contextvars("job")
            reset_queries()

    def _attempt(self, claimed: queue.Job, name: str, started: float) -> None:
        try:
            value = self._call(claimed)
        except Interrupted:
            connection.close()
            queue.give_back(claimed)
            log.warning("job_interrupted", name=name)
        except Exception as error:
            _drop_broken_connection()
            goes_on = queue.fail(claimed, error)
            log.error("job_failed", name=name, will_retry=goes_on, exc_info=error)
        else:
            queue.finish(claimed, value)
            log.info("job_done", name=name, seconds=round(time.monotonic() - started, 3))

    def _call(self, claimed: queue.Job) -> Any:
        self.is_in_job = True
        try:
            return call(claimed)
        finally:
            self.is_in_job = False

    def _listen_to_signals(self) -> None:
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        if self.is_stopping and self.is_in_job:
            raise Interrupted
        self.is_stopping = True


def call(claimed: queue.Job) -> Any:
    """Call the job's function with what was queued."""
    task, result = claimed.task, cast(Any, claimed.task_result)
    if task.takes_context:
        return task.call(TaskContext(task_result=result), *result.args, **result.kwargs)
    return task.call(*result.args, **result.kwargs)


def _drop_broken_connection() -> None:
    """What a failed job leaves must not break the next."""
    if not connection.in_atomic_block and not connection.is_usable():
        connection.close()
