"""The history of an initiative: its revisions in order, where each ends, what slipped."""

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from vertebra.analysis.slips import slip_of
from vertebra.connectors.records import Record
from vertebra.roadmap.actions.standing import STANDS
from vertebra.roadmap.importing.plan import Told
from vertebra.roadmap.importing.planning import pairs
from vertebra.roadmap.labels.initiatives import InitiativeState
from vertebra.roadmap.models import Initiative, Revision

Days = Mapping[str, dt.date]


def of_record(record: Record, row: Initiative, days: Days) -> Revision:
    """How an initiative stood, as one entry of its history tells it."""
    told: Mapping[str, Any] = record.values
    target = str(told.get("target") or "")
    due_on = told.get("due_on") or days.get(target)
    return Revision(
        initiative=row,
        at=told["at"],
        external_id=record.external_id,
        kind=row.kind,
        title=str(told.get("title") or row.title)[:200],
        state=str(told.get("state") or InitiativeState.IDEA),
        stage=str(told.get("stage") or ""),
        target=target,
        due_on=due_on,
        owner_unit_id=row.owner_unit_id,
        objective_id=row.objective_id,
        field_id=row.field_id,
        milestones=pairs(told.get("milestones")),
    )


def of_row(row: Initiative, milestones: dict[str, str], at: dt.datetime) -> Revision:
    """How an initiative stands now."""
    stands: dict[str, Any] = {name: getattr(row, name) for name in STANDS}
    return Revision(initiative=row, at=at, milestones=milestones, **stands)


def is_same(one: Revision, other: Revision) -> bool:
    """Whether an initiative stands alike in two revisions, as far as its own tool tells."""
    told = ("title", "state", "stage", "target", "due_on", "milestones")
    return all(getattr(one, name) == getattr(other, name) for name in told)


def chained(revisions: Iterable[Revision], days: Days) -> list[Revision]:
    """The revisions in order of time, each ending where the next begins, with what slipped from one to the next."""
    rows = sorted(revisions, key=lambda row: row.at)
    for before, after in pairwise(rows):
        # What ended before, for it was archived, stays ended.
        before.until_at = min(before.until_at or after.at, after.at)
        _note_slip(before, after, days)
    if rows:
        rows[-1].until_at = None
    return rows


def _note_slip(before: Revision, after: Revision, days: Days) -> None:
    moved = slip_of(before.milestones, after.milestones, days)
    # Without milestones a target that moves within its stage says the same.
    if moved is None and not (before.milestones and after.milestones) and before.stage == after.stage:
        moved = slip_of({"": before.target}, {"": after.target}, days)
    late = (after.due_on - before.due_on).days if before.due_on and after.due_on else 0
    is_same_stage = before.stage == after.stage
    later = late if moved or is_same_stage else 0
    after.is_slip = moved is not None or later > 0
    after.slip_steps = moved.steps if moved else 0
    after.slip_days = max(moved.days if moved else 0, later, 0) if after.is_slip else 0


def sum_up(told: Told, rows: list[Revision], now: dt.datetime) -> None:
    """What the initiative itself says of its history: since when it is so, when it began and ended, how it slipped."""
    row = told.row
    slips = [revision for revision in rows if revision.is_slip]
    first_day = told.record.values.get("created_on")
    first = (
        dt.datetime.combine(first_day, dt.time(), dt.UTC) if isinstance(first_day, dt.date) else rows[0].at
    )
    values = {
        "changed_at": rows[-1].at,
        "created_at": min(first, rows[0].at) if told.is_new else row.created_at,
        "slip_count": len(slips),
        "slip_steps": sum(revision.slip_steps for revision in slips),
        "slip_days": sum(revision.slip_days for revision in slips),
        **_ends(row, rows, now),
    }
    for name, value in values.items():
        if getattr(row, name) != value:
            told.before.setdefault(name, getattr(row, name))
            told.after[name] = value
            setattr(row, name, value)


def _ends(row: Initiative, rows: list[Revision], now: dt.datetime) -> dict[str, dt.datetime | None]:
    """When it began and when it ended, by its states."""
    begun = [one.at for one in rows if one.state == InitiativeState.STARTED]
    is_open = row.state not in {InitiativeState.CLOSED}
    closed = None
    for one in reversed(rows):
        if one.state != InitiativeState.CLOSED:
            break
        closed = one.at
    return {
        "started_at": row.started_at or (begun[0] if begun else None),
        "closed_at": None if is_open else row.closed_at or closed or now,
    }
