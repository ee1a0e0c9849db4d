"""The catalogue as people read it: its rows, what it lacks, who may change it, where a metric is used."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.measures.labels.metrics import MetricState
from vertebra.measures.models import Board, Dashboard, Lever, Metric, Target
from vertebra.measures.queries.periods import stale
from vertebra.org.models import UnitVersion
from vertebra.org.queries.structure import Structure

_NEVER = dt.date(1, 1, 1)


def metrics() -> QuerySet[Any]:
    """Every metric of the catalogue; `seen_on` is never null, so that lists can sort by it."""
    rows: QuerySet[Any] = Metric.objects.filter(archived_at__isnull=True)
    found: QuerySet[Any] = rows.annotate(seen_on=Coalesce("latest_on", Value(_NEVER)))
    return found


def with_target(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows with whether they have a target."""
    found: QuerySet[Any] = rows.annotate(has_target=Exists(Target.objects.filter(metric=OuterRef("pk"))))
    return found


def may_change(user: User, metric: Metric) -> bool:
    """Whether somebody may change a metric: those who edit the organisation, and its owner."""
    return may(user, Right.EDIT_ORGANISATION) or _owns(user, metric)


def may_verify(user: User, metric: Metric) -> bool:
    """Whether somebody may vouch for a metric: Product Ops, and its owner."""
    return may(user, Right.PRODUCT_OPS) or _owns(user, metric)


def _owns(user: User, metric: Metric) -> bool:
    return metric.owner is not None and metric.owner.user_id == user.pk


def counts(today: dt.date) -> dict[str, int]:
    """How many metrics there are, and how many lack something."""
    rows = with_target(metrics())
    return rows.aggregate(
        total=Count("pk"),
        verified=Count("pk", filter=Q(state=MetricState.VERIFIED)),
        no_owner=Count("pk", filter=Q(owner__isnull=True)),
        no_target=Count("pk", filter=Q(has_target=False)),
        stale=Count("pk", filter=stale(today)),
        empty=Count("pk", filter=Q(latest_on__isnull=True)),
    )


@dataclass(frozen=True, slots=True)
class Team:
    """A team that nothing measures, and what it stands in."""

    id: int
    name: str
    inside: str
    members: int


def teams_without(day: dt.date, *, structure: Structure | None = None) -> list[Team]:
    """The teams that no metric belongs to, nor to any unit above them short of the whole company."""
    tree = structure or Structure.as_of(day)
    measured = set(metrics().filter(of_unit__isnull=False).values_list("of_unit", flat=True))
    found = []
    for node in tree.all():
        if not node.kind.is_team or node.id in measured or measured & set(node.path[1:]):
            continue
        above = tree.get(node.parent_id)
        found.append(Team(node.id, node.name, above.name if above else "", node.members))
    return found


def team_count(day: dt.date) -> int:
    """How many teams there are."""
    return UnitVersion.objects.as_of(day).filter(kind__is_team=True).count()


@dataclass(frozen=True, slots=True)
class Uses:
    """Where a metric is used."""

    boards: list[Board]
    dashboards: list[Dashboard]
    moves: list[Lever]
    moved_by: list[Lever]


def uses_of(user: User, metric: Metric) -> Uses:
    """The boards open to the reader, the dashboards and the levers in which a metric appears."""
    levers = list(
        Lever.objects.filter(Q(driver=metric) | Q(outcome=metric)).select_related("driver", "outcome")[:40]
    )
    return Uses(
        list(boards_open_to(user).filter(charts__metrics=metric).distinct()[:20]),
        list(Dashboard.objects.filter(metrics=metric, archived_at__isnull=True)[:20]),
        [one for one in levers if one.driver_id == metric.pk],
        [one for one in levers if one.outcome_id == metric.pk],
    )


def boards_open_to(user: User) -> QuerySet[Board]:
    """The boards that somebody may see: their own, and those that are shared."""
    return Board.objects.filter(Q(owner=user) | Q(is_shared=True), archived_at__isnull=True)
