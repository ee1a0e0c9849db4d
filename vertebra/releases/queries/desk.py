"""The desk of a Product Champion: what is asked, what was passed on and what became of it, the time it takes."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from vertebra.kit import clock
from vertebra.org.labels import MandateRole
from vertebra.org.models import AreaVersion, Mandate, Person, UnitVersion
from vertebra.org.queries.remembered import remembered
from vertebra.releases.labels.consultations import OPEN_ASKS, READING_MINUTES, AskState
from vertebra.releases.labels.releases import ReleaseState, ValidationPart
from vertebra.releases.models import (
    ConsultationAnswer,
    ConsultationAsk,
    HeadsUpTo,
    Relay,
    Release,
    Validation,
)
from vertebra.releases.queries.consultations import asks, open_on
from vertebra.releases.queries.in_design import Places

MONTHS = 6
MOST = 30
# Of a mandate with its minutes: asked for more than agreed.
IS_OVER = Q(hours_per_month__gt=0, minutes__gt=F("agreed"))


def mandates_of_champions(day: dt.date) -> "QuerySet[Mandate]":
    """The mandates of champions who work here on a day."""
    rows = Mandate.objects.as_of(day).filter(
        role=MandateRole.CHAMPION, person__isnull=False, person__archived_at=None
    )
    found: QuerySet[Mandate] = rows.exclude(person__left_on__lte=day)
    return found


def champion_mandates(day: dt.date) -> "QuerySet[Mandate]":
    """The mandates of champions who work here on a day, each with what it is for."""
    areas = AreaVersion.objects.as_of(day).filter(area=OuterRef("area")).values("name")[:1]
    units = UnitVersion.objects.as_of(day).filter(unit=OuterRef("unit")).values("name")[:1]
    place = Coalesce(Subquery(areas), Subquery(units), F("market__name"))
    found: QuerySet[Mandate] = mandates_of_champions(day).annotate(place=place)
    return found


@dataclass(frozen=True, slots=True)
class Month:
    """The minutes of one month."""

    first_on: dt.date
    minutes: int


@dataclass(frozen=True, slots=True)
class Time:
    """The minutes of this month against those agreed, and the months before, the latest first."""

    minutes: int
    agreed: int
    months: tuple[Month, ...]

    @property
    def is_over(self) -> bool:
        """Whether more was asked than agreed."""
        return bool(self.agreed) and self.minutes > self.agreed


def month_of(day: dt.date) -> dt.date:
    """The first day of its month."""
    return day.replace(day=1)


def months_before(day: dt.date, count: int) -> list[dt.date]:
    """The first days of this month and of those before it, the latest first."""
    found = [month_of(day)]
    while len(found) < count:
        found.append(month_of(found[-1] - dt.timedelta(days=1)))
    return found


def time_of(person: Person, mandates: list[Mandate], day: dt.date) -> Time:
    """The minutes that a champion gave in each of the last months: answers, what they passed on, what they read."""
    firsts = months_before(day, MONTHS)
    since = clock.midnight(firsts[-1])
    spent: Counter[dt.date] = Counter()
    answers = ConsultationAnswer.objects.filter(ask__person=person, answered_at__gte=since)
    relays = Relay.objects.filter(person=person, passed_at__gte=since)
    told = HeadsUpTo.objects.filter(person=person, heads_up__sent_at__gte=since)
    given = answers.values_list("answered_at", "minutes").union(
        relays.order_by().values_list("passed_at", "minutes"),
        told.values_list("heads_up__sent_at", Value(READING_MINUTES)),
        all=True,
    )
    for at, minutes in given:
        spent[month_of(clock.today(at))] += minutes
    agreed = sum(row.hours_per_month or 0 for row in mandates) * 60
    return Time(spent[firsts[0]], agreed, tuple(Month(first, spent[first]) for first in firsts))


def answered_by(person: Person) -> "QuerySet[ConsultationAsk]":
    """What somebody answered lately, with what became of it."""
    rows = asks().filter(person=person, state=AskState.ANSWERED)
    return rows.order_by("-answer__answered_at", "-pk")


def relays_of(person: Person) -> "QuerySet[Relay]":
    """What somebody passed on, with the release or the topic it is about."""
    return Relay.objects.filter(person=person).select_related("release", "topic")


def to_agree(places: Places) -> list[Release]:
    """Releases being checked that ask for the word of a champion, in these places, and have none yet."""
    rows = Release.objects.filter(archived_at=None, state=ReleaseState.CHECKING).select_related("tier")
    here = Q(area__in=places.areas) | Q(markets__market__in=places.markets)
    said = Validation.objects.filter(part=ValidationPart.CHAMPIONS).values("release")
    found = rows.filter(here).exclude(pk__in=said).distinct().order_by("planned_on", "pk")[:MOST]
    return [row for row in found if ValidationPart.CHAMPIONS in row.tier.validations]


def with_minutes(rows: "QuerySet[Mandate]", day: dt.date) -> "QuerySet[Mandate]":
    """These mandates, each with the minutes of this month and those agreed."""
    since = clock.midnight(month_of(day))
    answers = ConsultationAnswer.objects.filter(ask__mandate=OuterRef("pk"), answered_at__gte=since)
    relays = Relay.objects.filter(mandate=OuterRef("pk"), passed_at__gte=since)
    told = HeadsUpTo.objects.filter(mandate=OuterRef("pk"), heads_up__sent_at__gte=since)
    spent = answers.order_by().values("ask__mandate").annotate(total=Sum("minutes")).values("total")
    passed = relays.order_by().values("mandate").annotate(total=Sum("minutes")).values("total")
    read = told.order_by().values("mandate").annotate(total=Count("pk")).values("total")
    return rows.annotate(
        minutes=Coalesce(Subquery(spent), 0)
        + Coalesce(Subquery(passed), 0)
        + Coalesce(Subquery(read), 0) * READING_MINUTES,
        agreed=Coalesce(F("hours_per_month"), 0) * 60,
    )


@remembered
def held_and_over(day: dt.date) -> tuple[int, int]:
    """How many mandates champions hold on a day, and of how many more was asked this month than agreed."""
    rows = with_minutes(mandates_of_champions(day), day)
    found = rows.aggregate(held=Count("pk"), over=Count("pk", filter=IS_OVER))
    return found["held"], found["over"]


def with_load(rows: "QuerySet[Mandate]", day: dt.date) -> "QuerySet[Mandate]":
    """These mandates, each with the minutes of this month, those agreed, and how many answers are waited for."""
    waiting = ConsultationAsk.objects.filter(
        mandate=OuterRef("pk"), state__in=OPEN_ASKS, consultation__in=open_on(day).values("pk")
    )
    asked = waiting.order_by().values("mandate").annotate(total=Count("pk")).values("total")
    return with_minutes(rows, day).annotate(waiting=Coalesce(Subquery(asked), 0))
