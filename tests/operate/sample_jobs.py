"""Jobs that real workers run in the tests, leaving marks in a file."""

import os
import signal
import time
from pathlib import Path

from django.db import transaction

from vertebra.accounts.outbox import queue_message
from vertebra.kit import clock
from vertebra.kit.jobs import job, progress


def mark(file: str, word: str) -> None:
    with Path(file).open("a") as marks:
        marks.write(f"{word}\n")


@job(words="Sleep")
def sleep(file: str, seconds: float) -> None:
    mark(file, "start")
    time.sleep(seconds)
    mark(file, "end")


@job(words="Tell once")
def tell_once(file: str, key: str) -> None:
    mark(file, f"start {key}")
    with transaction.atomic():
        queue_message(
            key=key, to_email="a@example.org", template="x", particulars={}, language="fr", now=clock.now()
        )
        time.sleep(0.15)
    time.sleep(0.05)


@job(words="Kill the worker", attempts=2)
def kill_the_worker(file: str) -> None:
    mark(file, "start")
    os.kill(os.getpid(), signal.SIGKILL)


@job(words="Count")
def count(file: str, total: int) -> None:
    for number in range(total):
        progress.report(number, total, "counting")
        time.sleep(0.3)
    mark(file, "end")


kept: list[bytes] = []


@job(words="Leave much in memory", apart=True)
def leave_much(file: str) -> None:
    kept.append(b"x" * 80_000_000)
    mark(file, f"{os.getpid()} {len(kept)}")


@job(words="Sleep apart", apart=True)
def sleep_apart(file: str, seconds: float) -> None:
    sleep.func(file, seconds)


@job(words="Kill what runs it", attempts=2, apart=True)
def kill_the_copy(file: str) -> None:
    kill_the_worker.func(file)


@job(words="Break apart", attempts=1, apart=True)
def break_apart() -> None:
    raise ValueError("apart")
