"""The quarterly card: one person of each team is asked by one mail, reminded once, answers or passes it on."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.accounts.tokens import digest_of, new_secret
from vertebra.discovery.queries.audit_readings import can_be_reached
from vertebra.evidence.asks import note_asks, room_to_ask
from vertebra.kit import clock
from vertebra.practices.actions.adoption_letters import leave_card_in_peace, write_card, write_card_again
from vertebra.practices.actions.adoption_rows import Said, name_of, write_said
from vertebra.practices.labels.adoption import CardState
from vertebra.practices.models import AdoptionCard
from vertebra.practices.queries.adoption_cards import (
    REMIND_AFTER,
    cards,
    next_quarter,
    quarter_of,
    still_leads,
    whom_to_ask,
)


class CardIsOver(Refusal):
    """A card is answered in its quarter, by whoever it was sent to."""


@transaction.atomic
def ask_teams(*, actor: User | None, now: dt.datetime) -> AuditEntry | None:
    """Ask one person of each team that was not asked this quarter, if they have room for one thing more this week."""
    day = clock.today(now)
    waiting = [one for one in whom_to_ask(now) if can_be_reached(one.person)]
    room = room_to_ask([one.person.pk for one in waiting], now) if waiting else set()
    tracker, count = audit.Tracker(), 0
    for one in waiting:
        if one.person.pk not in room:
            continue
        # One ask in one round: it may have taken the room of the next.
        room.discard(one.person.pk)
        secret = new_secret()
        card = AdoptionCard(
            unit_id=one.node.id,
            quarter=quarter_of(day),
            person=one.person,
            digest=digest_of(secret),
            asked_at=now,
            expires_at=clock.midnight(next_quarter(day)),
        )
        tracker.create(card)
        note_asks([one.person.pk], Kind.ADOPTION_CARD, card.pk, now)
        write_card(card, one.node.name, secret, now)
        count += 1
    return _told(actor, "ask", count, now)


@transaction.atomic
def remind_teams(*, actor: User | None, now: dt.datetime) -> AuditEntry | None:
    """Remind once those who have not answered; what stays unanswered waits for the next quarter."""
    day = clock.today(now)
    rows = AdoptionCard.objects.select_for_update(of=("self",), skip_locked=True).filter(
        state=CardState.WAITING, reminded_at=None, asked_at__lte=now - REMIND_AFTER, expires_at__gt=now
    )
    count = 0
    for card in rows.select_related("person__user", "unit").order_by("pk"):
        if still_leads(card, day) and write_card_again(card, name_of(card.unit, now), now):
            count += 1
        card.reminded_at = now
        card.save(update_fields=["reminded_at"])
    return _told(actor, "remind", count, now)


@transaction.atomic
def answer_card(
    *, actor: User | None, card: AdoptionCard, said: Sequence[Said], language: str, now: dt.datetime
) -> AuditEntry:
    """Take what a team says of all its practices at once; until the quarter ends it may say better."""
    row = _open(card, now)
    tracker = audit.Tracker()
    write_said(tracker, row.person, row.unit, said, language, now)
    tracker.change(row, state=CardState.ANSWERED, answered_at=row.answered_at or now)
    leave_card_in_peace(row)
    return _entry(actor, "answer", row, tracker, now)


@transaction.atomic
def decline_card(*, actor: User | None, card: AdoptionCard, now: dt.datetime) -> AuditEntry:
    """Pass a card on: somebody else who leads the team is asked."""
    row = _open(card, now)
    if row.state != CardState.WAITING:
        raise CardIsOver(_("This was answered already: thank you."))
    tracker = audit.Tracker()
    tracker.change(row, state=CardState.DECLINED)
    leave_card_in_peace(row)
    return _entry(actor, "pass_on", row, tracker, now)


def _open(card: AdoptionCard, now: dt.datetime) -> AdoptionCard:
    """The card as it is now, held until the end of the transaction, if it is still answered."""
    row = cards().select_for_update(of=("self",)).get(pk=card.pk)
    if row.state == CardState.DECLINED or row.expires_at <= now or not still_leads(row, clock.today(now)):
        raise CardIsOver(_("This is asked of you no more."))
    return row


def _entry(
    actor: User | None, verb: str, row: AdoptionCard, tracker: audit.Tracker, now: dt.datetime
) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.ADOPTION_CARD,
        object_id=row.pk,
        object_name=name_of(row.unit, now),
        now=now,
        rows=tracker.changes,
    )


def _told(actor: User | None, verb: str, count: int, now: dt.datetime) -> AuditEntry | None:
    """One entry for a round; what people were asked is not undone."""
    if not count:
        return None
    told = {"count": count, "mailed": True}
    return audit.record(actor=actor, verb=verb, kind=Kind.ADOPTION_CARD, now=now, particulars=told)
