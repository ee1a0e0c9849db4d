"""Help requests as people read them, and the load they make for Product Ops."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from vertebra.accounts.models import User
from vertebra.discovery.labels import HelpForm, HelpState
from vertebra.discovery.models import HelpRequest
from vertebra.discovery.queries.places import NOWHERE, main_places
from vertebra.kit import clock
from vertebra.org.empty_spaces import person_of

OPEN = (HelpState.ASKED, HelpState.ACCEPTED)
MONTHS = 12
# Fewer than this many requests say nothing of how long help takes.
FEWEST_LEAD_TIMES = 3
Rows = QuerySet[HelpRequest]


def requests() -> Rows:
    """Every help request that is not put away; hours are 0 where nobody said them."""
    rows = HelpRequest.objects.filter(archived_at=None).annotate(hours_or_0=Coalesce("hours", Decimal(0)))
    return rows.select_related("asked_by", "helper", "carried_on_by")


def overdue(day: dt.date) -> Rows:
    """What Product Ops took over and should have handed back before that day."""
    return HelpRequest.objects.filter(is_overdue(day), archived_at=None)


def is_overdue(day: dt.date) -> Q:
    """The condition that a request was to be handed back before that day, and was not."""
    return Q(form=HelpForm.TAKEN_OVER, state=HelpState.ACCEPTED, hand_back_on__lt=day)


def unit_of(user: User, day: dt.date) -> int | None:
    """The unit that a request of this person most likely is for: where most of their time goes."""
    person = person_of(user)
    return main_places([person.pk], day).get(person.pk, NOWHERE).unit_id if person else None


@dataclass(frozen=True, slots=True)
class Month:
    """What help took in one month: requests closed, hours, and the days half of them took at most."""

    starts_on: dt.date
    closed: int
    hours: Decimal
    lead_days: int | None


@dataclass(frozen=True, slots=True)
class Load:
    """What help asks of Product Ops: open now, closed over twelve months, hours, how long it takes."""

    waiting: int
    under_way: int
    taken_over: int
    overdue: int
    closed: int
    hours: Decimal
    without_hours: int
    lead_days: int | None
    months: list[Month]

    @property
    def open(self) -> int:
        """What is asked for or under way."""
        return self.waiting + self.under_way

    @property
    def most_hours(self) -> Decimal:
        """The hours of the heaviest month."""
        return max((month.hours for month in self.months), default=Decimal(0))


def load(now: dt.datetime) -> Load:
    """The load of today and of the last twelve months, this one included, in two queries."""
    day = clock.today(now)
    counted = HelpRequest.objects.filter(archived_at=None).aggregate(
        waiting=Count("pk", filter=Q(state=HelpState.ASKED)),
        under_way=Count("pk", filter=Q(state=HelpState.ACCEPTED)),
        taken_over=Count("pk", filter=Q(state=HelpState.ACCEPTED, form=HelpForm.TAKEN_OVER)),
        overdue=Count("pk", filter=is_overdue(day)),
    )
    starts = _months_until(day)
    done = HelpRequest.objects.filter(
        state=HelpState.DONE, archived_at=None, closed_at__date__gte=starts[0], closed_at__isnull=False
    )
    rows = [
        (clock.today(closed), hours, (clock.today(closed) - clock.today(asked)).days)
        for closed, hours, asked in done.values_list("closed_at", "hours", "asked_at")
        if closed is not None
    ]
    by_month: dict[dt.date, list[tuple[Decimal, int]]] = defaultdict(list)
    for closed_on, hours, days in rows:
        by_month[closed_on.replace(day=1)].append((hours or Decimal(0), days))
    return Load(
        **counted,
        closed=len(rows),
        hours=sum((hours or Decimal(0) for _day, hours, _days in rows), Decimal(0)),
        without_hours=sum(hours is None for _day, hours, _days in rows),
        lead_days=_usual([days for _day, _hours, days in rows]),
        months=[_month(start, by_month.get(start, [])) for start in starts],
    )


def _month(start: dt.date, rows: list[tuple[Decimal, int]]) -> Month:
    hours = sum((each for each, _days in rows), Decimal(0))
    return Month(start, len(rows), hours, _usual([days for _hours, days in rows]))


def _usual(days: list[int]) -> int | None:
    """The days that half of the requests took at most; None where they are too few to say."""
    return round(median(days)) if len(days) >= FEWEST_LEAD_TIMES else None


def _months_until(day: dt.date) -> list[dt.date]:
    """The first days of the last twelve months, the oldest first."""
    count = day.year * 12 + day.month - 1
    return [dt.date(at // 12, at % 12 + 1, 1) for at in range(count - MONTHS + 1, count + 1)]


def asked_by(user: User) -> Rows:
    """What somebody asked for, the latest first."""
    return HelpRequest.objects.filter(asked_by=user, archived_at=None).order_by("-asked_at", "-pk")
