"""Initiatives as pages ask for them: one with what it needs, what the sentence on top says, whether it was measured."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import CharField, Count, OuterRef, QuerySet, Subquery, Value

from vertebra.accounts.actions.thread import steps_at
from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import User
from vertebra.accounts.together import cards_of
from vertebra.kit.cards import Card
from vertebra.org.models import AreaVersion, UnitVersion
from vertebra.roadmap.labels.initiatives import InitiativeState, Part
from vertebra.roadmap.models import Initiative, Involvement, KeyResult, Result, Revision
from vertebra.roadmap.queries.standing import UNDONE


def initiatives() -> "QuerySet[Initiative]":
    """Every initiative that is not archived."""
    return Initiative.objects.filter(archived_at__isnull=True)


def with_unit_name(rows: "QuerySet[Initiative]", day: dt.date) -> "QuerySet[Initiative]":
    """These, each with what its unit is called on a day."""
    named = UnitVersion.objects.as_of(day).filter(unit=OuterRef("owner_unit")).values("name")[:1]
    return rows.annotate(unit_name=Subquery(named))


def has_result(initiative: Initiative) -> bool:
    """Whether something was measured of it: a result that stands, or a figure noted by hand afterwards."""
    by_hand = KeyResult.objects.filter(initiative=initiative, after__isnull=False)
    measured = Result.objects.filter(key_result__initiative=initiative, superseded_at__isnull=True)
    return by_hand.exists() or measured.exists()


@dataclass(frozen=True, slots=True)
class Counts:
    """What the sentence above the roadmap says."""

    all: int
    started: int
    late: int
    troubled: int
    awaited: int


def counts(day: dt.date) -> Counts:
    """How many are under way, past their date, said to be at risk, done and waiting for their result."""
    rows = initiatives().order_by()

    def as_one(what: str, some: "QuerySet[Initiative]") -> Any:
        told = some.annotate(what=Value(what, output_field=CharField()))
        return told.values_list("what").annotate(count=Count("pk"))

    late = as_one("late", rows.filter(state__in=UNDONE, due_on__lt=day))
    troubled = as_one("troubled", rows.filter(pace__in=("at_risk", "off_track"), state__in=UNDONE))
    by_state = rows.values_list("state").annotate(count=Count("pk"))
    found: dict[str, int] = dict(by_state.union(late, troubled, all=True))
    return Counts(
        all=sum(found.get(state, 0) for state in InitiativeState.values),
        started=found.get(InitiativeState.STARTED, 0),
        late=found.get("late", 0),
        troubled=found.get("troubled", 0),
        awaited=found.get(InitiativeState.DELIVERED, 0),
    )


@dataclass(frozen=True, slots=True)
class Tie:
    """One thing that an initiative is tied to, and how."""

    words: str
    card: Card
    relation: str


def ties_of(user: User, initiative: Initiative) -> list[Tie]:
    """What it carries out, answers, replaces and relates to, as far as the reader may open it."""
    me = (str(Kind.INITIATIVE), initiative.pk)
    steps = [step for step in steps_at(me).order_by("pk")[:60] if step.relation != Relation.SERVES]
    others = [
        (step, (step.to_kind, step.to_id), True)
        if (step.from_kind, step.from_id) == me
        else (step, (step.from_kind, step.from_id), False)
        for step in steps
    ]
    cards: dict[tuple[str, int], Card] = {}
    for kind in {other[0] for _step, other, _is_from in others}:
        ids = [other[1] for _step, other, _is_from in others if other[0] == kind]
        cards |= {(kind, pk): card for pk, card in cards_of(user, kind, ids).items()}
    words = {relation.value: relation.label for relation in Relation}
    return [
        Tie(str(words[step.relation]), cards[other], step.relation)
        for step, other, is_from in others
        if other in cards and (is_from or step.relation in {Relation.RELATES, Relation.REPLACES})
    ]


@dataclass(frozen=True, slots=True)
class Participant:
    """A unit, area, market or person with a part in an initiative."""

    row: Involvement
    kind: str
    number: int
    name: str
    part: str


def participants(initiative: Initiative, day: dt.date) -> list[Participant]:
    """Who and what has a part in it: those who build it first."""
    units = UnitVersion.objects.as_of(day).filter(unit=OuterRef("of_unit")).values("name")[:1]
    areas = AreaVersion.objects.as_of(day).filter(area=OuterRef("area")).values("name")[:1]
    rows = initiative.involvements.select_related("person", "market")
    rows = rows.annotate(unit_name=Subquery(units), area_name=Subquery(areas))
    found = []
    for row in rows.order_by("pk"):
        told = (
            ("unit", row.of_unit_id, row.unit_name),
            ("area", row.area_id, row.area_name),
            ("market", row.market_id, row.market.name if row.market else ""),
            ("person", row.person_id, row.person.name if row.person else ""),
        )
        kind, number, name = next(((k, pk, n) for k, pk, n in told if pk), ("", 0, ""))
        if kind and number:
            found.append(Participant(row, kind, number, name or "—", row.get_part_display()))
    order = {part: at for at, part in enumerate((Part.OWNER, Part.BUILDER, Part.CONCERNED))}
    return sorted(found, key=lambda one: (order.get(Part(one.row.part), 9), one.kind, one.name))


@dataclass(frozen=True, slots=True)
class Move:
    """One change of where an initiative stood: when, and each thing that changed, before and after."""

    at: dt.datetime
    is_slip: bool
    slip_days: int
    slip_steps: int
    changes: list[tuple[str, Any, Any]]


COMPARED = ("title", "state", "stage", "horizon", "starts_on", "due_on", "target", "pace")


def moves_among(revisions: list[Revision]) -> list[Move]:
    """What changed from each of these revisions, the latest first, to the one after it."""
    return [
        Move(after.at, after.is_slip, after.slip_days, after.slip_steps, changed)
        for after, before in pairwise(revisions)
        if (changed := differences(before, after))
    ]


def differences(before: Revision, after: Revision | Initiative) -> list[tuple[str, Any, Any]]:
    """What two moments of an initiative do not share: which column, before, after; each milestone by its name."""
    found = [
        (name, getattr(before, name), getattr(after, name))
        for name in COMPARED
        if getattr(before, name) != getattr(after, name)
    ]
    if isinstance(after, Revision):
        found += milestone_changes(before.milestones, after.milestones)
    return found


def milestone_changes(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Milestones that moved, came or went."""
    names: Iterable[str] = dict.fromkeys((*before, *after))
    return [
        (f"milestone:{name}", before.get(name, ""), after.get(name, ""))
        for name in names
        if before.get(name, "") != after.get(name, "")
    ]
