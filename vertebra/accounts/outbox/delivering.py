"""Delivering: taken in batches, each claimed alone before it is sent, so that a crash leaves one doubt at most."""

import datetime as dt
import time
import uuid
from dataclasses import dataclass, field

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet

from vertebra.accounts.labels import CHAT_CHANNELS, Channel, ChatWay, DeliveryState, StopReason
from vertebra.accounts.models import ChatConnection, Delivery, Letter, MailStop
from vertebra.accounts.outbox.carrying import Carrier, Refused
from vertebra.accounts.outbox.chats import Messenger
from vertebra.accounts.outbox.mails import Postman, address_for, mail_is_on
from vertebra.accounts.outbox.stops import note_bounce, stops_of
from vertebra.accounts.outbox.wishes import Wishes
from vertebra.accounts.outbox.words import DIGEST

WAITS = (60, 60, 120, 600, 1800, 7200, 14400)
# Longer than the longest sending takes, with every answer of the other side as late as we let it be.
CLAIM_LASTS = dt.timedelta(minutes=3)
# What is only taken was not sent: another worker may have it sooner.
TAKEN_LASTS = dt.timedelta(minutes=1)
BATCH = 50
OUTWARD = (Channel.MAIL, *CHAT_CHANNELS)
log = structlog.get_logger("vertebra.outbox")


def due_mails(now: dt.datetime) -> QuerySet[Delivery]:
    """Mails to send now: those whose turn has come, and those whose sender stopped in the middle."""
    return due(now, (Channel.MAIL,))


def due(now: dt.datetime, channels: tuple[Channel, ...] = OUTWARD) -> QuerySet[Delivery]:
    """What is to be sent now by these channels."""
    any_turn = Q()
    for turn in _turns(now):
        any_turn |= turn
    return Delivery.objects.filter(any_turn, channel__in=channels)


def _turns(now: dt.datetime) -> tuple[Q, ...]:
    """Whose turn it is: what one person waits for, what many are told, what a worker left behind."""
    waiting = Q(state=DeliveryState.QUEUED, due_at__lte=now)
    return (
        waiting & Q(is_bulk=False),
        waiting & Q(is_bulk=True),
        Q(state=DeliveryState.RESERVED, claimed_at__lte=now - TAKEN_LASTS),
        Q(state=DeliveryState.CLAIMED, claimed_at__lte=now - CLAIM_LASTS),
    )


@dataclass
class Round:
    """What one run of a delivering job did; `wait` is the longest that a chat tool wants to be left alone."""

    now: dt.datetime
    until: float | None = None
    sent: int = 0
    possibly_twice: int = 0
    put_off: int = 0
    failed: int = 0
    stopped: int = 0
    wait: int = 0
    is_cut_short: bool = False
    started: float = field(default_factory=time.monotonic, repr=False)
    claim: str = field(default_factory=lambda: uuid.uuid4().hex, repr=False)

    def moment(self) -> dt.datetime:
        """Now, as far as the round has come."""
        return self.now + dt.timedelta(seconds=time.monotonic() - self.started)


def deliver(
    now: dt.datetime, channels: tuple[Channel, ...] = OUTWARD, *, seconds: float | None = None
) -> Round:
    """Send what is due by these channels, for so long at most."""
    done = Round(now)
    done.until = None if seconds is None else done.started + seconds
    for channel in channels:
        carrier: Carrier = Postman() if channel == Channel.MAIL else Messenger(channel)
        try:
            _deliver_by(channel, carrier, done)
        finally:
            carrier.close()
    return done


def _deliver_by(channel: Channel, carrier: Carrier, done: Round) -> None:
    batch_now = done.now
    while not _wants_peace(channel, batch_now) and (batch := _take(channel, done.claim, batch_now)):
        checks = Checks(batch, channel, batch_now)
        carrier.prepare(batch)
        for number, delivery in enumerate(batch):
            if done.until is not None and time.monotonic() > done.until:
                done.is_cut_short = True
            wait = 0 if done.is_cut_short else _one(delivery, carrier, checks, done, batch_now)
            if wait is not None:
                _put_back(batch[number:], done, wait)
                return
        batch_now = done.moment()


def _wants_peace(channel: Channel, now: dt.datetime) -> bool:
    """Whether the app of a chat tool asked to be left alone until later."""
    if channel == Channel.MAIL:
        return False
    apps = ChatConnection.objects.filter(way=ChatWay.APP)
    return apps.filter(tool=channel, archived_at=None, waits_until__gt=now).exists()


def _take(channel: Channel, claim: str, now: dt.datetime) -> list[Delivery]:
    """Take the next batch for this worker; what a lost claim may have sent already is remembered."""
    with transaction.atomic():
        rows = Delivery.objects.select_for_update(skip_locked=True).filter(channel=channel)
        for turn in _turns(now):
            ids = list(rows.filter(turn).order_by("id").values_list("id", flat=True)[:BATCH])
            if ids:
                break
        else:
            return []
        taken = Delivery.objects.filter(pk__in=ids)
        taken.filter(state=DeliveryState.CLAIMED).update(is_maybe_sent=True)
        taken.update(state=DeliveryState.RESERVED, claimed_at=now, claimed_by=claim)
    found = Delivery.objects.filter(pk__in=ids, claimed_by=claim)
    return list(
        found.select_related("message__to_user", "message__to_chat", "message__letter__corrects").order_by(
            "id"
        )
    )


@dataclass
class Checks:
    """What is looked at once for a batch before any of it goes."""

    batch: list[Delivery]
    channel: Channel
    now: dt.datetime

    def __post_init__(self) -> None:
        people = {row.message.to_user_id for row in self.batch if row.message.to_user_id}
        self.wishes = Wishes.of([pk for pk in people if pk], {row.message.kind for row in self.batch})
        letters = {row.message.letter_id for row in self.batch if row.message.letter_id}
        corrections = Letter.objects.filter(corrects__in=letters) if letters else Letter.objects.none()
        self.corrected = set(corrections.values_list("corrects_id", flat=True))
        emails = [address_for(row.message) for row in self.batch] if self.channel == Channel.MAIL else []
        self.stops = stops_of(emails)

    def quiet_until(self, delivery: Delivery, now: dt.datetime) -> dt.datetime | None:
        """When the person's quiet hours end, if they are left in peace now."""
        message = delivery.message
        if message.to_user is None:
            return None
        until = self.wishes.due_at(message.to_user.pk, message.to_user.time_zone, message.kind, now)
        return until if until > now else None

    def reason_to_stop(self, delivery: Delivery) -> tuple[DeliveryState, str] | None:
        """Why a message does not go (any more)."""
        message = delivery.message
        if message.to_user is not None and not message.to_user.is_active:
            return DeliveryState.FAILED, "account_closed"
        channel = Channel(self.channel)
        is_chosen = message.to_user is None or message.to_chat is not None
        if not is_chosen and self.wishes.pace(message.to_user_id, message.kind, channel) is None:
            return DeliveryState.STOPPED, "refused"  # by whoever chose so since it was queued
        if delivery.attempts > len(WAITS):
            return DeliveryState.FAILED, delivery.error or "tried_too_often"
        if self.channel == Channel.MAIL and not message.to_user and not message.to_email:
            return DeliveryState.FAILED, "no_address"
        if message.letter is not None and (message.letter.stopped_at or message.letter.pk in self.corrected):
            # Sent before, perhaps, when it was corrected: then it was counted among those who got it.
            return DeliveryState.STOPPED, "corrected" if message.letter.pk in self.corrected else "withdrawn"
        if message.template == DIGEST and not message.gathered.filter(state=DeliveryState.GATHERED).exists():
            return DeliveryState.STOPPED, "empty"
        reason = self.stops.reason(address_for(message), message.kind) if self.channel == Channel.MAIL else ""
        return (DeliveryState.STOPPED, reason) if reason else None


def _one(delivery: Delivery, carrier: Carrier, checks: Checks, done: Round, now: dt.datetime) -> int | None:
    """Send one of a batch, if it still may go; says for how many seconds the channel wants to be left alone, if so."""
    ours = Delivery.objects.filter(pk=delivery.pk, claimed_by=done.claim)
    taken = ours.filter(state=DeliveryState.RESERVED)
    if (stop := checks.reason_to_stop(delivery)) is not None:
        done.failed += stop[0] == DeliveryState.FAILED
        done.stopped += stop[0] == DeliveryState.STOPPED
        taken.update(state=stop[0], error=stop[1], sent_at=None)
        return None
    if (until := checks.quiet_until(delivery, now)) is not None:
        taken.update(state=DeliveryState.QUEUED, due_at=until, claimed_by="")
        done.put_off += 1
        return None
    moment = done.moment()
    if not taken.update(state=DeliveryState.CLAIMED, claimed_at=moment, attempts=F("attempts") + 1):
        return None  # another worker took it over
    delivery.attempts += 1
    try:
        carrier.carry(delivery)
    except Refused as refusal:
        return _after_refusal(delivery, refusal, done, now)
    state = DeliveryState.POSSIBLY_TWICE if delivery.is_maybe_sent else DeliveryState.SENT
    ours.update(state=state, sent_at=done.moment(), error="")
    done.possibly_twice += delivery.is_maybe_sent
    done.sent += not delivery.is_maybe_sent
    if checks.stops.has_bounced(address_for(delivery.message)):
        MailStop.objects.filter(
            email=address_for(delivery.message).lower(), reason=StopReason.BOUNCED
        ).delete()
    return None


def _after_refusal(delivery: Delivery, refusal: Refused, done: Round, now: dt.datetime) -> int | None:
    ours = Delivery.objects.filter(pk=delivery.pk, claimed_by=done.claim)
    if refusal.is_no_address:
        note_bounce(address_for(delivery.message), refusal.reason, now)
    if refusal.wait is not None:
        due_at = now + dt.timedelta(seconds=refusal.wait)
        ours.update(state=DeliveryState.QUEUED, due_at=due_at, attempts=F("attempts") - 1, claimed_by="")
        done.put_off, done.wait = done.put_off + 1, max(done.wait, refusal.wait)
        room = delivery.message.to_chat
        # A webhook speaks for its one room only.
        return refusal.wait if room is None or room.way == ChatWay.APP else None
    if refusal.is_permanent or delivery.attempts > len(WAITS):
        log.error(
            "message_failed", delivery=delivery.pk, channel=delivery.channel, reason=refusal.reason[:60]
        )
        ours.update(state=DeliveryState.FAILED, error=refusal.reason, sent_at=None)
        done.failed += 1
        if refusal.goes_by_mail and delivery.message.to_user_id and mail_is_on():
            due_at = delivery.due_at
            Delivery.objects.bulk_create(
                [
                    Delivery(
                        message=delivery.message,
                        channel=Channel.MAIL,
                        is_bulk=delivery.is_bulk,
                        due_at=due_at,
                    )
                ],
                ignore_conflicts=True,
            )
        return None
    log.warning("message_put_off", delivery=delivery.pk, channel=delivery.channel, reason=refusal.reason[:60])
    ours.update(
        state=DeliveryState.QUEUED,
        due_at=now + dt.timedelta(seconds=WAITS[delivery.attempts - 1]),
        error=refusal.reason,
        is_maybe_sent=delivery.is_maybe_sent or refusal.in_doubt,
        claimed_by="",
    )
    done.put_off += 1
    return None


def _put_back(rest: list[Delivery], done: Round, wait: int) -> None:
    """Give back what was taken and not begun."""
    taken = Delivery.objects.filter(
        pk__in=[row.pk for row in rest], claimed_by=done.claim, state=DeliveryState.RESERVED
    )
    if wait:
        taken.update(
            state=DeliveryState.QUEUED,
            claimed_by="",
            due_at=done.now + dt.timedelta(seconds=wait),
        )
    else:
        taken.update(state=DeliveryState.QUEUED, claimed_by="")
