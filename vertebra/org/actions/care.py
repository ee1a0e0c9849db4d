"""Saying which unit takes care of what, and keeping markets and fields of action."""

import datetime as dt
from collections.abc import Sequence
from typing import TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit import clock
from vertebra.org.actions.index import reindex
from vertebra.org.actions.naming import name_of_target, target_field
from vertebra.org.actions.over_time import AlreadySo, ended, ended_all, once, refuse_overlap
from vertebra.org.models import Area, AreaVersion, Field, Mandate, Market, Ownership, Unit, UnitVersion


class FieldChanges(TypedDict, total=False):
    """What may change of a field of action."""

    name: str
    description: str
    domains: list[str]


@transaction.atomic
def give_ownership(
    *, actor: User, unit: Unit, target: Area | Market, on: dt.date, now: dt.datetime
) -> AuditEntry:
    """Let a unit take care of an area or a market from a day on."""
    names = (name_of_target(unit, on), name_of_target(target, on))
    already = _("%(unit)s already takes care of %(what)s.") % {"unit": names[0], "what": names[1]}
    refuse_overlap(Ownership.objects.all_time().filter(unit=unit, **target_field(target)), on, None, already)
    tracker = audit.Tracker()
    row = Ownership(unit=unit, starts_on=on, **target_field(target))
    with once(already):
        tracker.create(row)
    return _note_ownership(actor, "create", row, names, on, now, tracker)


@transaction.atomic
def end_ownership(*, actor: User, ownership: Ownership, on: dt.date, now: dt.datetime) -> AuditEntry:
    """Let a unit no longer take care of something from a day on."""
    tracker = audit.Tracker()
    ended(tracker, ownership, on)
    day = ownership.starts_on
    unit = UnitVersion.objects.as_of(day).filter(unit=ownership.unit_id).first()
    area = AreaVersion.objects.as_of(day).filter(area=ownership.area_id).first()
    names = (str(unit or ""), str(ownership.market or area or ""))
    return _note_ownership(actor, "close", ownership, names, on, now, tracker)


@transaction.atomic
def create_market(*, actor: User, name: str, code: str, now: dt.datetime) -> AuditEntry:
    """Add a country or a segment that the company sells to."""
    _refuse_same_market(name, None)
    tracker = audit.Tracker()
    market = Market(name=name, code=code, created_at=now)
    tracker.create(market)
    return _note_market(actor, "create", market, {}, now, tracker)


@transaction.atomic
def change_market(*, actor: User, market: Market, name: str, code: str, now: dt.datetime) -> AuditEntry:
    """Correct a market's name or code."""
    _refuse_same_market(name, market)
    told = {
        field: [getattr(market, field), value]
        for field, value in (("name", name), ("code", code))
        if getattr(market, field) != value
    }
    if not told:
        raise NothingChanges(_("Nothing is different from what already holds."))
    tracker = audit.Tracker()
    tracker.change(market, name=name, code=code)
    return _note_market(actor, "change", market, {"changes": told}, now, tracker)


@transaction.atomic
def archive_market(*, actor: User, market: Market, now: dt.datetime) -> AuditEntry:
    """Take a market out of the lists: mandates and ownerships there end today."""
    if market.archived_at is not None:
        raise AlreadySo(_("%(name)s is already archived.") % {"name": market.name})
    tracker = audit.Tracker()
    today = clock.today(now)
    for model in (Mandate, Ownership):
        ended_all(tracker, model.objects.all_time().filter(market=market), today)
    tracker.change(market, archived_at=now)
    return _note_market(actor, "archive", market, {}, now, tracker)


@transaction.atomic
def create_field(
    *, actor: User, name: str, description: str, now: dt.datetime, domains: Sequence[str] = ()
) -> AuditEntry:
    """Add a field of action at the end of the list, with what it covers."""
    tracker = audit.Tracker()
    position = Field.objects.count()
    field = Field(name=name, description=description, domains=list(domains), position=position)
    with once(_("A field of action already has this name.")):
        tracker.create(field)
    return _note_field(actor, "create", field, {}, now, tracker)


@transaction.atomic
def change_field(*, actor: User, field: Field, changes: FieldChanges, now: dt.datetime) -> AuditEntry:
    """Rename or describe a field of action, or say what it covers."""
    told = {
        name: [getattr(field, name), value]
        for name, value in changes.items()
        if getattr(field, name) != value
    }
    if not told:
        raise NothingChanges(_("Nothing is different from what already holds."))
    tracker = audit.Tracker()
    with once(_("A field of action already has this name.")):
        tracker.change(field, **changes)
    return _note_field(actor, "change", field, {"changes": told}, now, tracker)


@transaction.atomic
def archive_field(*, actor: User, field: Field, now: dt.datetime) -> AuditEntry:
    """Take a field of action out of the lists; what was said of it stays."""
    if field.archived_at is not None:
        raise AlreadySo(_("%(name)s is already archived.") % {"name": field.name})
    tracker = audit.Tracker()
    tracker.change(field, archived_at=now)
    return _note_field(actor, "archive", field, {}, now, tracker)


@transaction.atomic
def order_fields(*, actor: User, order: Sequence[int], now: dt.datetime) -> AuditEntry:
    """Put the fields of action in this order; those not named keep theirs, after."""
    fields = {field.pk: field for field in Field.objects.all()}
    wanted = [fields[pk] for pk in dict.fromkeys(order) if pk in fields]
    wanted += [field for field in fields.values() if field not in wanted]
    tracker = audit.Tracker()
    for position, field in enumerate(wanted):
        tracker.change(field, position=position)
    if not tracker.changes:
        raise NothingChanges(_("Nothing is different from what already holds."))
    told = {"order": [field.name for field in wanted]}
    return audit.record(
        actor=actor, verb="move", kind=Kind.FIELD, particulars=told, now=now, rows=tracker.changes
    )


def _refuse_same_market(name: str, market: Market | None) -> None:
    others = Market.objects.filter(name__iexact=name, archived_at__isnull=True)
    if others.exclude(pk=market.pk if market else 0).exists():
        raise AlreadySo(_("A market is already called %(name)s.") % {"name": name})


def _note_ownership(
    actor: User,
    verb: str,
    row: Ownership,
    names: tuple[str, str],
    on: dt.date,
    now: dt.datetime,
    tracker: audit.Tracker,
) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.OWNERSHIP,
        object_id=row.pk,
        object_name=" · ".join(names),
        particulars={
            "on": on.isoformat(),
            "unit": row.unit_id,
            "area": row.area_id,
            "market": row.market_id,
        },
        now=now,
        rows=tracker.changes,
    )


def _note_market(
    actor: User, verb: str, market: Market, told: dict[str, object], now: dt.datetime, tracker: audit.Tracker
) -> AuditEntry:
    reindex(Kind.MARKET, [market.pk], now)
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.MARKET,
        object_id=market.pk,
        object_name=market.name,
        particulars=told,
        now=now,
        rows=tracker.changes,
    )


def _note_field(
    actor: User, verb: str, field: Field, told: dict[str, object], now: dt.datetime, tracker: audit.Tracker
) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.FIELD,
        object_id=field.pk,
        object_name=field.name,
        particulars=told,
        now=now,
        rows=tracker.changes,
    )
