"""Objectives with what serves them, and those that no team carries."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q, QuerySet

from vertebra.org.labels import SpaceRule
from vertebra.org.models import UnitVersion
from vertebra.org.rules import Candidate, Company, Thing
from vertebra.roadmap.labels.initiatives import InitiativeState
from vertebra.roadmap.models import Initiative, Objective

# An objective is given this long to find who carries it before anybody calls that an empty space.
GRACE = dt.timedelta(days=30)
CARRIED = (InitiativeState.PLANNED, InitiativeState.STARTED, InitiativeState.PAUSED, InitiativeState.CLOSED)


def objectives() -> QuerySet[Any]:
    """Every objective that is not put away, with how many topics and initiatives serve it."""
    rows = Objective.objects.filter(archived_at=None).select_related("owner", "of_unit")
    return rows.annotate(
        topic_count=Count(
            "topics", filter=Q(topics__archived_at=None, topics__merged_into=None), distinct=True
        ),
        initiative_count=Count("initiatives", filter=Q(initiatives__archived_at=None), distinct=True),
        carried_count=Count("initiatives", filter=_carries("initiatives__"), distinct=True),
    )


def _carries(before: str = "") -> Q:
    """The condition that an initiative is carried by a team: one owns it, and it is more than an idea."""
    return Q(
        **{
            f"{before}archived_at": None,
            f"{before}state__in": CARRIED,
            f"{before}owner_unit__isnull": False,
        }
    )


def current_on(day: dt.date) -> QuerySet[Objective]:
    """The objectives whose period the day is in."""
    return Objective.objects.filter(archived_at=None, starts_on__lte=day, ends_on__gt=day)


def uncarried(day: dt.date) -> list[Objective]:
    """The objectives of the day that no team carries, a month after they were set."""
    carried = Initiative.objects.filter(_carries(), objective__isnull=False).values("objective")
    rows = current_on(day).filter(starts_on__lte=day - GRACE).exclude(pk__in=carried)
    return list(rows.order_by("pk"))


def candidates(company: Company) -> Iterator[Candidate]:
    """What no team carries of the objectives is a candidate of an empty space (list EMPTY_SPACE_RULES)."""
    structure = company.structure
    roots = [Thing("unit", node.id, node.name) for node in structure.roots]
    for row in uncarried(company.day):
        node = structure.get(row.of_unit_id)
        near = tuple(roots) if node is None else (Thing("unit", node.id, node.name),)
        yield Candidate(
            rule=SpaceRule.OBJECTIVE_UNCARRIED,
            key=f"{SpaceRule.OBJECTIVE_UNCARRIED}:objective:{row.pk}",
            subject=Thing("objective", row.pk, row.title),
            neighbours=near,
            evidence={"until": row.ends_on.isoformat()},
            matters=(row.pk,),
        )


def choices(day: dt.date) -> list[tuple[str, str]]:
    """The objectives of the day as the choices of a filter or a form, then those of the year before."""
    rows = Objective.objects.filter(archived_at=None, ends_on__gt=day - dt.timedelta(days=365))
    return [(str(pk), title) for pk, title in rows.values_list("pk", "title")]


def units_named(rows: list[Any], day: dt.date) -> dict[int, str]:
    """The names of the units that carry these objectives, in one query."""
    wanted = {row.of_unit_id for row in rows if row.of_unit_id}
    if not wanted:
        return {}
    return dict(UnitVersion.objects.as_of(day).filter(unit__in=wanted).values_list("unit_id", "name"))
