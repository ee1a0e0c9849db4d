"""What was brought to a practice, and what still waits for an answer."""

from django.db.models import QuerySet

from vertebra.practices.labels.practices import ContributionKind
from vertebra.practices.models import Contribution, Practice


def unanswered(practice: Practice) -> QuerySet[Contribution]:
    """Objections that nobody has answered."""
    return practice.contributions.filter(kind=ContributionKind.OBJECTION, answered_at=None)


def is_unanswered(row: Contribution) -> bool:
    """Whether it is an objection that nobody has answered."""
    return row.kind == ContributionKind.OBJECTION and row.answered_at is None


def is_built_together(practice: Practice) -> bool:
    """Whether anybody takes part beside whoever carries it: a co-author, or somebody who brought something."""
    others = practice.co_authors.exclude(person=practice.carrier_id)
    brought = practice.contributions.exclude(person=practice.carrier_id).filter(person__isnull=False)
    return others.exists() or brought.exists()
