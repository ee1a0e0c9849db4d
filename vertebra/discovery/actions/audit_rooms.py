"""The room where an audit is presented: opening it, reordering together, closing it with a record."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import AuditEntry, User
from vertebra.accounts.tokens import digest_of, new_secret
from vertebra.discovery.actions.audit_parts import opened, record
from vertebra.discovery.actions.audits import move_item
from vertebra.discovery.models import Audit, AuditItem, AuditRoom
from vertebra.kit import clock

LASTS = dt.timedelta(hours=12)


class RoomClosed(Refusal):
    """The order is changed together while the room is open."""


class RoomOpen(Refusal):
    """An audit is presented in one room at a time."""


@transaction.atomic
def open_room(*, actor: User, audit: Audit, now: dt.datetime) -> tuple[AuditRoom, str]:
    """Open the room of an audit, with the address by which others come in until it closes."""
    audit = opened(audit)
    if not audit.items.exists():
        raise RoomClosed(_("There is no pain point in this audit yet: add one first."))
    held = AuditRoom.objects.select_for_update().filter(audit=audit, closed_at__isnull=True).first()
    if held is not None and now < held.expires_at:
        raise RoomOpen(_("The room is open already."))
    if held is not None:
        held.closed_at = held.expires_at
        held.save(update_fields=["closed_at"])
    secret = new_secret()
    room = AuditRoom.objects.create(
        audit=audit,
        digest=digest_of(secret),
        opened_by=actor,
        opened_at=now,
        expires_at=now + LASTS,
        order_before=_order(audit),
    )
    record(actor, "open", audit, now)
    return room, secret


@transaction.atomic
def invite_to_room(*, actor: User, room: AuditRoom, now: dt.datetime) -> str:
    """Make a new address of an open room; the one before opens no more."""
    secret = new_secret()
    room = AuditRoom.objects.select_for_update().select_related("audit").get(pk=room.pk)
    room.digest = digest_of(secret)
    room.save(update_fields=["digest"])
    record(actor, "invite", room.audit, now)
    return secret


@transaction.atomic
def move_in_room(
    *, actor: User | None, room: AuditRoom, item: AuditItem, by: int, now: dt.datetime
) -> AuditEntry:
    """Move an item up or down, by whoever is in the room."""
    if room.closed_at or now >= room.expires_at or item.audit_id != room.audit_id:
        raise RoomClosed(_("The room is closed."))
    return move_item(actor=actor, item=item, by=by, now=now)


@transaction.atomic
def close_room(*, actor: User, room: AuditRoom, present: str, now: dt.datetime) -> AuditEntry:
    """Close the room: the order that the team made is the audit's, and who was there is kept if said."""
    room = AuditRoom.objects.select_for_update().select_related("audit").get(pk=room.pk)
    if room.closed_at:
        raise RoomClosed(_("The room is closed."))
    room.closed_at, room.present, room.timer_until = now, present.strip()[:2000], None
    room.order_after = _order(room.audit)
    room.save(update_fields=["closed_at", "present", "timer_until", "order_after"])
    told = {"on": clock.today(now).isoformat(), "present": room.present}
    Audit.objects.filter(pk=room.audit_id).update(figures={**room.audit.figures, "room": told})
    is_changed = room.order_before != room.order_after
    return record(actor, "close", room.audit, now, is_changed=is_changed, present=room.present)


def _order(audit: Audit) -> list[int]:
    return list(audit.items.order_by("rank", "pk").values_list("pain_point_id", flat=True))
