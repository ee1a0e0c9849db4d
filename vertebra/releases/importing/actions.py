"""Applying an import of releases: all or nothing, one entry of the audit; briefs of what is grave, audiences of teams."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit, search
from vertebra.accounts.audit import RowChange
from vertebra.accounts.labels import Kind, Operation
from vertebra.accounts.models import AuditEntry, User
from vertebra.connectors.release_notes import ReleaseRecord
from vertebra.kit.files.problems import Problem
from vertebra.releases.actions.announcing_letters import withdraw_announcements
from vertebra.releases.actions.standing import entry_of
from vertebra.releases.actions.tiers import ensure_tiers
from vertebra.releases.importing.plan import Plan, Told, plan_import, withdrawn_in
from vertebra.releases.importing.routing import READS, is_grave, text_for
from vertebra.releases.labels.releases import ReleaseState
from vertebra.releases.models import Audience, Brief, MovedDate, Release, ReleaseAudience, Tier
from vertebra.sources.labels import ImportState
from vertebra.sources.models import ImportRun, Source

BATCH = 300


class HasErrors(Exception):
    """The files hold something to correct: nothing was changed."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(_("The files hold something to correct: nothing was changed."))
        self.plan = plan


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did: its plan, and its entry unless nothing had to change."""

    plan: Plan
    entry: AuditEntry | None


def import_releases(
    *,
    actor: User | None,
    records: Sequence[ReleaseRecord],
    source: str,
    now: dt.datetime,
    problems: Iterable[Problem] = (),
    run: ImportRun | None = None,
    check: Callable[[Plan], None] | None = None,
) -> Outcome:
    """Bring releases that a source tells; nothing at all if anything is wrong."""
    with transaction.atomic():
        ensure_tiers(actor=None, now=now)
        plan = plan_import(records, source=source, now=now, problems=problems)
        if plan.is_blocked:
            raise HasErrors(plan)
        if check:
            check(plan)
        known, _made = Source.objects.get_or_create(name=source, defaults={"made_by": actor, "made_at": now})
        rows = list(_write(plan, known, actor, now)) if plan.writes else []
        taken_back, is_mailed = _take_back(plan, now)
        rows, entry = [*rows, *taken_back], None
        if rows:
            entry = audit.record(
                actor=actor, verb="import", kind=Kind.SOURCE, object_id=known.pk, object_name=source,
                particulars={"summary": plan.summary()} | ({"mailed": True} if is_mailed else {}), now=now, rows=rows,
            )  # fmt: skip
        _keep_run(run, plan, entry, actor, known, now)
        search.index_many((entry_of(one.row) for one in plan.told if one.is_touched), now=now)
    return Outcome(plan, entry)


def _write(plan: Plan, source: Source, actor: User | None, now: dt.datetime) -> Iterator[RowChange]:
    """Write every row of the plan, and tell what was done to each."""
    new = [one for one in plan.told if one.is_new]
    tiers = {tier.slug: tier for tier in Tier.objects.filter(slug__in=("minor", "standard"))}
    for one in new:
        _fill(one, plan.source, source, actor, now)
        one.row.tier = tiers["standard" if is_grave(one.record) else "minor"]
    Release.objects.bulk_create([one.row for one in new], batch_size=BATCH)
    yield from _created(one.row for one in new)
    changed = [one for one in plan.told if not one.is_new and one.after]
    for one in changed:
        for name, value in {**one.after, "changed_at": now}.items():
            setattr(one.row, name, value)
    names = sorted({name for one in changed for name in one.after})
    if names:
        Release.objects.bulk_update([one.row for one in changed], [*names, "changed_at"], batch_size=BATCH)
    for one in changed:
        yield RowChange(
            one.row._meta.label_lower, one.row.pk, Operation.CHANGED, _plain(one.before), _plain(one.after)
        )
    yield from _moves(changed, now)
    yield from _briefs(plan, new, actor, now)
    yield from _audiences(plan, new, actor, now)


def _take_back(plan: Plan, now: dt.datetime) -> tuple[list[RowChange], bool]:
    """Stop telling of what its source withdrew, and have those who were told hear why; whether anything had left."""
    tracker, is_mailed = audit.Tracker(), False
    for one in plan.told:
        if not one.is_new and one.after.get("state") == ReleaseState.WITHDRAWN:
            is_begun = one.row.announcements.filter(started_at__isnull=False).exists()
            told = withdraw_announcements(tracker, one.row, one.row.withdrawn_reason, now)
            is_mailed = is_mailed or is_begun or told > 0
    return tracker.changes, is_mailed


def _fill(one: Told, name: str, source: Source, actor: User | None, now: dt.datetime) -> None:
    row, state = one.row, one.told["state"]
    for column, value in one.told.items():
        setattr(row, column, value)
    row.source, row.made_by = source, actor
    row.released_at = now if state == ReleaseState.RELEASED else None
    if state == ReleaseState.WITHDRAWN:
        row.withdrawn_at, row.withdrawn_reason = now, withdrawn_in(name)


def _moves(changed: list[Told], now: dt.datetime) -> Iterator[RowChange]:
    """The day of what is still to come moved in its own tool: what it was stays readable."""
    rows = [
        MovedDate(
            release=one.row, was_on=one.before["planned_on"], now_on=one.after["planned_on"],
            why=_("Moved in its own tool."), moved_at=now,
        )
        for one in changed
        if "planned_on" in one.after and one.row.state == ReleaseState.PLANNED
    ]  # fmt: skip
    MovedDate.objects.bulk_create(rows, batch_size=BATCH)
    yield from _created(rows)


def _briefs(plan: Plan, new: list[Told], actor: User | None, now: dt.datetime) -> Iterator[RowChange]:
    """What each trade reads of it, from the sections that concern it; a trade that nothing concerns has no brief."""
    rows = [
        Brief(
            release=one.row, trade=trade, language=one.row.language, line=one.row.title[:300], body=text,
            made_by=actor, created_at=now, changed_at=now,
        )
        for one in new
        for trade in READS
        if (text := text_for(trade, one.record.sections))
    ]  # fmt: skip
    Brief.objects.bulk_create(rows, batch_size=BATCH)
    yield from _created(rows)


def _audiences(plan: Plan, new: list[Told], actor: User | None, now: dt.datetime) -> Iterator[RowChange]:
    """The teams that a release names are its audience: each of them one, made once."""
    wanted = sorted({unit for one in new for unit in one.units})
    held = {_rules_key(row.rules): row for row in Audience.objects.filter(archived_at=None)}
    taken = {row.name for row in held.values()}
    missing = [unit for unit in wanted if _key(unit) not in held]
    made = [
        Audience(
            name=_free(plan.unit_names.get(unit, str(unit)), taken), rules=_rules(unit), made_by=actor,
            created_at=now, changed_at=now,
        )
        for unit in missing
    ]  # fmt: skip
    Audience.objects.bulk_create(made, batch_size=BATCH)
    yield from _created(made)
    held |= {_rules_key(row.rules): row for row in made}
    rows = [ReleaseAudience(release=one.row, audience=held[_key(unit)]) for one in new for unit in one.units]
    ReleaseAudience.objects.bulk_create(rows, batch_size=BATCH)
    yield from _created(rows)


def _rules(unit: int) -> dict[str, Any]:
    return {"any": [{"units": [unit]}], "except": []}


def _key(unit: int) -> str:
    return str(_rules(unit))


def _rules_key(rules: dict[str, Any]) -> str:
    return str({part: rules.get(part, []) for part in ("any", "except")})


def _free(name: str, taken: set[str]) -> str:
    """The name, or the first with a number that no audience has."""
    name, number = name[:110], 2
    found = name
    while found in taken:
        found, number = f"{name} ({number})", number + 1
    taken.add(found)
    return found


def _created(rows: Iterable[models.Model]) -> Iterator[RowChange]:
    for row in rows:
        yield RowChange(row._meta.label_lower, row.pk, Operation.CREATED)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return audit.writing.plain(values) or {}


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
    run.summary = {**run.summary, "counts": plan.summary(), "unknown": len(plan.unknowns)}
    run.applied_at = now
    run.made_by = run.made_by or actor
    run.save()
