"""Whom to remind of a release: those of whom nothing was heard, for as long as a reminder is worth sending."""

import datetime as dt

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from vertebra.evidence.asks import MOST_A_WEEK, WEEK
from vertebra.evidence.models import Ask
from vertebra.kit import clock
from vertebra.org.models import Person
from vertebra.releases.labels.awareness import AnnouncementKind
from vertebra.releases.labels.releases import ReleaseState
from vertebra.releases.models import Announcement, Receipt, Recipient, Release
from vertebra.releases.queries.awareness import told_people

AT_ONCE = 500
# Whoever has no room in this time is not reminded any more.
WORTH = dt.timedelta(days=14)


def to_remind(now: dt.datetime) -> "QuerySet[Release]":
    """The releases of which somebody asked to remind those of whom nothing was heard."""
    asked = Announcement.objects.filter(
        release=OuterRef("pk"), kind=AnnouncementKind.FIRST, reminded_at__gt=now - WORTH
    )
    rows = Release.objects.filter(Exists(asked), archived_at=None).exclude(state=ReleaseState.WITHDRAWN)
    return rows.select_related("tier").order_by("pk")


def silent_of(release: Release, now: dt.datetime) -> "QuerySet[Recipient]":
    """Who was told before today, is there, said nothing yet and was not reminded."""
    day = clock.today(now)
    here = Person.objects.present_on(day).filter(archived_at=None, pk=OuterRef("person"))
    said = Receipt.objects.filter(release=release, person=OuterRef("person"))
    rows = told_people(release).filter(reminded_on=None, queued_at__lt=clock.midnight(day))
    return rows.filter(Exists(here), ~Exists(said)).order_by("pk")


def has_room(now: dt.datetime) -> Q:
    """Whether somebody who was told has room this week for one thing more, for the database to look for."""
    asked = Ask.objects.filter(person=OuterRef("person"), on__gt=clock.today(now) - WEEK)
    often = asked.order_by().values("person").annotate(count=Count("pk")).filter(count__gte=MOST_A_WEEK)
    return Q(~Exists(often))


def is_somebody_to_remind(now: dt.datetime) -> bool:
    """Whether a reminder that was asked for waits to be sent."""
    return any(silent_of(release, now).exists() for release in to_remind(now)[:20])
