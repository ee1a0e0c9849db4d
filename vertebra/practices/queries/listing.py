"""Practices as the list and the API ask for them: where each stands, what it is for whom today."""

import datetime as dt
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from vertebra.org.queries.structure import Structure
from vertebra.practices.labels.practices import ContributionKind, PracticeState, Reach
from vertebra.practices.models import Contribution, Practice, PracticeReach, Trial

ORDER = tuple(PracticeState)
# Proposed or built together: somebody is to validate them.
WAITING = (PracticeState.PROPOSED, PracticeState.CO_BUILT)


def practices(day: dt.date) -> "QuerySet[Any]":
    """Every practice that is not put away, with what it is somewhere on a day and what waits."""
    said = PracticeReach.objects.as_of(day).filter(practice=OuterRef("pk"))
    waiting = Contribution.objects.filter(
        practice=OuterRef("pk"), kind=ContributionKind.OBJECTION, answered_at=None
    )
    stages = [When(state=state, then=Value(at)) for at, state in enumerate(ORDER)]
    return (
        Practice.objects.filter(archived_at=None)
        .select_related("carrier", "field")
        .annotate(
            state_order=Case(*stages, default=Value(0), output_field=IntegerField()),
            is_standard=Exists(said.filter(reach=Reach.STANDARD)),
            is_recommended=Exists(said.filter(reach=Reach.RECOMMENDED)),
            has_objection=Exists(waiting),
            trial_count=Count("trials", filter=Q(trials__ends_on=None), distinct=True),
        )
    )


def counts(day: dt.date) -> dict[str, int]:
    """How many there are, standard somewhere, on trial, waiting for validation, owing theirs, retired."""
    is_retired = Q(state=PracticeState.RETIRED)
    on_trial = Q(pk__in=Trial.objects.filter(ends_on=None).values("practice"))
    told: dict[str, int] = practices(day).aggregate(
        all=Count("pk", filter=~is_retired, distinct=True),
        standard=Count("pk", filter=Q(is_standard=True) & ~is_retired, distinct=True),
        trial=Count("pk", filter=on_trial & ~is_retired, distinct=True),
        waiting=Count("pk", filter=Q(state__in=WAITING), distinct=True),
        owed=Count("pk", filter=Q(state=PracticeState.IN_FORCE), distinct=True),
        retired=Count("pk", filter=is_retired, distinct=True),
    )  # fmt: skip
    return told


def in_unit(rows: "QuerySet[Any]", unit_id: int, day: dt.date) -> "QuerySet[Any]":
    """Those that are standard or recommended for a unit on a day, of its own or of what it stands in, or tried there."""
    structure = Structure.as_of(day, with_members=False)
    above = [unit_id, *(node.id for node in structure.above(unit_id))]
    said = PracticeReach.objects.as_of(day).exclude(reach=Reach.FREE).filter(practice=OuterRef("pk"))
    tried = Trial.objects.filter(practice=OuterRef("pk"), ends_on=None, unit__in=structure.under(unit_id))
    return rows.filter(Exists(said.filter(Q(unit__in=above) | Q(unit=None))) | Exists(tried))
