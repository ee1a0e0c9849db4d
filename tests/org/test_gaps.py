"""Each rule of the administrative list finds what is missing, with what shows it, and nothing where nothing is."""

import datetime as dt

import pytest

from tests import world
from tests.org.company import LONG_AGO, person, unit
from vertebra.org.actions.findings import refresh_findings
from vertebra.org.gaps import FoundGap, all_gaps
from vertebra.org.labels import Function, GapRule, MandateRole
from vertebra.org.models import Gap, Mandate, Membership, Person, Unit, UnitVersion

pytestmark = pytest.mark.django_db


def found(rule: str, day: dt.date = world.TODAY) -> list[FoundGap]:
    return [gap for gap in all_gaps(day) if gap.rule == rule]


def holds(role: str, where: Unit, who: Person | None = None, **fields: object) -> Mandate:
    return Mandate.objects.create(role=role, unit=where, person=who, starts_on=LONG_AGO, **fields)


def full_team() -> Unit:
    team = unit("Billing")
    for role in (MandateRole.PRODUCT_MANAGER, MandateRole.DESIGNER, MandateRole.ENGINEERING_LEAD):
        holds(role, team, person(f"{role} holder", team))
    return team


@pytest.mark.parametrize(
    ("rule", "role"),
    [
        (GapRule.TEAM_WITHOUT_PM, MandateRole.PRODUCT_MANAGER),
        (GapRule.TEAM_WITHOUT_DESIGNER, MandateRole.DESIGNER),
        (GapRule.TEAM_WITHOUT_LEAD, MandateRole.ENGINEERING_LEAD),
    ],
)
def test_a_team_that_names_nobody_for_a_seat_is_told(rule: str, role: str) -> None:
    team = full_team()
    assert found(rule) == []
    Mandate.objects.all_time().filter(role=role).update(ends_on=world.TODAY)
    (gap,) = found(rule)
    assert (gap.unit_id, gap.role) == (team.pk, role)
    assert found(rule, world.TODAY - dt.timedelta(days=1)) == []


def test_only_kinds_of_units_that_are_teams_have_seats() -> None:
    unit("Payments", slug="tribe")
    assert found(GapRule.TEAM_WITHOUT_PM) == []


def test_a_member_who_does_product_work_fills_the_seat() -> None:
    team = unit("Billing")
    person("Karim", team, Function.PRODUCT)
    assert found(GapRule.TEAM_WITHOUT_PM) == []
    assert len(found(GapRule.TEAM_WITHOUT_DESIGNER)) == 1


def test_any_lead_fills_the_seat_of_the_lead() -> None:
    team = unit("Billing")
    holds(MandateRole.LEAD, team, person("Karim"))
    assert found(GapRule.TEAM_WITHOUT_LEAD) == []


def test_a_team_that_names_a_stranger_counts_once_however_many_it_names() -> None:
    team = unit("Billing")
    holds(MandateRole.PRODUCT_MANAGER, team, reference="Gabe Weaver", is_acting=True)
    holds(MandateRole.PRODUCT_MANAGER, team, reference="Sam White")
    holds(MandateRole.PRODUCT_MANAGER, team, person("Karim Diallo"))
    (gap,) = found(GapRule.TEAM_PM_UNKNOWN)
    assert gap.unit_id == team.pk
    assert gap.evidence["names"] == ["Gabe Weaver", "Sam White"]
    assert [one["name"] for one in gap.evidence["known"]] == ["Karim Diallo"]  # type: ignore[attr-defined]
    assert found(GapRule.TEAM_WITHOUT_PM) == []
    assert found(GapRule.HOLDER_UNKNOWN) == []


def test_another_mandate_that_names_a_stranger_is_told_by_its_role() -> None:
    team, tribe = full_team(), unit("Payments", slug="tribe")
    assert found(GapRule.HOLDER_UNKNOWN) == []
    holds(MandateRole.DESIGNER, team, reference="Nobody Known")
    holds(MandateRole.PRODUCT_MANAGER, tribe, reference="Nobody Known")
    assert {(gap.unit_id, gap.role) for gap in found(GapRule.HOLDER_UNKNOWN)} == {
        (team.pk, MandateRole.DESIGNER),
        (tribe.pk, MandateRole.PRODUCT_MANAGER),
    }


def test_a_mandate_whose_holder_left_is_told() -> None:
    team = full_team()
    assert found(GapRule.HOLDER_LEFT) == []
    holder = Person.objects.get(name="designer holder")
    holder.left_on = world.TODAY
    holder.save()
    (gap,) = found(GapRule.HOLDER_LEFT)
    assert (gap.unit_id, gap.person_id, gap.role) == (team.pk, holder.pk, MandateRole.DESIGNER)
    assert found(GapRule.HOLDER_LEFT, world.TODAY - dt.timedelta(days=1)) == []


def test_a_seat_of_the_triforce_is_vacant_only_beside_another_director() -> None:
    tribe = unit("Payments", slug="tribe")
    assert found(GapRule.TRIFORCE_SEAT_VACANT) == []
    holds(MandateRole.DIRECTOR, tribe, person("Ana"), function=Function.PRODUCT)
    holds(MandateRole.DIRECTOR, tribe, person("Bea"), function=Function.PRODUCT)
    holds(MandateRole.DIRECTOR, tribe, person("Cyd"), function=Function.ENGINEERING)
    (gap,) = found(GapRule.TRIFORCE_SEAT_VACANT)
    assert gap.evidence["function"] == Function.DESIGN
    holds(MandateRole.DIRECTOR, tribe, person("Dee"), function=Function.DESIGN)
    assert found(GapRule.TRIFORCE_SEAT_VACANT) == []


def test_a_person_in_no_unit_is_told_unless_they_answer_for_one_or_left() -> None:
    team = unit("Billing")
    alone = person("Alone")
    person("Member", team)
    holds(MandateRole.LEAD, team, person("Lead"))
    person("Gone", left_on=world.TODAY)
    person("Not yet", joined_on=world.TODAY + dt.timedelta(days=1))
    assert [gap.person_id for gap in found(GapRule.PERSON_WITHOUT_UNIT)] == [alone.pk]


def test_an_unknown_manager_is_told_once_with_who_names_them() -> None:
    known = person("Known")
    for name in ("Ana", "Bea"):
        person(name, manager_reference="hmason")
    person("Cyd", manager_reference="hailey", left_on=world.TODAY)
    person("Dee", manager=known)
    (gap,) = found(GapRule.MANAGER_UNKNOWN)
    assert (gap.subject, gap.people_count) == ("hmason", 2)
    assert [one["name"] for one in gap.evidence["people"]] == ["Ana", "Bea"]  # type: ignore[attr-defined]


def test_a_reporting_line_that_turns_in_a_circle_is_told_once() -> None:
    first, second, third = person("Ana"), person("Bea"), person("Cyd")
    for one, manager in ((first, second), (second, first), (third, first)):
        one.manager = manager
        one.save()
    (gap,) = found(GapRule.REPORTING_LOOP)
    assert (gap.person_id, gap.people_count) == (first.pk, 2)
    second.manager = None
    second.save()
    assert found(GapRule.REPORTING_LOOP) == []


def test_a_unit_that_does_not_say_what_it_is_for_is_told() -> None:
    team = unit("Billing")
    assert [gap.unit_id for gap in found(GapRule.UNIT_WITHOUT_PURPOSE)] == [team.pk]
    team.versions.update(purpose="To bill")
    assert found(GapRule.UNIT_WITHOUT_PURPOSE) == []


AWAY = dt.date(2026, 3, 1)


def since(rule: str) -> list[dt.date | None]:
    return [gap.since for gap in found(rule)]


def test_a_seat_is_empty_since_the_last_who_sat_there_went() -> None:
    team = full_team()
    holds(MandateRole.PRODUCT_MANAGER, team, person("Earlier"), ends_on=dt.date(2025, 1, 1))
    Mandate.objects.all_time().filter(role=MandateRole.PRODUCT_MANAGER, ends_on=None).update(ends_on=AWAY)
    assert since(GapRule.TEAM_WITHOUT_PM) == [AWAY]
    worked = person("Zoé", team, Function.PRODUCT)
    assert since(GapRule.TEAM_WITHOUT_PM) == []
    Membership.objects.all_time().filter(person=worked).update(ends_on=dt.date(2026, 6, 1))
    assert since(GapRule.TEAM_WITHOUT_PM) == [dt.date(2026, 6, 1)]


def test_a_seat_where_nobody_ever_sat_is_empty_since_there_is_the_team() -> None:
    unit("Billing")
    assert since(GapRule.TEAM_WITHOUT_DESIGNER) == [LONG_AGO]


def test_a_holder_who_left_is_missing_since_that_day() -> None:
    holds(MandateRole.DESIGNER, unit("Billing"), person("Zoé", left_on=AWAY))
    assert since(GapRule.HOLDER_LEFT) == [AWAY]


def test_a_stranger_is_missing_since_they_were_named() -> None:
    holds(MandateRole.DESIGNER, unit("Billing"), reference="Nobody Known")
    assert since(GapRule.HOLDER_UNKNOWN) == [LONG_AGO]


def test_a_seat_of_the_triforce_is_vacant_since_its_director_went() -> None:
    tribe = unit("Payments", slug="tribe")
    holds(MandateRole.DIRECTOR, tribe, person("Ana"), function=Function.PRODUCT)
    holds(MandateRole.DIRECTOR, tribe, person("Bo"), function=Function.DESIGN, ends_on=AWAY)
    days = {gap.evidence["function"]: gap.since for gap in found(GapRule.TRIFORCE_SEAT_VACANT)}
    assert days == {Function.DESIGN: AWAY, Function.ENGINEERING: LONG_AGO}


def test_a_person_is_alone_since_they_last_worked_somewhere_or_joined() -> None:
    person("Ana", joined_on=dt.date(2025, 5, 5))
    gone = person("Bo", unit("Billing"), joined_on=LONG_AGO)
    Membership.objects.all_time().filter(person=gone).update(ends_on=AWAY)
    person("Cy")
    assert since(GapRule.PERSON_WITHOUT_UNIT) == [dt.date(2025, 5, 5), AWAY, None]


def test_a_unit_has_no_purpose_since_it_lost_it_or_began() -> None:
    unit("Billing")
    other = unit("Payments")
    version = UnitVersion.objects.all_time().filter(unit=other)
    version.update(purpose="Take the money", ends_on=AWAY)
    UnitVersion.objects.create(unit=other, name="Payments", kind=version.get().kind, starts_on=AWAY)
    assert since(GapRule.UNIT_WITHOUT_PURPOSE) == [LONG_AGO, AWAY]


def test_the_list_says_since_when_it_has_been_missing_and_never_tomorrow() -> None:
    holds(MandateRole.DESIGNER, unit("Billing"), person("Zoé", left_on=AWAY))
    refresh_findings(now=world.NOW)
    assert Gap.objects.get(rule=GapRule.HOLDER_LEFT).first_seen_on == AWAY
    assert not Gap.objects.filter(first_seen_on__gt=world.TODAY).exists()
