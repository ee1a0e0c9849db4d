"""The only reader of the clock: everything below an edge is given `now`."""

import datetime as dt

from django.conf import settings
from django.utils import timezone


def now() -> dt.datetime:
    """This moment, or the moment that `VERTEBRA_NOW` fixes; taken once per request, job or command."""
    fixed: dt.datetime | None = settings.FIXED_NOW
    return fixed or timezone.now()


def machine() -> dt.datetime:
    """The machine's own moment, for what machines agree among themselves (heartbeats, claims, back-off)."""
    return timezone.now()


def today(at: dt.datetime | None = None) -> dt.date:
    """The company's day, in `VERTEBRA_TIME_ZONE`."""
    return timezone.localtime(at or now(), timezone.get_default_timezone()).date()


def midnight(day: dt.date) -> dt.datetime:
    """The moment at which a day of the company begins."""
    return dt.datetime.combine(day, dt.time.min, timezone.get_default_timezone())
