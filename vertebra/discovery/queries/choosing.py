"""Whom a campaign could hear: who fits a wish, and a sample of them spread over functions and units."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q
from django.db.models.functions import Lower

from vertebra.accounts.labels import Role
from vertebra.accounts.models import User
from vertebra.analysis.sampling import balanced
from vertebra.discovery.models import Campaign, ToHear
from vertebra.discovery.queries.coverage import latest_heard, months_before, tribes
from vertebra.org.labels import Function
from vertebra.org.models import Mandate, Membership, Ownership, Person
from vertebra.org.queries.crowd import Crowd, Place
from vertebra.org.queries.remembered import remembered
from vertebra.org.queries.structure import Node, Structure

MOST_AT_ONCE = 200
NEVER = "never"
CHOICES_KEPT = 16


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom one would like to hear: any of these functions, inside a unit, on a market, not heard lately, how many."""

    functions: tuple[str, ...] = ()
    unit_id: int | None = None
    market_id: int | None = None
    unheard: str = ""
    most: int = 20


@dataclass(frozen=True, slots=True)
class Suggested:
    """Somebody suggested: where they work, and when they were last heard."""

    person: Person
    function: str
    unit_name: str
    latest: dt.date | None

    @property
    def function_label(self) -> str:
        """The function in words."""
        return str(Function(self.function).label)


@dataclass(frozen=True, slots=True)
class Spread:
    """One function of the campaign: how many people of it each unit has on the list, and how many would join."""

    function: Function
    cells: list[tuple[int, int]]
    now: int
    more: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What a wish finds for a campaign."""

    fitting: int
    suggested: list[Suggested]
    units: list[Node]
    spread: list[Spread]
    listed: int


@dataclass(frozen=True, slots=True)
class Ground:
    """Those whom campaigns choose among on a day, and what was chosen since anything changed; shared."""

    structure: Structure
    crowd: Crowd
    functions: frozenset[str]
    heard: dict[int, dt.date]
    # Kept here and not each by itself: wishes are many, and would push whole days out of what is remembered.
    choices: dict[tuple[int, Wish], Choice] = field(default_factory=dict)

    @classmethod
    @remembered
    def on(cls, day: dt.date) -> "Ground":
        """The units of a day, everybody in them, and when each was last heard, in three queries."""
        crowd = Crowd.on(day)
        functions = frozenset(function for _person, _unit, function in crowd)
        return cls(Structure.as_of(day, with_members=False), crowd, functions, latest_heard())


def choice_for(campaign: Campaign, wish: Wish, ground: Ground) -> Choice:
    """Who fits the wish, the balanced sample of them, and what the campaign would then cover; not to be changed."""
    asked = campaign.pk, wish
    found = ground.choices.get(asked)
    if found is None:
        if len(ground.choices) >= CHOICES_KEPT:
            ground.choices.clear()
        found = ground.choices[asked] = _choose(campaign, wish, ground)
    return found


def _choose(campaign: Campaign, wish: Wish, ground: Ground) -> Choice:
    structure, heard, tribe = ground.structure, ground.heard, tribes(ground.structure)
    rows = list(ToHear.objects.filter(campaign=campaign).values_list("person_id", "function", "unit_id"))
    but = {person for person, *_place in rows} | _listeners()
    fitting = _fitting(wish, ground, but)
    unheard = {person: (structure.day - latest).days for person, latest in heard.items()}
    candidates = [
        (person, function, tribe.get(unit), unheard.get(person))
        for person, unit, function in fitting.values()
    ]
    before = [(function, tribe.get(unit or 0)) for _person, function, unit in rows]
    most = max(0, min(wish.most, MOST_AT_ONCE))
    chosen = balanced(candidates, most, before, seed=str(campaign.pk))
    places = {person: (fitting[person][2], fitting[person][1]) for person in chosen}
    after = [(function, tribe.get(unit)) for function, unit in places.values()]
    known = {unit for _function, unit in before + after}
    units = [node for node in structure.all() if node.id in known]
    return Choice(
        fitting=len(fitting),
        suggested=_named(places, heard, structure),
        units=units,
        spread=_spread(before, after, units),
        listed=len(rows),
    )


def _fitting(wish: Wish, ground: Ground, but: set[int]) -> dict[int, Place]:
    """The place of each person who fits, as the crowd has it: (person, unit, function)."""
    crowd, structure, heard = ground.crowd, ground.structure, ground.heard
    # One question after the other, and only those that are asked: the crowd is everybody.
    if wish.functions:
        functions = frozenset(wish.functions)
        found = [place for place in crowd if place[2] in functions and place[0] not in but]
    else:
        found = [place for place in crowd if place[0] not in but]
    if wish.unit_id:
        inside = structure.under(wish.unit_id)
        found = [place for place in found if place[1] in inside]
    if wish.market_id:
        on_market = _on_market(wish.market_id, structure.day)
        found = [place for place in found if place[0] in on_market]
    if wish.unheard == NEVER:
        found = [place for place in found if place[0] not in heard]
    elif wish.unheard.isdigit():
        since = months_before(structure.day, int(wish.unheard))
        lately = {person for person, latest in heard.items() if latest > since}
        found = [place for place in found if place[0] not in lately]
    return {place[0]: place for place in found}


def _on_market(market_id: int, day: dt.date) -> set[int]:
    """Who answers for a market, or works where it is taken care of."""
    held = Mandate.objects.as_of(day).filter(market=market_id, person__isnull=False)
    owners = Ownership.objects.as_of(day).filter(market=market_id).values("unit")
    works = Membership.objects.as_of(day).filter(unit__in=owners).order_by()
    return set(
        held.order_by().values_list("person_id", flat=True).union(works.values_list("person_id", flat=True))
    )


def _listeners() -> set[int]:
    """Product Ops listens, and is not heard by itself."""
    users = User.objects.filter(role=Role.PRODUCT_OPS, is_active=True)
    emails = users.annotate(folded=Lower("email")).values("folded")
    people = Person.objects.alias(folded=Lower("email"))
    return set(people.filter(Q(user__in=users) | Q(folded__in=emails)).values_list("pk", flat=True))


def _named(
    places: dict[int, tuple[str, int]], heard: dict[int, dt.date], structure: Structure
) -> list[Suggested]:
    people = Person.objects.in_bulk(list(places))
    found = []
    for person, (function, unit) in places.items():
        node = structure.get(unit)
        found.append(Suggested(people[person], function, node.name if node else "", heard.get(person)))
    order = Function.values
    return sorted(found, key=lambda one: (order.index(one.function), one.unit_name, one.person.name_folded))


def _spread(
    before: list[tuple[str, int | None]], after: list[tuple[str, int | None]], units: list[Node]
) -> list[Spread]:
    now, more = Counter(before), Counter(after)
    functions: Iterable[str] = {function or Function.OTHER for function, _unit in before + after}
    return [
        Spread(
            function=function,
            cells=[(now[function, node.id], more[function, node.id]) for node in units],
            now=sum(many for (its, _unit), many in now.items() if its == function),
            more=sum(many for (its, _unit), many in more.items() if its == function),
        )
        for function in Function
        if function in functions
    ]
