"""Which initiatives carry a practice out, and which could."""

from django.db.models import QuerySet

from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import Link
from vertebra.roadmap.labels.initiatives import InitiativeState
from vertebra.roadmap.models import Initiative


def initiatives_of(practice_id: int) -> "QuerySet[Initiative]":
    """What carries a practice out today; what was archived since is told too, so that it can be untied."""
    ties = Link.objects.filter(
        to_kind=Kind.PRACTICE, to_id=practice_id, relation=Relation.CARRIES_OUT, from_kind=Kind.INITIATIVE, ended_at=None
    )  # fmt: skip
    return Initiative.objects.filter(pk__in=ties.values("from_id")).order_by("pk")


def could_carry_out(practice_id: int) -> "QuerySet[Initiative]":
    """What is undertaken and does not carry a practice out yet, by its title."""
    others = Initiative.objects.filter(archived_at=None).exclude(state=InitiativeState.CLOSED)
    return others.exclude(pk__in=initiatives_of(practice_id).values("pk")).order_by("title", "pk")
