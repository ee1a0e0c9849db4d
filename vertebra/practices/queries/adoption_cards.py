"""The quarterly card of a team: what it asks, whom, and who may answer."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from vertebra.accounts.models import User
from vertebra.accounts.tokens import digest_of
from vertebra.kit import clock
from vertebra.kit.home import Rows, waits
from vertebra.org.empty_spaces import number_of_person
from vertebra.org.models import Mandate, Person, UnitVersion
from vertebra.org.personal import is_erased
from vertebra.org.queries.structure import Node
from vertebra.practices.labels.adoption import AdoptionSource, CardState
from vertebra.practices.models import AdoptionCard, ObservationDoubt, Practice
from vertebra.practices.queries.adoption import LEADING, Facts, Stand, facts_on

# Reminded once, after so long.
REMIND_AFTER = dt.timedelta(days=7)


def quarter_of(day: dt.date) -> dt.date:
    """The first day of the quarter of a day."""
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def next_quarter(day: dt.date) -> dt.date:
    """The first day of the quarter after."""
    return quarter_of(quarter_of(day) + dt.timedelta(days=100))


@dataclass(frozen=True, slots=True)
class Item:
    """One practice on a card, and where the team stands with it as far as is known."""

    practice: Practice
    stand: Stand | None
    is_doubted: bool = False

    @property
    def is_observed(self) -> bool:
        """Whether the tools show it: the team is not asked, it may say that they are wrong."""
        return self.stand is not None and self.stand.source == AdoptionSource.OBSERVED


def items_of(facts: Facts, unit: int) -> list[Item]:
    """What is asked about in a team, and where it stands with each."""
    doubted = set(
        ObservationDoubt.objects.filter(unit=unit, answered_at=None).values_list("practice_id", flat=True)
    )
    return [Item(row, facts.now.get((row.pk, unit)), row.pk in doubted) for row in asked_about(facts, unit)]


def asked_about(facts: Facts, unit: int) -> list[Practice]:
    """The practices that are expected of a team, or that it stands somewhere with; not what it does otherwise."""
    return [
        row
        for row in facts.practices
        if ((row.pk, unit) in facts.now or facts.is_expected(row.pk, unit))
        and (row.pk, unit) not in facts.ways
    ]


def has_to_be_asked(facts: Facts, unit: int) -> bool:
    """Whether something is expected of a team that no tool shows."""
    for row in facts.practices:
        key, stand = (row.pk, unit), facts.now.get((row.pk, unit))
        is_asked = key in facts.now or facts.is_expected(row.pk, unit)
        if is_asked and key not in facts.ways and (stand is None or stand.source != AdoptionSource.OBSERVED):
            return True
    return False


def leaders_of(units: Sequence[int], day: dt.date) -> dict[int, list[Person]]:
    """Who speaks for each of these teams, whoever is asked first first."""
    rows = Mandate.objects.as_of(day).filter(unit__in=units, role__in=LEADING, person__isnull=False)
    found: dict[int, list[Person]] = defaultdict(list)
    order = {role: at for at, role in enumerate(LEADING)}
    for row in sorted(rows.select_related("person__user"), key=lambda row: (order[row.role], row.pk)):
        person = row.person
        if person is not None and person not in found[row.unit_id or 0] and not is_gone(person, day):
            found[row.unit_id or 0].append(person)
    return found


def is_gone(person: Person, day: dt.date) -> bool:
    """Whether somebody works here no more, or was erased: they are asked nothing."""
    return not person.is_present(day) or person.archived_at is not None or is_erased(person)


@dataclass(frozen=True, slots=True)
class ToAsk:
    """Somebody who speaks for a team that was not asked this quarter."""

    node: Node
    person: Person


def whom_to_ask(now: dt.datetime) -> list[ToAsk]:
    """Who is asked next: one person for each team that has something to say and was not asked yet, or whose card was passed on."""
    day = clock.today(now)
    facts = facts_on(day, day)
    cards: dict[int, list[AdoptionCard]] = defaultdict(list)
    for card in AdoptionCard.objects.filter(quarter=quarter_of(day)):
        cards[card.unit_id].append(card)
    open_to_ask = [
        node
        for node in facts.teams
        if all(card.state == CardState.DECLINED for card in cards[node.id])
        and has_to_be_asked(facts, node.id)
    ]
    leaders = leaders_of([node.id for node in open_to_ask], day)
    found = []
    for node in open_to_ask:
        passed = {card.person_id for card in cards[node.id]}
        person = next((one for one in leaders.get(node.id, []) if one.pk not in passed), None)
        if person is not None:
            found.append(ToAsk(node, person))
    return found


def speaks_for(user: User, unit: int, day: dt.date) -> Person | None:
    """Under whose name this user speaks for a team: one who leads it."""
    held = mandate_to_speak(user, unit, day)
    return held.person if held else None


def mandate_to_speak(user: User, unit: int, day: dt.date) -> Mandate | None:
    """The mandate by which this user speaks for a team, with the team and the person."""
    mine = Mandate.objects.as_of(day).filter(person=number_of_person(user), unit=unit, role__in=LEADING)
    held: Mandate | None = mine.select_related("person", "unit").order_by("pk").first()
    if held is None or held.person is None or is_gone(held.person, day):
        return None
    return held


def still_leads(card: AdoptionCard, day: dt.date) -> bool:
    """Whether whoever was asked leads the team still."""
    held = Mandate.objects.as_of(day).filter(person=card.person_id, unit=card.unit_id, role__in=LEADING)
    return not is_gone(card.person, day) and held.exists()


def cards() -> "QuerySet[AdoptionCard]":
    """Cards, each with whom."""
    return AdoptionCard.objects.select_related("person__user", "unit")


def card_by_link(token: str) -> AdoptionCard | None:
    """The card that the link of a mail opens."""
    return cards().filter(digest=digest_of(token)).first()


def waiting_cards(person: Person, now: dt.datetime) -> Rows:
    """The cards that wait for somebody, as Home reads them, with the name of the team."""
    day = clock.today(now)
    rows = AdoptionCard.objects.filter(person=person, state=CardState.WAITING, expires_at__gt=now)
    names = UnitVersion.objects.as_of(day).values("name")
    named = rows.annotate(team=Subquery(names.filter(unit=OuterRef("unit"))[:1]))
    return waits(named, "adoption", title="team", day="quarter")
