"""A small organisation for the tests of its pages, and a large one for their speed."""

import datetime as dt
from dataclasses import dataclass

from tests import world
from vertebra.kit.text import fold
from vertebra.org.labels import AreaKind, Function, MandateRole
from vertebra.org.models import (
    Area,
    AreaStep,
    AreaVersion,
    Mandate,
    Market,
    Membership,
    Ownership,
    Person,
    Unit,
    UnitKind,
    UnitVersion,
)

LONG_AGO = dt.date(2024, 1, 1)


def kind(slug: str, *, is_team: bool = False, position: int = 0) -> UnitKind:
    """A kind of unit, made at need."""
    return UnitKind.objects.get_or_create(slug=slug, defaults={"is_team": is_team, "position": position})[0]


def unit(name: str, parent: Unit | None = None, slug: str = "team", *, since: dt.date = LONG_AGO) -> Unit:
    """A unit that exists since a day."""
    made = Unit.objects.create(created_at=world.NOW)
    UnitVersion.objects.create(
        unit=made, name=name, kind=kind(slug, is_team=slug == "team"), parent=parent, starts_on=since
    )
    return made


def person(
    name: str, in_unit: Unit | None = None, function: str = Function.ENGINEERING, **fields: object
) -> Person:
    """Somebody, who may work in a unit since long ago."""
    made = Person.objects.create(name=name, name_folded=fold(name), created_at=world.NOW, **fields)
    if in_unit is not None:
        Membership.objects.create(person=made, unit=in_unit, function=function, starts_on=LONG_AGO)
    return made


def area(name: str, parent: Area | None = None, kind: str = AreaKind.PRODUCT) -> Area:
    """An area that exists since long ago."""
    made = Area.objects.create(kind=kind, created_at=world.NOW)
    AreaVersion.objects.create(area=made, name=name, parent=parent, starts_on=LONG_AGO)
    return made


@dataclass
class Company:
    """What the tests ask for by name."""

    company: Unit
    payments: Unit
    billing: Unit
    cash: Unit
    karim: Person
    lea: Person
    invoices: Area
    refunds: Area
    first_month: Area
    germany: Market


def small() -> Company:
    """One company, one tribe of two teams, seven people, three areas, one market."""
    company = unit("Tournesol", None, "company")
    payments = unit("Payments", company, "tribe")
    billing, cash = unit("Billing", payments), unit("Cash desk", payments)
    karim = person("Karim Diallo", billing, Function.PRODUCT, email="karim@example.org", country="France")
    lea = person(
        "Léa Roux", cash, Function.SALES, email="lea@example.org", country="Allemagne", manager=karim
    )
    for name in ("Sofia Marín", "Zoë Ångström", "Jean-Noël Bœuf"):
        person(name, billing)
    person("Ana <b>Lima</b>", cash)
    person("Noor Haddad")
    invoices, refunds = area("Invoices"), area("Refunds")
    first_month = area("The first month of a customer", None, AreaKind.JOURNEY)
    AreaStep.objects.create(journey=first_month, area=invoices, position=0)
    AreaStep.objects.create(journey=first_month, area=refunds, position=1)
    germany = Market.objects.create(name="Germany", code="DE", created_at=world.NOW)
    Ownership.objects.create(unit=billing, area=invoices, starts_on=LONG_AGO)
    Ownership.objects.create(unit=cash, market=germany, starts_on=LONG_AGO)
    Mandate.objects.create(role=MandateRole.PRODUCT_MANAGER, person=karim, unit=billing, starts_on=LONG_AGO)
    Mandate.objects.create(role=MandateRole.CHAMPION, person=lea, market=germany, starts_on=LONG_AGO)
    return Company(company, payments, billing, cash, karim, lea, invoices, refunds, first_month, germany)


def large(teams: int = 400, people: int = 2_000) -> Unit:
    """Some hundred teams in tribes, each with people, mandates and areas, written in bulk; gives the company."""
    company = unit("Large company", None, "company")
    team, tribe = kind("team", is_team=True), kind("tribe")
    tribes = Unit.objects.bulk_create([Unit(created_at=world.NOW) for _ in range(max(1, teams // 10))])
    made = Unit.objects.bulk_create([Unit(created_at=world.NOW) for _ in range(teams)])
    versions = [
        UnitVersion(unit=one, name=f"Tribe {at}", kind=tribe, parent=company, starts_on=LONG_AGO)
        for at, one in enumerate(tribes)
    ]
    versions += [
        UnitVersion(
            unit=one,
            name=f"Feature team {at}",
            kind=team,
            parent=tribes[at % len(tribes)],
            starts_on=LONG_AGO,
        )
        for at, one in enumerate(made)
    ]
    UnitVersion.objects.bulk_create(versions)
    _crowd(made, people)
    areas = Area.objects.bulk_create([Area(created_at=world.NOW) for _ in range(teams)])
    AreaVersion.objects.bulk_create(
        [AreaVersion(area=one, name=f"Area {at}", starts_on=LONG_AGO) for at, one in enumerate(areas)]
    )
    Ownership.objects.bulk_create(
        [Ownership(unit=made[at], area=one, starts_on=LONG_AGO) for at, one in enumerate(areas) if at % 9]
    )
    return company


def _crowd(made: list[Unit], people: int) -> None:
    """People who work in these teams, some of whom answer for them."""
    teams = len(made)
    names = [
        f"{first} {last}" for first in ("Anaïs", "Björn", "Chloé", "Driss") for last in range(people // 4)
    ]
    crowd = Person.objects.bulk_create(
        [Person(name=n, name_folded=fold(n), country="France", created_at=world.NOW) for n in names]
    )
    functions = Function.values
    Membership.objects.bulk_create(
        [
            Membership(
                person=one, unit=made[at % teams], function=functions[at % len(functions)], starts_on=LONG_AGO
            )
            for at, one in enumerate(crowd)
        ]
    )
    roles = (MandateRole.PRODUCT_MANAGER, MandateRole.DESIGNER, MandateRole.ENGINEERING_LEAD)
    Mandate.objects.bulk_create(
        [
            Mandate(role=role, person=crowd[(at + 7 * n) % people], unit=one, starts_on=LONG_AGO)
            for at, one in enumerate(made)
            for n, role in enumerate(roles)
        ]
    )
