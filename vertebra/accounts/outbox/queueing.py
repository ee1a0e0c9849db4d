"""Queueing: what is sent to anybody is written down with its cause, in the same transaction."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction

from vertebra.accounts.labels import (
    CHAT_CHANNELS,
    IN_DIGESTS_ONLY,
    KIND_OF_TEMPLATE,
    PERSONAL_CHANNELS,
    Channel,
    DeliveryState,
    MessageKind,
    Pace,
)
from vertebra.accounts.models import ChatConnection, Delivery, Message, User
from vertebra.accounts.outbox.chats import app_of
from vertebra.accounts.outbox.mails import mail_is_on
from vertebra.accounts.outbox.wishes import Wishes
from vertebra.kit import clock
from vertebra.kit.jobs import enqueue_once

MAIL_JOB = "vertebra.accounts.jobs.deliver_messages"
CHAT_JOB = "vertebra.accounts.jobs.deliver_posts"
# Rows to a statement.
BATCH = 1_000


@transaction.atomic
def queue_message(
    *,
    key: str,
    template: str,
    particulars: dict[str, Any],
    language: str,
    now: dt.datetime,
    to_user: User | None = None,
    to_email: str = "",
    to_chat: ChatConnection | None = None,
    address: str = "",
    kind: str = "",
) -> Message:
    """Queue a message with the change that causes it; the same key twice is one message."""
    message, is_new = Message.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind or KIND_OF_TEMPLATE.get(template, MessageKind.FOR_ME),
            "to_user": to_user,
            "to_email": to_email,
            "to_chat": to_chat,
            "language": language,
            "template": template,
            "particulars": particulars,
            "address": address,
            "created_at": now,
        },
    )
    if is_new:
        _deliver([message], now)
    return message


@transaction.atomic
def queue_messages(messages: Sequence[Message], now: dt.datetime) -> None:
    """Queue many messages with the change that causes them, in a few statements; a key that is there is left alone."""
    try:
        with transaction.atomic():
            new = _written(messages, now)
    except IntegrityError:  # another worker wrote some of them at the same moment: they are there now
        new = _written(messages, now)
    _deliver(new, now)


def _written(messages: Sequence[Message], now: dt.datetime) -> list[Message]:
    known = set(Message.objects.filter(key__in=[one.key for one in messages]).values_list("key", flat=True))
    new = [one for one in messages if one.key not in known]
    for one in new:
        one.kind = KIND_OF_TEMPLATE.get(one.template, MessageKind(one.kind))
        one.created_at = now
    Message.objects.bulk_create(new, batch_size=BATCH)
    return new


def _deliver(messages: Sequence[Message], now: dt.datetime) -> None:
    """Write down by which channels messages go, and wake who brings them."""
    due_at = min(now, clock.machine())
    users = {one.to_user_id for one in messages if one.to_user_id is not None}
    wishes = Wishes.of(users, {one.kind for one in messages}) if users else Wishes()
    rows = [row for one in messages for row in deliveries_of(one, due_at, wishes)]
    Delivery.objects.bulk_create(rows, batch_size=BATCH)
    call_workers({row.channel for row in rows if row.state == DeliveryState.QUEUED})


def deliveries_of(message: Message, now: dt.datetime, wishes: Wishes) -> list[Delivery]:
    """By which channels a message goes, and when, by what people chose."""
    if message.to_chat is not None:
        return [Delivery(message=message, channel=message.to_chat.tool, due_at=now)]
    if message.to_user is None:
        is_mailed = mail_is_on() and message.template not in IN_DIGESTS_ONLY
        return [Delivery(message=message, channel=Channel.MAIL, due_at=now)] if is_mailed else []
    user = message.to_user
    found = []
    for channel in PERSONAL_CHANNELS:
        pace = pace_of(message, wishes, channel)
        if pace is not None and is_open(channel):
            state, due_at = when(wishes, user.pk, user.time_zone, message.kind, channel, pace, now)
            sent_at = now if state == DeliveryState.SENT else None
            found.append(
                Delivery(message=message, channel=channel, state=state, due_at=due_at, sent_at=sent_at)
            )
    return found


def pace_of(message: Message, wishes: Wishes, channel: Channel) -> Pace | None:
    """How often somebody hears of such a message by a channel; what is for digests only is never told at once."""
    pace = wishes.pace(message.to_user_id, message.kind, channel)
    if message.template not in IN_DIGESTS_ONLY:
        return pace
    if channel == Channel.IN_APP:  # there it waits already
        return None
    return Pace.WEEKLY if pace == Pace.AT_ONCE else pace


def is_open(channel: Channel) -> bool:
    """Whether anything can go by this channel to a person."""
    if channel == Channel.MAIL:
        return mail_is_on()
    return channel == Channel.IN_APP or app_of(channel) is not None


def when(
    wishes: Wishes, user: int, zone: str, kind: str, channel: Channel, pace: Pace, now: dt.datetime
) -> tuple[DeliveryState, dt.datetime]:
    """In which state a delivery begins, and when its turn comes."""
    if channel == Channel.IN_APP:  # the row is the delivery
        return DeliveryState.SENT, now
    if pace == Pace.AT_ONCE:
        return DeliveryState.QUEUED, wishes.due_at(user, zone, kind, now)
    return DeliveryState.HELD, wishes.digest_at(user, zone, pace, now)


def call_workers(channels: set[str]) -> None:
    """Queue the jobs that deliver by these channels."""
    if Channel.MAIL in channels:
        enqueue_once(MAIL_JOB)
    if channels & set(CHAT_CHANNELS):
        enqueue_once(CHAT_JOB)
