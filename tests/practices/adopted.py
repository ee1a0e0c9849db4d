"""Teams that live by a practice: two tribes, teams of six and of three, somebody who leads each."""

import datetime as dt
from dataclasses import dataclass

from tests import world
from tests.org.company import LONG_AGO, person, unit
from vertebra.accounts.models import User
from vertebra.org.labels import MandateRole
from vertebra.org.models import Mandate, Person, Unit
from vertebra.practices.actions.adoption import say_adoption
from vertebra.practices.actions.adoption_rows import Said
from vertebra.practices.labels.practices import PracticeState, Reach
from vertebra.practices.models import CoAuthor, Practice, PracticeReach, PracticeVersion

TWO_WEEKS = dt.timedelta(days=14)


@dataclass
class Living:
    """What the tests ask for by name."""

    company: Unit
    payments: Unit
    growth: Unit
    billing: Unit
    cash: Unit
    refunds: Unit
    fees: Unit
    web: Unit
    letters: Unit
    karim: Person
    practice: Practice


def team(name: str, tribe: Unit, people: int) -> Unit:
    """A team of so many."""
    made = unit(name, tribe)
    for at in range(people):
        person(f"{name} {at}", made)
    return made


def lived(
    name: str = "Demos on Fridays", *, carrier: Person | None = None, reach: str = "standard"
) -> Practice:
    """A practice on trial with a co-author, which is this for the whole company."""
    row = Practice.objects.create(
        name=name, language="en", state=PracticeState.TRIAL, carrier=carrier, created_at=world.NOW, changed_at=world.NOW
    )  # fmt: skip
    PracticeVersion.objects.create(
        practice=row, number=1, published_at=world.NOW, created_at=world.NOW, changed_at=world.NOW
    )
    CoAuthor.objects.create(practice=row, person=person(f"Author of {name}"), added_at=world.NOW)
    PracticeReach.objects.create(
        practice=row,
        unit=None,
        reach=Reach(reach),
        is_registered=True,
        starts_on=LONG_AGO,
        created_at=world.NOW,
    )
    return row


def leads(who: Person, team: Unit, role: str = MandateRole.LEAD) -> Person:
    """Somebody answers for a team."""
    Mandate.objects.create(person=who, role=role, unit=team, starts_on=LONG_AGO)
    return who


def living() -> Living:
    """One company, two tribes; Karim leads Billing and has an account."""
    company = unit("Tournesol", None, "company")
    payments, growth = unit("Payments", company, "tribe"), unit("Growth", company, "tribe")
    billing, cash = team("Billing", payments, 6), team("Cash desk", payments, 6)
    refunds, fees = team("Refunds", payments, 3), team("Fees", payments, 3)
    web, letters = team("Web", growth, 6), team("Letters", growth, 3)
    karim = person("Karim Diallo", billing, email="karim@example.org", language="fr")
    leads(karim, billing)
    return Living(
        company, payments, growth, billing, cash, refunds, fees, web, letters, karim, lived(carrier=karim)
    )


def signed_in(who: Person, user: User) -> User:
    """The account of somebody."""
    who.user = user
    who.save(update_fields=["user"])
    return user


def says(
    unit: Unit, practice: Practice, state: str, at: dt.datetime = world.NOW, *, is_willing: bool = False
) -> None:
    """A team says where it stands."""
    who = Person.objects.filter(memberships__unit=unit).order_by("pk")[0]
    said = [Said(practice.pk, state, is_willing)]
    say_adoption(actor=None, person=who, unit=unit, said=said, language="en", now=at)
