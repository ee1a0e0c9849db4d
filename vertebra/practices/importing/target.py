"""Practices already in force as something that files are imported into, for the pages that all modules share."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import User
from vertebra.kit import clock
from vertebra.kit.files.suffixes import TABLE_SUFFIXES
from vertebra.practices.importing.actions import import_practices
from vertebra.practices.importing.plan import Plan, plan_file
from vertebra.practices.importing.tables import KIND_WORDS, PRACTICE, table_kinds
from vertebra.sources.models import ImportRun, Source
from vertebra.sources.target import Preview, Target, Unfit, Way, refuse_unless_as_shown

CODE = "practices"
WAY = f"table:{PRACTICE}"


def ways(files: list[Path]) -> list[Way]:
    """A table: a row for each practice, or for each place where it is lived."""
    if len(files) != 1 or files[0].suffix.lower() not in TABLE_SUFFIXES:
        return []
    return [Way(WAY, _("A table: a row for each practice and place"))]


def guess(files: list[Path]) -> str:
    """The one way, where the file may be read so."""
    return WAY if ways(files) else ""


def _plan(run: ImportRun, files: list[Path], now: dt.datetime) -> Plan:
    return plan_file(files[0], run.mapping.get("columns", {}), clock.today(now))


def look(run: ImportRun, files: list[Path], now: dt.datetime) -> Preview:
    """What the file would register."""
    plan = _plan(run, files, now)
    return Preview(
        counts=plan.counts(), changes=plan.lines(), problems=plan.problems, is_blocked=bool(plan.problems)
    )


def carry_out(actor: User, run: ImportRun, files: list[Path], now: dt.datetime) -> None:
    """Do what the preview showed."""
    plan = _plan(run, files, now)
    refuse_unless_as_shown(run, None if plan.problems else plan.counts())
    try:
        import_practices(actor=actor, plan=plan, run=run, now=now)
    except Refusal as refusal:
        raise Unfit(str(refusal)) from refusal


def brought(source: Source) -> dict[str, int]:
    """Practices are the company's own, whoever wrote them down."""
    return {}


def erase(actor: User, source: Source, now: dt.datetime) -> None:
    """No practice is one source's alone."""


def left_out_lines(left_out: Mapping[str, int]) -> list[str]:
    """Nothing is left out: what is wrong is corrected first."""
    return []


def _enqueue(name: str, run_id: int) -> None:
    from vertebra.practices.importing import jobs

    getattr(jobs, name).enqueue(run_id)


PRACTICES = Target(
    code=CODE,
    label=gettext_lazy("Practices that are lived already"),
    kinds=KIND_WORDS,
    tables=table_kinds,
    ways=ways,
    guess=guess,
    preview=look,
    apply=carry_out,
    enqueue_preview=lambda run_id: _enqueue("look_at_practices", run_id),
    enqueue_apply=lambda run_id: _enqueue("apply_practices", run_id),
    brought=brought,
    erase=erase,
    left_out_lines=left_out_lines,
    is_dated=False,
)
TARGETS = {PRACTICES.code: PRACTICES}
