"""Each rule finds the empty space it is for, names its neighbours, and keeps silent where there is none."""

import datetime as dt

import pytest

from tests import world
from tests.org.company import LONG_AGO, area, person, unit
from vertebra.org.labels import AreaKind, Function, MandateRole, SpaceRule
from vertebra.org.models import Area, AreaStep, Mandate, Market, Ownership, Unit
from vertebra.org.rules import Candidate, all_candidates

pytestmark = pytest.mark.django_db


def owns(owner: Unit, thing: Area | Market) -> Ownership:
    kind = "area" if isinstance(thing, Area) else "market"
    return Ownership.objects.create(unit=owner, starts_on=LONG_AGO, **{kind: thing})


def market(name: str) -> Market:
    return Market.objects.create(name=name, created_at=world.NOW)


def found(rule: str = "", day: dt.date = world.TODAY) -> list[Candidate]:
    return [one for one in all_candidates(day) if not rule or one.rule == rule]


def names(candidate: Candidate) -> list[str]:
    return [one.name for one in candidate.neighbours]


def test_an_area_nobody_owns_lies_between_the_owners_of_the_areas_beside_it() -> None:
    billing, cash = unit("Billing"), unit("Cash")
    money = area("Money")
    owns(billing, area("Invoices", money))
    owns(cash, area("Payments", money))
    refunds = area("Refunds", money)
    (one,) = found(SpaceRule.NOBODY_OWNS)
    assert (one.subject.id, names(one)) == (refunds.pk, ["Billing", "Cash"])


def test_areas_that_are_all_owned_leave_no_empty_space() -> None:
    billing, cash = unit("Billing"), unit("Cash")
    money = area("Money")
    owns(billing, area("Invoices", money))
    owns(cash, area("Payments", money))
    assert found() == []


def test_what_a_team_owns_as_a_whole_it_owns_in_every_part() -> None:
    billing = unit("Billing")
    money = area("Money")
    area("Invoices", money)
    owns(billing, money)
    assert found() == []


def test_a_branch_nobody_owns_is_told_once_by_its_top() -> None:
    money, other = area("Money"), area("Other")
    top = area("Refunds", money)
    area("After a dispute", top)
    owns(unit("Billing"), area("Invoices", money))
    owns(unit("Cash"), other)
    (one,) = found(SpaceRule.NOBODY_OWNS)
    assert one.subject.id == top.pk
    assert one.evidence["areas_inside"] == 1


def test_a_journey_lies_between_the_owners_of_its_steps() -> None:
    invoices, refunds = area("Invoices"), area("Refunds")
    owns(unit("Billing"), invoices)
    owns(unit("Cash"), refunds)
    journey = area("First month", kind=AreaKind.JOURNEY)
    AreaStep.objects.create(journey=journey, area=invoices, position=0)
    AreaStep.objects.create(journey=journey, area=refunds, position=1)
    (one,) = found(SpaceRule.NOBODY_OWNS)
    assert (one.subject.id, names(one)) == (journey.pk, ["Billing", "Cash"])


def test_a_journey_with_an_owner_is_no_empty_space() -> None:
    journey = area("First month", kind=AreaKind.JOURNEY)
    owns(unit("Billing"), journey)
    assert found() == []


def test_a_market_nobody_owns_lies_between_the_owners_of_the_others() -> None:
    owns(unit("North"), market("France"))
    owns(unit("South"), market("Spain"))
    germany = market("Germany")
    (one,) = found(SpaceRule.NOBODY_OWNS)
    assert (one.subject.kind, one.subject.id, names(one)) == ("market", germany.pk, ["North", "South"])


def test_an_ownership_that_ended_owns_nothing() -> None:
    money = area("Money")
    owns(unit("Billing"), area("Invoices", money))
    owns(unit("Cash"), area("Payments", money))
    refunds = area("Refunds", money)
    past = owns(unit("Refund desk"), refunds)
    assert found() == []
    past.ends_on = world.TODAY
    past.save()
    assert [one.subject.id for one in found()] == [refunds.pk]
    assert found(day=world.TODAY - dt.timedelta(days=1)) == []


def test_two_units_that_own_the_same_are_its_neighbours() -> None:
    docs = area("Public API documentation")
    owns(unit("Platform"), docs)
    owns(unit("Partners"), docs)
    (one,) = found()
    assert (one.rule, names(one)) == (SpaceRule.TWO_OWN, ["Partners", "Platform"])


def test_a_tribe_and_its_team_that_own_the_same_are_one_hand() -> None:
    tribe = unit("Payments", slug="tribe")
    docs = area("Public API documentation")
    owns(tribe, docs)
    owns(unit("Platform", tribe), docs)
    assert found() == []


def test_two_units_that_own_a_market_are_told() -> None:
    germany = market("Germany")
    owns(unit("North"), germany)
    owns(unit("South"), germany)
    assert [one.key for one in found()] == [f"two_own:market:{germany.pk}"]


def test_what_a_tribe_owns_and_no_team_inside_takes_lies_between_its_teams() -> None:
    tribe = unit("Payments", slug="tribe")
    billing, cash = unit("Billing", tribe), unit("Cash", tribe)
    money = area("Money")
    owns(tribe, money)
    owns(billing, area("Invoices", money))
    owns(cash, area("Cards", money))
    refunds = area("Refunds", money)
    (one,) = found()
    assert one.rule == SpaceRule.CHILDREN_DO_NOT_COVER
    assert names(one) == ["Billing", "Cash"]
    assert [part["id"] for part in one.evidence["parts"]] == [refunds.pk]  # type: ignore[attr-defined]


def test_what_the_teams_inside_cover_is_covered() -> None:
    tribe = unit("Payments", slug="tribe")
    money = area("Money")
    owns(tribe, money)
    owns(unit("Billing", tribe), area("Invoices", money))
    owns(unit("Elsewhere"), area("Cards", money))
    assert found() == []


def test_an_owner_without_units_inside_covers_what_it_owns() -> None:
    owns(unit("Billing"), area("Invoices"))
    assert found() == []


def champion(**thing: object) -> Mandate:
    return Mandate.objects.create(
        role=MandateRole.CHAMPION, person=person("Lea"), starts_on=LONG_AGO, **thing
    )


def field() -> tuple[Unit, Unit]:
    company = unit("Company", slug="company")
    sales, support = unit("Sales", company, "department"), unit("Support", company, "department")
    person("Sam", unit("Sales North", sales), Function.SALES)
    person("Sue", unit("Sales South", sales), Function.SALES)
    person("Tom", support, Function.SUPPORT)
    return sales, support


def test_an_area_without_champion_lies_between_the_field_and_its_owner() -> None:
    field()
    invoices, refunds = area("Invoices"), area("Refunds")
    owns(unit("Billing"), invoices)
    owns(unit("Cash"), refunds)
    champion(area=invoices)
    (one,) = found()
    assert (one.rule, one.subject.id) == (SpaceRule.NO_CHAMPION, refunds.pk)
    assert names(one) == ["Cash", "Sales", "Support"]


def test_a_champion_for_the_owner_or_what_it_stands_in_is_enough() -> None:
    field()
    tribe = unit("Payments", slug="tribe")
    billing = unit("Billing", tribe)
    owns(billing, area("Invoices"))
    champion(unit=tribe)
    assert found() == []


def test_a_market_without_champion_is_told_once_markets_have_champions() -> None:
    field()
    owner = unit("North")
    france, germany = market("France"), market("Germany")
    owns(owner, france)
    owns(owner, germany)
    assert found() == []
    champion(market=france)
    (one,) = found()
    assert (one.rule, one.subject.id) == (SpaceRule.NO_CHAMPION, germany.pk)


def test_a_champion_who_left_is_no_champion() -> None:
    field()
    invoices, refunds = area("Invoices"), area("Refunds")
    owns(unit("Billing"), invoices)
    owns(unit("Cash"), refunds)
    champion(area=invoices)
    gone = champion(area=refunds)
    assert found() == []
    assert gone.person is not None
    gone.person.left_on = world.TODAY
    gone.person.save()
    assert [one.subject.id for one in found()] == [refunds.pk]


def test_a_company_without_champions_is_told_of_none() -> None:
    field()
    owns(unit("Billing"), area("Invoices"))
    assert found() == []


def test_the_same_day_gives_the_same_candidates_and_a_new_name_is_no_new_evidence() -> None:
    docs = area("Documentation")
    owns(unit("Platform"), docs)
    owns(unit("Partners"), docs)
    before = found()
    docs.versions.update(name="Public documentation")
    after = found()
    assert [one.fingerprint for one in before] == [one.fingerprint for one in after]
    owns(unit("Third"), docs)
    assert found()[0].fingerprint != before[0].fingerprint


def test_a_loop_in_the_tree_of_areas_stops_nothing() -> None:
    first, second = area("First"), area("Second")
    first.versions.update(parent=second)
    second.versions.update(parent=first)
    owns(unit("Platform"), second)
    assert found() == []
