"""Releases as pages ask for them: those still to come, those that are late, what they answer."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Count, DateField, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from vertebra.accounts.actions.thread import steps_at
from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import User
from vertebra.accounts.together import cards_of
from vertebra.kit.cards import Card
from vertebra.org.models import AreaVersion
from vertebra.releases.labels.releases import UPCOMING, ReleaseState
from vertebra.releases.models import Release

SOON = dt.timedelta(days=14)


def releases() -> "QuerySet[Release]":
    """Every release that is not archived."""
    return Release.objects.filter(archived_at=None)


def named(rows: "QuerySet[Release]", day: dt.date) -> "QuerySet[Release]":
    """These, each with what its area is called on a day and the day that it stands under."""
    areas = AreaVersion.objects.as_of(day).filter(area=OuterRef("area")).values("name")[:1]
    return rows.annotate(area_name=Subquery(areas))


def dated(rows: "QuerySet[Release]") -> "QuerySet[Release]":
    """These, each with the day it came out, or is planned for; what comes without a day comes last, what is out first."""
    far, long_ago = Value(dt.date(9999, 1, 1)), Value(dt.date(1, 1, 1))
    unknown = Case(When(state__in=UPCOMING, then=far), default=long_ago, output_field=DateField())
    return rows.annotate(on=Coalesce("released_on", "planned_on", unknown))


@dataclass(frozen=True, slots=True)
class Counts:
    """What the sentence above the list says."""

    all: int
    checking: int
    soon: int
    late: int
    undated: int
    latest_on: dt.date | None


def counts(day: dt.date) -> Counts:
    """How many are being checked, come soon, passed their day, and when the latest came out."""
    to_come = Q(state__in=UPCOMING)
    found = releases().aggregate(
        all=Count("pk"),
        checking=Count("pk", filter=Q(state=ReleaseState.CHECKING)),
        soon=Count("pk", filter=to_come & Q(planned_on__gte=day, planned_on__lte=day + SOON)),
        late=Count("pk", filter=to_come & Q(planned_on__lt=day)),
        undated=Count("pk", filter=to_come & Q(planned_on=None)),
        latest_on=Max("released_on", filter=Q(state=ReleaseState.RELEASED)),
    )
    return Counts(**found)


@dataclass(frozen=True, slots=True)
class Tie:
    """What a release answers or carries out."""

    kind: str
    number: int
    words: str
    card: Card


def ties_of(user: User, release: Release) -> list[Tie]:
    """What a release answers and carries out, as far as the reader may open it."""
    me = (str(Kind.RELEASE), release.pk)
    steps = list(steps_at(me).filter(from_kind=me[0], from_id=me[1]).order_by("pk")[:60])
    cards: dict[tuple[str, int], Card] = {}
    for kind in {step.to_kind for step in steps}:
        ids = [step.to_id for step in steps if step.to_kind == kind]
        cards |= {(kind, pk): card for pk, card in cards_of(user, kind, ids).items()}
    words = {relation.value: relation.label for relation in Relation}
    return [
        Tie(step.to_kind, step.to_id, str(words[step.relation]), cards[step.to_kind, step.to_id])
        for step in steps
        if (step.to_kind, step.to_id) in cards
    ]
