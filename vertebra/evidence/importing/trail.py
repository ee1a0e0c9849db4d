"""Bringing the work items of files into the trail of a source: read, merged aside, then visible all at once."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from django.utils.translation import gettext as _

from vertebra.accounts.models import User
from vertebra.connectors.trail import Flaw, Item, TrailFile
from vertebra.evidence.actions.trail import forget_in_trail, publish_trail
from vertebra.evidence.models import TrailVersion
from vertebra.evidence.trail import places
from vertebra.evidence.trail.staged import MovedOn, Staged
from vertebra.kit.refusal import Refusal
from vertebra.kit.seals import BrokenSeal
from vertebra.sources.labels import ImportState
from vertebra.sources.models import ImportRun, Source

CODE = "trail"
Form = Literal["jira", "events", "xes"]
# Two imports of one source at once: the later one merges again, with what the other brought.
ATTEMPTS = 5
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
    """The items of several files, one file after the other, and what was wrong with them."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self._files: list[TrailFile] = []

    def items(self) -> Iterator[Item]:
        """What reads files is loaded when some are read."""
        from vertebra.connectors.trail_files import open_trail

        # Times without a zone are those of the company, unless the map says whose they are.
        mapping = {"zone": settings.TIME_ZONE, **(self.told.mapping or {})}
        for path in self.told.paths:
            file = open_trail(path, path.name, self.told.form, mapping)
            self._files.append(file)
            yield from file.items()

    @property
    def flaws(self) -> list[Flaw]:
        return [flaw for file in self._files for flaw in file.flaws]


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
    from vertebra.evidence.trail.staging import stage

    reading = _Reading(told)
    with places.aside() as folder:
        staged = stage(reading.items(), Source.objects.filter(name=source).first(), folder, progress)
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
