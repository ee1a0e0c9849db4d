"""Launches: one instance of a playbook for a market, dated and given to its owners in a minute, then worked."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit import clock
from vertebra.org.models import Market, Person, Unit
from vertebra.roadmap.actions.initiatives import create_initiative, involve
from vertebra.roadmap.actions.standing import locked, written
from vertebra.roadmap.labels.initiatives import InitiativeKind, Part
from vertebra.roadmap.labels.projects import StepState
from vertebra.roadmap.models import Launch, LaunchStep, PlaybookVersion
from vertebra.roadmap.queries.owners import Owners

EDITABLE = frozenset(
    {"title", "owner", "starts_on", "due_on", "started_on", "done_on", "note", "lesson", "state"}
)
OVER = frozenset({StepState.DONE, StepState.SKIPPED})


class NotPublished(Refusal):
    """A launch follows a published version of a playbook."""


class WrongDays(Refusal):
    """A launch is planned after it is decided; a step ends after it starts, and was not done tomorrow."""


class AlreadyOpening(Refusal):
    """One market opens once at a time."""


class NotThatStep(Refusal):
    """A step is to do, under way, done, or not needed here."""


@transaction.atomic
def start_launch(
    *,
    actor: User | None,
    version: PlaybookVersion,
    market: Market,
    target_on: dt.date,
    decided_on: dt.date | None = None,
    title: str = "",
    lead: Person | None = None,
    owner_unit: Unit | None = None,
    language: str,
    now: dt.datetime,
) -> Launch:
    """Make everything that a launch in a market takes: steps with their days, owners found by mandate."""
    today = clock.today(now)
    decided = decided_on or today
    if version.published_at is None:
        raise NotPublished(_("This version is still a draft: publish it first."))
    if target_on <= decided or decided > today:
        raise WrongDays(_("It is decided today or before, and planned for a later day."))
    # Held, so that two who open the same market at once open it once.
    market = Market.objects.select_for_update(of=("self",)).get(pk=market.pk)
    if Launch.objects.filter(market=market, launched_on=None, initiative__archived_at=None).exists():
        raise AlreadyOpening(_("%(name)s is being launched already.") % {"name": market.name})
    title = title.strip() or _("Launch in %(market)s") % {"market": market.name}
    initiative = create_initiative(
        actor=actor, kind=InitiativeKind.LAUNCH, title=title, language=language, lead=lead,
        owner_unit=owner_unit, starts_on=decided, due_on=target_on, now=now,
    )  # fmt: skip
    involve(actor=actor, initiative=initiative, who=[market], part=Part.CONCERNED, now=now)
    tracker = audit.Tracker()
    launch = Launch(
        initiative=initiative, version=version, market=market, decided_on=decided, target_on=target_on
    )
    tracker.create(launch)
    steps = list(version.steps.all())
    squeeze = _squeeze(min((step.starts_day for step in steps), default=0), (target_on - decided).days)
    owners = Owners(market, owner_unit, today)
    made = [
        LaunchStep(
            launch=launch, step=step, domain=step.domain, stage=step.stage, title=step.title,
            owner=owners.of(step), starts_on=_day(target_on, step.starts_day, squeeze),
            due_on=_day(target_on, step.ends_day, squeeze), is_gate=step.is_gate, position=position,
        )
        for position, step in enumerate(steps)
    ]  # fmt: skip
    for row in made:
        tracker.create(row)
    written("change", locked(initiative), tracker, now, actor=actor, launch=market.name, count=len(made))
    return launch


@transaction.atomic
def move_step(
    *,
    actor: User | None,
    step: LaunchStep,
    state: str,
    on: dt.date | None = None,
    now: dt.datetime,
) -> AuditEntry:
    """Start a step, say that it is done or not needed here, or that it is to do after all."""
    row = _held(step)
    day = on or clock.today(now)
    if day > clock.today(now):
        raise WrongDays(_("Nothing was started or done on a day that is still to come."))
    tracker = audit.Tracker()
    if not tracker.change(row, **_days(row, state, day)):
        raise NothingChanges(_("It is written like this already."))
    return _written(row, tracker, now, actor)


@transaction.atomic
def change_step(
    *, actor: User | None, step: LaunchStep, changes: Mapping[str, Any], now: dt.datetime
) -> AuditEntry:
    """Give a step to somebody else, move its days, note what it taught."""
    row = _held(step)
    values = {name: value for name, value in changes.items() if name in EDITABLE}
    for name in ("note", "lesson"):
        if name in values:
            values[name] = values[name].strip()
    for name, value in values.items():
        setattr(row, name, value)
    _check(row, clock.today(now))
    row.refresh_from_db()
    if values.get("lesson", row.lesson) != row.lesson:
        # A lesson said anew waits for the next version again.
        values["lesson_taken_in"] = None
    tracker = audit.Tracker()
    if not tracker.change(row, **values):
        raise NothingChanges(_("It is written like this already."))
    return _written(row, tracker, now, actor)


@transaction.atomic
def complete_stage(
    *,
    actor: User | None,
    launch: Launch,
    stage: str,
    started_on: dt.date,
    ended_on: dt.date,
    now: dt.datetime,
) -> AuditEntry:
    """Say of a whole stage when it began and when it was over, as one does for launches of the past."""
    if not launch.decided_on <= started_on <= ended_on <= clock.today(now):
        raise WrongDays(_("A stage begins after the decision and ends after it begins, today at the latest."))
    row = locked(launch.initiative)
    tracker = audit.Tracker()
    for step in launch.steps.filter(stage=stage).exclude(state__in=OVER):
        begun = min(step.started_on or started_on, ended_on)
        tracker.change(step, state=StepState.DONE, started_on=begun, done_on=ended_on)
    if not tracker.changes:
        raise NothingChanges(_("Everything in this stage is over already."))
    return written("change", row, tracker, now, actor=actor, stage=stage)


@transaction.atomic
def note_launch(
    *, actor: User | None, launch: Launch, launched_on: dt.date | None, now: dt.datetime
) -> AuditEntry:
    """Say on which day the market was launched, or that it was not after all."""
    row = locked(launch.initiative)
    held = Launch.objects.select_for_update(of=("self",)).get(pk=launch.pk)
    if launched_on and not held.decided_on <= launched_on <= clock.today(now):
        raise WrongDays(_("A launch follows its decision, and is noted once it has happened."))
    tracker = audit.Tracker()
    if not tracker.change(held, launched_on=launched_on):
        raise NothingChanges(_("It is written like this already."))
    return written("launch" if launched_on else "reopen", row, tracker, now, actor=actor)


@transaction.atomic
def move_target(*, actor: User | None, launch: Launch, target_on: dt.date, now: dt.datetime) -> AuditEntry:
    """Plan the launch for another day; steps that have not begun move with it."""
    row = locked(launch.initiative)
    held = Launch.objects.select_for_update(of=("self",)).get(pk=launch.pk)
    if target_on <= held.decided_on:
        raise WrongDays(_("It is decided today or before, and planned for a later day."))
    by = target_on - held.target_on
    tracker = audit.Tracker()
    if not tracker.change(held, target_on=target_on):
        raise NothingChanges(_("It is written like this already."))
    for step in held.steps.filter(state=StepState.TO_DO):
        tracker.change(step, starts_on=step.starts_on + by, due_on=step.due_on + by)
    tracker.change(row, due_on=max(target_on, row.starts_on or target_on))
    return written("change", row, tracker, now, actor=actor, days=by.days)


def _squeeze(first_day: int, available: int) -> float:
    """By how much the days before the launch are shortened when there are fewer than the playbook takes."""
    return min(1.0, available / -first_day) if first_day < 0 else 1.0


def _day(target: dt.date, days: int, squeeze: float) -> dt.date:
    return target + dt.timedelta(days=round(days * squeeze) if days < 0 else days)


def _held(step: LaunchStep) -> LaunchStep:
    return (
        LaunchStep.objects.select_for_update(of=("self",))
        .select_related("launch__initiative")
        .get(pk=step.pk)
    )


def _days(row: LaunchStep, state: str, day: dt.date) -> dict[str, Any]:
    """What a step in a new state remembers of its days."""
    if state == StepState.STARTED:
        return {"state": state, "started_on": row.started_on or day, "done_on": None}
    if state == StepState.DONE:
        return {"state": state, "started_on": min(row.started_on or day, day), "done_on": day}
    if state == StepState.SKIPPED:
        return {"state": state, "done_on": None}
    if state == StepState.TO_DO:
        return {"state": state, "started_on": None, "done_on": None}
    raise NotThatStep(_("A step is to do, under way, done, or not needed here."))


def _check(row: LaunchStep, today: dt.date) -> None:
    if row.due_on < row.starts_on:
        raise WrongDays(_("A step ends on the day it starts, or later."))
    if any(day and day > today for day in (row.started_on, row.done_on)):
        raise WrongDays(_("Nothing was started or done on a day that is still to come."))
    if row.started_on and row.done_on and row.done_on < row.started_on:
        raise WrongDays(_("A step ends on the day it starts, or later."))
    if row.state == StepState.DONE and row.done_on is None:
        raise WrongDays(_("Say on which day it was done."))


def _written(row: LaunchStep, tracker: audit.Tracker, now: dt.datetime, actor: User | None) -> AuditEntry:
    initiative = locked(row.launch.initiative)
    return written("change", initiative, tracker, now, actor=actor, step=row.title, state=row.state)
