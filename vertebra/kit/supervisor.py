"""What watches over the web server and the worker of `vertebra serve`: a program that loads nothing, so that it takes no room."""

import json
import os
import select
import signal
import sys
import time

ASKED = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
HEARD = ASKED | {signal.SIGCHLD}
STOP_SECONDS = 30
# A web server that ends so soon after its start would end again.
STEADY_SECONDS = 10
LOOK_SECONDS = 1.0


def watch(web: int, worker: int, again: list[str], beside: list[str]) -> int:
    """Start again what ends, until told to stop; gives the code to end with."""
    ears = _listen()
    steady_at = time.monotonic() + STEADY_SECONDS
    while not _is_asked(ears):
        ended = _ended()
        if web in ended:
            _stop({worker} - {0} - ended.keys(), ears)
            if time.monotonic() < steady_at:
                return 1
            os.execv(again[0], again)  # noqa: S606
        if worker in ended:
            if ended[worker]:
                time.sleep(LOOK_SECONDS)
            worker = _start(beside)
    _stop({web, worker} - {0}, ears)
    return 0


def _listen() -> int:
    """Hear what was told since this program took the place of another, and what will be: numbers of signals in a pipe."""
    ears, mouth = os.pipe()
    os.set_blocking(mouth, False)
    signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)
    for one in HEARD:
        signal.signal(one, lambda _number, _frame: None)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HEARD)
    return ears


def _is_asked(ears: int) -> bool:
    """Wait until something is told, a second at most; whether it was to stop."""
    if not select.select([ears], [], [], LOOK_SECONDS)[0]:
        return False
    return not ASKED.isdisjoint(os.read(ears, 64))


def _ended() -> dict[int, int]:
    """The processes that have ended, with how (0: well)."""
    ended: dict[int, int] = {}
    try:
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            ended[found[0]] = found[1]
    except ChildProcessError:  # there are none
        pass
    return ended


def _start(command: list[str]) -> int:
    """Start a program of its own group, and give its number."""
    while True:
        try:
            return os.posix_spawn(command[0], command, os.environ, setpgroup=0, setsigdef=HEARD)
        except OSError as error:  # no memory or no process to be had: perhaps in a second
            sys.stderr.write(f"The worker was not started: {error.strerror}\n")
            time.sleep(LOOK_SECONDS)


def _stop(children: set[int], ears: int) -> None:
    """Let them end what they are at, for a while; who asks a second time does not wait for jobs."""
    for told in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL):
        for child in children:
            os.kill(child, told)
        until = time.monotonic() + STOP_SECONDS
        while children and time.monotonic() < until:
            is_asked = _is_asked(ears)
            children = children - _ended().keys()
            if is_asked:
                break
        if not children:
            return


if __name__ == "__main__":
    sys.exit(watch(**json.loads(sys.argv[1])))
