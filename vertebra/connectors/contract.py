"""What every connector that reads declares: its settings, its streams, what it never keeps, and how it reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from vertebra.connectors.release_notes import ReleaseRecord
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
