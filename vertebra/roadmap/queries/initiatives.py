"""Initiatives as pages ask for them: one with what it needs, what the sentence on top says, whether it was measured."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Count, QuerySet

from vertebra.accounts.actions.thread import steps_at
from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import User
from vertebra.accounts.together import cards_of
from vertebra.kit.cards import Card
from vertebra.roadmap.labels.initiatives import InitiativeState, Part
from vertebra.roadmap.models import Initiative, Involvement, KeyResult, Result, Revision
from vertebra.roadmap.queries.standing import UNDONE, Names


def initiatives() -> "QuerySet[Initiative]":
    """Every initiative that is not archived."""
    return Initiative.objects.filter(archived_at__isnull=True)


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
    by_state: dict[str, int] = dict(rows.values_list("state").annotate(count=Count("pk")))
    return Counts(
        all=sum(by_state.values()),
        started=by_state.get(InitiativeState.STARTED, 0),
        late=rows.filter(state__in=UNDONE, due_on__lt=day).count(),
        troubled=rows.filter(pace__in=("at_risk", "off_track"), state__in=UNDONE).count(),
        awaited=by_state.get(InitiativeState.DELIVERED, 0),
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


def participants(initiative: Initiative, names: Names, areas: dict[int, str]) -> list[Participant]:
    """Who and what has a part in it: those who build it first."""
    found = []
    rows = initiative.involvements.select_related("person", "market")
    for row in rows.order_by("pk"):
        if row.of_unit_id:
            kind, number, name = "unit", row.of_unit_id, names.unit(row.of_unit_id)
        elif row.area_id:
            kind, number, name = "area", row.area_id, areas.get(row.area_id, "")
        elif row.market:
            kind, number, name = "market", row.market.pk, row.market.name
        elif row.person:
            kind, number, name = "person", row.person.pk, row.person.name
        else:
            continue
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


def moves_of(initiative: Initiative, most: int = 40) -> list[Move]:
    """How it stood over time, the latest first: only what changed."""
    rows = list(initiative.revisions.order_by("-at", "-pk")[: most + 1])
    return [
        Move(after.at, after.is_slip, after.slip_days, after.slip_steps, changed)
        for after, before in pairwise(rows)
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
