"""Feeds whose turn has come."""

import datetime as dt

from django.db.models import Q, QuerySet

from vertebra.measures.models import Feed


def due(now: dt.datetime) -> QuerySet[Feed]:
    """The feeds whose turn has come, those that wait longest first."""
    is_due = Q(started_at__isnull=False, paused_at__isnull=True, next_run_at__lte=now)
    return Feed.objects.filter(is_due, metric__archived_at__isnull=True).order_by("next_run_at", "pk")
