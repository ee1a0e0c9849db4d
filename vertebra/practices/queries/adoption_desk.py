"""The director's page: the practices that a unit carries or lives by, who asks for help there, what is due."""

import datetime as dt
from dataclasses import dataclass, field

from vertebra.discovery.models import HelpRequest
from vertebra.org.models import Membership
from vertebra.org.queries.structure import Node
from vertebra.practices.labels.practices import Reach
from vertebra.practices.models import ObservationDoubt, Practice
from vertebra.practices.queries.adoption import Sight
from vertebra.practices.queries.adoption_figures import Summary, is_to_reopen
from vertebra.practices.queries.adoption_help import open_requests

# What ends or comes within so long is said to be due.
SOON = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Carried:
    """A practice as a unit lives it: what it is there, who carries it, what its teams come to."""

    practice: Practice
    reach: str
    is_carried_here: bool
    summary: Summary

    @property
    def reach_label(self) -> str:
        """What it is there, in words."""
        return str(Reach(self.reach).label) if self.reach else ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A team of the unit asks for help with a practice."""

    practice: Practice
    request: HelpRequest
    team: Node | None


@dataclass(frozen=True, slots=True)
class Due:
    """Something of a practice that waits for a word, or comes to its end."""

    code: str
    practice: Practice
    on: dt.date | None = None
    team: Node | None = None


@dataclass(slots=True)
class Desk:
    """What a director finds of ways of working."""

    unit: Node
    carried: list[Carried] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    due: list[Due] = field(default_factory=list)
    teams: int = 0
    small: int = 0


def desk_of(sight: Sight, unit: Node, today: dt.date) -> Desk:
    """The page of one unit, as this reader may see it."""
    facts = sight.facts
    inside = facts.structure.under(unit.id)
    carriers = {row.carrier_id for row in facts.practices if row.carrier_id}
    at_work = Membership.objects.as_of(facts.day).filter(unit__in=inside, person__in=carriers)
    here = set(at_work.values_list("person_id", flat=True))
    desk = Desk(unit, teams=len(sight.shown_teams(unit.id)), small=sight.hidden_teams(unit.id))
    for row in facts.practices:
        said = facts.reaches.at(row.pk, unit.id)
        summary = Summary.of(facts.rolled(row.pk).get(unit.id))
        is_here = row.carrier_id in here
        if is_here or summary.teams or (said and said.reach != Reach.FREE):
            desk.carried.append(Carried(row, said.reach if said else "", is_here, summary))
    shown = {one.practice.pk: one.practice for one in desk.carried}
    asked = [pk for pk, row in shown.items() if row.is_asked]  # type: ignore[attr-defined]
    for pk, requests in open_requests(asked).items():
        nodes = facts.structure.nodes
        desk.asked += [Asked(shown[pk], one, nodes[one.unit_id]) for one in requests if one.unit_id in inside]
    desk.due = _due(sight, desk, inside, today)
    return desk


def _due(sight: Sight, desk: Desk, inside: set[int], today: dt.date) -> list[Due]:
    """What waits for the practices of a unit: those carried here first."""
    facts, nodes = sight.facts, sight.facts.structure.nodes
    found: list[Due] = []
    for one in desk.carried:
        row = one.practice
        if one.is_carried_here and is_to_reopen(facts, row.pk):
            found.append(Due("reopen", row))
        if row.is_validation_owed and one.is_carried_here:
            found.append(Due("validation", row, row.next_review_on))
        elif one.is_carried_here and row.next_review_on and row.next_review_on <= today + SOON:
            found.append(Due("review", row, row.next_review_on))
    shown = {one.practice.pk: one.practice for one in desk.carried}
    carried = [
        one.practice.pk for one in desk.carried if one.is_carried_here and one.practice.is_doubted  # type: ignore[attr-defined]
    ]  # fmt: skip
    doubts = ObservationDoubt.objects.filter(practice__in=carried, answered_at=None).order_by("at", "pk")
    found += [Due("doubt", shown[doubt.practice_id]) for doubt in doubts]
    ending = [
        (way.ends_on, way)
        for (practice, unit), way in facts.ways.items()
        if practice in shown and unit in inside and way.ends_on and way.ends_on <= today + SOON
    ]
    for on, way in sorted(ending, key=lambda one: (one[0], one[1].pk)):
        node = nodes[way.unit_id]
        found.append(Due("adaptation", shown[way.practice_id], on, node if sight.is_shown(node) else None))
    return found
