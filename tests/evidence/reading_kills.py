"""A program that kills readings of a tracker at points of their way, and looks at what they left; run by a test."""

import datetime as dt
import json
import random
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any

import django

from tests.evidence.trail_kills import child, die, load_for_all

# Longer than anybody waits for a worker that died.
APART = dt.timedelta(hours=2)
NAME = "Tracker"


def arm(point: str) -> None:
    """Die when the reading has come to that point."""
    from vertebra.accounts import audit
    from vertebra.evidence.importing import readings
    from vertebra.evidence.trail import places, staging, writing
    from vertebra.sources import work

    home: dict[str, tuple[Any, str]] = {
        "read": (writing.Writer, "_links"),
        "written": (writing.Writer, "close"),
        "merged": (staging, "merge"),
        "moved": (places, "move_in"),
        "recorded": (audit, "record"),
        "committed": (readings, "publish_reading"),
        "gone on": (work, "_move_on"),
        "listed": (staging, "mark"),
    }
    place, name = home[point]
    whole = getattr(place, name)

    def then_die(*arguments: Any, **named: Any) -> None:
        whole(*arguments, **named)
        die()

    setattr(place, name, then_die)


class Company:
    """A source that reads the tracker, ready to be read again and again, and what it holds once it was read whole."""

    def __init__(self, folder: Path, address: str) -> None:
        from tests.evidence.trail_world import issue, write

        self.folder = folder
        self.address = address
        # Deleted in the tracker since it was exported.
        self.file = write(folder / "before.jsonl", [issue(9_000)])
        assert child(self.connect) == 0
        shutil.copytree(folder / "data", folder / "ready")
        began = time.monotonic()
        assert child(lambda: self.read(0)) == 0
        self.longest = time.monotonic() - began
        assert child(self.tell_whole) == 0
        self.whole = (folder / "whole.json").read_text()

    def connect(self) -> None:
        """A source that was brought in from a file, and is connected to the tracker."""
        from tests.evidence.trail_world import bring
        from vertebra.sources import connections
        from vertebra.sources.models import Connection

        values = {"address": self.address, "token": "t0ken-of-nobody"}
        connections.connect_system(actor=None, name=NAME, kind="jira", values=values, now=_now(0))  # type: ignore[arg-type]
        Connection.objects.update(chosen=["SHOP"], takes_work=True, takes_releases=False)
        bring(self.file, source=NAME)

    def tell_whole(self) -> None:
        """Write down what is seen once all was read."""
        (self.folder / "whole.json").write_text(self.seen())

    def as_before(self) -> None:
        """Everything as it was before the source was first read."""
        shutil.rmtree(self.folder / "data")
        shutil.copytree(self.folder / "ready", self.folder / "data")

    def read(self, turn: int) -> None:
        """Read to the end, a portion for each page."""
        from tests.evidence.reading_world import read
        from vertebra.sources import work
        from vertebra.sources.models import Source

        work.PORTION_SECONDS = 0
        run = read(Source.objects.get(), _now(turn))
        assert run.state == "done", run.fault

    def seen(self) -> str:
        """What a reader sees of the trail, in order, but for the moments at which it was read."""
        from tests.evidence.trail_world import told_by_name

        items, changes, links, sprints = told_by_name(NAME)
        whole = {item[0] for item in items}
        assert {change[0] for change in changes} == whole
        assert len(changes) == 6 * len(whole)
        found = {
            "items": [[*one[:-1], one[-1] is not None] for one in items],
            "changes": changes,
            "links": links,
            "sprints": [one[:-1] for one in sprints],
        }
        return json.dumps(found, default=str)

    def killed(self, point: str = "", after: float | None = None) -> None:
        """Kill a reading: what is seen is whole; read on, all is as if nothing had been."""
        self.as_before()

        def work() -> None:
            if point:
                arm(point)
            self.read(1)

        ended = child(work, after)
        assert not point or ended == -signal.SIGKILL, (point, ended)
        assert child(self.read_on) == 0, (point, after)

    def read_on(self) -> None:
        """Look at what was left, and read to the end."""
        self.seen()
        self.read(2)
        assert self.seen() == self.whole


def _now(turn: int) -> dt.datetime:
    from tests.evidence.reading_world import NOW

    return NOW + turn * APART


def main(folder: Path, address: str, points: list[str], at_random: int) -> None:
    """Read a tracker whole; kill a reading at each point, then some times at random."""
    django.setup()
    from django.db import connections

    import vertebra.connectors.trackers.jira_session  # noqa: F401 (loaded once for all copies)
    from vertebra.kit import database

    load_for_all()
    database.prepare()
    connections.close_all()
    company = Company(folder, address)
    for point in points:
        company.killed(point)
    chance = random.Random(20261123)
    for _number in range(at_random):
        company.killed(after=chance.random() * company.longest)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3]), int(sys.argv[4]))
