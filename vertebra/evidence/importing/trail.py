"""Bringing the work items of files into the trail of a source: read, merged aside, then visible all at once."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings
from django.utils.translation import gettext as _

from vertebra.accounts.models import User
from vertebra.connectors.trail import Flaw, Item
from vertebra.evidence.actions.trail import forget_in_trail, publish_trail
from vertebra.evidence.models import TrailVersion
from vertebra.evidence.trail import places
from vertebra.evidence.trail.staged import MovedOn, Staged
from vertebra.kit import clock
from vertebra.kit.refusal import Refusal
from vertebra.kit.seals import BrokenSeal
from vertebra.sources.labels import ImportState
from vertebra.sources.models import ImportRun, Source

if TYPE_CHECKING:
    from vertebra.evidence.trail.beside import Beside, Work
    from vertebra.evidence.trail.writing import Writer

CODE = "trail"
Form = Literal["jira", "events", "xes"]
# Two imports of one source at once: the later one merges again, with what the other brought.
ATTEMPTS = 5
# From so many bytes of several files on, a second process is worth its start.
MUCH = 64 * 1024 * 1024
Progress = Callable[[int], None]
Check = Callable[[dict[str, dict[str, int]]], None]


@dataclass(frozen=True)
class Told:
    """Files of work items, and how they are to be read."""

    paths: list[Path]
    form: Form
    mapping: Mapping[str, str] | None = None

    @cached_property
    def digest(self) -> str:
        """What tells whether the same files are read in the same way, whatever they are called."""
        marks = []
        for path in self.paths:
            with path.open("rb") as file:
                marks.append(hashlib.file_digest(file, "blake2b").hexdigest())
        said = repr((sorted(marks), self.form, sorted((self.mapping or {}).items())))
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass(slots=True)
class Outcome:
    """What an import did, or would do."""

    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)
    first: list[dict[str, Any]] = field(default_factory=list)
    version: TrailVersion | None = None


class _Reading:
    """The items of several files, and what was wrong with them; of much, a second process reads every other one."""

    def __init__(self, told: Told, progress: Progress) -> None:
        self.told = told
        self.progress = progress
        self.beside: Beside | None = None
        # Times without a zone are those of the company, unless the map says whose they are.
        self._mapping = {"zone": settings.TIME_ZONE, **(told.mapping or {})}
        self._flaws: dict[int, list[Flaw]] = {}

    def parts(self, writer: Writer) -> Generator[Iterator[Item]]:
        """File by file, as they are to be written."""
        left = deque(range(len(self.told.paths)))
        if not self._is_much():
            for one in left:
                yield self._items(one, writer)
            return
        from vertebra.evidence.trail.beside import begun, taken_from

        number: int | None = left.popleft()
        again: Sequence[int] = ()
        with begun(self._work(writer), left) as self.beside:
            while number is not None:
                yield self._items(number, writer)
                number = taken_from(left)
            if self.beside is not None:
                again = self.beside.wait(writer, self.progress)
                self._flaws |= self.beside.flaws
        for one in again:
            yield self._items(one, writer)

    def tell(self, count: int) -> None:
        """Tell how many were read here and beside."""
        self.progress(count + (self.beside.count if self.beside else 0))

    def _is_much(self) -> bool:
        paths = self.told.paths
        is_large = sum(path.stat().st_size for path in paths if path.is_file()) >= MUCH
        return len(paths) > 1 and is_large and (os.cpu_count() or 1) > 1

    def _work(self, writer: Writer) -> Work:
        from vertebra.evidence.trail.beside import Work

        people, paths = writer.people, [str(path) for path in self.told.paths]
        return Work(
            str(writer.folder / "beside"), people.key.hex(), sorted(people.forgotten), paths, self.told.form,
            self._mapping, clock.now(),
        )  # fmt: skip

    def _items(self, number: int, writer: Writer) -> Iterator[Item]:
        """What reads files is loaded when some are read."""
        from vertebra.connectors.trail_files import open_trail
        from vertebra.evidence.trail.writing import turns_of

        path = self.told.paths[number]
        file = open_trail(path, path.name, self.told.form, self._mapping)
        writer.turn = turns_of(number)
        yield from file.items()
        self._flaws[number] = file.flaws

    @property
    def flaws(self) -> list[Flaw]:
        """In the order of the files."""
        return [flaw for _number, flaws in sorted(self._flaws.items()) for flaw in flaws]


def bring_in(
    *,
    actor: User | None,
    told: Told,
    source: str,
    run: ImportRun,
    now: dt.datetime,
    progress: Progress,
    check: Check = lambda counts: None,
) -> Outcome:
    """Bring the items of files into the trail of a source; what it holds already changes nothing."""
    with what_it_needs():
        for attempt in range(ATTEMPTS):
            try:
                with _staged(told, source, progress) as (staged, outcome):
                    check(outcome.counts)
                    run.summary = {**run.summary, "counts": outcome.counts, "digest": told.digest}
                    outcome.version = publish_trail(
                        actor=actor, source=source, staged=staged, run=run, now=now
                    )
                    return outcome
            except MovedOn:
                if attempt + 1 == ATTEMPTS:
                    raise
    raise AssertionError("Every attempt returns or raises.")


def look(*, told: Told, source: str, progress: Progress) -> Outcome:
    """What bringing in the files would do; nothing of it stays."""
    with what_it_needs(), _staged(told, source, progress) as (_files, outcome):
        return outcome


def forget_people(*, actor: User | None, source: Source, now: dt.datetime) -> bool:
    """Write the trail of a source again without those who were erased; whether any of them was in it."""
    with what_it_needs():
        from vertebra.evidence.trail.staging import stage_without_forgotten

        for attempt in range(ATTEMPTS):
            with places.aside() as folder:
                staged = stage_without_forgotten(source, folder)
                if staged is None or not staged.changes_anything:
                    return False
                try:
                    gone = forget_in_trail(actor=actor, source=source, staged=staged, now=now)
                except MovedOn:
                    if attempt + 1 == ATTEMPTS:
                        raise
                    continue
                places.drop(source.pk, gone)
                return True
    return False


@contextmanager
def _staged(told: Told, source: str, progress: Progress) -> Iterator[tuple[Staged, Outcome]]:
    from vertebra.evidence.trail.staging import stage_parts

    reading = _Reading(told, progress)
    with places.aside() as folder:
        origin = Source.objects.filter(name=source).first()
        staged = stage_parts(reading.parts, origin, folder, reading.tell)
        yield staged, Outcome(staged.summary(), reading.flaws, staged.first)


def is_known(told: Told, source: str) -> bool:
    """Whether the same files were brought in from the same source before."""
    runs = ImportRun.objects.filter(target=CODE, source__name=source, state=ImportState.APPLIED)
    return runs.filter(summary__digest=told.digest).exists()


@contextmanager
def what_it_needs() -> Iterator[None]:
    """Say so where what writes columns is not installed, or the key of the people cannot be opened."""
    try:
        yield
    except BrokenSeal as error:
        raise Refusal(
            _("The people of this source are known by a key that was sealed with another secret key."),
            _("Put back the secret.key of that time, or remove the source and bring it in anew."),
            1,
        ) from error
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"duckdb", "pyarrow"}:
            raise
        raise Refusal(
            _("The history of work items needs %(library)s, which is not installed.")
            % {"library": error.name},
            _("An administrator installs requirements/analytics.txt; see the chapter on installing."),
            1,
        ) from error
