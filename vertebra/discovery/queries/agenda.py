"""Conversations that are still to come: for the home page and the list of interviews."""

import datetime as dt

from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.discovery.labels import InterviewState
from vertebra.discovery.models import Interview

WEEK = dt.timedelta(days=7)
# A conversation of this morning is still of today, until its notes are written.
SINCE = dt.timedelta(hours=12)


def interviews_of_this_week(user: User, now: dt.datetime, *, limit: int = 7) -> list[Interview]:
    """What the person listens to in the seven days to come, the next first; nothing for others than Product Ops."""
    if not may(user, Right.PRODUCT_OPS):
        return []
    rows = Interview.objects.filter(
        interviewer=user,
        state=InterviewState.PLANNED,
        archived_at=None,
        starts_at__gte=now - SINCE,
        starts_at__lt=now + WEEK,
    )
    return list(rows.select_related("person", "campaign").order_by("starts_at", "pk")[:limit])
