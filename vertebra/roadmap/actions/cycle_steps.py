"""What several actions on cycles share: finding one in the state it must have, writing its entry."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from vertebra.accounts import audit, search
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.roadmap.labels.topics import CycleState
from vertebra.roadmap.models import Cycle, Decision


class NotNow(Refusal):
    """A cycle goes step by step: collect, freeze, rank, decide, publish."""


def locked(cycle: Cycle) -> Cycle:
    """The cycle as it is now, held until the change is written."""
    return Cycle.objects.select_for_update().get(pk=cycle.pk)


def in_state(cycle: Cycle, *states: CycleState) -> Cycle:
    """The cycle, held, if it is in one of these states."""
    held = locked(cycle)
    if held.state not in states:
        said = {"title": held.title, "state": held.get_state_display()}
        raise NotNow(_("“%(title)s” is %(state)s: this is done at another step.") % said)
    return held


def record(
    actor: User | None,
    verb: str,
    cycle: Cycle,
    now: dt.datetime,
    tracker: audit.Tracker | None = None,
    *,
    is_step: bool = False,
    **told: Any,
) -> AuditEntry:
    """Write the entry of what was done to a cycle; with a tracker it can be taken back, unless it is a step.

    A step tells people, and is gone back from with a reason; its rows are noted so that what came before it is not
    taken back under it. No entry ever tells what somebody ranked.
    """
    if is_step or tracker is None:
        told["mailed"] = True
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.CYCLE,
        object_id=cycle.pk,
        object_name=cycle.title,
        particulars={name: value for name, value in told.items() if value not in (None, "")},
        now=now,
        rows=tracker.changes if tracker else (),
    )


def index_cycle(cycle: Cycle, now: dt.datetime) -> None:
    """Bring what search knows of a cycle up to date."""
    entry = search.Entry(Kind.CYCLE, cycle.pk, cycle.title, "", "", cycle.language)
    search.index(entry, now=now)


def index_decision(decision: Decision, now: dt.datetime) -> None:
    """Search finds a decision once it is published."""
    if decision.published_at:
        title, text = decision.topic.title, f"{decision.what} {decision.why}"
        search.index(search.Entry(Kind.DECISION, decision.pk, title, "", text, decision.language), now=now)
