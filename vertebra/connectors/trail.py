"""The history of work items as any tool tells it: what every reader gives, before anything is stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, Protocol

Category = Literal["todo", "doing", "done", ""]


@dataclass(slots=True)
class Change:
    """One field of one item went from one value to another; `author` is what the tool calls whoever did it."""

    at: dt.datetime
    field: str
    before: str
    after: str
    author: str = ""


@dataclass(slots=True)
class Tie:
    """One item is tied to another, as the tool words it (blocks, duplicates, is part of…)."""

    relation: str
    other: str


@dataclass(slots=True)
class Sprint:
    """One sprint that items were in."""

    external_id: str
    name: str
    state: str = ""
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    completed_at: dt.datetime | None = None


@dataclass(slots=True)
class Item:
    """One piece of work as it is now, with all that is told of how it came to be so; times are in UTC."""

    external_id: str
    key: str
    project: str
    kind: str
    title: str
    status: str
    category: Category
    created_at: dt.datetime
    updated_at: dt.datetime
    resolved_at: dt.datetime | None = None
    due_on: dt.date | None = None
    priority: str = ""
    resolution: str = ""
    parent: str = ""
    points: float | None = None
    reporter: str = ""
    assignee: str = ""
    comments: int = 0
    labels: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    sprints: list[Sprint] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something of a file that could not be taken, or was taken otherwise: a code, where, and its particulars."""

    code: str
    file: str
    line: int = 0
    particulars: dict[str, str] = field(default_factory=dict)


class TrailFile(Protocol):
    """One file of work items, read once from beginning to end; memory stays flat whatever its size."""

    def items(self) -> Iterator[Item]:
        """Its items, in the order of the file; an unreadable file raises `Trouble` with where and why."""

    @property
    def flaws(self) -> list[Flaw]:
        """What was wrong with single items; complete once all were read, at most some hundred kept."""
