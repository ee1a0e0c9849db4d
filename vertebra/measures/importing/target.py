"""Metrics and their values as something that files can be imported into, for the pages that all modules share."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import User
from vertebra.kit import clock
from vertebra.kit.files.problems import Refused
from vertebra.kit.files.suffixes import TABLE_SUFFIXES
from vertebra.kit.files.tables import read_table
from vertebra.kit.files.values import header_name
from vertebra.measures.importing.actions import import_measures
from vertebra.measures.importing.plan import Plan, plan_file
from vertebra.measures.importing.tables import KIND_WORDS, METRIC, VALUE, WIDE, table_kinds
from vertebra.sources.models import ImportRun, Source
from vertebra.sources.target import Preview, Target, Unfit, Way, refuse_unless_as_shown

CODE = "measures"


def ways(files: list[Path]) -> list[Way]:
    """A catalogue, values with a row for each, or values with a column for each metric."""
    if len(files) != 1 or files[0].suffix.lower() not in TABLE_SUFFIXES:
        return []
    return [
        Way(f"table:{METRIC}", _("A catalogue: a row for each metric")),
        Way(f"table:{VALUE}", _("Values: a row for each")),
        Way(WIDE, _("Values: a column for each metric")),
    ]


def guess(files: list[Path]) -> str:
    """The way whose headings the table has; without any, a column for each metric."""
    if not ways(files):
        return ""
    try:
        headings = {header_name(heading) for heading in read_table(files[0], files[0].name).header}
    except Refused:
        return f"table:{METRIC}"
    value, metric = table_kinds()[1], table_kinds()[0]
    needed = [field for field in value.fields if field.is_required]
    if all(headings & set(field.hints) for field in needed):
        return f"table:{VALUE}"
    known = sum(1 for field in metric.fields if headings & set(field.hints))
    has_name = bool(headings & set(metric.fields[0].hints))
    return f"table:{METRIC}" if has_name and known > 1 else WIDE


def _plan(run: ImportRun, files: list[Path], now: dt.datetime) -> Plan:
    return plan_file(files[0], run.recipe, run.mapping.get("columns", {}), clock.today(now))


def look(run: ImportRun, files: list[Path], now: dt.datetime) -> Preview:
    """What the file would do to the catalogue and to the values."""
    plan = _plan(run, files, now)
    problems = plan.problems
    return Preview(counts=plan.counts(), changes=plan.lines, problems=problems, is_blocked=bool(problems))


def carry_out(actor: User, run: ImportRun, files: list[Path], now: dt.datetime) -> None:
    """Do what the preview showed."""
    plan = _plan(run, files, now)
    refuse_unless_as_shown(run, None if plan.reading.problems else plan.counts())
    try:
        import_measures(actor=actor, plan=plan, run=run, now=now)
    except Refusal as refusal:
        raise Unfit(str(refusal)) from refusal


def brought(source: Source) -> dict[str, int]:
    """Metrics and values belong to the catalogue, whoever brought them."""
    return {}


def erase(actor: User, source: Source, now: dt.datetime) -> None:
    """Nothing of the catalogue is one source's alone."""


def left_out_lines(left_out: Mapping[str, int]) -> list[str]:
    """Nothing is left out: what is wrong is corrected first."""
    return []


def _enqueue(name: str, run_id: int) -> None:
    from vertebra.measures.importing import jobs

    getattr(jobs, name).enqueue(run_id)


MEASURES = Target(
    code=CODE,
    label=gettext_lazy("Metrics and their values"),
    kinds=KIND_WORDS,
    tables=table_kinds,
    ways=ways,
    guess=guess,
    preview=look,
    apply=carry_out,
    enqueue_preview=lambda run_id: _enqueue("look_at_measures", run_id),
    enqueue_apply=lambda run_id: _enqueue("apply_measures", run_id),
    brought=brought,
    erase=erase,
    left_out_lines=left_out_lines,
    is_dated=False,
)
TARGETS = {MEASURES.code: MEASURES}
