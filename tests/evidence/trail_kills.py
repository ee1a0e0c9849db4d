"""A program that kills imports of work items at points of their way, and looks at what they left; run by a test."""

import json
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

# Where an import that is merged with another goes otherwise than the first.
SECOND = ("merged", "moved", "recorded")


def child(work: Callable[[], None], after: float | None = None) -> int:
    """Do the work in a copy of this process, killed after some seconds if asked; gives how it ended."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        except Exception:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    if after is not None:
        time.sleep(after)
        os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def at_once(*works: Callable[[], None]) -> list[int]:
    """Do several works at the same time, each in a process of its own; gives how each ended."""
    started = []
    for work in works:
        if (pid := os.fork()) == 0:
            os._exit(child(work))
        started.append(pid)
    return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in started]


def die(*arguments: Any, **named: Any) -> None:
    """End at once, as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def load_for_all() -> None:
    """Load once for all copies what each would load again: three quarters of the time of an import."""
    import vertebra.connectors.histories.jira_json
    import vertebra.connectors.trail_files
    import vertebra.evidence.trail.staging  # noqa: F401


def arm(point: str) -> None:
    """Die when the import has come to that point."""
    from vertebra.accounts import audit
    from vertebra.evidence.importing import trail as importing
    from vertebra.evidence.trail import places, staging, writing

    home: dict[str, tuple[Any, str]] = {
        "read": (writing.Writer, "_links"),
        "written": (writing.Writer, "close"),
        "merged": (staging, "merge"),
        "counted": (staging, "tell"),
        "settled": (places, "settle"),
        "moved": (places, "move_in"),
        "recorded": (audit, "record"),
        "committed": (importing, "publish_trail"),
    }
    place, name = home[point]
    whole = getattr(place, name)

    def then_die(*arguments: Any, **named: Any) -> None:
        whole(*arguments, **named)
        die()

    setattr(place, name, then_die)


class Company:
    """Two overlapping files and a small one, and what a trail holds after each."""

    def __init__(self, folder: Path) -> None:
        from tests.evidence.trail_world import issue, write

        self.folder = folder
        self.files = (
            write(folder / "first.jsonl", [issue(n) for n in range(60)]),
            write(folder / "second.jsonl", [issue(n, steps=4) for n in range(30, 90)]),
            # So few that they are put beside the others.
            write(folder / "third.jsonl", [issue(n, steps=5) for n in range(87, 92)]),
        )
        self.state = [self._whole("Whole", count) for count in (1, 2, 3)]

    def _whole(self, source: str, count: int) -> str:
        assert child(lambda: self.bring(source, count - 1)) == 0
        return self.seen(source)

    def bring(self, source: str, number: int) -> None:
        from tests.evidence.trail_world import bring

        bring(self.files[number], source=source)

    def seen(self, source: str) -> str:
        """What a reader sees of a trail, in order."""
        told = self.folder / "seen.json"

        def look() -> None:
            from tests.evidence.trail_world import told_by_name
            from vertebra.sources.models import ImportRun, Source

            rows = told_by_name(source) if Source.objects.filter(name=source).exists() else []
            told.write_text(
                json.dumps([rows, ImportRun.objects.filter(source__name=source).count()], default=str)
            )

        assert child(look) == 0
        return told.read_text()

    def killed(self, source: str, number: int, point: str = "", after: float | None = None) -> None:
        """Kill an import: nothing or all of it is seen; made again, all of it is there as if nothing had been."""

        def work() -> None:
            if point:
                arm(point)
            self.bring(source, number)

        ended = child(work, after)
        assert not point or ended == -signal.SIGKILL, (point, ended)
        before = self.state[number - 1] if number else json.dumps([[], 0])
        left = self.seen(source)
        assert left in (before, self.state[number]), (point, after)
        if point:
            assert (left == self.state[number]) == (point == "committed"), point
        if left != self.state[number]:
            assert child(lambda: self.bring(source, number)) == 0
            assert self.seen(source) == self.state[number], (point, after)


def main(folder: Path, points: list[str], at_random: int) -> None:
    """Import two files at once; kill an import at each point, then some times at random."""
    django.setup()
    from django.db import connections

    from vertebra.kit import database

    load_for_all()
    database.prepare()
    connections.close_all()
    company = Company(folder)
    ended = at_once(*(lambda number=number: company.bring("At once", number) for number in (0, 1)))
    assert ended == [0, 0], ended
    assert company.seen("At once") == company.state[1]
    for point in points:
        company.killed(point, 0, point)
        if point in SECOND:
            company.killed(point, 1, point)
            company.killed(point, 2, point)
    began, longest = time.monotonic(), 0.0
    if at_random:
        assert child(lambda: company.bring("Timed", 0)) == 0
        longest = time.monotonic() - began
    chance = random.Random(20261102)
    for number in range(at_random):
        company.killed(f"Random {number // 3}", number % 3, after=chance.random() * longest)


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]), int(sys.argv[3]))
