"""The history of work items as any tool tells it: what every reader gives, before anything is stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol

Category = Literal["todo", "doing", "done", ""]

# Fields whose values are people, as the tool calls them: only their pseudonyms are ever stored.
PEOPLE = frozenset({"assignee", "reporter", "creator", "reviewer"})
# Stands for a text of which only is kept that there is one.
SOMETHING = "…"


class FlawCode(StrEnum):
    """What can be wrong with single items of a file, which is read on all the same."""

    # Left out.
    NOT_AN_ITEM = "not_an_item"
    ITEM_WITHOUT = "item_without"  # what, key
    ITEM_UNREADABLE = "item_unreadable"  # key
    EVENT_WITHOUT = "event_without"  # what, key
    CHANGE_WITHOUT_TIME = "change_without_time"  # key, count
    VALUE_ODD = "value_odd"  # key, field
    # Taken, but strange.
    CHANGE_IN_FUTURE = "change_in_future"  # key, count
    CHANGE_BEFORE_CREATION = "change_before_creation"  # key, count
    CREATED_IN_FUTURE = "created_in_future"  # key
    HISTORY_CUT = "history_cut"  # key, told, total
    CASE_WITHOUT_STEP = "case_without_step"  # key
    MORE = "more"  # count


@dataclass(slots=True)
class Change:
    """One field of one item went from one value to another; `author` is what the tool calls whoever did it.

    In the fields `PEOPLE` both values are people; elsewhere people are only counted, and long texts are `SOMETHING`.
    """

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
    """One piece of work as it is now, with all that is told of how it came to be so; times are in UTC.

    `parent` and the others of `ties` are keys, or ids where the file gives nothing else.
    """

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
