"""What changed between two days, and nothing else, is told: units, people, mandates, ownerships, areas."""

import datetime as dt

import pytest
from django.urls import reverse

from tests import world
from tests.org import company as cast
from tests.org.test_map import body, signed_in
from vertebra.accounts.models import User
from vertebra.org.actions import areas, care, mandates, people, units
from vertebra.org.models import Mandate, Membership, Ownership
from vertebra.org.queries.changes import Changes, changes_between

pytestmark = pytest.mark.django_db
BEFORE = world.TODAY - dt.timedelta(days=10)


@pytest.fixture
def tournesol() -> cast.Company:
    return cast.small()


@pytest.fixture
def ines() -> User:
    return world.ines()


def told(found: Changes) -> list[tuple[str, str, str, str]]:
    return [(change.what, change.name, change.before, change.after) for change in found.all()]


def since(day: dt.date = BEFORE) -> list[tuple[str, str, str, str]]:
    return told(changes_between(day, world.TODAY))


def test_nothing_changes_by_itself(tournesol: cast.Company) -> None:
    assert since() == []


def test_units_created_renamed_moved_closed(tournesol: cast.Company, ines: User) -> None:
    common = {"actor": ines, "on": world.TODAY, "now": world.NOW}
    units.create_unit(name="Fraud", kind=cast.kind("team"), parent=tournesol.payments, **common)  # type: ignore[arg-type]
    units.change_unit(unit=tournesol.billing, changes={"name": "Invoicing"}, **common)  # type: ignore[arg-type]
    units.change_unit(unit=tournesol.billing, changes={"parent": tournesol.company}, **common)  # type: ignore[arg-type]
    units.close_unit(unit=tournesol.cash, contents="together", **common)  # type: ignore[arg-type]
    found = since()
    assert ("unit_created", "Fraud", "", "Payments") in found
    assert ("unit_renamed", "Invoicing", "Billing", "Invoicing") in found
    assert ("unit_moved", "Invoicing", "Payments", "Tournesol") in found
    assert ("unit_closed", "Cash desk", "Payments", "") in found
    assert ("ownership_ended", "Cash desk", "", "Germany") in found


def test_what_is_undone_between_the_two_days_is_not_told(tournesol: cast.Company, ines: User) -> None:
    for name, day in (("Invoicing", BEFORE + dt.timedelta(days=2)), ("Billing", world.TODAY)):
        units.change_unit(actor=ines, unit=tournesol.billing, changes={"name": name}, on=day, now=world.NOW)
    assert since() == []


def test_people_who_joined_left_and_moved(tournesol: cast.Company, ines: User) -> None:
    cast.person("New Comer", tournesol.cash, joined_on=world.TODAY, title="Seller")
    people.record_departure(actor=ines, person=tournesol.lea, on=world.TODAY, now=world.NOW)
    row = Membership.objects.as_of(world.TODAY).get(person=tournesol.karim)
    people.leave_unit(actor=ines, membership=row, on=world.TODAY, now=world.NOW)
    people.join_unit(
        actor=ines,
        person=tournesol.karim,
        unit=tournesol.cash,
        function="product",
        on=world.TODAY,
        now=world.NOW,
    )
    found = since()
    assert ("person_joined", "New Comer", "", "Seller") in found
    assert ("person_left", "Léa Roux", "", "") in found
    assert ("person_moved", "Karim Diallo", "Billing", "Cash desk") in found
    assert ("mandate_ended", "Léa Roux", "Product Champion", "Germany") in found
    assert not [one for one in found if one[0] == "person_moved" and one[1] == "Léa Roux"]


def test_one_more_unit_is_no_move(tournesol: cast.Company, ines: User) -> None:
    people.join_unit(
        actor=ines,
        person=tournesol.karim,
        unit=tournesol.cash,
        function="product",
        on=world.TODAY,
        now=world.NOW,
    )
    assert since() == [("person_placed", "Karim Diallo", "", "Cash desk")]


def test_a_change_of_function_is_no_move(tournesol: cast.Company, ines: User) -> None:
    row = Membership.objects.as_of(world.TODAY).get(person=tournesol.karim)
    people.change_membership(
        actor=ines, membership=row, changes={"function": "data"}, on=world.TODAY, now=world.NOW
    )
    assert since() == [("person_function", "Karim Diallo", "Product", "Data")]


def test_confirming_who_was_acting_is_no_new_mandate(tournesol: cast.Company, ines: User) -> None:
    mandate = Mandate.objects.as_of(world.TODAY).get(person=tournesol.karim)
    mandates.change_mandate(
        actor=ines, mandate=mandate, changes={"is_acting": True}, on=world.TODAY, now=world.NOW
    )
    assert since() == []


def test_ownership_and_areas(tournesol: cast.Company, ines: User) -> None:
    row = Ownership.objects.as_of(world.TODAY).get(area=tournesol.invoices)
    care.end_ownership(actor=ines, ownership=row, on=world.TODAY, now=world.NOW)
    areas.change_area(
        actor=ines, area=tournesol.refunds, changes={"name": "Money back"}, on=world.TODAY, now=world.NOW
    )
    assert since() == [
        ("area_renamed", "Money back", "Refunds", "Money back"),
        ("ownership_ended", "Billing", "", "Invoices"),
    ]


def test_the_page_tells_it_in_a_sentence_and_in_tables(tournesol: cast.Company, ines: User) -> None:
    units.change_unit(
        actor=ines, unit=tournesol.billing, changes={"name": "Invoicing"}, on=world.TODAY, now=world.NOW
    )
    client = signed_in(ines)
    page = body(client, reverse("org:change-list") + f"?from={BEFORE}&to={world.TODAY}")
    assert "1 unit created, moved, renamed or closed" in page
    assert "Units renamed" in page
    turned = body(client, reverse("org:change-list") + f"?from={world.TODAY}&to={BEFORE}")
    assert "1 unit created, moved, renamed or closed" in turned
    answer = client.get(reverse("org:change-list") + f"?from={BEFORE}&to={world.TODAY}&format=csv")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "Units renamed,Invoicing,Billing,Invoicing" in text
