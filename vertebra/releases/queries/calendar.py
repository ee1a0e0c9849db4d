"""What comes out, as calendars take it."""

import datetime as dt

from django.db.models import Q, QuerySet

from vertebra.releases.labels.releases import UPCOMING, ReleaseState
from vertebra.releases.models import Announcement, Release, ReleaseAudience
from vertebra.releases.queries.releases import releases

BEFORE, AFTER = dt.timedelta(days=92), dt.timedelta(days=366)


def in_calendar(first: dt.date, last: dt.date) -> "QuerySet[Release]":
    """What came out, or is planned to, from one day to another, both included; the first day first."""
    came = Q(state=ReleaseState.RELEASED, released_on__gte=first, released_on__lte=last)
    comes = Q(state__in=UPCOMING, planned_on__gte=first, planned_on__lte=last)
    return releases().filter(came | comes).order_by("released_on", "planned_on", "pk")


def around(day: dt.date) -> "QuerySet[Release]":
    """What came out lately, comes out within a year or has no day yet, and what of it was withdrawn."""
    first, last = day - BEFORE, day + AFTER
    came = Q(released_on__gte=first)
    comes = Q(released_on=None, planned_on__gte=first, planned_on__lte=last)
    undated = Q(state__in=UPCOMING, planned_on=None)
    return releases().filter(came | comes | undated)


def told_or_planned(audience_id: int) -> Q:
    """Releases that are for an audience, or that it was told of."""
    planned = ReleaseAudience.objects.filter(audience=audience_id).values("release")
    told = Announcement.objects.filter(audience=audience_id, started_at__isnull=False).values("release")
    return Q(pk__in=planned) | Q(pk__in=told)
