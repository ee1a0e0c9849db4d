"""Making, changing and closing units."""

import datetime as dt
from typing import Literal, TypedDict

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.org.actions.index import reindex
from vertebra.org.actions.over_time import (
    Circle,
    EndsBeforeStart,
    NotOnThatDay,
    changed_from,
    ended,
    ended_all,
    said,
)
from vertebra.org.models import Mandate, Membership, Ownership, Unit, UnitKind, UnitVersion
from vertebra.org.queries.structure import Node, Structure

Contents = Literal["to_parent", "together"]


class UnitNotEmpty(Refusal):
    """A unit with units or people inside is closed only when somebody says what becomes of them."""


class NoParent(Refusal):
    """What a unit holds cannot go to its parent: it has none."""


class UnitChanges(TypedDict, total=False):
    """What may change of a unit from a day on."""

    name: str
    kind: UnitKind
    parent: Unit | None
    purpose: str
    how_to_work: str


@transaction.atomic
def create_unit(
    *,
    actor: User,
    name: str,
    kind: UnitKind,
    parent: Unit | None,
    on: dt.date,
    now: dt.datetime,
    purpose: str = "",
    how_to_work: str = "",
) -> AuditEntry:
    """Make a unit that exists from a day on."""
    if parent is not None:
        _refuse_unless_there(Structure.as_of(on, with_members=False), parent, on)
    tracker = audit.Tracker()
    unit = Unit(created_at=now)
    tracker.create(unit)
    version = UnitVersion(
        unit=unit,
        name=name,
        kind=_known(kind),
        parent=parent,
        purpose=purpose,
        how_to_work=how_to_work,
        language=actor.language,
        starts_on=on,
    )
    tracker.create(version)
    reindex(Kind.UNIT, [unit.pk], now)
    return audit.record(
        actor=actor,
        verb="create",
        kind=Kind.UNIT,
        object_id=unit.pk,
        object_name=name,
        particulars={"on": on.isoformat()},
        now=now,
        rows=tracker.changes,
    )


@transaction.atomic
def change_unit(
    *, actor: User, unit: Unit, changes: UnitChanges, on: dt.date, now: dt.datetime
) -> AuditEntry:
    """Rename, move, describe a unit or make it another kind from a day on, keeping what it was before."""
    structure = Structure.as_of(on, with_members=False)
    before = structure.get(unit.pk)
    _refuse_unless_there(structure, unit, on)
    parent = changes.get("parent")
    if parent is not None:
        _refuse_unless_there(structure, parent, on)
        if parent.pk in structure.under(unit.pk):
            raise Circle(
                _("%(parent)s is inside %(unit)s: move it out first.")
                % {"parent": structure.nodes[parent.pk].name, "unit": structure.nodes[unit.pk].name}
            )
    tracker = audit.Tracker()
    values = dict(changes)
    if "kind" in changes:
        values["kind"] = _known(changes["kind"])
    if {"purpose", "how_to_work"} & changes.keys():
        values["language"] = actor.language
    told = changed_from(tracker, unit.versions.all_time(), on, values)
    told.pop("language", None)
    if not told:
        raise NothingChanges(_("Nothing is different from what already holds."))
    if "parent" in told:
        ends = (before and structure.get(before.parent_id), structure.get(parent.pk if parent else None))
        told["parent"] = [node.name if node else "" for node in ends]
    reindex(Kind.UNIT, [unit.pk], now)
    return audit.record(
        actor=actor,
        verb="move" if "parent" in told else "change",
        kind=Kind.UNIT,
        object_id=unit.pk,
        object_name=changes.get("name") or (before.name if before else ""),
        particulars={"on": on.isoformat(), "changes": told},
        now=now,
        rows=tracker.changes,
    )


@transaction.atomic
def close_unit(
    *, actor: User, unit: Unit, contents: Contents | None, on: dt.date, now: dt.datetime
) -> AuditEntry:
    """Close a unit on a day: what is in it goes to its parent, or is closed together with it."""
    structure = Structure.as_of(on)
    _refuse_unless_there(structure, unit, on)
    node = structure.nodes[unit.pk]
    _refuse_lost_contents(structure, node, contents)
    tracker = audit.Tracker()
    closing = structure.under(unit.pk) if contents == "together" else {unit.pk}
    if contents == "to_parent":
        parent = Unit.objects.get(pk=node.parent_id or 0)
        for child in node.children:
            versions = UnitVersion.objects.all_time().filter(unit=child.id)
            changed_from(tracker, versions, on, {"parent": parent})
        _hand_up(tracker, unit, parent, on)
    _end_units(tracker, closing, on)
    reindex(Kind.UNIT, closing | {child.id for child in node.children}, now)
    return audit.record(
        actor=actor,
        verb="close",
        kind=Kind.UNIT,
        object_id=unit.pk,
        object_name=node.name,
        particulars={"on": on.isoformat(), "contents": contents or "", "units": len(closing)},
        now=now,
        rows=tracker.changes,
    )


def _refuse_lost_contents(structure: Structure, node: Node, contents: Contents | None) -> None:
    if contents is None and (node.children or node.own_members):
        raise UnitNotEmpty(
            _("%(name)s still holds units or people: say whether they go to its parent or close with it.")
            % {"name": node.name}
        )
    if contents == "to_parent" and node.parent_id not in structure.nodes:
        raise NoParent(
            _("%(name)s belongs to no other unit: its contents have nowhere to go.") % {"name": node.name}
        )


def _end_units(tracker: audit.Tracker, closing: set[int], on: dt.date) -> None:
    """Close the units with everything that people are and own there."""
    for model in (Membership, Mandate, Ownership):
        ended_all(tracker, model.objects.all_time().filter(unit__in=closing), on)
    for version in UnitVersion.objects.all_time().filter(_still_to_come(on), unit__in=closing):
        if version.starts_on > on:
            raise EndsBeforeStart(
                _(
                    "A change of %(name)s is known for %(day)s: close it after that, or undo that change first."
                )
                % {"name": version.name, "day": said(version.starts_on)}
            )
        ended(tracker, version, on)


def _still_to_come(on: dt.date) -> Q:
    return Q(ends_on__isnull=True) | Q(ends_on__gt=on)


def _hand_up(tracker: audit.Tracker, unit: Unit, parent: Unit, on: dt.date) -> None:
    """Let the people of a unit work in its parent, and the parent own what the unit owned, from a day on."""
    there = set(
        Membership.objects.all_time()
        .filter(_still_to_come(on), unit=parent)
        .values_list("person_id", "function")
    )
    for row in Membership.objects.as_of(on).filter(unit=unit):
        if (row.person_id, row.function) not in there:
            moved = {"function": row.function, "title": row.title, "share": row.share, "ends_on": row.ends_on}
            tracker.create(Membership(person_id=row.person_id, unit=parent, starts_on=on, **moved))
    owned = set(
        Ownership.objects.all_time()
        .filter(_still_to_come(on), unit=parent)
        .values_list("area_id", "market_id")
    )
    for own in Ownership.objects.as_of(on).filter(unit=unit):
        if (own.area_id, own.market_id) not in owned:
            care = {"area_id": own.area_id, "market_id": own.market_id, "ends_on": own.ends_on}
            tracker.create(Ownership(unit=parent, starts_on=on, **care))


def _known(kind: UnitKind) -> UnitKind:
    """The kind, which the company has from its first unit on; taking that unit back leaves the word."""
    if kind.pk is not None:
        return kind
    given = {"name": kind.name, "position": kind.position, "is_team": kind.is_team}
    return UnitKind.objects.get_or_create(slug=kind.slug, defaults=given)[0]


def _refuse_unless_there(structure: Structure, unit: Unit, on: dt.date) -> None:
    if unit.pk not in structure.nodes:
        raise NotOnThatDay(_("This unit does not exist on %(day)s.") % {"day": said(on)})
