"""Where an initiative stands: planned, started with a baseline or a reason, paused, delivered, closed with an outcome."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit import clock
from vertebra.roadmap.actions.following import follow_delivery, follow_drop, follow_start
from vertebra.roadmap.actions.key_results import capture_baseline
from vertebra.roadmap.actions.standing import locked, written
from vertebra.roadmap.labels.initiatives import Horizon, InitiativeKind, InitiativeState, Outcome
from vertebra.roadmap.models import Initiative
from vertebra.roadmap.queries.baselines import has_baseline, latest_answers, pain_point_of
from vertebra.roadmap.queries.initiatives import has_result

WAITING = frozenset({InitiativeState.IDEA, InitiativeState.PLANNED})
UNDER_WAY = frozenset({InitiativeState.STARTED, InitiativeState.PAUSED})


class NoBaseline(Refusal):
    """An initiative starts with a baseline, or with a reason signed by whoever starts it."""


class NotThatState(Refusal):
    """An initiative is planned, started, delivered, closed, in this order."""


class NoOutcome(Refusal):
    """An initiative ends with what came of it."""


class NotMeasured(Refusal):
    """An initiative ends with a result, or with the reason why it was not measured."""


class ItsToolSays(Refusal):
    """What is read from the company's tools stands where they say."""


@transaction.atomic
def plan_initiative(*, actor: User | None, initiative: Initiative, now: dt.datetime) -> AuditEntry:
    """Say that an idea will be done."""
    row = _in(initiative, {InitiativeState.IDEA}, _("Only an idea can be planned."))
    horizon = row.horizon or Horizon.NEXT
    return _step(actor, "plan", row, now, state=InitiativeState.PLANNED, horizon=horizon)


@transaction.atomic
def start_initiative(
    *, actor: User | None, initiative: Initiative, reason: str = "", now: dt.datetime
) -> AuditEntry:
    """Start an initiative that has a baseline; without one, the reason is signed and stays visible."""
    row = _in(initiative, WAITING, _("This initiative was started before."))
    reason = reason.strip()
    values: dict[str, Any] = {}
    if row.kind == InitiativeKind.QUICK_WIN and not reason and _has_answers(row):
        # The latest answer to the question of what it relieves is baseline enough.
        capture_baseline(actor=actor, initiative=row, now=now)
        row = locked(initiative)
    if has_baseline(row):
        values["baseline_at"] = row.baseline_at or now
    elif reason:
        values |= {"no_baseline_reason": reason, "no_baseline_by": actor}
    else:
        raise NoBaseline(
            _("Note what we look at, and where it stands today, before starting; or say why that cannot be.")
        )
    today = clock.today(now)
    if row.due_on is None or row.due_on >= today:
        values["starts_on"] = min(row.starts_on or today, today)
    follow_start(actor, row, now)
    return _step(
        actor, "begin", row, now,
        state=InitiativeState.STARTED, started_at=now, horizon=Horizon.NOW, **values,
    )  # fmt: skip


@transaction.atomic
def pause_initiative(
    *, actor: User | None, initiative: Initiative, reason: str = "", now: dt.datetime
) -> AuditEntry:
    """Put an initiative aside for a while."""
    row = _in(initiative, {InitiativeState.STARTED}, _("Only what is under way can be paused."))
    return _step(actor, "pause", row, now, {"reason": reason.strip()}, state=InitiativeState.PAUSED)


@transaction.atomic
def resume_initiative(*, actor: User | None, initiative: Initiative, now: dt.datetime) -> AuditEntry:
    """Take an initiative up again."""
    row = _in(initiative, {InitiativeState.PAUSED}, _("Only what is paused can be taken up again."))
    return _step(actor, "resume", row, now, state=InitiativeState.STARTED)


@transaction.atomic
def deliver_initiative(*, actor: User | None, initiative: Initiative, now: dt.datetime) -> AuditEntry:
    """Say that the work is done; the result is awaited."""
    row = _in(initiative, UNDER_WAY, _("Start this initiative before you say that it is done."))
    follow_delivery(actor, row, now)
    return _step(actor, "deliver", row, now, state=InitiativeState.DELIVERED, delivered_at=now)


@transaction.atomic
def close_initiative(
    *,
    actor: User | None,
    initiative: Initiative,
    outcome: str,
    reason: str = "",
    lesson: str = "",
    now: dt.datetime,
) -> AuditEntry:
    """End an initiative with its outcome; without a result, the reason says why it was not measured."""
    row = locked(initiative)
    _refuse_unless_ours(row)
    if row.state == InitiativeState.CLOSED:
        raise NotThatState(_("This initiative is closed already."))
    if outcome not in Outcome.values:
        raise NoOutcome(_("Say what came of it: achieved, missed, cannot tell, or stopped."))
    if row.state in WAITING and outcome != Outcome.STOPPED:
        raise NotThatState(_("What was never started can only be stopped."))
    reason, lesson = reason.strip(), lesson.strip()
    if not reason and not has_result(row):
        raise NotMeasured(
            _("Nothing was measured: say in one sentence why, or wait for the result.")
            if outcome != Outcome.STOPPED
            else _("Say why it stops: those who hoped for it will read it.")
        )
    if outcome == Outcome.STOPPED:
        follow_drop(actor, row, reason, now)
    else:
        follow_delivery(actor, row, now)
    return _step(
        actor, "close", row, now, {"reason": reason},
        state=InitiativeState.CLOSED, closed_at=now, outcome=outcome, outcome_reason=reason, lesson=lesson,
    )  # fmt: skip


@transaction.atomic
def reopen_initiative(*, actor: User | None, initiative: Initiative, now: dt.datetime) -> AuditEntry:
    """Take up again what was delivered or closed."""
    ended = {InitiativeState.DELIVERED, InitiativeState.CLOSED}
    row = _in(initiative, ended, _("This initiative is still open."))
    state = InitiativeState.STARTED if row.started_at else InitiativeState.PLANNED
    return _step(
        actor, "reopen", row, now,
        state=state, delivered_at=None, closed_at=None, outcome="", outcome_reason="",
    )  # fmt: skip


def _has_answers(row: Initiative) -> bool:
    """Whether those who are hurt by what it relieves said what it costs them, and nobody noted it yet."""
    point = None if has_baseline(row) else pain_point_of(row)
    return point is not None and latest_answers(point) is not None


def _refuse_unless_ours(row: Initiative) -> None:
    if row.kind == InitiativeKind.PRODUCT and row.source_id:
        raise ItsToolSays(_("This initiative is read from its own tool: change where it stands there."))


def _in(
    initiative: Initiative, states: set[InitiativeState] | frozenset[InitiativeState], why: str
) -> Initiative:
    row = locked(initiative)
    _refuse_unless_ours(row)
    if row.state not in states:
        raise NotThatState(why)
    return row


def _step(
    actor: User | None,
    verb: str,
    row: Initiative,
    now: dt.datetime,
    told: dict[str, Any] | None = None,
    **values: Any,
) -> AuditEntry:
    before = row.state
    tracker = audit.Tracker()
    tracker.change(row, **values)
    return written(
        verb, row, tracker, now, actor=actor, changes={"state": [before, row.state]}, **(told or {})
    )
