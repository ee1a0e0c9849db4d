"""What each function does in a transverse project: written down, changed, finished; gates passed by a decision."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit import clock
from vertebra.org.models import Person
from vertebra.roadmap.actions.standing import locked, written
from vertebra.roadmap.labels.projects import GateState
from vertebra.roadmap.models import Gate, Initiative, Workstream

EDITABLE = frozenset({"title", "function", "lead", "due_on"})
GATE_EDITABLE = frozenset({"title", "criteria", "due_on"})


class NothingNamed(Refusal):
    """A workstream and a gate say in a few words what they are."""


class NotDecided(Refusal):
    """A gate is passed, or it is not; when it is not, one says why."""


@transaction.atomic
def add_workstream(
    *,
    actor: User | None,
    initiative: Initiative,
    title: str,
    function: str = "",
    lead: Person | None = None,
    due_on: dt.date | None = None,
    now: dt.datetime,
) -> AuditEntry:
    """Say what one function does in an initiative, who leads it, until when."""
    row = locked(initiative)
    stream = Workstream(
        initiative=row, title=_named(title), function=function, lead=lead, due_on=due_on,
        position=row.workstreams.count(),
    )  # fmt: skip
    tracker = audit.Tracker()
    tracker.create(stream)
    return written("change", row, tracker, now, actor=actor, workstream=stream.title)


@transaction.atomic
def change_workstream(
    *, actor: User | None, workstream: Workstream, changes: Mapping[str, Any], now: dt.datetime
) -> AuditEntry:
    """Say better what a function does, who leads it, until when."""
    row = locked(workstream.initiative)
    stream = Workstream.objects.get(pk=workstream.pk)
    values = {name: value for name, value in changes.items() if name in EDITABLE}
    if "title" in values:
        values["title"] = _named(values["title"])
    tracker = audit.Tracker()
    if not tracker.change(stream, **values):
        raise NothingChanges(_("It is written like this already."))
    return written("change", row, tracker, now, actor=actor, workstream=stream.title)


@transaction.atomic
def end_workstream(
    *, actor: User | None, workstream: Workstream, is_over: bool = True, now: dt.datetime
) -> AuditEntry:
    """Say that a function has done its part, or that it has not after all."""
    row = locked(workstream.initiative)
    stream = Workstream.objects.get(pk=workstream.pk)
    tracker = audit.Tracker()
    if bool(stream.ended_on) == is_over:
        raise NothingChanges(_("It is written like this already."))
    tracker.change(stream, ended_on=clock.today(now) if is_over else None)
    return written("change", row, tracker, now, actor=actor, workstream=stream.title)


@transaction.atomic
def remove_workstream(*, actor: User | None, workstream: Workstream, now: dt.datetime) -> AuditEntry:
    """Take a workstream out of the project; what was counted in it stays with the project."""
    row = locked(workstream.initiative)
    tracker = audit.Tracker()
    for counter in workstream.counters.all():
        tracker.change(counter, workstream=None)
    title = workstream.title
    tracker.delete(workstream)
    return written("change", row, tracker, now, actor=actor, workstream=title)


@transaction.atomic
def add_gate(
    *,
    actor: User | None,
    initiative: Initiative,
    title: str,
    criteria: str = "",
    due_on: dt.date | None = None,
    now: dt.datetime,
) -> AuditEntry:
    """Name a point that the project passes by a decision, and when it is passed."""
    row = locked(initiative)
    gate = Gate(
        initiative=row, title=_named(title), criteria=criteria.strip(), due_on=due_on, position=row.gates.count()
    )  # fmt: skip
    tracker = audit.Tracker()
    tracker.create(gate)
    return written("change", row, tracker, now, actor=actor, gate=gate.title)


@transaction.atomic
def change_gate(
    *, actor: User | None, gate: Gate, changes: Mapping[str, Any], now: dt.datetime
) -> AuditEntry:
    """Say better what a gate is, when it is passed, on which day it comes up."""
    row = locked(gate.initiative)
    found = Gate.objects.get(pk=gate.pk)
    values = {name: value for name, value in changes.items() if name in GATE_EDITABLE}
    if "title" in values:
        values["title"] = _named(values["title"])
    tracker = audit.Tracker()
    if not tracker.change(found, **values):
        raise NothingChanges(_("It is written like this already."))
    return written("change", row, tracker, now, actor=actor, gate=found.title)


@transaction.atomic
def decide_gate(
    *, actor: User | None, gate: Gate, state: str, by: Person | None, note: str = "", now: dt.datetime
) -> AuditEntry:
    """Decide whether a gate is passed; not passed says why, and can be decided again."""
    row = locked(gate.initiative)
    found = Gate.objects.get(pk=gate.pk)
    note = note.strip()
    if state not in GateState.values or (state == GateState.REFUSED and not note):
        raise NotDecided(_("Passed or not? When it is not, say what is missing."))
    is_waiting = state == GateState.WAITING
    tracker = audit.Tracker()
    touched = tracker.change(
        found,
        state=state,
        note=note,
        decided_on=None if is_waiting else clock.today(now),
        decided_by=None if is_waiting else by,
    )
    if not touched:
        raise NothingChanges(_("It was decided like this already."))
    return written("decide", row, tracker, now, actor=actor, gate=found.title, note=note)


@transaction.atomic
def remove_gate(*, actor: User | None, gate: Gate, now: dt.datetime) -> AuditEntry:
    """Take a gate out of the project."""
    row = locked(gate.initiative)
    if not row.gates.filter(pk=gate.pk).exists():
        raise NothingChanges(_("Somebody took this away meanwhile."))
    tracker = audit.Tracker()
    title = gate.title
    tracker.delete(gate)
    return written("change", row, tracker, now, actor=actor, gate=title)


def _named(title: str) -> str:
    title = " ".join(title.split())[:200]
    if not title:
        raise NothingNamed(_("Say in a few words what it is."))
    return title
