"""What a person was told in Vertebra, and how the outbox is."""

import datetime as dt

from django.db.models import Count, QuerySet

from vertebra.accounts.labels import Channel, DeliveryState
from vertebra.accounts.models import Delivery, Message, User


def unread(user: User) -> QuerySet[Message]:
    """What the person was told in Vertebra and has not read."""
    return received(user).filter(read_at=None)


def received(user: User) -> QuerySet[Message]:
    """What the person was told in Vertebra, the latest first."""
    rows = Message.objects.filter(to_user=user, deliveries__channel=Channel.IN_APP)
    return rows.select_related("letter").order_by("-id")


def mark_read(user: User, now: dt.datetime, ids: list[int] | None = None) -> int:
    """Note that the person read these messages (all, without ids)."""
    chosen = Message.objects.filter(to_user=user, read_at=None)
    return (chosen if ids is None else chosen.filter(pk__in=ids)).update(read_at=now)


def count_by_state() -> dict[str, int]:
    """How many deliveries are in each state."""
    counted = dict(Delivery.objects.values_list("state").annotate(count=Count("id")).order_by())
    return {state: counted.get(state, 0) for state in DeliveryState.values}
