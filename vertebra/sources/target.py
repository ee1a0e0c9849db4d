"""What files can be imported into: a module says what it understands and how, the pages are the same for all."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from vertebra.accounts.models import User
from vertebra.connectors.release_notes import ReleaseRecord
from vertebra.connectors.trail import Item, Sprint
from vertebra.sources.models import ImportRun, Source

Words = str | Promise
Effect = Literal["created", "changed", "closed", "unchanged"]
EFFECTS: tuple[Effect, ...] = ("created", "changed", "closed", "unchanged")
# More changes than this, or larger files, are left to a job.
AT_ONCE_ROWS = 2_000
AT_ONCE_BYTES = 1_000_000


class Unfit(Exception):
    """The import cannot be applied as it stands; its text says why, in words."""


class HasToBeConfirmed(Unfit):
    """More would be closed than an import does without being told the exact number."""

    def __init__(self, closing: int, text: str) -> None:
        super().__init__(text)
        self.closing = closing


class Blocking(Protocol):
    """Something found wrong, which may stand in the way."""

    @property
    def is_blocking(self) -> bool:
        """Whether nothing is applied before it is corrected."""


class Planned:
    """What the plan of any import says, whoever takes the rows: what becomes of how many, and what stands in its way."""

    __slots__ = ()
    counts: dict[str, Counter[Effect]]
    troubles: Sequence[Blocking]

    @property
    def is_blocked(self) -> bool:
        """Whether something must be corrected before any of it can be applied."""
        return any(trouble.is_blocking for trouble in self.troubles)

    def summary(self) -> dict[str, dict[str, int]]:
        """Created, changed, closed and unchanged by kind, as JSON and tables show it."""
        return {
            kind: {effect: counter[effect] for effect in EFFECTS}
            for kind, counter in sorted(self.counts.items())
        }


def refuse_unless_as_shown(run: ImportRun, counts: Mapping[str, Mapping[str, int]] | None) -> None:
    """Raise Unfit if the import would no longer do what its preview showed (None: it cannot be done at all)."""
    if run.summary.get("counts") != counts:
        raise Unfit(
            _(
                "Something changed since the preview, and the import would no longer do what it showed. Look again."
            )
        )


@dataclass(frozen=True, slots=True)
class TableField:
    """One of our fields, and the headings under which tables usually have it (as `header_name` writes them)."""

    code: str
    label: Words
    hints: tuple[str, ...] = ()
    is_required: bool = False
    help: Words = ""


@dataclass(frozen=True, slots=True)
class More:
    """That further columns may be kept: what that does, which names mean something else, which headings name people."""

    help: Words
    reserved: frozenset[str]
    of_people: frozenset[str]


@dataclass(frozen=True, slots=True)
class TableKind:
    """One kind of rows that a plain table may hold, and whether further columns may be kept."""

    code: str
    label: Words
    fields: tuple[TableField, ...]
    more: More | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """One way to read the files: a recipe, or a plain table."""

    code: str
    label: Words


@dataclass(slots=True)
class Preview:
    """What an import would do, ready to be kept and shown."""

    counts: Mapping[str, Mapping[str, int]]
    changes: Iterable[Mapping[str, Any]]
    unknowns: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    is_blocked: bool = False
    closing: int = 0
    open_rows: int = 0
    must_confirm: bool = False
    left_out: Mapping[str, int] = field(default_factory=dict)


Take = Callable[[User | None, Source, Sequence[ReleaseRecord], dt.datetime], Mapping[str, int]]


class ReadAgain(Exception):
    """Something else was brought into the same source meanwhile: what was read has to be read once more."""


class Portion(Protocol):
    """Some work items of a tracker, read while they are taken."""

    def __iter__(self) -> Iterator[Item]:
        """The work items, read once."""

    @property
    def sprints(self) -> Sequence[Sprint]:
        """Sprints told apart from work items, complete once these were read."""


@dataclass(frozen=True)
class TakesWork:
    """Takes the work items of a tracker, each time the same; raises ReadAgain or Trouble."""

    # Gives how many were created, changed and left.
    take: Callable[[User | None, Source, Portion, dt.datetime], Mapping[str, int]]
    # Of everything that is there (ids), in these projects: gives how many are newly gone.
    miss: Callable[[User | None, Source, Iterable[str], Sequence[str], dt.datetime], int]


@dataclass(frozen=True)
class Target:
    """Everything that the pages of an import need to know of the module that takes the rows."""

    code: str
    label: Words
    kinds: Mapping[str, Words]
    tables: Callable[[], tuple[TableKind, ...]]
    ways: Callable[[list[Path]], list[Way]]
    guess: Callable[[list[Path]], str]
    preview: Callable[[ImportRun, list[Path], dt.datetime], Preview]
    apply: Callable[[User, ImportRun, list[Path], dt.datetime], None]
    enqueue_preview: Callable[[int], None]
    enqueue_apply: Callable[[int], None]
    brought: Callable[[Source], dict[str, int]]
    erase: Callable[[User, Source, dt.datetime], None]
    left_out_lines: Callable[[Mapping[str, int]], list[str]]
    # Whether what it brings holds from a day, and may be everything that a source knows.
    is_dated: bool = True
    # Takes records of a connected system, each time the same; gives how many it created, changed and left.
    take: Take | None = None
    enqueue_sync: Callable[[int], None] | None = None
    takes_work: TakesWork | None = None
    # Whether even a small file is left to a job: what reads it is never loaded where pages are made.
    is_left_to_jobs: bool = False
    # The endings of its files where they are not those of tables and documents; it looks at them itself.
    suffixes: frozenset[str] = frozenset()
    files_help: Words = ""
    # Whether a preview tells every change; otherwise only the first ones.
    is_listed: bool = True
    # Where what a source brought is shown, if anywhere.
    page: Callable[[Source], str] | None = None
    # Where the projects of a source are given to units, if anywhere.
    places: Callable[[Source], str] | None = None
    # What was wrong with single work items, in words.
    told_flaws: Callable[[Sequence[Mapping[str, Any]]], list[str]] | None = None

    def table(self, code: str) -> TableKind:
        """The kind of rows of that code; raises KeyError for another."""
        return {kind.code: kind for kind in self.tables()}[code]


Targets = Mapping[str, Target]


def taking(targets: Targets) -> Target:
    """The target that takes what connected systems give; raises LookupError where none does."""
    for target in targets.values():
        if target.take is not None:
            return target
    raise LookupError("No target takes what connected systems give.")


@dataclass(frozen=True)
class Takers:
    """What takes the records of connected systems."""

    releases: Take | None = None
    work: TakesWork | None = None


def takers(targets: Iterable[Target]) -> Takers:
    """What takes releases and what takes work items, among these targets."""
    found = list(targets)
    return Takers(
        next((one.take for one in found if one.take is not None), None),
        next((one.takes_work for one in found if one.takes_work is not None), None),
    )
