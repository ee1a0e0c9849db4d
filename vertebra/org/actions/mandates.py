"""Giving and ending mandates: who answers for a unit, an area or a market."""

import datetime as dt
from typing import TypedDict

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.org.actions.naming import Target, name_of_target, name_on, target_field
from vertebra.org.actions.over_time import (
    Differences,
    EndsBeforeStart,
    NotOnThatDay,
    changed_from,
    ended,
    once,
    refuse_overlap,
    refuse_reversed,
    said,
)
from vertebra.org.models import Mandate, Person


class MandateChanges(TypedDict, total=False):
    """What may change of a mandate from a day on."""

    title: str
    function: str
    is_acting: bool
    hours_per_month: int | None


@transaction.atomic
def give_mandate(
    *,
    actor: User,
    role: str,
    person: Person,
    target: Target,
    on: dt.date,
    now: dt.datetime,
    until: dt.date | None = None,
    title: str = "",
    function: str = "",
    is_acting: bool = False,
    hours_per_month: int | None = None,
) -> AuditEntry:
    """Let somebody answer for a unit, an area or a market from a day on."""
    refuse_reversed(on, until)
    # Two who give the same person the same mandate at once wait for each other.
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not person.is_present(on):
        raise NotOnThatDay(_("%(name)s is not there on %(day)s.") % {"name": person.name, "day": said(on)})
    place = {"unit": None, "area": None, "market": None, **target_field(target)}
    name = name_of_target(target, on)
    already = _("%(name)s already holds this mandate.") % {"name": person.name}
    same = Mandate.objects.all_time().filter(
        person=person, role=role, function=function, **target_field(target)
    )
    refuse_overlap(same, on, until, already)
    tracker = audit.Tracker()
    mandate = Mandate(
        role=role,
        title=title,
        function=function,
        person=person,
        is_acting=is_acting,
        hours_per_month=hours_per_month,
        starts_on=on,
        ends_on=until,
        **place,
    )
    with once(already):
        tracker.create(mandate)
    return _note(actor, "create", mandate, name, on, now, tracker)


@transaction.atomic
def change_mandate(
    *, actor: User, mandate: Mandate, changes: MandateChanges, on: dt.date, now: dt.datetime
) -> AuditEntry:
    """Change the title, the hours or the acting state of a mandate from a day on."""
    if on < mandate.starts_on:
        raise EndsBeforeStart(
            _("This began on %(start)s: it cannot change before that.") % {"start": said(mandate.starts_on)}
        )
    tracker = audit.Tracker()
    later = Mandate.objects.all_time().filter(_is_same(mandate))
    holder = mandate.person.name if mandate.person else mandate.reference
    with once(_("%(name)s already holds this mandate.") % {"name": holder}):
        told = changed_from(tracker, later.filter(pk=mandate.pk), on, dict(changes), later)
    if not told:
        raise NothingChanges(_("Nothing is different from what already holds."))
    return _note(actor, "change", mandate, _place_name(mandate, on), on, now, tracker, told)


@transaction.atomic
def end_mandate(*, actor: User, mandate: Mandate, on: dt.date, now: dt.datetime) -> AuditEntry:
    """Let somebody no longer answer for something from a day on."""
    tracker = audit.Tracker()
    ended(tracker, mandate, on)
    return _note(actor, "close", mandate, _place_name(mandate, on), on, now, tracker)


def _is_same(mandate: Mandate) -> Q:
    """The rows in which the same person answers for the same thing in the same role."""
    found = Q(role=mandate.role, function=mandate.function, reference=mandate.reference)
    for column in ("person_id", "unit_id", "area_id", "market_id"):
        value = getattr(mandate, column)
        found &= Q(**{f"{column}__isnull": True}) if value is None else Q(**{column: value})
    return found


def _place_name(mandate: Mandate, on: dt.date) -> str:
    if mandate.market_id:
        return str(mandate.market)
    return name_on(mandate.unit_id, mandate.area_id, max(on, mandate.starts_on))


def _note(
    actor: User,
    verb: str,
    mandate: Mandate,
    place: str,
    on: dt.date,
    now: dt.datetime,
    tracker: audit.Tracker,
    told: Differences | None = None,
) -> AuditEntry:
    holder = mandate.person.name if mandate.person else mandate.reference
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.MANDATE,
        object_id=mandate.pk,
        object_name=f"{holder} · {place}",
        particulars={
            "on": on.isoformat(),
            "role": mandate.role,
            "person": mandate.person_id,
            "unit": mandate.unit_id,
            "area": mandate.area_id,
            "market": mandate.market_id,
            # Agreed hours are for oneself and Product Ops: everybody reads what changed.
            "changes": {key: value for key, value in (told or {}).items() if key != "hours_per_month"},
        },
        now=now,
        rows=tracker.changes,
    )
