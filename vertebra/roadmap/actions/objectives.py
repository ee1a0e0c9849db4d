"""Objectives: what leadership wants for a period, written down, said better, put away."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit, search
from vertebra.accounts.audit import NothingChanges, Refusal, Tracker
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.org.models import Person, Unit
from vertebra.roadmap.models import Objective

EDITABLE = frozenset({"title", "description", "starts_on", "ends_on", "owner", "of_unit", "position"})


class NoTitle(Refusal):
    """An objective says in one sentence what leadership wants."""


class EndsBeforeStart(Refusal):
    """An objective ends after it starts."""


@transaction.atomic
def set_objective(
    *,
    actor: User,
    title: str,
    language: str,
    starts_on: dt.date,
    ends_on: dt.date,
    description: str = "",
    owner: Person | None = None,
    of_unit: Unit | None = None,
    now: dt.datetime,
) -> Objective:
    """Write down what leadership wants for a period, in its own words."""
    row = Objective(
        title=_said(title), description=description.strip(), language=language, starts_on=starts_on,
        ends_on=ends_on, owner=owner, of_unit=of_unit, made_by=actor, created_at=now,
        position=Objective.objects.filter(starts_on=starts_on, archived_at=None).count(),
    )  # fmt: skip
    _check(row.starts_on, row.ends_on)
    tracker = Tracker()
    tracker.create(row)
    _record(actor, "create", row, tracker, now)
    return row


@transaction.atomic
def change_objective(
    *, actor: User, objective: Objective, changes: Mapping[str, Any], now: dt.datetime
) -> AuditEntry:
    """Say an objective better, move its dates, say who carries it."""
    row = Objective.objects.select_for_update().get(pk=objective.pk)
    values = {name: value for name, value in changes.items() if name in EDITABLE}
    if "title" in values:
        values["title"] = _said(values["title"])
    _check(values.get("starts_on", row.starts_on), values.get("ends_on", row.ends_on))
    tracker = Tracker()
    if not tracker.change(row, **values):
        raise NothingChanges(_("It is written like this already."))
    return _record(actor, "change", row, tracker, now)


@transaction.atomic
def archive_objective(*, actor: User, objective: Objective, now: dt.datetime) -> AuditEntry:
    """Put an objective away: topics and initiatives keep saying that they served it."""
    row = Objective.objects.select_for_update().get(pk=objective.pk)
    if row.archived_at:
        raise NothingChanges(_("It was put away before."))
    tracker = Tracker()
    tracker.change(row, archived_at=now)
    return _record(actor, "archive", row, tracker, now)


def _said(title: str) -> str:
    said = " ".join(title.split())
    if not said:
        raise NoTitle(_("Say in one sentence what is wanted."))
    return said[:200]


def _check(starts_on: dt.date, ends_on: dt.date) -> None:
    if ends_on <= starts_on:
        raise EndsBeforeStart(_("An objective ends after it starts."))


def _record(actor: User, verb: str, row: Objective, tracker: Tracker, now: dt.datetime) -> AuditEntry:
    if row.archived_at:
        search.unindex(Kind.OBJECTIVE, [row.pk])
    else:
        entry = search.Entry(Kind.OBJECTIVE, row.pk, row.title, "", row.description, row.language)
        search.index(entry, now=now)
    return audit.record(
        actor=actor, verb=verb, kind=Kind.OBJECTIVE, object_id=row.pk, object_name=row.title, now=now,
        rows=tracker.changes,
    )  # fmt: skip
