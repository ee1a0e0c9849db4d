"""Files of work items read by a second process, while the first reads others: reading takes all of a processor.

The first gives it one file after the other, by number. Whatever becomes of it, what it did not end is read by the first.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import msgspec
import structlog
from django.conf import settings

from vertebra.connectors.trail import Flaw, Sprint
from vertebra.evidence.trail.writing import Writer

# What a second process writes, beside what the first does; sprints it only tells.
TABLES = ("items", "changes", "links")
_HOW_OFTEN = 1.0
log = structlog.get_logger("vertebra.trail")


class Work(msgspec.Struct):
    """What the second process has to know, the key of the people too: it comes by a pipe and stands nowhere."""

    folder: str
    key: str
    forgotten: list[str]
    paths: list[str]
    form: str
    mapping: dict[str, str]
    now: dt.datetime


class Heard(msgspec.Struct):
    """How many items it has read in all, and whether the file is at its end."""

    count: int
    is_done: bool = False


class Done(msgspec.Struct):
    """What it has to tell when there is no file left: what was wrong with which, sprints, tables that have rows."""

    flaws: dict[int, list[Flaw]]
    sprints: list[tuple[Sprint, int, int]]
    tables: list[str]


class Beside:
    """The second process as the first knows it."""

    def __init__(self, work: Work, left: deque[int]) -> None:
        self.count = 0
        self.done: Done | None = None
        self._work, self._left = work, left
        self._taken: list[int] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "vertebra.evidence.trail.reader"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**os.environ, "VERTEBRA_DATA": str(settings.DATA)},
        )  # fmt: skip
        self._to, self._from = cast(IO[bytes], self.process.stdin), cast(IO[bytes], self.process.stdout)
        self._thread = threading.Thread(target=self._give, daemon=True)
        self._thread.start()

    def _give(self) -> None:
        try:
            self._say(self._work)
            while (number := taken_from(self._left)) is not None:
                self._taken.append(number)
                self._say(number)
                while not (heard := msgspec.json.decode(self._from.readline(), type=Heard)).is_done:
                    self.count = heard.count
                self.count = heard.count
            self._say(None)
            self.done = msgspec.json.decode(self._from.readline(), type=Done)
        except (OSError, ValueError):
            # It ended, whatever the reason: the first will find it in the same files.
            self.process.kill()
            self.process.wait()
            self.count = 0
            shutil.rmtree(self._work.folder, ignore_errors=True)
            self._left.extendleft(reversed(self._taken))

    def _say(self, what: object) -> None:
        self._to.write(msgspec.json.encode(what) + b"\n")
        self._to.flush()

    def wait(self, writer: Writer, progress: Callable[[int], None]) -> Sequence[int]:
        """Wait for its last file, and take over what it wrote; gives the files that are still to be read here after all."""
        while self._thread.is_alive():
            self._thread.join(_HOW_OFTEN)
            progress(writer.count + self.count)
        if self.done is None:
            log.warning("second_reader_ended", code=self.process.returncode, files=len(self._taken))
            return tuple(self._left)
        folder = Path(self._work.folder)
        writer.take_over({name: folder / f"{name}.parquet" for name in self.done.tables}, self.done.sprints)
        return ()

    @property
    def flaws(self) -> Mapping[int, list[Flaw]]:
        """What was wrong with the files that it read to their end."""
        return self.done.flaws if self.done else {}

    def end(self) -> None:
        """End it, wherever it is."""
        self.process.kill()
        self._thread.join()
        self.process.communicate()


@contextmanager
def begun(work: Work, left: deque[int]) -> Iterator[Beside | None]:
    """A second process that takes files from those that are left; none where the system gives none."""
    Path(work.folder).mkdir()
    try:
        beside = Beside(work, left)
    except OSError as error:
        log.warning("second_reader_not_started", reason=str(error))
        yield None
        return
    try:
        yield beside
    finally:
        beside.end()


def taken_from(left: deque[int]) -> int | None:
    """The next file that nobody has taken."""
    try:
        return left.popleft()
    except IndexError:
        return None
