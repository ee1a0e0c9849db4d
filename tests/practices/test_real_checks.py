"""Checks on a vendor's whole tracker: what they point at, counted a second way from the files."""

import datetime as dt
import json
import lzma
from pathlib import Path

import pytest

from tests.evidence import trail_world
from vertebra.analysis import hygiene, work
from vertebra.analysis.expressions.parsing import parse
from vertebra.practices.frames import opened
from vertebra.practices.hygiene import library

pytestmark = [pytest.mark.django_db, pytest.mark.real_data]
NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)


def test_what_checks_point_at_is_what_the_files_say(real_data: Path) -> None:
    paths = sorted((real_data / "tidev-jira").glob("issues-*.jsonl.xz"))
    count, no_priority, no_resolution, done = 0, 0, 0, 0
    for path in paths:
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                fields = json.loads(line)["fields"]
                is_done = fields["status"]["statusCategory"]["key"] == "done"
                count, done = count + 1, done + is_done
                no_priority += not (fields.get("priority") or {}).get("name")
                no_resolution += is_done and not (fields.get("resolution") or {}).get("name")
    trail_world.bring(*paths)
    with opened(trail_world.current()) as past:
        states = work.states(past.tables, [work.Moment(NOW, NOW.date())], past.meanings)
        found = {}
        for code in ("no_priority", "no_resolution"):
            among, flags = library()[code].written({})
            told = hygiene.count(hygiene.marked(states, parse(among) if among else None, parse(flags)))[0]
            found[code] = (told.whole.count, told.whole.flagged)
    assert (count, no_priority) == (23_870, 491)
    assert found == {"no_priority": (count, no_priority), "no_resolution": (done, no_resolution)}
