"""The stage of the function: how its effort is shared in each field of action, noted every six months."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.discovery.models import StageOfFunction
from vertebra.kit import clock
from vertebra.org.models import Field


class NotTheWhole(Refusal):
    """The three shares of effort make one hundred."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How the effort in a field is shared (in %), and which trades are present and missing."""

    urgencies: int
    projects: int
    standards: int
    skills: Sequence[str] = ()
    skills_missing: Sequence[str] = ()


@transaction.atomic
def note_stage(*, actor: User, field: Field, effort: Effort, now: dt.datetime) -> AuditEntry:
    """Note how the effort in a field is shared today; said again the same day, it replaces what was said."""
    shares = {name: getattr(effort, name) for name in ("urgencies", "projects", "standards")}
    if sum(shares.values()) != 100 or min(shares.values()) < 0:
        raise NotTheWhole(_("The three shares of effort make 100 % together."))
    values = {**shares, "skills": list(effort.skills), "skills_missing": list(effort.skills_missing)}
    day = clock.today(now)
    tracker = audit.Tracker()
    row = StageOfFunction.objects.select_for_update().filter(field=field, on=day).first()
    if row is None:
        row = StageOfFunction(field=field, on=day, made_by=actor, created_at=now, **values)
        tracker.create(row)
    elif not tracker.change(row, **values):
        raise NothingChanges(_("Nothing changes: it is so already."))
    return audit.record(
        actor=actor,
        verb="create",
        kind=Kind.STAGE,
        object_id=row.pk,
        object_name=field.name,
        particulars=shares,
        now=now,
        rows=tracker.changes,
    )


@transaction.atomic
def withdraw_stage(*, actor: User, row: StageOfFunction, now: dt.datetime) -> AuditEntry:
    """Take back what was noted of a field on a day."""
    tracker = audit.Tracker()
    name, number = row.field.name, row.pk
    tracker.delete(row)
    return audit.record(
        actor=actor,
        verb="withdraw",
        kind=Kind.STAGE,
        object_id=number,
        object_name=name,
        now=now,
        rows=tracker.changes,
    )
