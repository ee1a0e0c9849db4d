"""What moves what: the tree of levers, the initiatives that pull on each, and the series that are compared."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import Link, User
from vertebra.accounts.together import cards_of
from vertebra.kit.cards import Card
from vertebra.measures.labels.metrics import Grain
from vertebra.measures.models import Lever, Metric
from vertebra.measures.queries.periods import period_start
from vertebra.measures.queries.pictures import combine
from vertebra.measures.queries.series import series_of

DEEPEST = 8
_ORDER = [Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER]


def levers() -> list[Lever]:
    """Every lever between two metrics of the catalogue."""
    rows = Lever.objects.filter(driver__archived_at__isnull=True, outcome__archived_at__isnull=True)
    return list(rows.select_related("driver", "outcome").order_by("outcome__name", "driver__name", "pk"))


def moves(metric_id: int) -> set[int]:
    """The metrics that one moves, be it through others."""
    by_driver: dict[int, list[int]] = defaultdict(list)
    for driver, outcome in Lever.objects.values_list("driver", "outcome"):
        by_driver[driver].append(outcome)
    found: set[int] = set()
    waiting = [metric_id]
    while waiting:
        for outcome in by_driver[waiting.pop()]:
            if outcome not in found:
                found.add(outcome)
                waiting.append(outcome)
    return found


@dataclass(slots=True)
class Branch:
    """A metric in the tree: the lever by which it moves the one above, what moves it, which initiatives pull on it."""

    metric: Metric
    lever: Lever | None = None
    branches: list["Branch"] = field(default_factory=list)
    initiatives: list[Card] = field(default_factory=list)
    is_told_above: bool = False

    @property
    def size(self) -> int:
        """How many levers hang below."""
        return sum(1 + one.size for one in self.branches)


def tree(rows: list[Lever], initiatives: dict[int, list[Card]]) -> list[Branch]:
    """The outcomes that nothing else follows from, with what moves them; one that stands in two places is told once."""
    below: dict[int, list[Lever]] = defaultdict(list)
    for row in rows:
        below[row.outcome_id].append(row)
    drivers = {row.driver_id for row in rows}
    tops = {row.outcome_id: row.outcome for row in rows if row.outcome_id not in drivers}
    told: set[int] = set()

    def grown(metric: Metric, lever: Lever | None, depth: int) -> Branch:
        branch = Branch(metric, lever, initiatives=initiatives.get(metric.pk, []))
        branch.is_told_above = metric.pk in told and bool(below[metric.pk])
        if metric.pk not in told and depth < DEEPEST:
            told.add(metric.pk)
            branch.branches = [grown(one.driver, one, depth + 1) for one in below[metric.pk]]
        return branch

    return [grown(metric, None, 0) for metric in tops.values()]


def initiatives_on(user: User, metric_ids: set[int]) -> dict[int, list[Card]]:
    """The initiatives that pull on each metric, as far as somebody may see them, by the metric."""
    ends = Q(from_kind=Kind.METRIC, from_id__in=metric_ids, to_kind=Kind.INITIATIVE)
    ends |= Q(to_kind=Kind.METRIC, to_id__in=metric_ids, from_kind=Kind.INITIATIVE)
    found: dict[int, set[int]] = defaultdict(set)
    rows = Link.objects.filter(ends, ended_at__isnull=True)
    for kind, one, other in rows.values_list("from_kind", "from_id", "to_id"):
        metric, initiative = (one, other) if kind == Kind.METRIC else (other, one)
        found[metric].add(initiative)
    wanted = sorted(set().union(*found.values())) if found else []
    cards = cards_of(user, Kind.INITIATIVE, wanted) if wanted else {}
    shown = {
        metric: sorted((cards[pk] for pk in pks if pk in cards), key=lambda card: card.title)
        for metric, pks in found.items()
    }
    return {metric: those for metric, those in shown.items() if those}


def aligned(row: Lever, today: dt.date) -> tuple[dict[int, float], dict[int, float], str]:
    """The values of both metrics by number of period, at the longer of their two periods."""
    grain = max(row.driver.grain, row.outcome.grain, key=lambda one: _ORDER.index(Grain(one)))
    found = []
    for metric in (row.driver, row.outcome):
        series = series_of(metric)
        if metric.grain != grain:
            series = combine(series, grain, metric.combining, today)
        found.append({number_of(period_start(on, grain), grain): value for on, value in series})
    return found[0], found[1], str(grain)


def number_of(day: dt.date, grain: str) -> int:
    """The number of a period, one more than the one before it."""
    if grain == Grain.DAY:
        return day.toordinal()
    if grain == Grain.WEEK:
        return (day.toordinal() - 1) // 7
    months = day.year * 12 + day.month - 1
    return months if grain == Grain.MONTH else months // 3


def due(now: dt.datetime) -> list[Lever]:
    """The levers that were not looked at for a week, or never."""
    old = Q(computed_at__isnull=True) | Q(computed_at__lt=now - dt.timedelta(days=7))
    return list(Lever.objects.filter(old).order_by("pk")[:500])
