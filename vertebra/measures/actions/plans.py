"""The hiring plan: a file is the whole plan of its source; the same file again changes nothing."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from vertebra.accounts import audit
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.measures.models import PlannedHire
from vertebra.measures.readers.plans import Hire
from vertebra.sources.labels import SourceKind
from vertebra.sources.models import Source


@dataclass(slots=True)
class Planned:
    """What taking a plan did."""

    new: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0


@transaction.atomic
def import_plan(*, actor: User | None, hires: Mapping[str, Hire], source: str, now: dt.datetime) -> Planned:
    """Take a hiring plan in the place of the one that the same source brought before."""
    origin, _is_new = Source.objects.get_or_create(
        name=source, defaults={"kind": SourceKind.FILE, "made_by": actor, "made_at": now}
    )
    there = {row.external_id: row for row in PlannedHire.objects.filter(source=origin)}
    tracker, done = audit.Tracker(), Planned()
    for key, hire in hires.items():
        values = {
            "on": hire.on, "function": hire.function, "count": hire.count, "of_unit_id": hire.unit_id,
            "market_id": hire.market_id,
        }  # fmt: skip
        row = there.pop(key, None)
        if row is None:
            tracker.create(PlannedHire(source=origin, external_id=key, **values))
            done.new += 1
            continue
        if tracker.change(row, **values, archived_at=None):
            done.changed += 1
        else:
            done.same += 1
    for row in there.values():
        if row.archived_at is None:
            tracker.change(row, archived_at=now)
            done.gone += 1
    if tracker.changes:
        audit.record(
            actor=actor, verb="import", kind=Kind.HIRING_PLAN, object_name=source, now=now, rows=tracker.changes,
            particulars={"new": done.new, "changed": done.changed, "gone": done.gone},
        )  # fmt: skip
    return done
