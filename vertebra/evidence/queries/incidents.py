"""Incidents as people read them: the list, what is due, how the process does by month, before and after it changed."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.analysis import incidents as analysis
from vertebra.analysis.incidents import Comparison, Figure, Lasted
from vertebra.evidence.labels import IncidentSeverity, Weight
from vertebra.evidence.models import FollowUpAction, Incident
from vertebra.kit import clock
from vertebra.measures.labels.metrics import Grain
from vertebra.measures.queries.periods import next_period, periods_between
from vertebra.org.empty_spaces import person_of

SEVERITIES: dict[str, tuple[str, ...]] = {
    Weight.SERIOUS: (IncidentSeverity.MAJOR, IncidentSeverity.CRITICAL),
    Weight.ALL: tuple(IncidentSeverity),
    **{one: (one,) for one in IncidentSeverity},
}
# What is compared with what came after a change: so many days before it, at most.
BEFORE_DAYS = 730
_OPEN = Q(done_on__isnull=True, dropped_on__isnull=True)


def incidents() -> QuerySet[Incident]:
    """Every incident."""
    return Incident.objects.filter(archived_at__isnull=True)


def with_open_follow_ups(rows: QuerySet[Incident]) -> QuerySet[Any]:
    """The incidents with how many of their follow-ups are open."""
    found: QuerySet[Any] = rows.annotate(open_count=_many(_OPEN))
    return found


def with_follow_ups(rows: QuerySet[Incident], today: dt.date) -> QuerySet[Any]:
    """The incidents with how many follow-ups they have, how many are open, how many overdue."""
    found: QuerySet[Any] = with_open_follow_ups(rows).annotate(
        follow_count=_many(Q()), overdue_count=_many(_OPEN & Q(due_on__lt=today))
    )
    return found


def _many(which: Q) -> Coalesce:
    """How many follow-ups of an incident are such: asked for each incident, and not where nobody looks at it."""
    rows = FollowUpAction.objects.filter(which, incident=OuterRef("pk")).order_by().values("incident")
    return Coalesce(Subquery(rows.annotate(many=Count("pk")).values("many")), 0)


def post_mortem_overdue(today: dt.date) -> Q:
    """The incidents whose post-mortem should have been held."""
    return Q(post_mortem_due_on__lt=today, post_mortem_on__isnull=True)


def in_state(state: str, today: dt.date) -> Q:
    """The incidents in a state that lists are narrowed by, of those read with their follow-ups."""
    return {
        "going_on": Q(resolved_at__isnull=True),
        "ended": Q(resolved_at__isnull=False),
        "follow_ups": Q(open_count__gt=0),
        "overdue": Q(overdue_count__gt=0),
        "post_mortem": post_mortem_overdue(today),
        "untold": Q(told_at__isnull=True),
    }[state]


def open_follow_ups() -> QuerySet[FollowUpAction]:
    """What is still to be done after incidents."""
    rows = FollowUpAction.objects.filter(_OPEN)
    return rows.filter(incident__archived_at__isnull=True)


def may_change(user: User, incident: Incident) -> bool:
    """Whether somebody may change an incident: those who edit the organisation, its manager, who wrote it down."""
    if may(user, Right.EDIT_ORGANISATION) or incident.made_by_id == user.pk:
        return True
    person = person_of(user) if incident.manager_id else None
    return person is not None and person.pk == incident.manager_id


def may_close(user: User, follow_up: FollowUpAction) -> bool:
    """Whether somebody may say that a follow-up is done or dropped: its owner too."""
    person = person_of(user) if follow_up.owner_id else None
    return (person is not None and person.pk == follow_up.owner_id) or may_change(user, follow_up.incident)


@dataclass(frozen=True, slots=True)
class Times:
    """The times of one incident, and how bad it was."""

    severity: str
    started_at: dt.datetime
    told_at: dt.datetime | None
    resolved_at: dt.datetime | None

    @property
    def day(self) -> dt.date:
        """The company's day on which it began."""
        return clock.today(self.started_at)

    def lasted(self, now: dt.datetime) -> Lasted:
        """How long users waited."""
        return Lasted(_hours(self.started_at, self.resolved_at or now), self.resolved_at is not None)

    def silent(self, now: dt.datetime) -> Lasted:
        """How long the field did not know; when it was never told: at least until the end."""
        return Lasted(
            _hours(self.started_at, self.told_at or self.resolved_at or now), self.told_at is not None
        )


def _hours(first: dt.datetime, last: dt.datetime) -> float:
    return max(0.0, (last - first).total_seconds() / 3600)


@dataclass(frozen=True, slots=True)
class Phase:
    """How incidents were handled in a time: from a day up to another."""

    starts_on: dt.date | None
    ends_on: dt.date
    count: int
    per_month: float | None
    restore: Figure
    tell: Figure
    told: Figure
    closed: Figure
    close_days: Figure


@dataclass(frozen=True, slots=True)
class Month:
    """One month: how many incidents of each severity, and the typical times in hours."""

    starts_on: dt.date
    counts: dict[str, int]
    restore: float | None
    tell: float | None
    closed: int
    opened: int

    @property
    def total(self) -> int:
        """All incidents of the month."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Compared:
    """Before and after a change of the process, and how sure each difference is."""

    before: Phase
    after: Phase
    restore: Comparison
    tell: Comparison
    closed: Comparison
    count: Comparison


@dataclass(frozen=True)
class Process:
    """Everything that the figures of incidents are made of, read in two questions."""

    times: Sequence[Times]
    follow_ups: Sequence[tuple[dt.date, dt.date | None, dt.date | None]]
    now: dt.datetime

    @classmethod
    def read(cls, weight: str, now: dt.datetime) -> "Process":
        """The incidents of a weight, and what follows from them."""
        severities = SEVERITIES.get(weight, SEVERITIES[Weight.SERIOUS])
        rows = incidents().filter(severity__in=severities, started_at__lte=now)
        times = rows.order_by("started_at").values_list("severity", "started_at", "told_at", "resolved_at")
        follow_ups = FollowUpAction.objects.filter(
            incident__archived_at__isnull=True, incident__severity__in=severities
        ).values_list("created_at", "done_on", "dropped_on")
        return cls(
            [Times(*row) for row in times.iterator(2000)],
            [(clock.today(made), done, dropped) for made, done, dropped in follow_ups.iterator(2000)],
            now,
        )

    def months(self, count: int | None = None) -> list[Month]:
        """Each month from the first incident on (or the last so many), those without one as well."""
        if not self.times:
            return []
        today = clock.today(self.now)
        by_month: dict[dt.date, list[Times]] = defaultdict(list)
        for one in self.times:
            by_month[one.day.replace(day=1)].append(one)
        opened = Counter(made.replace(day=1) for made, _done, _dropped in self.follow_ups)
        closed = Counter(done.replace(day=1) for _made, done, _dropped in self.follow_ups if done)
        found = [
            self._month(day, by_month.get(day, []), opened[day], closed[day])
            for day in periods_between(min(by_month), today, Grain.MONTH)
        ]
        return found[-count:] if count else found

    def _month(self, day: dt.date, rows: list[Times], opened: int, closed: int) -> Month:
        return Month(
            day,
            dict(Counter(one.severity for one in rows)),
            analysis.typical([one.lasted(self.now) for one in rows]).value,
            analysis.typical([one.silent(self.now) for one in rows]).value,
            closed,
            opened,
        )

    def phase(self, since: dt.date | None, until: dt.date) -> Phase:
        """How incidents that began in a time were handled, and what was to follow from them."""
        rows = [one for one in self.times if (since is None or since <= one.day) and one.day < until]
        ended = [one for one in rows if one.resolved_at]
        days, done, of = self._closing(since, until)
        first = since or (rows[0].day if rows else until)
        months = (until - first).days / 30.4375
        return Phase(
            since,
            until,
            len(rows),
            len(rows) / months if months > 0 else None,
            analysis.typical([one.lasted(self.now) for one in rows]),
            analysis.typical([one.silent(self.now) for one in rows]),
            analysis.share(sum(1 for one in ended if one.told_at), len(ended)),
            analysis.share(done, of),
            analysis.typical(days),
        )

    def _closing(self, since: dt.date | None, until: dt.date) -> tuple[list[Lasted], int, int]:
        """How many days follow-ups of a time took, how many are done, of how many that were not dropped."""
        today = clock.today(self.now)
        rows = [
            row
            for row in self.follow_ups
            if (since is None or since <= row[0]) and row[0] < until and not row[2]
        ]
        days = [
            Lasted(float(max(0, ((done or today) - made).days)), done is not None) for made, done, _ in rows
        ]
        return days, sum(1 for _made, done, _dropped in rows if done), len(rows)

    def compared(self, day: dt.date) -> Compared:
        """The two years before a change beside everything since."""
        end = clock.today(self.now) + dt.timedelta(days=1)
        start = day - dt.timedelta(days=BEFORE_DAYS)
        before, after = self.phase(self._first(start), day), self.phase(day, end)
        sides = (
            [one for one in self.times if start <= one.day < day],
            [one for one in self.times if one.day >= day],
        )
        (first, done_1, of_1), (second, done_2, of_2) = self._closing(start, day), self._closing(day, end)
        del first, second
        counts = self._counts(start, day)
        if all(counts):
            # Of the same whole months as the ratio between them, so that the three agree.
            before, after = (
                replace(side, per_month=sum(months) / len(months))
                for side, months in zip((before, after), counts, strict=True)
            )
        return Compared(
            before,
            after,
            analysis.compare_times(*([one.lasted(self.now) for one in side] for side in sides)),
            analysis.compare_times(*([one.silent(self.now) for one in side] for side in sides)),
            analysis.compare_shares((done_1, of_1), (done_2, of_2)),
            analysis.compare_counts(*counts),
        )

    def _first(self, start: dt.date) -> dt.date:
        """The start, or the first incident when it is later: nobody wrote anything down before."""
        return max(start, self.times[0].day) if self.times else start

    def _counts(self, start: dt.date, day: dt.date) -> tuple[list[int], list[int]]:
        """How many in each whole month before and after a day."""
        today = clock.today(self.now)
        per_month = Counter(one.day.replace(day=1) for one in self.times)
        whole = periods_between(self._first(start), today, Grain.MONTH)[:-1]
        before = [per_month[month] for month in whole if next_period(month, Grain.MONTH) <= day]
        return before, [per_month[month] for month in whole if month >= day]


def year_in_short(now: dt.datetime) -> dict[str, Any]:
    """The last twelve months in figures, for the sentence above the list."""
    today = clock.today(now)
    since = today - dt.timedelta(days=365)
    recent = incidents().filter(
        severity__in=SEVERITIES[Weight.SERIOUS], started_at__gte=clock.midnight(since), started_at__lte=now
    )
    times = [Times("", *row) for row in recent.values_list("started_at", "told_at", "resolved_at")]
    counted = incidents().aggregate(
        going_on=Count("pk", filter=Q(resolved_at__isnull=True)),
        owed=Count("pk", filter=post_mortem_overdue(today)),
    )
    late = open_follow_ups().filter(due_on__lt=today).count()
    return {
        **counted,
        "late": late,
        "count": len(times),
        "restore": analysis.typical([one.lasted(now) for one in times]),
    }
