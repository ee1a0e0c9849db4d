"""Where the team is in a room: which item is shown, how long is left. Nothing of it is kept."""

import datetime as dt

from vertebra.discovery.models import AuditRoom

MOST_MINUTES = 180


def show(room: AuditRoom, position: int) -> None:
    """Show the item at a place: 0 is the list of all."""
    last = room.audit.items.count()
    room.position = max(0, min(last, position))
    AuditRoom.objects.filter(pk=room.pk, closed_at__isnull=True).update(position=room.position)


def set_timer(room: AuditRoom, minutes: int, now: dt.datetime) -> None:
    """Start the timer for some minutes, or stop it with none."""
    left = max(0, min(MOST_MINUTES, minutes))
    room.timer_until = now + dt.timedelta(minutes=left) if left else None
    AuditRoom.objects.filter(pk=room.pk, closed_at__isnull=True).update(timer_until=room.timer_until)
