"""Initiatives: created in a minute, changed in place, who has a part in them, archived."""

import datetime as dt
from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.actions.thread import End, tie, untie
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import AuditEntry, User, Watch
from vertebra.org.models import Area, Field, Market, Person, Unit
from vertebra.roadmap.actions.standing import locked, unindex_initiatives, written
from vertebra.roadmap.labels.initiatives import InitiativeKind, Part
from vertebra.roadmap.models import Initiative, Involvement, Objective

QUICK_WIN_DAYS = 5
# What people change by hand; where it stands has verbs of its own.
EDITABLE = frozenset(
    {
        "kind", "title", "description", "language", "lead", "owner_unit", "objective", "field", "parent",
        "effort_days", "starts_on", "due_on",
    }
)  # fmt: skip


class NoTitle(Refusal):
    """An initiative says in one sentence what is undertaken."""


class TooLong(Refusal):
    """A quick win takes five days of work or less."""


class DueBeforeStart(Refusal):
    """An initiative is due on the day it starts, or later."""


class GoesInCircles(Refusal):
    """An initiative is not part of itself, nor of one of its own parts."""


@transaction.atomic
def create_initiative(
    *,
    actor: User | None,
    kind: str,
    title: str,
    language: str,
    description: str = "",
    lead: Person | None = None,
    owner_unit: Unit | None = None,
    objective: Objective | None = None,
    field: Field | None = None,
    parent: Initiative | None = None,
    effort_days: int | None = None,
    starts_on: dt.date | None = None,
    due_on: dt.date | None = None,
    carries_out: End | None = None,
    answers: End | None = None,
    now: dt.datetime,
) -> Initiative:
    """Write down something to undertake, and what it carries out, answers and serves."""
    row = Initiative(
        kind=kind, title=_said(title), description=description.strip(), language=language, lead=lead,
        owner_unit=owner_unit, objective=objective, field=field, parent=parent, effort_days=effort_days,
        starts_on=starts_on, due_on=due_on, made_by=actor, created_at=now, changed_at=now,
    )  # fmt: skip
    _check(row)
    tracker = audit.Tracker()
    tracker.create(row)
    me = (Kind.INITIATIVE, row.pk)
    for relation, other in ((Relation.CARRIES_OUT, carries_out), (Relation.ANSWERS, answers)):
        if other:
            tie(tracker, me, relation, other, by=actor, now=now)
    if objective:
        tie(tracker, me, Relation.SERVES, (Kind.OBJECTIVE, objective.pk), by=actor, now=now)
    if actor:
        tracker.create(Watch(user=actor, kind=Kind.INITIATIVE, object_id=row.pk, since_at=now))
    written("create", row, tracker, now, actor=actor)
    return row


@transaction.atomic
def change_initiative(
    *, actor: User | None, initiative: Initiative, changes: Mapping[str, Any], now: dt.datetime
) -> AuditEntry:
    """Say better what is undertaken: its title, its dates, who leads it, what it serves."""
    row = locked(initiative)
    values = {name: value for name, value in changes.items() if name in EDITABLE}
    if "title" in values:
        values["title"] = _said(values["title"])
    was_serving = row.objective_id
    wanted = copy(row)
    for name, value in values.items():
        setattr(wanted, name, value)
    _check(wanted)
    tracker = audit.Tracker()
    touched = tracker.change(row, **values)
    if not touched:
        raise NothingChanges(_("It is written like this already."))
    if "objective" in touched:
        _serve(tracker, row, was_serving, actor, now)
    return written("change", row, tracker, now, actor=actor, fields=touched)


@transaction.atomic
def archive_initiative(*, actor: User | None, initiative: Initiative, now: dt.datetime) -> AuditEntry:
    """Take an initiative out of the lists; its links stay."""
    row = locked(initiative)
    if row.archived_at:
        raise NothingChanges(_("It is archived already."))
    tracker = audit.Tracker()
    tracker.change(row, archived_at=now)
    for revision in row.revisions.filter(until_at__isnull=True):
        tracker.change(revision, until_at=now)
    unindex_initiatives([row.pk])
    return audit.record(
        actor=actor, verb="archive", kind=Kind.INITIATIVE, object_id=row.pk, object_name=row.title, now=now,
        rows=tracker.changes,
    )  # fmt: skip


@transaction.atomic
def restore_initiative(*, actor: User | None, initiative: Initiative, now: dt.datetime) -> AuditEntry:
    """Bring an archived initiative back."""
    row = locked(initiative)
    if not row.archived_at:
        raise NothingChanges(_("It is not archived."))
    tracker = audit.Tracker()
    tracker.change(row, archived_at=None)
    return written("restore", row, tracker, now, actor=actor)


Involved = Unit | Area | Market | Person
_COLUMNS: dict[type[Any], str] = {Unit: "of_unit", Area: "area", Market: "market", Person: "person"}


@transaction.atomic
def involve(
    *,
    actor: User | None,
    initiative: Initiative,
    who: Sequence[Involved],
    part: str = Part.CONCERNED,
    now: dt.datetime,
) -> AuditEntry:
    """Give units, areas, markets or people a part in an initiative, or another part."""
    row = locked(initiative)
    tracker = audit.Tracker()
    for one in who:
        column = _COLUMNS[type(one)]
        found = Involvement.objects.filter(initiative=row, **{column: one}).first()
        if found is None:
            tracker.create(Involvement(initiative=row, part=part, **{column: one}))
        else:
            tracker.change(found, part=part)
    if not tracker.changes:
        raise NothingChanges(_("It is written like this already."))
    return written("change", row, tracker, now, actor=actor, involved=[_COLUMNS[type(one)] for one in who])


@transaction.atomic
def no_longer_involve(*, actor: User | None, involvement: Involvement, now: dt.datetime) -> AuditEntry:
    """Say that somebody or something has no part in an initiative any more."""
    row = locked(involvement.initiative)
    tracker = audit.Tracker()
    tracker.delete(involvement)
    return written("change", row, tracker, now, actor=actor, involved="nobody")


def _said(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise NoTitle(_("Say in one sentence what is undertaken."))
    return title[:200]


def _check(row: Initiative) -> None:
    if row.kind == InitiativeKind.QUICK_WIN and row.effort_days and row.effort_days > QUICK_WIN_DAYS:
        raise TooLong(
            _("A quick win takes %(count)d days of work or less: choose another kind for what takes longer.")
            % {"count": QUICK_WIN_DAYS}
        )
    if row.starts_on and row.due_on and row.due_on < row.starts_on:
        raise DueBeforeStart(_("It is due before it starts: move one of the two days."))
    above, seen = row.parent, {row.pk}
    while row.pk and above is not None:
        if above.pk in seen:
            raise GoesInCircles(_("An initiative cannot be part of itself."))
        seen.add(above.pk)
        above = above.parent


def _serve(
    tracker: audit.Tracker, row: Initiative, before: int | None, actor: User | None, now: dt.datetime
) -> None:
    me = (Kind.INITIATIVE, row.pk)
    if before:
        untie(tracker, me, Relation.SERVES, (Kind.OBJECTIVE, before), now=now)
    if row.objective_id:
        tie(tracker, me, Relation.SERVES, (Kind.OBJECTIVE, row.objective_id), by=actor, now=now)
