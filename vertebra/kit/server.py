"""`vertebra serve`: the web server and one worker, started together from one loaded program, stopped together."""

import ctypes
import errno
import gc
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import structlog
from django.db import connections
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from vertebra.kit.memory import many_objects
from vertebra.kit.refusal import Refusal

log = structlog.get_logger("vertebra.server")
APPLICATION = "vertebra.wsgi.application"
SCHEDULE = "vertebra.schedule"
THREADS = 4
STOP_SECONDS = 30
PR_SET_PDEATHSIG = 1
TOLD_TO_STOP = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def refuse_if_taken(host: str, port: int) -> None:
    """Say so, before anything starts, when another program listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refusal(*_why_not(error, host, port)) from error


def _why_not(error: OSError, host: str, port: int) -> tuple[str, str]:
    if error.errno == errno.EADDRINUSE:
        return (
            _("Port %(port)d is already taken by another program.") % {"port": port},
            _("Stop that program, or choose another port: PORT=%(port)d.") % {"port": port + 1},
        )
    if error.errno == errno.EACCES:
        return (
            _("This account may not listen on port %(port)d.") % {"port": port},
            _("Choose a port above 1024: PORT=8000."),
        )
    return (
        _("Cannot listen on %(host)s: %(reason)s.") % {"host": host, "reason": error.strerror or str(error)},
        _("Use --host 127.0.0.1, or an address of this machine."),
    )


def refuse_unless_writable(folder: Path) -> None:
    """Say so when the data folder cannot be written."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".try-"):
            pass
    except OSError as error:
        raise Refusal(
            _("The data folder %(folder)s cannot be written: %(reason)s.")
            % {"folder": folder, "reason": error.strerror or str(error)},
            _(
                "Give this account the right to write there, or choose another folder: VERTEBRA_DATA=/path/to/folder."
            ),
        ) from error


def serve(
    *,
    host: str,
    port: int,
    workers: int,
    run_worker: Callable[[], None] | None,
    ready: Callable[[], None],
) -> None:
    """Serve until told to stop; the worker beside it is started again if it dies."""
    with many_objects():
        application = import_string(APPLICATION)
        _load_all()
        gc.freeze()  # what is loaded now is shared by the processes to come, and never looked through again
    connections.close_all()
    beside = Beside(run_worker) if run_worker else None
    if beside:
        beside.start()
    try:
        _web(application, host, port, workers, ready)
    finally:
        if beside:
            beside.stop()


def _load_all() -> None:
    """Load what the first request and the worker would load: addresses and what they lead to, what runs by itself."""
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018
    get_resolver()._populate()
    import_module(SCHEDULE)


def _web(application: Any, host: str, port: int, workers: int, ready: Callable[[], None]) -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server.mp import MPServer

    if sys.platform == "linux":
        multiprocessing.set_start_method("fork", force=True)
    server = MPServer(
        "vertebra.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=600,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.error,
    )
    server.on_startup(ready)

    def loaded() -> Any:
        os.setpgrp()  # Ctrl-C is for the server, which tells its processes: two signals at once can lock them
        die_with_parent()
        return application

    server.serve(target_loader=loaded, wrap_loader=False) if sys.platform == "linux" else server.serve()


def die_with_parent() -> None:
    """Ask the system to stop this process when the one that started it dies (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Beside:
    """The worker beside the web server: a copy of this process, and another one when it ends."""

    def __init__(self, run_worker: Callable[[], None]) -> None:
        self.run_worker = run_worker
        self.is_stopping = threading.Event()
        self.pid = 0
        self.watcher = threading.Thread(target=self._watch, name="worker-watch", daemon=True)

    def start(self) -> None:
        self._fork()
        self.watcher.start()

    def _fork(self) -> None:
        """Share with the worker what is loaded: this process holds no connection, and its threads only wait."""
        server = os.getpid()
        if pid := os.fork():
            self.pid = pid
            return
        for one in TOLD_TO_STOP:  # the server's ways to hear them are deaf in a copy of it
            signal.signal(one, signal.SIG_DFL)
        os.setpgrp()
        die_with_parent()
        code = 0
        try:
            if os.getppid() == server:
                self.run_worker()
        except BaseException as error:
            log.error("worker_broke", exc_info=error)
            code = 1
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _watch(self) -> None:
        while not self.is_stopping.wait(0 if self._ended_well() else 1):
            try:
                self._fork()
            except OSError as error:  # no memory or no process to be had: perhaps in a second
                log.error("worker_not_started", reason=error.strerror)
            if self.is_stopping.is_set():
                with suppress(ProcessLookupError):
                    os.kill(self.pid, signal.SIGTERM)

    def _ended_well(self) -> bool:
        try:
            return os.waitpid(self.pid, 0)[1] == 0
        except ChildProcessError:
            return False

    def stop(self) -> None:
        """Let the job that runs end, for a while; a second Ctrl-C gives it back to the queue."""
        self.is_stopping.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for told in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL):
            try:
                os.kill(self.pid, told)
            except ProcessLookupError:
                return
            try:
                self.watcher.join(STOP_SECONDS)
            except KeyboardInterrupt:
                continue
            if not self.watcher.is_alive():
                return
