"""A quarterly table of the tests: six directors, four topics, and rankings."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from tests import world
from tests.org.company import person, unit
from vertebra.accounts.models import Message, User
from vertebra.kit.seals import unseal
from vertebra.org.models import Mandate, Person
from vertebra.roadmap.actions.cycles import CycleValues, freeze_table, open_cycle, open_ranking
from vertebra.roadmap.actions.ranking_drafts import save_draft
from vertebra.roadmap.actions.rankings import cast_ranking
from vertebra.roadmap.actions.seats import send_rankings
from vertebra.roadmap.actions.topics import put_on_table, raise_topic
from vertebra.roadmap.models import Cycle, Seat, Topic

DIRECTORS = (
    ("Paul Product", "product"),
    ("Pia Product", "product"),
    ("Dora Design", "design"),
    ("Edo Engineering", "engineering"),
    ("Eva Engineering", "engineering"),
    ("Eli Engineering", "engineering"),
)
TITLES = ("Customers tell the field", "Two roadmaps", "No test data", "Nobody owns onboarding")


def directors() -> list[Person]:
    """Six directors of one company, each with an address."""
    company = unit("Company")
    made = []
    for name, function in DIRECTORS:
        email = f"{name.split()[0].lower()}@example.org"
        one = person(name, company, function, email=email, language="en")
        Mandate.objects.create(
            role="director",
            function=function,
            person=one,
            unit=company,
            starts_on=world.TODAY - dt.timedelta(days=99),
        )
        made.append(one)
    return made


def topics(actor: User, titles: Sequence[str] = TITLES) -> list[Topic]:
    """Topics raised by one person."""
    return [
        raise_topic(actor=actor, title=title, language="en", effort_days=10 * (at + 1), now=world.NOW)
        for at, title in enumerate(titles)
    ]


def values(**changes: object) -> CycleValues:
    """What a table is set up with, unless said otherwise."""
    given: dict[str, object] = {
        "title": "Q1 2027", "language": "en", "starts_on": dt.date(2027, 1, 1), "ends_on": dt.date(2027, 4, 1),
        "freezes_on": world.TODAY + dt.timedelta(days=7), "ranks_until": world.TODAY + dt.timedelta(days=14),
        "picks": 3, "capacity_days": 35,
    }  # fmt: skip
    return CycleValues(**{**given, **changes})  # type: ignore[arg-type]


def table(actor: User, rows: Sequence[Topic] | None = None, **changes: Any) -> Cycle:
    """A table that is collected, with topics on it."""
    cycle = open_cycle(actor=actor, values=values(**changes), now=world.NOW)
    put_on_table(actor=actor, cycle=cycle, topics=topics(actor) if rows is None else rows, now=world.NOW)
    return cycle


def ranking(actor: User, **changes: Any) -> Cycle:
    """A table that is being ranked: the links are sent."""
    cycle = table(actor, **changes)
    freeze_table(actor=actor, cycle=cycle, now=world.NOW)
    open_ranking(actor=actor, cycle=cycle, now=world.NOW)
    send_rankings(actor=None, cycle=cycle, now=world.NOW)
    cycle.refresh_from_db()
    return cycle


def ranks(seat: Seat, *order: Topic, scores: dict[str, dict[str, float]] | None = None) -> None:
    """Let a director rank these topics, best first."""
    revision = seat.ranking.revision if hasattr(seat, "ranking") else 0
    save_draft(
        seat=seat,
        by=seat.person,
        order=[one.pk for one in order],
        scores=scores or {},
        revision=revision,
        now=world.NOW,
    )
    cast_ranking(actor=None, seat=seat, by=seat.person, now=world.NOW)


def on(cycle: Cycle) -> list[Topic]:
    """The topics of a table, in its order."""
    return [row.topic for row in cycle.table.select_related("topic").order_by("position", "pk")]


def seats(cycle: Cycle) -> list[Seat]:
    """The seats of a table in the order in which they were made."""
    return list(cycle.seats.select_related("person").order_by("pk"))


def link_of(seat: Seat) -> str:
    """The address that was sent to whoever ranks in a seat."""
    seat.refresh_from_db()
    return unseal(Message.objects.get(key=f"ranking:{seat.pk}:{seat.digest[:12]}").address)
