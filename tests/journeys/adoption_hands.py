"""A company that lives by practices before the journey begins: run inside the instance, as its own words would be.

Prints, as JSON: the link of the card of a team, the names of its leader and of the director above, its number.
"""

import datetime as dt
import json

import django

django.setup()

from vertebra.accounts.models import User  # noqa: E402
from vertebra.accounts.tokens import digest_of, new_secret  # noqa: E402
from vertebra.kit import clock  # noqa: E402
from vertebra.org.labels import MandateRole  # noqa: E402
from vertebra.org.models import Mandate, Person, Unit  # noqa: E402
from vertebra.org.queries.structure import Node, Structure  # noqa: E402
from vertebra.practices.labels.practices import PracticeState  # noqa: E402
from vertebra.practices.models import (  # noqa: E402
    Adoption,
    AdoptionCard,
    CoAuthor,
    Practice,
    PracticeReach,
    PracticeText,
    PracticeVersion,
)

NAMES = (
    "Une démo chaque vendredi",
    "Écrire le pourquoi avant le comment",
    "Recette avant mise en production",
)
LONG_AGO = dt.timedelta(days=200)
TEAM_SIZE = 5


def lived(name: str, carrier: Person, now: dt.datetime) -> Practice:
    """A practice on trial that is the standard of the company, and has a co-author."""
    row = Practice.objects.create(
        name=name, language="fr", state=PracticeState.TRIAL, carrier=carrier, created_at=now, changed_at=now
    )
    version = PracticeVersion.objects.create(
        practice=row, number=1, published_at=now, created_at=now, changed_at=now
    )
    why = "Ce qui se voit se discute plus tôt. On y gagne une semaine."
    PracticeText.objects.create(version=version, language="fr", name=name, why=why)
    CoAuthor.objects.create(practice=row, person=carrier, added_at=now)
    day = clock.today(now)
    PracticeReach.objects.create(
        practice=row,
        unit=None,
        reach="standard",
        is_registered=True,
        starts_on=day - LONG_AGO,
        created_at=now,
    )
    return row


def led(structure: Structure, day: dt.date) -> tuple[Node, Person, Person]:
    """The first team of five or more, somebody with an account to lead it, somebody to direct what it stands in."""
    team = next(
        node for node in structure.all() if node.kind.is_team and node.members >= TEAM_SIZE and node.path
    )
    users = User.objects.filter(is_active=True).exclude(role__in=("product_ops", "administrator"))
    people = list(Person.objects.filter(user__in=users).order_by("pk")[:2])
    for person, unit, role in (
        (people[0], team.id, MandateRole.LEAD),
        (people[1], team.path[-1], MandateRole.DIRECTOR),
    ):
        Mandate.objects.create(
            person=person, unit=Unit.objects.get(pk=unit), role=role, starts_on=day - LONG_AGO
        )
    return team, people[0], people[1]


def main() -> None:
    """Write it all down, and say where the journey begins."""
    now = clock.now()
    day = clock.today(now)
    structure = Structure.as_of(day)
    team, leader, director = led(structure, day)
    practices = [lived(name, leader, now) for name in NAMES]
    states = ("adopted", "trying", "not_yet", "adopted", "lapsed")
    for at, node in enumerate(one for one in structure.all() if one.kind.is_team):
        for shift, row in enumerate(practices[:2]):
            for back in (150, 60):
                since = day - dt.timedelta(days=back)
                Adoption.objects.create(
                    practice=row, unit_id=node.id, state=states[(at + shift + (back == 60)) % 5], source="observed",
                    is_willing=at % 2 == 0, starts_on=since, ends_on=None if back == 60 else since + dt.timedelta(days=90),
                    visible_from=since + dt.timedelta(days=14), created_at=now,
                    visible_until=None if back == 60 else since + dt.timedelta(days=104),
                )  # fmt: skip
    secret = new_secret()
    # The demo asked this team already.
    AdoptionCard.objects.filter(unit_id=team.id).delete()
    AdoptionCard.objects.create(
        unit_id=team.id, quarter=dt.date(day.year, 10, 1), person=leader, digest=digest_of(secret), asked_at=now,
        expires_at=now + dt.timedelta(days=50),
    )  # fmt: skip
    said = {
        "link": f"/practices/card/{secret}/",
        "team": team.id,
        "leader": leader.name,
        "director": director.name,
    }
    print(json.dumps(said | {"practices": [row.pk for row in practices]}))


main()
