"""Registering many practices by file: all or nothing, in one entry of the audit."""

import datetime as dt

from django.db import transaction

from vertebra.accounts import audit, search
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.practices.actions.registering import Lived, register
from vertebra.practices.actions.standing import entry_of
from vertebra.practices.importing.plan import Plan
from vertebra.sources.labels import ImportState
from vertebra.sources.models import ImportRun


@transaction.atomic
def import_practices(*, actor: User, plan: Plan, run: ImportRun, now: dt.datetime) -> AuditEntry:
    """Register what the plan says, and note it on the run."""
    tracker = audit.Tracker()
    made = [
        register(
            tracker,
            Lived(
                row.name, plan.language, row.units or [None], row.carrier, row.reach, row.field, row.why, row.lives_at
            ),
            actor,
            now,
        )
        for row in plan.rows.values()
        if not row.is_there
    ]  # fmt: skip
    search.index_many([entry_of(row) for row in made], now=now)
    entry = audit.record(
        actor=actor, verb="import", kind=Kind.IMPORT, object_id=run.pk, object_name=run.source.name,
        particulars={"counts": plan.counts()}, now=now, rows=tracker.changes,
    )  # fmt: skip
    run.state, run.applied_at, run.entry = ImportState.APPLIED, now, entry
    run.summary = {**run.summary, "counts": plan.counts()}
    run.save(update_fields=["state", "applied_at", "entry", "summary"])
    return entry
