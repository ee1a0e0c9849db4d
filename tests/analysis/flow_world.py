"""Histories of work items by hand and by chance, and the same figures counted in plain Python."""

import datetime as dt
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import ibis
import pyarrow as pa

from vertebra.analysis.flow.facts import Tables, meanings_of, places_of
from vertebra.evidence.trail.columns import CHANGES, ITEMS

ZERO = dt.datetime(2026, 1, 5, 8, tzinfo=dt.UTC)  # a Monday
MEANINGS = {"To do": "todo", "Doing": "doing", "Waiting": "waiting", "Done": "done"}
HOUR = dt.timedelta(hours=1)


@dataclass
class Work:
    """One work item: when it was created, and its changes as (hours later, field, before, after, author)."""

    number: int
    project: str = "P1"
    kind: str = "Story"
    status: str = "To do"
    assignee: str = ""
    hours: float = 0
    steps: list[tuple[float, str, str, str, str]] = field(default_factory=list)
    components: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    sprints: tuple[str, ...] = ()
    due_on: dt.date | None = None
    resolved: float | None = None
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def created(self) -> dt.datetime:
        return ZERO + self.hours * HOUR


def moved(number: int, *moves: tuple[float, str], **about: Any) -> Work:
    """An item that went from status to status, by whoever has it."""
    work = Work(number, **about)
    was = work.status
    for after, status in moves:
        work.steps.append((after, "status", was, status, work.assignee or "somebody"))
        was = status
    work.status = was
    return work


def tables(
    works: Iterable[Work], places: Sequence[tuple[str, str, int, int]] = (("project", "P1", 1, 0),), source: int = 1,
    meanings: Mapping[str, str] = MEANINGS,
) -> Tables:  # fmt: skip
    """The tables of a trail of these; places as (way, value, unit, area), the more exact ones first."""
    items, changes = [], []
    for work in works:
        key = f"i{work.number}"
        items.append(
            {
                "external_id": key, "key": key, "project": work.project, "kind": work.kind, "title": "",
                "status": work.status, "category": "", "created_at": work.created,
                "updated_at": work.created, "resolved_at": work.created + work.resolved * HOUR if work.resolved else None,
                "due_on": work.due_on, "assignee": work.assignee, "reporter": "", "comments": 0,
                "labels": list(work.labels), "components": list(work.components), "versions": [],
                "sprints": list(work.sprints), "fields": json.dumps(work.fields),
            }
        )  # fmt: skip
        changes += [
            {"item": key, "at": work.created + after * HOUR, "field": name, "before": before, "after": value,
             "author": author, "nth": 0}
            for after, name, before, value, author in work.steps
        ]  # fmt: skip
    said = [(source, status, category) for status, category in meanings.items()]
    ranked = [(source, way, value, unit, area, rank) for rank, (way, value, unit, area) in enumerate(places)]
    named = ibis.literal(source, "int64")
    return Tables(
        ibis.memtable(pa.Table.from_pylist(items, ITEMS)).mutate(source=named),
        ibis.memtable(pa.Table.from_pylist(changes, CHANGES)).mutate(source=named),
        meanings_of(said), places_of(ranked), tuple(sorted({way for way, *_rest in places})),
    )  # fmt: skip


def by_chance(seed: int, count: int, people: int = 12, projects: int = 3, weeks: int = 10) -> list[Work]:
    """Items that go their way by chance: some wait, some come back, some never end."""
    chance = random.Random(seed)
    works = []
    for number in range(count):
        at, status, home = 0.0, "To do", chance.randrange(projects) + 1
        who = chance.randrange(people) if chance.random() < 0.05 else home * 100 + chance.randrange(people)
        work = Work(
            number, project=f"P{home}", kind=chance.choice(("Story", "Bug", "Task")), assignee=f"p{who}", hours=chance.uniform(0, weeks * 168),
            sprints=tuple(f"s{n}" for n in range(chance.choice((0, 1, 1, 2)))),
            due_on=chance.choice((None, (ZERO + dt.timedelta(days=chance.randrange(60))).date())),
        )  # fmt: skip
        for _step in range(chance.randrange(7)):
            at += chance.uniform(1, 90)
            after = chance.choice([one for one in MEANINGS if one != status])
            work.steps.append((at, "status", status, after, f"p{chance.randrange(people)}"))
            status = after
            if chance.random() < 0.4:
                work.steps.append(
                    (at + 0.5, "assignee", f"p{chance.randrange(4)}", f"p{chance.randrange(4)}", "x")
                )
        work.status = status
        works.append(work)
    return works


def plain(work: Work) -> dict[str, Any] | None:
    """What is known of an item that was finished, counted without a database; nothing of one that was not."""
    steps = [(at, before, after) for at, name, before, after, _who in work.steps if name == "status"]
    if MEANINGS[work.status] != "done" or not steps:
        return None
    opened = [at for at, _before, after in steps if MEANINGS[after] != "done"]
    done = min(
        at for at, _before, after in steps if MEANINGS[after] == "done" and at >= max(opened, default=0)
    )
    begun = min(at for at, _before, after in steps if MEANINGS[after] != "todo")
    spent = dict.fromkeys(("todo", "doing", "waiting"), 0.0)
    points = [(0.0, steps[0][1]), *((at, after) for at, _before, after in steps)]
    for (since, status), (until, _next) in zip(points, [*points[1:], (done, "")], strict=True):
        if MEANINGS[status] != "done":
            spent[MEANINGS[status]] += max(0.0, min(until, done) - since)
    hands = [(before, after) for _at, name, before, after, _who in work.steps if name == "assignee"]
    had = {hands[0][0]} if hands else set()
    backs = 0
    for _before, after in hands:
        backs += after in had
        had.add(after)
    return {
        "lead": done, "cycle": done - min(begun, done), **spent, "handed": len(hands), "handed_back": backs,
        "reopened": sum(MEANINGS[b] == "done" and MEANINGS[a] != "done" for _at, b, a in steps),
        "done_at": work.created + done * HOUR, "person": work.assignee,
    }  # fmt: skip


def quantile(values: Sequence[float], part: float) -> float:
    """The quantile as databases interpolate it."""
    ordered = sorted(values)
    place = part * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


__all__ = ["by_chance", "median", "moved", "plain", "quantile", "tables"]
