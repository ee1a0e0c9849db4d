"""Reviews as pages ask for them: which is due, who leads it, who is asked, when the next one comes."""

import calendar
import datetime as dt
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.evidence.labels import SurveyState
from vertebra.evidence.queries.population import Audience, population
from vertebra.org.empty_spaces import person_of
from vertebra.org.labels import MandateRole
from vertebra.org.models import Mandate
from vertebra.reviews.labels import OPEN, ReviewState
from vertebra.reviews.models import Cadence, Review
from vertebra.reviews.queries.practices import whom_it_asks

# Whom the holders of a role work with, and so who is asked beside them.
_BESIDE = {MandateRole.CHAMPION: (MandateRole.PRODUCT_MANAGER, MandateRole.DESIGNER)}
_OTHERS_BESIDE = (MandateRole.LEAD,)


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def running() -> "QuerySet[Cadence]":
    """Every cadence that has not ended."""
    return Cadence.objects.filter(ended_at=None).select_related("lead")


def due_cadences(day: dt.date) -> "QuerySet[Cadence]":
    """Those whose day has come and of which no review is under way."""
    return running().filter(next_on__lte=day).exclude(pk__in=under_way()).order_by("next_on", "pk")


def under_way() -> "QuerySet[Any]":
    """The cadences of which a review is being answered or waits to be decided."""
    return Review.objects.filter(state__in=OPEN).values("cadence")


def answered(day: dt.date) -> "QuerySet[Review]":
    """Reviews whose answers are in, or were called off."""
    over = Q(survey=None) | Q(survey__state=SurveyState.CLOSED)
    return Review.objects.filter(over, state=ReviewState.ASKING).select_related("survey")


def with_before(rows: "QuerySet[Review]") -> "QuerySet[Any]":
    """These, each with the review of the same thing before."""
    earlier = Review.objects.filter(
        cadence=OuterRef("cadence"), frozen_on__lt=OuterRef("frozen_on"), state=ReviewState.DECIDED
    )
    return rows.annotate(before_id=Subquery(earlier.order_by("-frozen_on", "-pk").values("pk")[:1]))


def whom_to_ask(cadence: Cadence, day: dt.date) -> Audience:
    """Who answers: the audience that was chosen, or those who hold the role and whom they work with, or live a practice."""
    if not cadence.audience and cadence.kind == Kind.PRACTICE:
        return Audience(people=whom_it_asks(cadence.object_id or 0, day))
    if cadence.audience or not cadence.role:
        return Audience.read(cadence.audience)
    roles = [cadence.role, *_BESIDE.get(MandateRole(cadence.role), _OTHERS_BESIDE)]
    held = Mandate.objects.as_of(day).filter(role__in=roles, person__isnull=False)
    return Audience(people=tuple(sorted(set(held.values_list("person_id", flat=True)))))


def how_many(audience: Audience, day: dt.date) -> int:
    """How many of an audience can be asked."""
    return len(population(audience, day).people)


def may_lead(user: User, lead_id: int | None) -> bool:
    """Whether somebody may decide: whoever leads the review, and Product Ops."""
    if may(user, Right.PRODUCT_OPS):
        return True
    person = person_of(user) if may(user, Right.TAKE_PART) else None
    return person is not None and person.pk == lead_id
