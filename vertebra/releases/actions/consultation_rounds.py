"""What follows an ask by itself: asked once there is room, reminded once, left to the digest and let go after its day."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from vertebra.accounts import audit
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.accounts.tokens import digest_of, new_secret
from vertebra.evidence.asks import note_asks, room_to_ask
from vertebra.kit import clock
from vertebra.releases.actions.consultation_letters import write_ask, write_for_digest, write_reminder
from vertebra.releases.labels.consultations import ASKED, AskState
from vertebra.releases.models import Consultation, ConsultationAsk
from vertebra.releases.queries.consultations import REMIND_BEFORE, going_on, is_gone, to_reach

AT_ONCE = 200
SETTLED = dt.timedelta(hours=20)


@transaction.atomic
def ask_waiting(*, actor: User | None, now: dt.datetime) -> list[AuditEntry]:
    """Ask those who had been asked for two things, now that their week has room; one entry for each consultation."""
    day = clock.today(now)
    rows = _open(now, state=AskState.HELD, consultation__due_on__gt=day)
    room = room_to_ask([row.person_id for row in rows], now)
    asked: dict[int, _Round] = {}
    for row in rows:
        if row.person_id not in room:
            continue
        # One ask in one round: it may have taken the room of the next.
        room.discard(row.person_id)
        secret = new_secret()
        row.digest = digest_of(secret)
        row.save(update_fields=["digest"])
        mine = asked.setdefault(row.consultation_id, _Round(row.consultation))
        mine.tracker.change(row, state=AskState.WAITING, asked_at=now)
        note_asks([row.person_id], Kind.CONSULTATION, row.consultation_id, now)
        write_ask(row, row.consultation, secret, now)
        mine.count += 1
    return [_written(one, actor, "ask", now) for one in asked.values()]


@transaction.atomic
def remind_champions(*, actor: User | None, now: dt.datetime) -> list[AuditEntry]:
    """Remind once those whose answer is still waited for shortly before the day; one entry for each consultation."""
    day = clock.today(now)
    rows = _open(
        now,
        state=AskState.WAITING,
        reminded_at=None,
        asked_at__lte=now - SETTLED,
        consultation__due_on__gte=day,
        consultation__due_on__lte=day + REMIND_BEFORE,
    )
    reminded: dict[int, _Round] = {}
    for row in rows:
        # Whoever was handed a link holds it: nothing is sent that could be sent again.
        if not write_reminder(row, row.consultation, now):
            continue
        mine = reminded.setdefault(row.consultation_id, _Round(row.consultation))
        mine.tracker.change(row, reminded_at=now, state=AskState.REMINDED)
        mine.count += 1
    return [_written(one, actor, "remind", now) for one in reminded.values()]


@transaction.atomic
def let_go(*, actor: User | None, now: dt.datetime) -> AuditEntry | None:
    """Wait no longer for answers whose day is over; a late one is still taken until the consultation is closed.

    Whoever was asked, and reminded once, reads it in their digest from then on; no mail of its own follows.
    """
    day = clock.today(now)
    rows = ConsultationAsk.objects.select_for_update(of=("self",), skip_locked=True)
    # Whoever was never asked owes nothing: with more time given they are asked.
    over = rows.filter(
        going_on("consultation__"),
        state__in=ASKED,
        consultation__closed_at=None,
        consultation__due_on__lt=day,
    )
    found = list(over.select_related("consultation__asked_by", "person__user").order_by("pk")[:AT_ONCE])
    for row in found:
        if row.expires_at > now and not is_gone(row.person, day):
            write_for_digest(row, row.consultation, now)
    ConsultationAsk.objects.filter(pk__in=[row.pk for row in found]).update(state=AskState.LAPSED)
    if not found:
        return None
    told = {"count": len(found), "mailed": len(found)}
    return audit.record(actor=actor, verb="skip", kind=Kind.CONSULTATION, now=now, particulars=told)


def _open(now: dt.datetime, **wanted: Any) -> list[ConsultationAsk]:
    """Asks of consultations that are open, of people who work here and are written to, held until the end of it."""
    rows = ConsultationAsk.objects.select_for_update(of=("self",), skip_locked=True).filter(to_reach())
    rows = rows.filter(going_on("consultation__"), consultation__closed_at=None, expires_at__gt=now, **wanted)
    found = rows.select_related("consultation__asked_by", "person__user").order_by("pk")[:AT_ONCE]
    day = clock.today(now)
    return [row for row in found if not is_gone(row.person, day)]


@dataclass(slots=True)
class _Round:
    """What one round did to the asks of a consultation, and to how many it wrote."""

    consultation: Consultation
    tracker: audit.Tracker = field(default_factory=audit.Tracker)
    count: int = 0


def _written(one: _Round, actor: User | None, verb: str, now: dt.datetime) -> AuditEntry:
    """Write the entry of a round; what people were asked is not undone."""
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.CONSULTATION,
        object_id=one.consultation.pk,
        object_name=one.consultation.title,
        particulars={"count": one.count, "mailed": True},
        now=now,
        rows=one.tracker.changes,
    )
