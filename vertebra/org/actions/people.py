"""Making and changing people, and where they work."""

import datetime as dt
from typing import TypedDict

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit.text import fold
from vertebra.org.actions.index import index_newcomer, reindex
from vertebra.org.actions.naming import name_of_target
from vertebra.org.actions.over_time import (
    AlreadySo,
    Circle,
    Differences,
    EndsBeforeStart,
    NotOnThatDay,
    changed_from,
    ended,
    ended_all,
    once,
    plain_words,
    refuse_overlap,
    said,
)
from vertebra.org.models import Mandate, Membership, Person, Unit, UnitVersion


class PersonChanges(TypedDict, total=False):
    """What may change of a person; these are facts of today, not kept over time."""

    name: str
    email: str
    handle: str
    title: str
    language: str
    country: str
    joined_on: dt.date | None
    manager: Person | None


class MembershipChanges(TypedDict, total=False):
    """What may change of how somebody works in a unit."""

    function: str
    title: str
    share: int


@transaction.atomic
def create_person(*, actor: User, values: PersonChanges, now: dt.datetime) -> AuditEntry:
    """Add somebody to the directory."""
    tracker = audit.Tracker()
    person = Person(created_at=now, name_folded=fold(values["name"])[:200], **values)
    _once(tracker, person)
    index_newcomer(person, now)
    return audit.record(
        actor=actor,
        verb="create",
        kind=Kind.PERSON,
        object_id=person.pk,
        object_name=person.name,
        now=now,
        rows=tracker.changes,
    )


@transaction.atomic
def change_person(*, actor: User, person: Person, changes: PersonChanges, now: dt.datetime) -> AuditEntry:
    """Correct what is known of somebody, or give them another manager."""
    manager = changes.get("manager")
    if manager is not None:
        _refuse_circle(person, manager)
    if changes.get("joined_on") and person.left_on and changes["joined_on"] > person.left_on:  # type: ignore[operator]
        raise EndsBeforeStart(_("%(name)s left before that day.") % {"name": person.name})
    told: Differences = {
        name: [plain_words(getattr(person, name)), plain_words(value)]
        for name, value in changes.items()
        if getattr(person, name) != value
    }
    if not told:
        raise NothingChanges(_("Nothing is different from what already holds."))
    values: dict[str, object] = dict(changes)
    if "name" in changes:
        values["name_folded"] = fold(changes["name"])[:200]
    if "manager" in told:
        values["manager_reference"] = ""
    tracker = audit.Tracker()
    with once(_("Somebody else already has this e-mail address.")):
        tracker.change(person, **values)
    reindex(Kind.PERSON, [person.pk], now)
    return audit.record(
        actor=actor,
        verb="change",
        kind=Kind.PERSON,
        object_id=person.pk,
        object_name=person.name,
        particulars={"changes": told},
        now=now,
        rows=tracker.changes,
    )


@transaction.atomic
def record_departure(*, actor: User, person: Person, on: dt.date, now: dt.datetime) -> AuditEntry:
    """Note that somebody is no longer there from a day on: their memberships and mandates end that day."""
    if person.left_on is not None and person.left_on <= on:
        raise AlreadySo(
            _("%(name)s already left on %(day)s.") % {"name": person.name, "day": said(person.left_on)}
        )
    if person.joined_on is not None and on < person.joined_on:
        raise EndsBeforeStart(
            _("%(name)s joined on %(day)s: they cannot leave before that.")
            % {"name": person.name, "day": said(person.joined_on)}
        )
    tracker = audit.Tracker()
    tracker.change(person, left_on=on)
    units = ended_all(tracker, Membership.objects.all_time().filter(person=person), on)
    mandates = ended_all(tracker, Mandate.objects.all_time().filter(person=person), on)
    reindex(Kind.PERSON, [person.pk], now)
    return audit.record(
        actor=actor,
        verb="close",
        kind=Kind.PERSON,
        object_id=person.pk,
        object_name=person.name,
        particulars={"on": on.isoformat(), "memberships": units, "mandates": mandates},
        now=now,
        rows=tracker.changes,
    )


@transaction.atomic
def join_unit(
    *,
    actor: User,
    person: Person,
    unit: Unit,
    function: str,
    on: dt.date,
    now: dt.datetime,
    title: str = "",
    share: int = 100,
) -> AuditEntry:
    """Let somebody work in a unit, in a function, from a day on."""
    if person.left_on is not None and person.left_on <= on:
        raise NotOnThatDay(
            _("%(name)s left on %(day)s.") % {"name": person.name, "day": said(person.left_on)}
        )
    unit_name = name_of_target(unit, on)
    already = _("%(name)s already works there in this function.") % {"name": person.name}
    refuse_overlap(
        Membership.objects.all_time().filter(person=person, unit=unit, function=function), on, None, already
    )
    tracker = audit.Tracker()
    row = Membership(person=person, unit=unit, function=function, title=title, share=share, starts_on=on)
    with once(already):
        tracker.create(row)
    reindex(Kind.PERSON, [person.pk], now)
    return _note(actor, "create", row, unit_name, on, now, tracker)


@transaction.atomic
def leave_unit(*, actor: User, membership: Membership, on: dt.date, now: dt.datetime) -> AuditEntry:
    """Let somebody no longer work in a unit from a day on."""
    tracker = audit.Tracker()
    ended(tracker, membership, on)
    reindex(Kind.PERSON, [membership.person_id], now)
    return _note(actor, "close", membership, _unit_name(membership, on), on, now, tracker)


@transaction.atomic
def change_membership(
    *, actor: User, membership: Membership, changes: MembershipChanges, on: dt.date, now: dt.datetime
) -> AuditEntry:
    """Change somebody's function, title or share of time in a unit from a day on."""
    if on < membership.starts_on:
        raise EndsBeforeStart(
            _("This began on %(start)s: it cannot change before that.")
            % {"start": said(membership.starts_on)}
        )
    others = Membership.objects.all_time().filter(person=membership.person_id, unit=membership.unit_id)
    function = changes.get("function", membership.function)
    already = _("%(name)s already works there in this function.") % {"name": membership.person.name}
    refuse_overlap(
        others.filter(function=function).exclude(pk=membership.pk), on, membership.ends_on, already
    )
    tracker = audit.Tracker()
    later = others.filter(function=membership.function)
    with once(already):
        told = changed_from(tracker, others.filter(pk=membership.pk), on, dict(changes), later)
    if not told:
        raise NothingChanges(_("Nothing is different from what already holds."))
    return _note(actor, "change", membership, _unit_name(membership, on), on, now, tracker, told)


def _once(tracker: audit.Tracker, person: Person) -> None:
    with once(_("Somebody else already has this e-mail address.")):
        tracker.create(person)


def _refuse_circle(person: Person, manager: Person) -> None:
    """Refuse a manager who reports, at whatever distance, to the person."""
    seen: set[int] = set()
    above: int | None = manager.pk
    while above is not None and above not in seen:
        if above == person.pk:
            raise Circle(
                _("%(manager)s reports to %(name)s: they cannot also manage them.")
                % {"manager": manager.name, "name": person.name}
            )
        seen.add(above)
        above = Person.objects.filter(pk=above).values_list("manager_id", flat=True).first()


def _unit_name(row: Membership, on: dt.date) -> str:
    held = Q(starts_on__lte=max(on, row.starts_on))
    versions = UnitVersion.objects.all_time().filter(held, unit=row.unit_id).order_by("-starts_on")
    return versions.values_list("name", flat=True).first() or ""


def _note(
    actor: User,
    verb: str,
    row: Membership,
    unit_name: str,
    on: dt.date,
    now: dt.datetime,
    tracker: audit.Tracker,
    told: Differences | None = None,
) -> AuditEntry:
    """Write the entry in the history of the person, with the unit it is about."""
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.MEMBERSHIP,
        object_id=row.pk,
        object_name=f"{row.person.name} · {unit_name}",
        particulars={
            "on": on.isoformat(),
            "person": row.person_id,
            "unit": row.unit_id,
            "changes": told or {},
        },
        now=now,
        rows=tracker.changes,
    )
