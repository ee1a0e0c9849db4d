"""Which workers live: each says so every few seconds, and a dead one is known by its silence or its process."""

import datetime as dt
import os
import signal
import socket
import threading
import uuid
from pathlib import Path

import structlog
from django.db import Error, connection

from vertebra.kit import clock
from vertebra.kit.models import Heartbeat

BEAT_EVERY = 5.0
SILENT_AFTER = dt.timedelta(seconds=60)
# Held while a thread beside the job writes: a process is copied only while it stands still and holds no connection
# (SQLite forgets whose locks are whose once a connection is inherited).
still = threading.Lock()
log = structlog.get_logger("vertebra.jobs")


def identity(pid: int) -> str:
    """A process, told apart from a later one of the same number; nothing where the system does not say."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    return f"{pid}:{stat.rsplit(')', 1)[1].split()[19]}"


def here() -> str:
    """This machine, or this container of it: where process numbers mean something."""
    try:
        space = os.readlink("/proc/self/ns/pid")
    except OSError:
        space = ""
    return f"{socket.gethostname()[:200]} {space}"


def enter() -> Heartbeat:
    """Write down a new worker: this process."""
    now = clock.machine()
    Heartbeat.objects.filter(seen_at__lt=now - dt.timedelta(days=1)).delete()
    pid = os.getpid()
    return Heartbeat.objects.create(
        worker_id=f"{socket.gethostname()[:30]}-{pid}-{uuid.uuid4().hex[:8]}",
        host=here(),
        process=identity(pid),
        started_at=now,
        seen_at=now,
    )


def leave(beat: Heartbeat) -> None:
    """Note that the worker stopped of its own will."""
    Heartbeat.objects.filter(pk=beat.pk).update(stopped_at=clock.machine())


def is_alive(beat: Heartbeat, now: dt.datetime) -> bool:
    """Whether the worker still works: on this machine its process tells, elsewhere its latest beat."""
    if beat.stopped_at is not None:
        return False
    if beat.process and beat.host == here():
        return identity(int(beat.process.split(":")[0])) == beat.process
    return now - beat.seen_at < SILENT_AFTER


def living(now: dt.datetime) -> set[str]:
    """The identifiers of the workers that live."""
    return {beat.worker_id for beat in Heartbeat.objects.filter(stopped_at=None) if is_alive(beat, now)}


class Beating(threading.Thread):
    """Says every few seconds, beside the job that runs, that this worker lives."""

    def __init__(self, beat: Heartbeat) -> None:
        super().__init__(name="heartbeat", daemon=True)
        self.beat = beat
        self.stopping = threading.Event()

    def run(self) -> None:
        # Signals are for the main thread: it must wake up, even from a job that sleeps.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        while not self.stopping.wait(BEAT_EVERY):
            with still:
                self._beat()

    def _beat(self) -> None:
        try:
            Heartbeat.objects.filter(pk=self.beat.pk).update(seen_at=clock.machine())
        except Error as error:
            log.warning("heartbeat_missed", reason=type(error).__name__)
        finally:
            connection.close()

    def stop(self) -> None:
        self.stopping.set()
        self.join(timeout=5)
