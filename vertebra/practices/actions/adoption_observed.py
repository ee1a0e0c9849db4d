"""What the tools and trials show of adoption, written down when it changes: a team confirms it or says it is wrong."""

import datetime as dt

from django.db import transaction

from vertebra.accounts import audit
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.analysis.adoption import state_seen
from vertebra.kit import clock
from vertebra.org.queries.structure import Structure
from vertebra.practices.actions.adoption_rows import Placed, hold, place
from vertebra.practices.labels.adoption import AdoptionSource, AdoptionState
from vertebra.practices.models import Adoption, ObservationDoubt, Practice, Trial
from vertebra.practices.queries.adoption import lived_practices, teams_on
from vertebra.practices.queries.observed import observed_shares
from vertebra.practices.queries.texts import versions_of


@transaction.atomic
def observe_adoption(*, actor: User | None, now: dt.datetime) -> AuditEntry | None:
    """Write down where the tools, and trials, show teams to stand, where that changed since they last showed it.

    What a team said stands until the tools show something new; while it doubts them they are not listened to.
    """
    tracker, count = audit.Tracker(), 0
    teams = {team.id for team in teams_on(Structure.as_of(clock.today(now), with_members=False))}
    for practice in lived_practices().order_by("pk"):
        for unit, state in _shown(practice, teams, now).items():
            hold(unit)
            count += place(tracker, unit, Placed(practice.pk, state, AdoptionSource.OBSERVED), now)
    if not count:
        return None
    return audit.record(
        actor=actor, verb="observe", kind=Kind.PRACTICE, now=now, particulars={"count": count}, rows=tracker.changes
    )  # fmt: skip


def _shown(practice: Practice, teams: set[int], now: dt.datetime) -> dict[int, str]:
    """What is newly shown of a practice, team by team."""
    day = clock.today(now)
    rows = Adoption.objects.all_time().filter(practice=practice).order_by("starts_on", "pk")
    held = {row.unit_id: row.state for row in rows if row.ends_on is None}
    seen = {row.unit_id: row.state for row in rows if row.source == AdoptionSource.OBSERVED}
    doubted = set(
        ObservationDoubt.objects.filter(practice=practice, answered_at=None).values_list("unit_id", flat=True)
    )
    tried = Trial.objects.filter(practice=practice, ends_on=None, starts_on__lte=day)
    shown = {
        unit: AdoptionState.TRYING.value for unit in tried.values_list("unit", flat=True) if unit not in held
    }
    for unit, part in observed_shares(versions_of(practice).read, day).items():
        if unit not in teams:  # units around teams are told of what their teams do
            continue
        state = state_seen(part, seen.get(unit, ""))
        if state and state != held.get(unit) and state != seen.get(unit):
            shown[unit] = state
    return {unit: state for unit, state in shown.items() if unit not in doubted}
