"""Rooms as those who are in them see them."""

import datetime as dt
import hashlib

from vertebra.accounts.tokens import digest_of
from vertebra.discovery.models import Audit, AuditItem, AuditRoom


def room_of(secret: str) -> AuditRoom | None:
    """The room that an address opens."""
    return AuditRoom.objects.select_related("audit").filter(digest=digest_of(secret)).first()


def open_room_of(audit: Audit, now: dt.datetime) -> AuditRoom | None:
    """The room of an audit that is open now."""
    return AuditRoom.objects.filter(audit=audit, closed_at__isnull=True, expires_at__gt=now).first()


def is_open(room: AuditRoom, now: dt.datetime) -> bool:
    """Whether the room is open, and its audit still is a draft."""
    return room.closed_at is None and now < room.expires_at and room.audit.is_open


def items_of(room: AuditRoom) -> list[AuditItem]:
    """The items in the order that holds now."""
    return list(room.audit.items.select_related("pain_point").order_by("rank", "pk"))


def stamp_of(room: AuditRoom, items: list[AuditItem]) -> str:
    """What changes when something to show changed: the place, the timer, the order, what is said."""
    said = [room.position, room.timer_until, room.closed_at, *((item.pk, item.comment) for item in items)]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]
