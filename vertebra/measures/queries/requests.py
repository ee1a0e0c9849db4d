"""Questions to the data team: how long they wait, how many need no analyst; of groups, never of persons."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.search import search
from vertebra.analysis.privacy import FEWEST
from vertebra.measures.labels.charts import RequestState
from vertebra.measures.models import Dashboard, DataRequest, Metric
from vertebra.measures.queries.series import Value

MONTHS = 12
MOST_FOUND = 8


def requests() -> QuerySet[DataRequest]:
    """Every question that was asked."""
    return DataRequest.objects.select_related("asked_by", "metric", "dashboard", "answered_by")


@dataclass(frozen=True, slots=True)
class Month:
    """What was asked in a month: how many questions, the share that needed no analyst, the wait of the others."""

    starts_on: dt.date
    asked: int
    self_served: int
    settled: int
    people: int
    waits: tuple[float, ...]

    @property
    def is_shown(self) -> bool:
        """Whether enough people asked for anything to be said of them."""
        return self.people >= FEWEST

    @property
    def share(self) -> float | None:
        """The share answered without an analyst, in percent of what was answered."""
        return 100 * self.self_served / self.settled if self.is_shown and self.settled else None

    @property
    def wait_days(self) -> float | None:
        """The days that half of the others waited at most."""
        return median(self.waits) if self.is_shown and self.waits else None


def months(since: dt.date, until: dt.date) -> list[Month]:
    """What was asked in each month, in time."""
    # A day earlier than the first month, wherever the company is: each row is then placed by its own day.
    earliest = dt.datetime.combine(since - dt.timedelta(days=1), dt.time(), dt.UTC)
    asked = DataRequest.objects.filter(asked_at__gte=earliest)
    rows = asked.values_list("asked_at", "answered_at", "state", "asked_by")
    groups: dict[dt.date, list[tuple[dt.datetime, dt.datetime | None, str, int | None]]] = defaultdict(list)
    for row in rows.order_by("asked_at").iterator(2000):
        month = timezone.localtime(row[0], timezone.get_default_timezone()).date().replace(day=1)
        if since <= month <= until:
            groups[month].append(row)
    return [_month(month, found) for month, found in sorted(groups.items())]


def _month(month: dt.date, rows: list[tuple[dt.datetime, dt.datetime | None, str, int | None]]) -> Month:
    waits = [
        (answered - asked).total_seconds() / 86_400
        for asked, answered, state, _who in rows
        if answered and state in {RequestState.ANSWERED, RequestState.DECLINED}
    ]
    return Month(
        starts_on=month,
        asked=len(rows),
        self_served=sum(1 for row in rows if row[2] == RequestState.SELF_SERVED),
        settled=sum(1 for row in rows if row[2] != RequestState.ASKED),
        people=len({row[3] for row in rows if row[3]}),
        waits=tuple(waits),
    )


def together(found: Iterable[Month], starts_on: dt.date) -> Month | None:
    """Several months as one; the people are at least those of the fullest month."""
    rows = list(found)
    if not rows:
        return None
    return Month(
        starts_on,
        sum(one.asked for one in rows),
        sum(one.self_served for one in rows),
        sum(one.settled for one in rows),
        max(one.people for one in rows),
        tuple(wait for one in rows for wait in one.waits),
    )


@dataclass(frozen=True, slots=True)
class Found:
    """What exists already and may answer a question."""

    kind: str
    row: Metric | Dashboard


def answers_to(user: User, question: str) -> list[Found]:
    """The metrics and dashboards that may answer a question: those that hold most of its longer words."""
    words = [word for word in question.split() if len(word) > 3][:6]
    scores: dict[tuple[str, int], int] = defaultdict(int)
    for word in words:
        for entry in search(user, word, kinds=(Kind.METRIC, Kind.DASHBOARD), limit=30):
            scores[entry.kind, entry.object_id] += 1
    best = sorted(scores, key=lambda key: (-scores[key], key))[:MOST_FOUND]
    metrics = Metric.objects.in_bulk([pk for kind, pk in best if kind == Kind.METRIC])
    dashboards = Dashboard.objects.in_bulk([pk for kind, pk in best if kind == Kind.DASHBOARD])
    found = [
        Found(kind, rows[pk])
        for kind, pk in best
        if pk in (rows := metrics if kind == Kind.METRIC else dashboards)
    ]
    return [one for one in found if one.row.archived_at is None]


def alike(question: str, but: int = 0) -> QuerySet[DataRequest]:
    """Questions already answered that share a longer word with this one."""
    condition = Q()
    for word in [word for word in question.split() if len(word) > 4][:4]:
        condition |= Q(question__icontains=word)
    rows = requests().filter(state=RequestState.ANSWERED).exclude(pk=but)
    return rows.filter(condition).order_by("-answered_at") if condition else rows.none()


class RequestFigures:
    """What questions to the data team say of themselves, as metrics."""

    names: dict[str, str | Promise] = {
        "data-requests-wait": _("Questions to the data team: days until an answer (median)"),
        "data-requests-alone": _("Questions to the data team: share answered without an analyst"),
    }

    def values(self, name: str, since: dt.date, until: dt.date) -> Iterable[Value]:
        """A value per month in which enough people asked."""
        for month in months(since, until):
            value = month.wait_days if name == "data-requests-wait" else month.share
            if value is not None:
                yield Value(month.starts_on, round(value, 4), behind=month.settled)


FIGURES = RequestFigures()
