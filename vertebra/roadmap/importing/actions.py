"""Applying an import of a roadmap: all or nothing, one entry of the audit."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vertebra.accounts import audit, search
from vertebra.accounts.audit import RowChange
from vertebra.accounts.labels import Kind, Operation, Relation
from vertebra.accounts.models import AuditEntry, Link, User
from vertebra.connectors.records import Record
from vertebra.kit.files.problems import Problem
from vertebra.roadmap.actions.standing import entry_of
from vertebra.roadmap.importing.history import chained, is_same, of_record, of_row, sum_up
from vertebra.roadmap.importing.plan import Plan, Told
from vertebra.roadmap.importing.planning import plan_import
from vertebra.roadmap.labels.initiatives import Part
from vertebra.roadmap.models import Initiative, Involvement, Revision
from vertebra.sources.labels import ImportState
from vertebra.sources.models import ImportRun, Source

BATCH = 500
_CHAIN = ("until_at", "is_slip", "slip_steps", "slip_days")


class HasErrors(Exception):
    """The files hold something to correct: nothing was changed."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(_("The files hold something to correct: nothing was changed."))
        self.plan = plan


class TooMuchToArchive(Exception):
    """More would be archived than an import does without being told the exact number."""

    def __init__(self, plan: Plan) -> None:
        self.closing, self.open_rows = len(plan.gone), plan.open_rows
        text = ngettext(
            "This would archive %(closing)s of the %(open)s initiative that “%(source)s” brought. If that is meant, "
            "confirm the number: %(closing)s.",
            "This would archive %(closing)s of the %(open)s initiatives that “%(source)s” brought. If that is meant, "
            "confirm the number: %(closing)s.",
            self.open_rows,
        )
        super().__init__(text % {"closing": self.closing, "open": self.open_rows, "source": plan.source})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did: its plan, and its entry unless nothing had to change."""

    plan: Plan
    entry: AuditEntry | None


def import_roadmap(
    *,
    actor: User | None,
    records: Sequence[Record],
    source: str,
    now: dt.datetime,
    is_full: bool = False,
    confirmed_closing: int | None = None,
    problems: Iterable[Problem] = (),
    run: ImportRun | None = None,
    check: Callable[[Plan], None] | None = None,
) -> Outcome:
    """Bring what a tool tells of its roadmap; nothing at all if anything is wrong."""
    with transaction.atomic():
        plan = plan_import(records, source=source, now=now, is_full=is_full, problems=problems)
        if plan.is_blocked:
            raise HasErrors(plan)
        if plan.must_confirm and confirmed_closing != len(plan.gone):
            raise TooMuchToArchive(plan)
        if check:
            check(plan)
        known, _made = Source.objects.get_or_create(name=source, defaults={"made_by": actor, "made_at": now})
        rows = list(_write(plan, known, actor, now)) if plan.writes else []
        entry = None
        if rows:
            entry = audit.record(
                actor=actor, verb="import", kind=Kind.SOURCE, object_id=known.pk, object_name=source,
                particulars={"summary": plan.summary(), "full": is_full}, now=now, rows=rows,
            )  # fmt: skip
        _keep_run(run, plan, entry, actor, known, now)
        touched = [one.row for one in plan.told if one.is_touched]
        search.index_many((entry_of(row) for row in touched), now=now)
        search.unindex(Kind.INITIATIVE, [row.pk for row in plan.gone])
    return Outcome(plan, entry)


def _write(plan: Plan, source: Source, actor: User | None, now: dt.datetime) -> Iterator[RowChange]:
    """Write every row of the plan, and tell what was done to each."""
    touched = [one for one in plan.told if one.is_touched]
    for one in touched:
        for name, value in one.after.items():
            setattr(one.row, name, value)
    new = [one for one in touched if one.is_new]
    for one in new:
        one.row.source, one.row.made_by = source, actor
    histories = _histories(touched, plan, now)
    Initiative.objects.bulk_create([one.row for one in new], batch_size=BATCH)
    yield from _created(one.row for one in new)
    changed = [one for one in touched if not one.is_new and one.after]
    names = sorted({name for one in changed for name in one.after})
    if names:
        Initiative.objects.bulk_update([one.row for one in changed], names, batch_size=BATCH)
    yield from (_changed(one.row, one.before, one.after) for one in changed)
    yield from _write_revisions(histories)
    yield from _write_parts(touched)
    yield from _write_ties(plan, touched, actor, now)
    yield from _archive(plan.gone, now)


def _archive(gone: list[Initiative], now: dt.datetime) -> Iterator[RowChange]:
    """What the tool no longer tells stands nowhere from now on."""
    for row in gone:
        row.archived_at = now
        yield _changed(row, {"archived_at": None}, {"archived_at": now})
    open_ones = Revision.objects.filter(initiative__in=[row.pk for row in gone], until_at__isnull=True)
    for revision in open_ones:
        yield _changed(revision, {"until_at": None}, {"until_at": now})
    open_ones.update(until_at=now)
    Initiative.objects.bulk_update(gone, ["archived_at"], batch_size=BATCH)


def _histories(touched: list[Told], plan: Plan, now: dt.datetime) -> list[Revision]:
    """Every revision of what is touched, those known and those told, in order; new ones have no number yet."""
    known: dict[int, list[Revision]] = {}
    ids = [one.row.pk for one in touched if one.row.pk]
    for revision in Revision.objects.filter(initiative__in=ids):
        known.setdefault(revision.initiative_id, []).append(revision)
    found: list[Revision] = []
    for one in touched:
        held = known.get(one.row.pk or 0, [])
        told = [of_record(record, one.row, plan.releases) for record in one.revisions]
        rows = chained([*held, *told], plan.releases) if held or told else []
        stands = of_row(one.row, one.milestones, now)
        is_back = "archived_at" in one.after
        if not rows or is_back or (one.after and not is_same(rows[-1], stands)):
            rows = chained([*rows, stands], plan.releases)
        sum_up(one, rows, now)
        found += rows
    return found


def _write_revisions(rows: list[Revision]) -> Iterator[RowChange]:
    new = [row for row in rows if row.pk is None]
    held = {row.pk: row for row in rows if row.pk}
    before = {row.pk: row for row in Revision.objects.filter(pk__in=held)}
    moved = [
        (before[pk], row)
        for pk, row in held.items()
        if any(getattr(before[pk], name) != getattr(row, name) for name in _CHAIN)
    ]
    # The one that was open ends before another is.
    Revision.objects.bulk_update([row for _old, row in moved], _CHAIN, batch_size=BATCH)
    for old, row in moved:
        yield _changed(row, *({name: getattr(one, name) for name in _CHAIN} for one in (old, row)))
    Revision.objects.bulk_create(new, batch_size=BATCH)
    yield from _created(new)


def _write_parts(touched: list[Told]) -> Iterator[RowChange]:
    rows = [
        Involvement(initiative=one.row, of_unit_id=unit, part=Part.BUILDER)
        for one in touched
        for unit in sorted(one.new_units)
    ]
    Involvement.objects.bulk_create(rows, batch_size=BATCH)
    yield from _created(rows)


def _write_ties(plan: Plan, touched: list[Told], actor: User | None, now: dt.datetime) -> Iterator[RowChange]:
    ids = {one.record.external_id: one.row.pk for one in plan.told}
    rows = [
        Link(
            from_kind=Kind.INITIATIVE, from_id=one.row.pk, to_kind=Kind.INITIATIVE, to_id=ids[other],
            relation=relation, made_by=actor, since_at=now,
        )
        for one in touched
        for relation, others in ((Relation.RELATES, one.see_also), (Relation.REPLACES, one.replaces))
        for other in others
    ]  # fmt: skip
    Link.objects.bulk_create(rows, batch_size=BATCH)
    yield from _created(rows)


def _created(rows: Iterable[models.Model]) -> Iterator[RowChange]:
    for row in rows:
        yield RowChange(row._meta.label_lower, row.pk, Operation.CREATED)


def _changed(row: models.Model, before: dict[str, Any], after: dict[str, Any]) -> RowChange:
    return RowChange(row._meta.label_lower, row.pk, Operation.CHANGED, before, after)


def _keep_run(
    run: ImportRun | None,
    plan: Plan,
    entry: AuditEntry | None,
    actor: User | None,
    source: Source,
    now: dt.datetime,
) -> None:
    """Keep the import among those that were done: a draft always, one of a command if it changed something."""
    if run is None or (run.pk is None and entry is None):
        return
    run.source, run.entry, run.state = source, entry, ImportState.APPLIED
    told = {"counts": plan.summary(), "unknown": len(plan.unknowns), "left_out": dict(plan.left_out)}
    run.summary = {**run.summary, **told}
    run.applied_at = now
    run.made_by = run.made_by or actor
    run.save()
