"""What every change of an initiative writes: how it stands from now on, where search finds it, the audit entry."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from vertebra.accounts import audit, search
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.roadmap.labels.initiatives import InitiativeKind
from vertebra.roadmap.models import Initiative, Launch, Revision

# What the roadmap shows of an initiative, and keeps as it was.
STANDS = (
    "kind", "title", "state", "stage", "horizon", "position", "owner_unit_id", "objective_id", "field_id",
    "starts_on", "due_on", "target", "pace",
)  # fmt: skip


def locked(initiative: Initiative) -> Initiative:
    """The initiative as it is now, held until the end of the transaction."""
    return Initiative.objects.select_for_update(of=("self",)).select_related("lead").get(pk=initiative.pk)


def note_standing(tracker: audit.Tracker, row: Initiative, now: dt.datetime) -> None:
    """Write how the initiative stands from now on, unless it stands as before."""
    before = Revision.objects.filter(initiative=row, until_at__isnull=True).first()
    stands = {name: getattr(row, name) for name in STANDS}
    if before is None:
        tracker.create(Revision(initiative=row, at=now, **stands))
        return
    if all(getattr(before, name) == value for name, value in stands.items()):
        return
    slipped = _slip(tracker, row, before)
    if before.at >= now:
        tracker.change(before, **stands, **slipped)
        return
    tracker.change(before, until_at=now)
    tracker.create(Revision(initiative=row, at=now, **stands, **slipped))


def _slip(tracker: audit.Tracker, row: Initiative, before: Revision) -> dict[str, Any]:
    """What the revision says of a date that moved later; the initiative counts how often and by how much."""
    if not (before.due_on and row.due_on and row.due_on > before.due_on):
        return {}
    days = (row.due_on - before.due_on).days
    tracker.change(row, slip_count=row.slip_count + 1, slip_days=row.slip_days + days)
    return {"is_slip": True, "slip_days": days}


def entry_of(row: Initiative) -> search.Entry:
    """What search knows of an initiative."""
    return search.Entry(Kind.INITIATIVE, row.pk, row.title, "", _text(row), row.language)


def index_initiatives(rows: Sequence[Initiative], now: dt.datetime) -> None:
    """Let search find initiatives; one that opens a market is found as its launch, and not twice."""
    opening = [row.pk for row in rows if row.kind == InitiativeKind.LAUNCH]
    launches = Launch.objects.filter(initiative__in=opening).select_related("market") if opening else []
    known = {launch.initiative_id: launch for launch in launches}
    search.index_many([_launch_entry(row, known) or entry_of(row) for row in rows], now=now)
    search.unindex(Kind.INITIATIVE, known)


def unindex_initiatives(ids: Collection[int]) -> None:
    """Let search forget initiatives, and the launches that they are."""
    search.unindex(Kind.INITIATIVE, ids)
    search.unindex(Kind.LAUNCH, Launch.objects.filter(initiative__in=ids).values_list("pk", flat=True))


def _launch_entry(row: Initiative, known: Mapping[int, Launch]) -> search.Entry | None:
    launch = known.get(row.pk)
    if launch is None:
        return None
    return search.Entry(Kind.LAUNCH, launch.pk, row.title, launch.market.name, _text(row), row.language)


def _text(row: Initiative) -> str:
    return "\n".join((row.description, row.pace_line, row.lesson))


def written(
    verb: str, row: Initiative, tracker: audit.Tracker, now: dt.datetime, *, actor: User | None, **told: Any
) -> AuditEntry:
    """Note how an initiative stands, bring search up to date, and write the entry of what was done to it."""
    tracker.change(row, changed_at=now)
    # What was archived stays out of the roadmap of that day, and of search, whatever is still said of it.
    if row.archived_at is None:
        note_standing(tracker, row, now)
        index_initiatives([row], now)
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.INITIATIVE,
        object_id=row.pk,
        object_name=row.title,
        particulars={name: value for name, value in told.items() if value},
        now=now,
        rows=tracker.changes,
    )
