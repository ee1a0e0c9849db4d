"""The releases that somebody was told of, in their own words: what they have not read comes first."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import BigIntegerField, Case, F, OuterRef, Q, QuerySet, Subquery, Value, When

from vertebra.kit.home import Rows, waits
from vertebra.org.models import Person
from vertebra.releases.labels.awareness import AnnouncementKind, AnnouncementState
from vertebra.releases.labels.briefs import BriefState, Trade
from vertebra.releases.labels.releases import UPCOMING, ReleaseState
from vertebra.releases.models import Brief, Receipt, Recipient, Release

# What is not read comes before all that is.
_FIRST = 10**12
# What was never read of a release that is long out is asked for no more.
STALE = dt.timedelta(days=30)
MOST_ASKED = 3


def releases_told(person: Person | None) -> "QuerySet[Any]":
    """The releases that somebody was told of, each with their own word and the turn in which it is shown."""
    told = _told(person)
    rows = Release.objects.filter(pk__in=told.values("announcement__release"), archived_at=None)
    return _as_told(rows, told, person)


def with_new(person: Person | None, new: "QuerySet[Release]", most: int) -> "QuerySet[Any]":
    """What somebody was told of in the nearest turns, and these others, in one question: `latest` is empty of those."""
    told = _told(person)
    nearest = releases_told(person).order_by("-turn").values("pk")[:most]
    rows = Release.objects.filter(Q(pk__in=nearest) | Q(pk__in=new.values("pk")))
    return _as_told(rows, told, person)


def _told(person: Person | None) -> "QuerySet[Recipient]":
    if person is None:
        return Recipient.objects.none()
    rows = Recipient.objects.filter(
        person=person, announcement__kind=AnnouncementKind.FIRST, queued_at__isnull=False
    )
    return rows.exclude(announcement__state=AnnouncementState.PLANNED)


def _as_told(
    rows: "QuerySet[Release]", told: "QuerySet[Recipient]", person: Person | None
) -> "QuerySet[Any]":
    here = told.filter(announcement__release=OuterRef("pk")).order_by("-pk")
    mine = Receipt.objects.filter(release=OuterRef("pk"), person=person)
    return rows.annotate(
        said=Subquery(mine.values("state")[:1]),
        told_at=Subquery(here.values("queued_at")[:1]),
        latest=Subquery(here.values("pk")[:1]),
    ).annotate(
        turn=Case(
            When(Q(said=None) & ~Q(state=ReleaseState.WITHDRAWN), then=F("latest") + Value(_FIRST)),
            default=F("latest"),
            output_field=BigIntegerField(),
        )
    )


def lines_for(rows: Iterable[Release], trade: str, language: str) -> dict[int, tuple[str, str]]:
    """What each of these is in one sentence, in the words of a trade and its language if they are written: and in which."""
    found: dict[int, tuple[int, str, str]] = {}
    numbers = [row.pk for row in rows]
    briefs = Brief.objects.filter(
        release__in=numbers, state=BriefState.READY, trade__in={trade, Trade.EVERYONE}
    ).exclude(line="")
    for number, of, spoken, line in briefs.values_list("release", "trade", "language", "line"):
        weight = 2 * (spoken == language) + (of == trade)
        if number not in found or found[number][0] < weight:
            found[number] = (weight, line, spoken)
    return {number: (line, spoken) for number, (_weight, line, spoken) in found.items()}


def to_read(person: Person, day: dt.date) -> Rows:
    """What somebody is asked to read, with its state: told before its day by its tier, and nothing was heard of them."""
    rows = releases_told(person).filter(said=None, tier__days_before__gt=0)
    still = Q(state__in=UPCOMING) | Q(state=ReleaseState.RELEASED, released_on__gte=day - STALE)
    nearest = (
        rows.filter(still).order_by(F("planned_on").asc(nulls_last=True), "pk").values("pk")[:MOST_ASKED]
    )
    return waits(Release.objects.filter(pk__in=nearest), "read", detail="state", day="planned_on")
