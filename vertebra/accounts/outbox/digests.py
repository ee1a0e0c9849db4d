"""Digests: what somebody chose not to be told at once, gathered into one message a day or a week."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import Q, QuerySet

from vertebra.accounts.labels import Channel, DeliveryState, MessageKind, Pace
from vertebra.accounts.models import Delivery, Message, User
from vertebra.accounts.outbox.letters import NOT_BEGUN
from vertebra.accounts.outbox.queueing import call_workers, pace_of
from vertebra.accounts.outbox.wishes import Wishes
from vertebra.accounts.outbox.words import DIGEST
from vertebra.kit import clock

AT_ONCE = 50


def held(now: dt.datetime) -> QuerySet[Delivery]:
    """What waits for a digest whose moment has come."""
    return Delivery.objects.filter(state=DeliveryState.HELD, due_at__lte=now)


def gather(now: dt.datetime) -> int:
    """Put what waits into one message for each person and channel; gives how many digests there are."""
    waiting = held(now).order_by("message__to_user_id", "channel")
    pairs = list(waiting.values_list("message__to_user_id", "channel").distinct())
    made = 0
    for start in range(0, len(pairs), AT_ONCE):
        made += _gather_some(pairs[start : start + AT_ONCE], now)
    return made


@transaction.atomic
def _gather_some(pairs: Sequence[tuple[int | None, str]], now: dt.datetime) -> int:
    people = {user.pk: user for user in User.objects.filter(pk__in=[user for user, _channel in pairs])}
    wishes = Wishes.of(list(people))
    channels, made = set(), 0
    for user_id, channel in pairs:
        rows = held(now).select_for_update(of=("self",)).filter(message__to_user=user_id, channel=channel)
        ids = list(rows.values_list("pk", flat=True))
        user = people.get(user_id or 0)
        if not ids or user is None:
            continue
        digest = _new_digest(user, channel, ids[-1], now)
        due_at = wishes.due_at(user.pk, user.time_zone, MessageKind.DIGEST, min(now, clock.machine()))
        Delivery.objects.create(message=digest, channel=Channel(channel), is_bulk=True, due_at=due_at)
        Delivery.objects.filter(pk__in=ids).update(state=DeliveryState.GATHERED, digest=digest)
        channels.add(channel)
        made += 1
    call_workers(channels)
    return made


def _new_digest(user: User, channel: str, latest: int, now: dt.datetime) -> Message:
    return Message.objects.create(
        key=f"digest:{user.pk}:{channel}:{latest}",
        kind=MessageKind.DIGEST,
        to_user=user,
        language=user.language,
        template=DIGEST,
        address="/messages/",
        created_at=now,
    )


def regroup(user_id: int, now: dt.datetime) -> None:
    """Bring what waits in line with what somebody has just chosen: at once goes now, never goes no more."""
    wishes, user = Wishes.of([user_id]), User.objects.get(pk=user_id)
    rows = Delivery.objects.filter(state=DeliveryState.HELD, message__to_user=user_id)
    channels: set[str] = set()
    for row in rows.select_related("message"):
        channel = Channel(row.channel)
        pace = pace_of(row.message, wishes, channel)
        if pace is None:
            row.state, row.error = DeliveryState.STOPPED, "refused"
        elif pace == Pace.AT_ONCE:
            row.state = DeliveryState.QUEUED
            row.due_at = wishes.due_at(user_id, user.time_zone, row.message.kind, now)
            channels.add(channel)
        else:
            row.due_at = wishes.digest_at(user_id, user.time_zone, pace, now)
        row.save(update_fields=["state", "due_at", "error"])
    call_workers(channels)


@transaction.atomic
def leave_out(keys: Collection[str]) -> int:
    """Hold messages back that have not begun, in digests too: what they ask for is settled."""
    rows = Delivery.objects.filter(message__key__in=keys)
    in_digest = Q(state=DeliveryState.GATHERED, digest__deliveries__state__in=NOT_BEGUN)
    waiting = rows.filter(Q(state__in=NOT_BEGUN) | in_digest).values_list("pk", flat=True)
    spared = Delivery.objects.filter(pk__in=list(waiting), state__in=(*NOT_BEGUN, DeliveryState.GATHERED))
    return spared.update(state=DeliveryState.STOPPED, claimed_by="", error="settled")
