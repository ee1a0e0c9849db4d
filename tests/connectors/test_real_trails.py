"""The real files of a tracker and of an event log, counted here a second time in other ways."""

import csv
import datetime as dt
import json
import lzma
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.tracker_files import NOW
from vertebra.connectors.trail import Item
from vertebra.connectors.trail_files import guess_mapping, headings_of, open_trail

pytestmark = pytest.mark.real_data

CATEGORIES = {"new": "todo", "indeterminate": "doing", "done": "done"}


def raw_issues(path: Path) -> Iterator[dict[str, Any]]:
    """The issues of a file through the standard library alone."""
    with lzma.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def counted(issue: dict[str, Any]) -> Counter[str]:
    """What is counted of an issue as the file has it."""
    fields = issue["fields"]
    sprints = [*(fields.get("closedSprints") or []), *([fields["sprint"]] if fields.get("sprint") else [])]
    return Counter(
        {
            "issues": 1,
            "without priority": not fields.get("priority"),
            "resolved": bool(fields.get("resolutiondate")),
            "assigned": bool(fields.get("assignee")),
            "parents": bool(fields.get("parent") or fields.get("epic")),
            "comments": fields["comment"]["total"],
            "labels": len(fields["labels"]),
            "components": len(fields["components"]),
            "fix versions": len(fields["fixVersions"]),
            "links": len(fields["issuelinks"]),
            "sprints": len({sprint["id"] for sprint in sprints}),
            CATEGORIES[fields["status"]["statusCategory"]["key"]]: 1,
            f"kind {fields['issuetype']['name']}": 1,
            f"status {fields['status']['name']}": 1,
            f"month {dt.datetime.strptime(fields['created'], '%Y-%m-%dT%H:%M:%S.%f%z').astimezone(dt.UTC):%Y-%m}": 1,
        }
    )


def counted_item(item: Item) -> Counter[str]:
    """The same of an item."""
    return Counter(
        {
            "issues": 1,
            "without priority": not item.priority,
            "resolved": item.resolved_at is not None,
            "assigned": bool(item.assignee),
            "parents": bool(item.parent),
            "comments": item.comments,
            "labels": len(item.labels),
            "components": len(item.components),
            "fix versions": len(item.versions),
            "links": len(item.ties),
            "sprints": len(item.sprints),
            item.category: 1,
            f"kind {item.kind}": 1,
            f"status {item.status}": 1,
            f"month {item.created_at:%Y-%m}": 1,
        }
    )


def test_a_whole_tracker_comes_out_as_the_standard_library_counts_it(real_data: Path) -> None:
    found: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for name in ("issues-TIMOB.jsonl.xz", "issues-ALOY.jsonl.xz"):
        file = open_trail(real_data / "tidev-jira" / name, name, "jira", now=NOW)
        for item in file.items():
            found.update(counted_item(item))
        assert file.flaws == []
        for issue in raw_issues(real_data / "tidev-jira" / name):
            wanted.update(counted(issue))
    assert found == wanted
    assert (found["issues"], found["without priority"]) == (23_870, 491)


def test_an_incident_log_comes_out_event_by_event(real_data: Path) -> None:
    path = real_data / "process-volvo" / "vinst_events.csv"
    mapping = guess_mapping(headings_of(path, path.name))
    assert (mapping["case"], mapping["at"], mapping["status"]) == ("SR Number", "Change Date+Time", "Status")
    assert "activity" not in mapping
    cases: dict[str, list[tuple[dt.datetime, str, str, str]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            moment = dt.datetime.fromisoformat(row["Change Date+Time"])
            cases[row["SR Number"]].append((moment, row["Status"], row["Resource"], row["Involved ST"]))
    file = open_trail(path, path.name, "events", now=NOW)
    items = {item.key: item for item in file.items()}
    assert file.flaws == []
    assert (len(items), sum(map(len, cases.values()))) == (7_554, 65_533)
    assert items.keys() == cases.keys()
    for case, told in cases.items():
        told.sort(key=lambda event: event[0])
        steps = [change for change in items[case].changes if change.field == "status"]
        assert [(change.at, change.after, change.author) for change in steps] == [event[:3] for event in told]
        assert [change.before for change in steps] == ["", *(event[1] for event in told[:-1])]
        teams = [event[3] for event in told]
        moves = sum(one != other for one, other in pairwise(teams))
        assert sum(change.field == "team" for change in items[case].changes) == moves
