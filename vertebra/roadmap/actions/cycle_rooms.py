"""The room where directors rank together: its address, its timer, its record."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import AuditEntry, User
from vertebra.accounts.tokens import digest_of, new_secret
from vertebra.roadmap.actions.cycle_steps import in_state, record
from vertebra.roadmap.labels.topics import CycleState
from vertebra.roadmap.models import Cycle, CycleRoom

LASTS = dt.timedelta(hours=12)


class RoomClosed(Refusal):
    """A room is closed once."""


@transaction.atomic
def open_room(*, actor: User, cycle: Cycle, now: dt.datetime) -> tuple[AuditEntry, str]:
    """Open the room of a table, or make a new address of the open one; the address before opens no more."""
    held = in_state(cycle, CycleState.RANKING, CycleState.ARBITRATING)
    room = CycleRoom.objects.select_for_update().filter(cycle=held, closed_at=None).first()
    if room is not None and now >= room.expires_at:
        room.closed_at = room.expires_at
        room.save(update_fields=["closed_at"])
        room = None
    secret = new_secret()
    if room is None:
        CycleRoom.objects.create(
            cycle=held, digest=digest_of(secret), opened_by=actor, opened_at=now, expires_at=now + LASTS
        )
        return record(actor, "open", held, now, room=True), secret
    room.digest = digest_of(secret)
    room.save(update_fields=["digest"])
    return record(actor, "invite", held, now, room=True), secret


@transaction.atomic
def close_room(*, actor: User, room: CycleRoom, present: str, now: dt.datetime) -> AuditEntry:
    """Close the room; who was there is kept if said."""
    held = CycleRoom.objects.select_for_update(of=("self",)).select_related("cycle").get(pk=room.pk)
    if held.closed_at:
        raise RoomClosed(_("The room is closed."))
    held.closed_at, held.present, held.timer_until = now, present.strip()[:2000], None
    held.save(update_fields=["closed_at", "present", "timer_until"])
    return record(actor, "close", held.cycle, now, present=held.present)
