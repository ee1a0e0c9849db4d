"""The worker: runs what is due, one job at a time, and loses nothing when it is killed."""

import os
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import Any, cast

import structlog
from django.db import Error, close_old_connections, connection, connections, reset_queries
from django_tasks.base import TaskContext

from vertebra.kit import processes
from vertebra.kit.jobs import WorkerDied, current_job, heartbeats, policy_of, queue
from vertebra.kit.jobs.cron import Entry, tick, write_down

IDLE_SECONDS = 0.25
LOOK_AROUND_SECONDS = 2.0
log = structlog.get_logger("vertebra.jobs")


class Interrupted(BaseException):
    """The worker was told twice to stop: the job goes back to the queue."""


class Worker:
    """One process that takes jobs from the queue until it is told to stop, or nothing is due."""

    def __init__(self, schedule: Sequence[Entry], *, until_empty: bool = False) -> None:
        self.schedule = schedule
        self.until_empty = until_empty
        self.is_stopping = False
        self.is_in_job = False
        self.looked_around_at = 0.0

    def run(self) -> None:
        """Work until told to stop; on request, until nothing is due."""
        self._listen_to_signals()
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
            elif self.until_empty:
                return
            else:
                time.sleep(IDLE_SECONDS)
            close_old_connections()

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
            if policy_of(name).is_apart:
                self._attempt_apart(claimed, name, started)
            else:
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

    def _attempt_apart(self, claimed: queue.Job, name: str, started: float) -> None:
        """Let a copy of this process attempt it and note how it went; of a copy that broke this one notes it."""
        connections.close_all()
        with heartbeats.still:
            child = processes.copy(lambda: self._attempt_as_copy(claimed, name, started), told=signal.SIGKILL)
        try:
            ended = self._wait_for(child)
        except Interrupted:
            with suppress(ProcessLookupError, ChildProcessError):  # it may have ended by itself
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
            queue.give_back(claimed)
            log.warning("job_interrupted", name=name)
        else:
            if ended:
                goes_on = queue.fail(claimed, WorkerDied(str(ended)))
                log.error("job_failed", name=name, will_retry=goes_on, ended=ended)

    def _wait_for(self, child: int) -> int:
        """How a copy ended: 0 when it noted itself how its job went."""
        self.is_in_job = True
        try:
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        finally:
            self.is_in_job = False

    def _attempt_as_copy(self, claimed: queue.Job, name: str, started: float) -> None:
        for one in (signal.SIGTERM, signal.SIGINT):  # who waits for this copy decides
            signal.signal(one, signal.SIG_IGN)
        try:
            self._attempt(claimed, name, started)
        except queue.NotOurs:
            log.warning("job_went_to_another_worker", name=name)
        except SystemExit as left:  # a copy that leaves quietly has noted how its job went
            raise RuntimeError("the job left the program") from left
        finally:
            connections.close_all()

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
