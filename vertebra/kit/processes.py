"""Copies of this process: each shares what was loaded before it, and ends when the one that made it does."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

import structlog

log = structlog.get_logger("vertebra.processes")
PR_SET_PDEATHSIG = 1


def copy(run: Callable[[], None], *, told: signal.Signals = signal.SIGTERM) -> int:
    """A copy of this process that runs something and ends; gives its number. No connection may be open.

    It is told by a signal when this process dies (Linux).
    """
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    if pid := os.fork():
        return pid
    os.setpgrp()  # Ctrl-C is for the program that watches
    die_with_parent(told)
    code = 0
    try:
        if os.getppid() == parent:
            run()
    except SystemExit:
        pass
    except BaseException as error:
        log.error("process_broke", exc_info=error)
        code = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def die_with_parent(told: signal.Signals = signal.SIGTERM) -> None:
    """Ask the system to send this process a signal when the one that started it dies (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, told)
