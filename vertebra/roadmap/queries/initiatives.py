"""Initiatives as pages ask for them: those that are open to all, one with what it needs, whether it was measured."""

from django.db.models import Q, QuerySet

from vertebra.roadmap.labels.initiatives import InitiativeState
from vertebra.roadmap.models import Initiative, KeyResult, Result

OPEN_STATES = tuple(state for state in InitiativeState if state != InitiativeState.CLOSED)


def initiatives() -> "QuerySet[Initiative]":
    """Every initiative that is not archived."""
    return Initiative.objects.filter(archived_at__isnull=True)


def has_result(initiative: Initiative) -> bool:
    """Whether something was measured of it: a result that stands, or a figure noted by hand afterwards."""
    by_hand = KeyResult.objects.filter(initiative=initiative, after__isnull=False)
    measured = Result.objects.filter(key_result__initiative=initiative, superseded_at__isnull=True)
    return by_hand.exists() or measured.exists()


def of_text(rows: "QuerySet[Initiative]", text: str) -> "QuerySet[Initiative]":
    """Of these, those whose title or own number holds the text."""
    return rows.filter(Q(title__icontains=text) | Q(external_id__icontains=text))
