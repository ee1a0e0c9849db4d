"""Applying an import: all or nothing, one at a time, one entry of the audit."""

import contextlib
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.connectors.records import Record
from vertebra.kit.files.problems import Problem
from vertebra.kit.memory import many_objects
from vertebra.org.actions.findings import refresh_findings
from vertebra.org.actions.index import reindex
from vertebra.org.importing.closing import TooMuchToClose, refuse_unless_confirmed
from vertebra.org.importing.plan import Plan
from vertebra.org.importing.planning import plan_import
from vertebra.org.importing.references import OBJECTS
from vertebra.org.importing.writing import note_rows, write
from vertebra.sources.labels import ImportState
from vertebra.sources.models import ImportRun, Source

log = structlog.get_logger("vertebra.imports")
# The number that imports of one database agree to wait on.
_LOCK = 7_365_481
_WAIT = "20s"


class HasErrors(Exception):
    """The files hold something to correct: nothing was changed."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(_("The files hold something to correct: nothing was changed."))
        self.plan = plan


class AnotherImportRuns(Exception):
    """Somebody else's import is being written."""


class NoLongerFits(Exception):
    """What the files say does not fit what is known, in a way that only the database saw."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did: its plan, and its entry unless nothing had to change."""

    plan: Plan
    entry: AuditEntry | None
    source: Source


def import_organisation(
    *,
    actor: User | None,
    records: Sequence[Record],
    source: str,
    on: dt.date,
    now: dt.datetime,
    is_full: bool = False,
    confirmed_closing: int | None = None,
    problems: Iterable[Problem] = (),
    run: ImportRun | None = None,
    check: Callable[[Plan], None] | None = None,
    remember: Callable[[Plan], dict[str, Any]] = lambda plan: {},
) -> Outcome:
    """Bring what a source tells into the organisation, from a day on; nothing at all if anything is wrong."""
    with _in_words(), transaction.atomic(), _alone(), many_objects():
        plan = plan_import(records, source=source, on=on, now=now, is_full=is_full, problems=problems)
        if plan.is_blocked:
            raise HasErrors(plan)
        refuse_unless_confirmed(plan, confirmed_closing)
        if check:
            check(plan)
        known, _made = Source.objects.get_or_create(name=source, defaults={"made_by": actor, "made_at": now})
        if not plan.writes:
            _keep_run(run, plan, None, actor, known, now, {})
            return Outcome(plan, None, known)
        write(plan.writes, known)
        particulars = {"summary": plan.summary(), "on": on.isoformat(), "full": is_full}
        entry = audit.record(
            actor=actor,
            verb="import",
            kind=Kind.SOURCE,
            object_id=known.pk,
            object_name=source,
            particulars=particulars,
            now=now,
        )
        note_rows(plan.writes, entry)
        _keep_run(run, plan, entry, actor, known, now, remember(plan))
        _index(plan, now)
    _look_again(now)
    return Outcome(plan, entry, known)


def _look_again(now: dt.datetime) -> None:
    """Look for empty spaces and gaps beside the import: if that fails, the import is done, and a job looks soon."""
    try:
        refresh_findings(now=now)
    except Exception as error:
        log.error("look_after_import_failed", exc_info=error)


def _keep_run(
    run: ImportRun | None,
    plan: Plan,
    entry: AuditEntry | None,
    actor: User | None,
    source: Source,
    now: dt.datetime,
    remembered: dict[str, Any],
) -> None:
    """Keep the import among those that were done: a draft always, one of a command if it changed something."""
    if run is None or (run.pk is None and entry is None):
        return
    run.source, run.entry, run.state = source, entry, ImportState.APPLIED
    counts = {"counts": plan.summary(), "unknown": len(plan.unknowns), "on": plan.on.isoformat()}
    counts["left_out"] = dict(plan.left_out)
    run.summary = {**run.summary, **counts}
    run.options = {**run.options, **remembered}
    run.applied_at = now
    run.made_by = run.made_by or actor
    run.save()


def _index(plan: Plan, now: dt.datetime) -> None:
    """Keep search true to what changed."""
    for kind in OBJECTS:
        if touched := plan.touched.get(kind):
            reindex(kind, [entity.pk for entity in touched if entity.pk is not None], now)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One import at a time: SQLite's writer is alone anyway, PostgreSQL waits on a number."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_WAIT}'")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            cursor.execute("SET LOCAL lock_timeout = 0")
    yield


@contextlib.contextmanager
def _in_words() -> Iterator[None]:
    """Tell what only the database sees: somebody else writes, or the rows cannot stand beside each other."""
    try:
        yield
    except OperationalError as error:
        if not _is_busy(error):
            raise
        raise AnotherImportRuns(
            _("Another import is being written. Nothing was changed: try again in a minute.")
        ) from error
    except IntegrityError as error:
        raise NoLongerFits(
            _(
                "What the files say cannot stand beside what is there now: nothing was changed. Preview it again."
            )
        ) from error


def _is_busy(error: OperationalError) -> bool:
    """Whether somebody else is writing; any other fault of the database is not ours to explain."""
    text = str(error).lower()
    return "locked" in text or "lock timeout" in text


__all__ = [
    "AnotherImportRuns",
    "HasErrors",
    "NoLongerFits",
    "Outcome",
    "TooMuchToClose",
    "import_organisation",
]
