"""Who runs each practice and routine, and which would stop if Product Ops were away."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse

from vertebra.accounts.labels import Kind, Role
from vertebra.accounts.models import User
from vertebra.org.models import Person
from vertebra.practices.labels.practices import PracticeState
from vertebra.practices.labels.routines import RunBy
from vertebra.practices.models import HandOver, Practice, Routine
from vertebra.practices.queries.texts import names_of

LIVED = (PracticeState.TRIAL, PracticeState.VALIDATED, PracticeState.IN_FORCE)


@dataclass(frozen=True, slots=True)
class Run:
    """A practice or a routine, who runs it, from where, and the hand-over under way."""

    kind: str
    number: int
    title: str
    language: str
    url: str
    person: Person | None
    run_by: str
    hand_over: HandOver | None


def all_run() -> list[Run]:
    """Everything that is lived, what would stop first."""
    lived = Practice.objects.filter(archived_at=None, state__in=LIVED).select_related("carrier")
    practices = list(lived.annotate(**names_of()))
    routines = list(Routine.objects.filter(archived_at=None).select_related("lead"))
    people = [row.carrier_id for row in practices] + [row.lead_id for row in routines]
    inside = of_product_ops(one for one in people if one)
    going = under_way()
    by_practice = {one.practice_id: one for one in going if one.practice_id}
    by_routine = {one.routine_id: one for one in going if one.routine_id}
    rows = [
        Run(
            str(Kind.PRACTICE), row.pk, row.called, row.called_in, reverse("practices:practice-show", args=(row.pk,)),
            row.carrier, _run_by(row.carrier_id, inside, by_practice.get(row.pk)), by_practice.get(row.pk),
        )
        for row in practices
    ]  # fmt: skip
    rows += [
        Run(
            str(Kind.ROUTINE), row.pk, row.title, row.language, reverse("practices:routine-show", args=(row.pk,)),
            row.lead, _run_by(row.lead_id, inside, by_routine.get(row.pk)), by_routine.get(row.pk),
        )
        for row in routines
    ]  # fmt: skip
    order = [RunBy.PRODUCT_OPS, RunBy.NOBODY, RunBy.HANDED_OVER, RunBy.OUTSIDE]
    return sorted(rows, key=lambda one: (order.index(RunBy(one.run_by)), one.kind, one.title, one.number))


def of_product_ops(person_ids: Iterable[int]) -> set[int]:
    """Which of these people work with Vertebra as Product Ops."""
    users = User.objects.filter(role=Role.PRODUCT_OPS, is_active=True)
    emails = users.annotate(folded=Lower("email")).values("folded")
    people = Person.objects.filter(pk__in=set(person_ids)).alias(folded=Lower("email"))
    return set(people.filter(Q(user__in=users) | Q(folded__in=emails)).values_list("pk", flat=True))


def under_way() -> "QuerySet[HandOver]":
    """The hand-overs that are neither done nor stopped."""
    rows = HandOver.objects.filter(done_at=None, stopped_at=None)
    return rows.select_related("from_person", "to_person", "practice", "routine")


def _run_by(person: int | None, inside: set[int], hand_over: HandOver | None) -> str:
    if hand_over is not None:
        return RunBy.HANDED_OVER
    if person is None:
        return RunBy.NOBODY
    return RunBy.PRODUCT_OPS if person in inside else RunBy.OUTSIDE
