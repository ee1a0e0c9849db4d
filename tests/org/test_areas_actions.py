"""Areas, journeys, markets, fields of action and who takes care of what: changed, refused, undone."""

import pytest

from tests import world
from tests.org import company as cast
from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges
from vertebra.accounts.models import User
from vertebra.org.actions import areas, care
from vertebra.org.actions.naming import MarketClosed
from vertebra.org.actions.over_time import AlreadySo, Circle, NotOnThatDay
from vertebra.org.labels import AreaKind
from vertebra.org.models import Area, AreaStep, Field, Mandate, Ownership
from vertebra.org.queries.care import Areas, Owners

pytestmark = pytest.mark.django_db


@pytest.fixture
def tournesol() -> cast.Company:
    return cast.small()


@pytest.fixture
def ines() -> User:
    return world.ines()


def steps_of(journey: Area) -> list[int]:
    return list(AreaStep.objects.filter(journey=journey).values_list("area_id", flat=True))


def test_an_area_is_not_part_of_itself(tournesol: cast.Company, ines: User) -> None:
    inner = cast.area("Reminders", tournesol.invoices)
    with pytest.raises(Circle):
        areas.change_area(
            actor=ines, area=tournesol.invoices, changes={"parent": inner}, on=world.TODAY, now=world.NOW
        )


def test_steps_are_put_in_order_and_undone(tournesol: cast.Company, ines: User) -> None:
    wanted = [tournesol.refunds.pk, tournesol.invoices.pk]
    entry = areas.set_steps(
        actor=ines, journey=tournesol.first_month, steps=wanted, on=world.TODAY, now=world.NOW
    )
    assert steps_of(tournesol.first_month) == wanted
    audit.undo(actor=ines, entry=entry, now=world.NOW)
    assert steps_of(tournesol.first_month) == wanted[::-1]


@pytest.mark.parametrize("steps", [["journey"], ["invoices", "invoices"], ["unknown"]])
def test_wrong_steps_are_refused(tournesol: cast.Company, ines: User, steps: list[str]) -> None:
    known = {"journey": tournesol.first_month.pk, "invoices": tournesol.invoices.pk, "unknown": 10**9}
    with pytest.raises(areas.WrongSteps):
        areas.set_steps(
            actor=ines,
            journey=tournesol.first_month,
            steps=[known[step] for step in steps],
            on=world.TODAY,
            now=world.NOW,
        )


def test_a_hand_over_goes_between_two(tournesol: cast.Company, ines: User) -> None:
    with pytest.raises(areas.WrongSteps):
        areas.create_area(
            actor=ines,
            name="From sale to support",
            kind=AreaKind.HAND_OVER,
            parent=None,
            steps=[tournesol.invoices.pk],
            on=world.TODAY,
            now=world.NOW,
        )
    assert not Area.objects.filter(kind=AreaKind.HAND_OVER).exists()


def test_closing_an_area_hands_its_parts_up(tournesol: cast.Company, ines: User) -> None:
    inner = cast.area("Reminders", tournesol.invoices)
    with pytest.raises(areas.AreaNotEmpty):
        areas.close_area(actor=ines, area=tournesol.invoices, contents=None, on=world.TODAY, now=world.NOW)
    areas.close_area(actor=ines, area=tournesol.invoices, contents="to_parent", on=world.TODAY, now=world.NOW)
    today = Areas.as_of(world.TODAY)
    assert tournesol.invoices.pk not in today.nodes
    assert today.nodes[inner.pk].parent_id is None
    assert Owners.as_of(world.TODAY).of_area[tournesol.invoices.pk] == []


def test_a_unit_takes_care_of_a_thing_once(tournesol: cast.Company, ines: User) -> None:
    with pytest.raises(AlreadySo):
        care.give_ownership(
            actor=ines, unit=tournesol.billing, target=tournesol.invoices, on=world.TODAY, now=world.NOW
        )


def test_owning_and_disowning_keep_the_past(tournesol: cast.Company, ines: User) -> None:
    row = Ownership.objects.as_of(world.TODAY).get(area=tournesol.invoices)
    care.end_ownership(actor=ines, ownership=row, on=world.TODAY, now=world.NOW)
    care.give_ownership(
        actor=ines, unit=tournesol.cash, target=tournesol.invoices, on=world.TODAY, now=world.NOW
    )
    assert Owners.as_of(cast.LONG_AGO).of_area[tournesol.invoices.pk] == [tournesol.billing.pk]
    assert Owners.as_of(world.TODAY).of_area[tournesol.invoices.pk] == [tournesol.cash.pk]


def test_archiving_a_market_ends_what_is_held_there(tournesol: cast.Company, ines: User) -> None:
    entry = care.archive_market(actor=ines, market=tournesol.germany, now=world.NOW)
    assert not Mandate.objects.as_of(world.TODAY).filter(market=tournesol.germany).exists()
    with pytest.raises(MarketClosed):
        care.give_ownership(
            actor=ines, unit=tournesol.billing, target=tournesol.germany, on=world.TODAY, now=world.NOW
        )
    audit.undo(actor=ines, entry=entry, now=world.NOW)
    assert Owners.as_of(world.TODAY).of_market[tournesol.germany.pk] == [tournesol.cash.pk]


def test_nothing_is_owned_before_the_unit_exists(tournesol: cast.Company, ines: User) -> None:
    young = cast.unit("Young team", tournesol.payments, since=world.TODAY)
    with pytest.raises(NotOnThatDay):
        care.give_ownership(actor=ines, unit=young, target=tournesol.refunds, on=cast.LONG_AGO, now=world.NOW)


def test_two_markets_do_not_share_a_name(tournesol: cast.Company, ines: User) -> None:
    with pytest.raises(AlreadySo):
        care.create_market(actor=ines, name="germany", code="", now=world.NOW)


def test_fields_of_action_are_the_company_s_to_name_and_order(ines: User) -> None:
    made = [
        care.create_field(actor=ines, name=name, description="", now=world.NOW).object_id
        for name in ("Impact", "Tools", "Knowledge")
    ]
    care.order_fields(actor=ines, order=[made[2] or 0, made[0] or 0], now=world.NOW)
    assert [field.name for field in Field.objects.all()] == ["Knowledge", "Impact", "Tools"]
    with pytest.raises(NothingChanges):
        care.order_fields(actor=ines, order=[], now=world.NOW)
    with pytest.raises(AlreadySo):
        care.create_field(actor=ines, name="Tools", description="", now=world.NOW)
