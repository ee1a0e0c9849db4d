"""How long is left in a room. Nothing of it is kept."""

import datetime as dt

from vertebra.roadmap.models import CycleRoom

MOST_MINUTES = 180


def set_timer(room: CycleRoom, minutes: int, now: dt.datetime) -> None:
    """Start the timer for some minutes, or stop it with none."""
    left = max(0, min(MOST_MINUTES, minutes))
    room.timer_until = now + dt.timedelta(minutes=left) if left else None
    CycleRoom.objects.filter(pk=room.pk, closed_at=None).update(timer_until=room.timer_until)
