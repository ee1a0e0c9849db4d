"""An import while it is prepared: nobody's organisation changes until its target applies it, which audits it."""

import contextlib
import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts.models import User
from vertebra.sources import uploads
from vertebra.sources.labels import DRAFTS, ImportState
from vertebra.sources.models import ImportRun
from vertebra.sources.target import HasToBeConfirmed, Preview, Target, Unfit

# Past this many, more of the same helps nobody; the first ones lead to the others.
KEPT_PROBLEMS = 1_000
# States in which somebody may find out what an import would do.
LOOKED_AT = (*DRAFTS, ImportState.PLANNING)


class NotADraft(Exception):
    """The import is being applied, or was applied: it can no longer be changed."""


def prepare(
    *,
    actor: User,
    run: ImportRun,
    now: dt.datetime,
    recipe: str | None = None,
    mapping: dict[str, Any] | None = None,
    options: dict[str, Any] | None = None,
) -> None:
    """Say how the files are to be read: the recipe or the columns, from which day, whether they are all there is."""
    if not claim(run, state=ImportState.UPLOADED, among=DRAFTS):
        raise NotADraft(_("This import can no longer be changed: start another one."))
    if recipe is not None:
        run.recipe = recipe
    if mapping is not None:
        run.mapping = mapping
    run.options = {**run.options, **(options or {}), "by": actor.pk, "changed_at": now.isoformat()}
    run.summary, run.problems = {}, []
    run.save(update_fields=["recipe", "mapping", "options", "summary", "problems"])


def look(*, actor: User, run: ImportRun, target: Target, now: dt.datetime) -> None:
    """Find out what the import would do, and keep it to be read page by page; changes nothing else."""
    files = uploads.files_of(run)
    with _told_when_broken(run):
        found = target.preview(run, files, now)
    with transaction.atomic():
        _refuse_if_moved_on(run)
        _keep(actor, run, found, now)


def _refuse_if_moved_on(run: ImportRun) -> None:
    """Raise NotADraft if, while the files were read, somebody applied the import or asked for it otherwise."""
    there = ImportRun.objects.select_for_update().filter(pk=run.pk, state__in=LOOKED_AT).first()
    asked = [(one.recipe, one.mapping, one.options) for one in (run, there) if one]
    if there is None or asked[0] != asked[1]:
        raise NotADraft(_("Somebody else changed or applied this import while it was looked at."))


def _keep(actor: User, run: ImportRun, found: Preview, now: dt.datetime) -> None:
    uploads.write_changes(run, found.changes)
    uploads.write_unknowns(run, found.unknowns)
    run.summary = {
        "counts": found.counts,
        "unknown": len(found.unknowns),
        "left_out": dict(found.left_out),
        "closing": found.closing,
        "open_rows": found.open_rows,
        "must_confirm": found.must_confirm,
        "problems": len(found.problems),
        "looked_at": now.isoformat(),
        "by": actor.pk,
    }
    run.problems = found.problems[:KEPT_PROBLEMS]
    run.state = ImportState.REFUSED if found.is_blocked else ImportState.PLANNED
    run.save(update_fields=["summary", "problems", "state"])


def carry_out(*, actor: User, run: ImportRun, target: Target, now: dt.datetime) -> None:
    """Do what the preview showed, all or nothing; what cannot be done is said and the draft stays."""
    files: list[Path] = uploads.files_of(run)
    try:
        with _told_when_broken(run):
            target.apply(actor, run, files, now)
    except Unfit as reason:
        run.state = ImportState.PLANNED if isinstance(reason, HasToBeConfirmed) else ImportState.FAILED
        run.summary = {**run.summary, "reason": str(reason)}
        run.save(update_fields=["state", "summary"])
        raise


@contextlib.contextmanager
def _told_when_broken(run: ImportRun) -> Iterator[None]:
    """Leave no import at work for ever: what nobody foresaw ends it in words, and is logged by whoever called."""
    held = run.state
    try:
        yield
    except Unfit:
        raise
    except Exception:
        run.state = ImportState.FAILED
        run.summary = {
            **run.summary,
            "reason": _("Something went wrong in Vertebra itself: nothing was changed."),
        }
        # Only what it was at: somebody else may have moved it on.
        ImportRun.objects.filter(pk=run.pk, state=held).update(state=run.state, summary=run.summary)
        raise


def claim(run: ImportRun, *, state: ImportState, among: Iterable[str]) -> bool:
    """Move the import on if nobody else did: two clicks apply it once."""
    moved = ImportRun.objects.filter(pk=run.pk, state__in=list(among)).update(state=state)
    if moved:
        run.state = state
    return bool(moved)
