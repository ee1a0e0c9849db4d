"""What every connector that reads declares: its settings, its streams, what it never keeps, and how it reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from vertebra.connectors.release_notes import ReleaseRecord
from vertebra.connectors.trail import Flaw, Item, Sprint
from vertebra.connectors.web_json import Reach

SettingKind = Literal["address", "text", "email", "secret"]
Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing to know before a system can be read; a secret is kept sealed and never shown again."""

    code: str
    kind: SettingKind
    is_required: bool = True
    default: str = ""
    max_length: int = 300


@dataclass(frozen=True, slots=True)
class Choice:
    """Something of the system that may be taken or left: a project, a repository, a team."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some records, oldest first, and from where to go on after them."""

    records: tuple[Raw, ...]
    cursor: str


class Session(Protocol):
    """A system that was opened with its settings."""

    def hurry(self) -> None:
        """Ask everything once only: somebody waits for the answer."""

    def check(self) -> str:
        """Ask the system who we are; gives the name it has for us or itself."""

    def choices(self) -> list[Choice]:
        """What there is to take, at most a few hundred."""

    def read(self, stream: str, since: str, chosen: Sequence[str]) -> Iterator[Page]:
        """The records of a stream, oldest first; `since` is the cursor of the last page that was kept."""

    def close(self) -> None:
        """Let go of the connection."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One kind of record that a system gives; where only what changed can be asked for, the cursor lasts."""

    code: str
    is_incremental: bool


class Connector(Protocol):
    """One kind of system."""

    @property
    def code(self) -> str:
        """What it is called."""

    @property
    def settings(self) -> tuple[Setting, ...]:
        """What has to be known before it can be read."""

    @property
    def streams(self) -> tuple[Stream, ...]:
        """What it gives."""

    @property
    def private(self) -> tuple[str, ...]:
        """Paths of its answers that are removed before anybody else sees them, as names parted by points."""

    def open(self, values: Mapping[str, str], reach: Reach) -> Session:
        """A session with these settings; raises Trouble where an address is none."""

    def normalise(self, stream: str, record: Raw) -> ReleaseRecord | None:
        """The record in our shape, by itself alone; nothing for what is none of ours."""


@dataclass(frozen=True, slots=True)
class WorkPage:
    """Some work items with their whole history, and from where to go on once they are kept.

    `total` is how many there are to come from the beginning of this reading on, where the system says so.
    """

    items: tuple[Item, ...]
    cursor: str
    total: int | None = None
    sprints: tuple[Sprint, ...] = ()


class WorkSession(Protocol):
    """A tracker that was opened with its settings, asked for its work items."""

    def hurry(self) -> None:
        """Ask everything once only: somebody waits for the answer."""

    def check(self) -> str:
        """Ask the system who we are; gives the name it has for us or itself."""

    def choices(self) -> list[Choice]:
        """What there is to take, at most a few hundred; the code of each is the `project` of its work items."""

    def fields(self) -> list[Choice]:
        """Fields of its own that may be mapped to a part (points, sprint…) or kept; none where it has none."""

    def items(self, since: str, chosen: Sequence[str], mapping: Mapping[str, str]) -> Iterator[WorkPage]:
        """Work items that changed since the cursor, each whole, those that changed longest ago first.

        The cursor of a page says that everything before it was given, so reading goes on after a crash. What changed
        at about that moment may come again: the same item twice is stored once. `external_id` stays for ever, wherever
        the item is moved to.
        """

    def present(self, chosen: Sequence[str]) -> Iterator[str]:
        """The `external_id` of every work item there is, so that those deleted in the tool are known to be gone."""

    @property
    def flaws(self) -> list[Flaw]:
        """What was wrong with single items, complete once all were read."""

    def close(self) -> None:
        """Let go of the connection."""


class Tracker(Protocol):
    """One kind of system that work items are read from."""

    @property
    def code(self) -> str:
        """What it is called; the same as that of the connector that reads releases of the same system."""

    @property
    def settings(self) -> tuple[Setting, ...]:
        """What has to be known before it can be read; the same as those of that connector."""

    def open(self, values: Mapping[str, str], reach: Reach) -> WorkSession:
        """A session with these settings; raises Trouble where an address is none."""


def without(record: Raw, paths: Sequence[str]) -> dict[str, Any]:
    """The record without what lies at these paths, through lists as through objects."""
    kept = dict(record)
    for path in paths:
        name, _, rest = path.partition(".")
        if name not in kept:
            continue
        if not rest:
            del kept[name]
        elif isinstance(kept[name], Mapping):
            kept[name] = without(kept[name], (rest,))
        elif isinstance(kept[name], list):
            kept[name] = [without(one, (rest,)) if isinstance(one, Mapping) else one for one in kept[name]]
    return kept


def in_pages(records: Sequence[Raw], cursors: Sequence[str], since: str, size: int = 50) -> Iterator[Page]:
    """Records already in order, after the one whose cursor is `since`, in pages."""
    start = next((place + 1 for place, cursor in enumerate(cursors) if cursor == since), 0) if since else 0
    for place in range(start, len(records), size):
        last = min(place + size, len(records)) - 1
        yield Page(tuple(records[place : last + 1]), cursors[last])
