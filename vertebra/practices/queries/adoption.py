"""Where teams stand with practices, as one reader may know it: their own team's at once, others' two weeks later.

A team of fewer than five people is counted with others only.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import Link, User
from vertebra.analysis.adoption import Rolled, Team, roll_up
from vertebra.analysis.privacy import FEWEST
from vertebra.kit.versions import OverTimeQuerySet
from vertebra.org.empty_spaces import number_of_person
from vertebra.org.labels import MandateRole
from vertebra.org.models import Mandate, Membership
from vertebra.org.queries.remembered import remembered
from vertebra.org.queries.structure import Node, Structure
from vertebra.practices.labels.adoption import STATE_TONES, AdoptionSource, AdoptionState
from vertebra.practices.labels.practices import PracticeState, Reach
from vertebra.practices.models import (
    Adaptation,
    Adoption,
    CoAuthor,
    ObservationDoubt,
    Practice,
    PracticeReach,
)
from vertebra.practices.queries.reach import Reaches
from vertebra.practices.queries.texts import names_of

# What is adopted is tried, built or in force; an idea is not asked about, nor what was retired.
LIVED = (
    PracticeState.TRIAL, PracticeState.PROPOSED, PracticeState.CO_BUILT, PracticeState.VALIDATED,
    PracticeState.IN_FORCE,
)  # fmt: skip
# Who speaks for a team: the first of these is asked first.
LEADING = (
    MandateRole.LEAD, MandateRole.PRODUCT_MANAGER, MandateRole.ENGINEERING_LEAD, MandateRole.DESIGNER,
    MandateRole.DIRECTOR,
)  # fmt: skip
_LARGE = frozenset(range(FEWEST))
EXPECTED = frozenset({Reach.STANDARD, Reach.RECOMMENDED})
Key = tuple[int, int]


def lived_practices() -> "QuerySet[Practice]":
    """The practices whose adoption is looked at: lived somewhere, and built by co-authors who ask for it."""
    built = CoAuthor.objects.filter(practice=OuterRef("pk"))
    return Practice.objects.filter(Exists(built), state__in=LIVED, archived_at=None)


def teams_on(structure: Structure) -> list[Node]:
    """The teams of a day, in the order of the organisation."""
    return [node for node in structure.all() if node.kind.is_team]


def is_small(node: Node) -> bool:
    """Whether so few people work there that the team is shown within others only."""
    return node.members < FEWEST


def places_of(user: User, today: dt.date) -> list[tuple[int, str]]:
    """The units that this person works in, and those that they lead with their role there, in one question."""
    person = number_of_person(user)
    works = Membership.objects.as_of(today).filter(person=person).order_by().values_list("unit", Value(""))
    leads = (
        Mandate.objects.as_of(today).filter(person=person, role__in=LEADING, unit__isnull=False).order_by()
    )
    return [(unit, role) for unit, role in works.union(leads.values_list("unit", "role"), all=True)]


def inside_of(places: Iterable[tuple[int, str]], structure: Structure) -> frozenset[int]:
    """The teams that somebody works in or leads: what is theirs they see before anyone."""
    nodes = structure.nodes
    inside = {place for unit, _role in places if unit in nodes for place in (unit, *nodes[unit].path)}
    return frozenset(unit for unit in inside if nodes[unit].kind.is_team)


def adoptions_open_to(user: User, day: dt.date, today: dt.date) -> "QuerySet[Adoption]":
    """The rows of a day that this person may read: their team's as it is, others' as the outside sees them."""
    day = min(day, today)
    structure = Structure.as_of(day)
    inside, nodes = inside_of(places_of(user, today), structure), teams_on(structure)
    others = [node.id for node in nodes if node.id not in inside and not is_small(node)]
    mine = OverTimeQuerySet.holds_on(day) & Q(unit__in=inside)
    return Adoption.objects.filter(mine | (Adoption.objects.is_seen_on(day) & Q(unit__in=others)))


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a team stands with a practice, since when, who says so; `is_own`: the outside does not see it yet."""

    state: str
    source: str
    since: dt.date
    visible_from: dt.date
    is_willing: bool = False
    is_own: bool = False

    @property
    def state_label(self) -> str:
        """Where it stands, in words."""
        return str(AdoptionState(self.state).label)

    @property
    def source_label(self) -> str:
        """Who says so, in words."""
        return str(AdoptionSource(self.source).label)

    @property
    def tone(self) -> str:
        """How its state is marked."""
        return STATE_TONES[AdoptionState(self.state)]


@dataclass
class Facts:
    """What adoption is of one day, before anybody's eyes; shared, so not to be changed."""

    day: dt.date
    structure: Structure
    practices: list[Practice]
    reaches: Reaches
    seen: dict[Key, Stand] = field(default_factory=dict)
    now: dict[Key, Stand] = field(default_factory=dict)
    ways: dict[Key, Adaptation] = field(default_factory=dict)
    _rolled: dict[int, dict[int, Rolled]] = field(default_factory=dict)

    @cached_property
    def teams(self) -> list[Node]:
        """The teams of the day."""
        return teams_on(self.structure)

    @cached_property
    def few(self) -> dict[int, frozenset[int]]:
        """Who works in each team that is too small to be shown by itself: asked for by those who count teams only."""
        return _few(self.structure, self.day)

    def is_expected(self, practice: int, unit: int) -> bool:
        """Whether a practice is a standard of a team, or recommended to it."""
        said = self.reaches.at(practice, unit)
        return said is not None and said.reach in EXPECTED

    def team(self, practice: int, node: Node) -> Team:
        """A team as it is counted: as the outside sees it, whoever looks."""
        people = self.few.get(node.id, frozenset()) if is_small(node) else _LARGE
        seen, way = self.seen.get((practice, node.id)), self.ways.get((practice, node.id))
        return Team(node.id, people, node.path, seen.state if seen else "", way.kind if way else "")

    def counted(self, practice: int) -> list[Team]:
        """The teams that a practice reaches, and those that stand somewhere with it by themselves."""
        return [
            self.team(practice, node)
            for node in self.teams
            if (practice, node.id) in self.seen or self.is_expected(practice, node.id)
        ]

    def rolled(self, practice: int) -> dict[int, Rolled]:
        """What the teams under each unit come to."""
        if practice not in self._rolled:
            self._rolled[practice] = roll_up(self.counted(practice))
        return self._rolled[practice]

    def reached(self, practice: int) -> list[int]:
        """The teams that a practice is a standard of, or recommended to."""
        return [node.id for node in self.teams if self.is_expected(practice, node.id)]


@remembered
def facts_on(day: dt.date, today: dt.date) -> Facts:
    """Everything that adoption is of a day, in a few questions; nothing is known of days to come."""
    day = min(day, today)
    structure = Structure.as_of(day)
    lived = _flagged(lived_practices()).select_related("carrier").annotate(**names_of())
    practices = list(lived.order_by("name", "pk"))
    ids = [row.pk for row in practices]
    said = PracticeReach.objects.as_of(day).filter(practice__in=ids)
    reaches = Reaches({(row.practice_id, row.unit_id): row for row in said}, structure)
    facts = Facts(day, structure, practices, reaches)
    holds = OverTimeQuerySet.holds_on(day)
    rows = Adoption.objects.filter(holds | Adoption.objects.is_seen_on(day), practice__in=ids)
    for row in rows:
        key, stand = (row.practice_id, row.unit_id), _stand(row, day)
        if row.holds(day):
            facts.now[key] = stand
        if row.visible_from <= day and (row.visible_until is None or day < row.visible_until):
            facts.seen[key] = stand
    for way in Adaptation.objects.as_of(day).filter(practice__in=ids).order_by("pk"):
        facts.ways[way.practice_id, way.unit_id] = way
    return facts


def _flagged(rows: "QuerySet[Practice]") -> "QuerySet[Practice]":
    """These, each with whether help was asked with it, and whether its tools were doubted."""
    asked = Link.objects.filter(
        from_kind=Kind.HELP_REQUEST, relation=Relation.RELATES, to_kind=Kind.PRACTICE, to_id=OuterRef("pk"), ended_at=None
    )  # fmt: skip
    doubted = ObservationDoubt.objects.filter(practice=OuterRef("pk"))
    return rows.annotate(is_asked=Exists(asked), is_doubted=Exists(doubted))


def _stand(row: Adoption, day: dt.date) -> Stand:
    return Stand(
        row.state, row.source, row.starts_on, row.visible_from, row.is_willing, is_own=day < row.visible_from
    )


def _few(structure: Structure, day: dt.date) -> dict[int, frozenset[int]]:
    """Who works in each team that is too small to be shown by itself."""
    place = {
        below: node.id for node in teams_on(structure) if is_small(node) for below in structure.under(node.id)
    }
    found: dict[int, set[int]] = defaultdict(set)
    rows = Membership.objects.as_of(day).filter(unit__in=list(place)).order_by()
    for unit, person in rows.values_list("unit", "person"):
        found[place[unit]].add(person)
    return {unit: frozenset(people) for unit, people in found.items()}


@dataclass(frozen=True)
class Sight:
    """Adoption of a day as one reader may see it."""

    facts: Facts
    inside: frozenset[int]
    directed: tuple[int, ...] = ()

    @classmethod
    def of(cls, user: User, day: dt.date, today: dt.date) -> "Sight":
        """What this person sees of a day."""
        facts, places = facts_on(day, today), places_of(user, today)
        directed = tuple(dict.fromkeys(unit for unit, role in places if role == MandateRole.DIRECTOR))
        return cls(facts, inside_of(places, facts.structure), directed)

    def is_inside(self, unit: int) -> bool:
        """Whether a team is the reader's own."""
        return unit in self.inside

    def is_shown(self, node: Node) -> bool:
        """Whether a team is shown by itself to this reader."""
        return self.is_inside(node.id) or not is_small(node)

    def stand(self, practice: int, node: Node) -> Stand | None:
        """Where a team stands, as far as this reader may know."""
        if self.is_inside(node.id):
            return self.facts.now.get((practice, node.id))
        return None if is_small(node) else self.facts.seen.get((practice, node.id))

    def way(self, practice: int, node: Node) -> Adaptation | None:
        """How a team does otherwise, where it is shown by itself."""
        return self.facts.ways.get((practice, node.id)) if self.is_shown(node) else None

    def shown_teams(self, within: int | None = None) -> list[Node]:
        """The teams under a unit (or all) that are shown by themselves, in the order of the organisation."""
        return [node for node in self._under(within) if self.is_shown(node)]

    def hidden_teams(self, within: int | None = None) -> int:
        """How many teams under a unit are shown within others only."""
        return sum(not self.is_shown(node) for node in self._under(within))

    def _under(self, within: int | None) -> Iterator[Node]:
        return (node for node in self.facts.teams if within is None or within in (*node.path, node.id))
