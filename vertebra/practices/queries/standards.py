"""Where a practice stands, and what it still lacks to be a standard."""

import datetime as dt
from typing import Any

from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from vertebra.practices.labels.practices import ContributionKind, Lacking, PracticeState
from vertebra.practices.models import Contribution, Practice, PracticeVersion, Trial
from vertebra.practices.queries.rights import is_of_product_ops
from vertebra.practices.queries.texts import versions_of

TRIED = frozenset({PracticeState.IDEA, PracticeState.TRIAL})


def standing(day: dt.date) -> "QuerySet[Any]":
    """Every practice with who carries it and takes it over, how many try it, what waits, what a standard needs."""
    tried = Trial.objects.filter(practice=OuterRef("pk"))
    objected = Contribution.objects.filter(practice=OuterRef("pk"), kind=ContributionKind.OBJECTION)
    under_way = Q(hand_overs__done_at=None, hand_overs__stopped_at=None)
    return Practice.objects.annotate(
        hand_over=FilteredRelation("hand_overs", condition=under_way),
        handed_over_on=F("hand_over__by_on"),
        handed_over_to=F("hand_over__to_person__name"),
        trying=_count(tried.filter(ends_on=None)),
        waiting=_count(objected.filter(answered_at=None)),
        has_pilot=Exists(tried.filter(starts_on__lte=day)),
        is_carried_by_ops=is_of_product_ops("carrier__"),
    ).select_related("carrier", "field", "validation__version", "validation__person")


def _count(rows: "QuerySet[Any]") -> Coalesce:
    counted = rows.order_by().values("practice").annotate(many=Count("pk")).values("many")
    return Coalesce(Subquery(counted), 0)


def missing_for_standard(practice: Practice, day: dt.date) -> list[Lacking]:
    """What the law of standards still asks of a practice, in the order in which one would do it."""
    return lacking_of(standing(day).get(pk=practice.pk), versions_of(practice).read)


def lacking_of(row: Any, version: PracticeVersion) -> list[Lacking]:
    """The same, of a practice as `standing` reads it and the version of it that is read."""
    asked = (
        (Lacking.CARRIER, row.carrier is not None and not row.is_carried_by_ops),
        (Lacking.PILOT, row.has_pilot),
        (Lacking.CO_AUTHORS, bool(row.co_authors.all())),
        (Lacking.COST, version.costs.exists()),
        (Lacking.REVIEW, row.next_review_on is not None),
    )
    return [what for what, is_there in asked if not is_there]
