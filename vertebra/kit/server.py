"""`vertebra serve`: the web server and one worker, started together from one loaded program, stopped together."""

import errno
import gc
import json
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import structlog
from django.db import connections
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from vertebra.kit import supervisor
from vertebra.kit.memory import many_objects
from vertebra.kit.processes import copy, die_with_parent
from vertebra.kit.refusal import Refusal

log = structlog.get_logger("vertebra.server")
APPLICATION = "vertebra.wsgi.application"
SCHEDULE = "vertebra.schedule"
THREADS = 4
STOP_SECONDS = supervisor.STOP_SECONDS
PROGRAM = (sys.executable, "-m", "vertebra.cli")


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
) -> NoReturn:
    """Serve until told to stop; what serves pages and the worker that die are started again.

    Both are copies of this process, which then becomes a small program that only watches over them.
    """
    with many_objects():
        application = import_string(APPLICATION)
        _load_all()
        gc.freeze()  # what is loaded now is shared by both copies, and never looked through again
    connections.close_all()
    again = [*PROGRAM, "serve", "--host", host, "--port", str(port), "--workers", str(workers)]
    watched = {
        "web": copy(lambda: _web(application, host, port, workers, ready)),
        "worker": copy(run_worker) if run_worker else 0,
        "again": again if run_worker else [*again, "--no-worker"],
        "beside": [*PROGRAM, "worker", "--beside"],
    }
    # What is told from here on waits for the watching program.
    signal.pthread_sigmask(signal.SIG_BLOCK, supervisor.HEARD)
    os.execv(sys.executable, [sys.executable, "-I", "-S", supervisor.__file__, json.dumps(watched)])  # noqa: S606


def _load_all() -> None:
    """Load what the first page and the worker would load: addresses and what they lead to, what runs by itself."""
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018
    get_resolver()._populate()
    import_module(SCHEDULE)


def _web(application: Any, host: str, port: int, workers: int, ready: Callable[[], None]) -> None:
    """Serve pages from this process, or from several copies of it."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server.mp import MPServer

    class InPlace(MPServer):
        """One process is enough for one web process: Granian would keep another one that only watches."""

        def _spawn_workers(self, spawn_target: Any, target_loader: Any) -> NoReturn:
            self._spawn_worker(idx=0, target=spawn_target, callback_loader=target_loader).inner.run()
            raise SystemExit

    if sys.platform == "linux":
        multiprocessing.set_start_method("fork", force=True)
    server = (InPlace if workers == 1 else MPServer)(
        APPLICATION.replace(".application", ":application"),
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=600,
        websockets=False,
        respawn_failed_workers=workers > 1,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.error,
    )
    server.on_startup(ready)

    def loaded() -> Any:
        if workers > 1:
            die_with_parent()
        return application

    server.serve(target_loader=loaded, wrap_loader=False)
