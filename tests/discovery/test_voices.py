"""Whose voice a verbatim is: never told where fewer than five could have said it, on any day, by any comparison."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import world
from tests.org.company import LONG_AGO, person, unit
from vertebra.analysis.privacy import FEWEST
from vertebra.discovery.labels import Consent, InterviewState
from vertebra.discovery.models import Interview, Verbatim
from vertebra.discovery.queries.voices import (
    NOBODY,
    Voice,
    crowd_of,
    groups_of,
    hidden_ids,
    quarter_of,
    quotable,
    told_cells,
    voices,
)
from vertebra.org.models import Membership, Person, Unit
from vertebra.org.queries.structure import Structure

pytestmark = pytest.mark.django_db
FUNCTIONS = ("product", "design", "support")
DAYS = [LONG_AGO + dt.timedelta(days=200 * at) for at in range(6)]


def said(
    function: str, where: Unit | None, day: dt.date = world.TODAY, consent: str = Consent.GIVEN
) -> Verbatim:
    """A verbatim as marking writes it."""
    interview = Interview.objects.create(
        unit=where, function=function, state=InterviewState.HELD, held_on=day, consent=consent, language="fr",
        created_at=world.NOW, changed_at=world.NOW,
    )  # fmt: skip
    [(shown, place)] = told_cells([(function, where.pk if where else None, day)], world.TODAY)
    return Verbatim.objects.create(
        interview=interview, text="Trop tard.", language="fr", unit=where, function=function, said_on=day,
        shown_function=shown, shown_unit_id=place, created_at=world.NOW,
    )  # fmt: skip


def staff(where: Unit, function: str, count: int) -> None:
    for _number in range(count):
        person("Somebody", where, function)


def voice(verbatim: Verbatim, day: dt.date = world.TODAY) -> Voice:
    return voices([verbatim], day)[verbatim.pk]


def test_function_and_unit_are_told_where_five_could_have_said_it() -> None:
    team = unit("Billing")
    staff(team, "product", 5)
    told = voice(said("product", team))
    assert (told.function, told.unit_name, told.is_hidden) == ("product", "Billing", False)
    assert told.said_on_quarter == dt.date(2026, 10, 1)


def test_the_unit_climbs_until_there_are_five() -> None:
    tribe = unit("Payments", slug="tribe")
    team = unit("Billing", tribe)
    staff(team, "product", 3)
    staff(tribe, "product", 2)
    assert voice(said("product", team)).unit_name == "Payments"


def test_what_remains_beside_a_group_of_five_isolates_nobody() -> None:
    tribe = unit("Payments", slug="tribe")
    team = unit("Billing", tribe)
    staff(team, "product", 5)
    staff(tribe, "product", 1)
    inside, outside = voice(said("product", team)), voice(said("product", tribe))
    assert (inside.function, inside.unit_name) == (outside.function, outside.unit_name) == ("product", "")


def test_a_function_of_fewer_than_five_is_told_nothing_of_nor_left_alone() -> None:
    team = unit("Billing")
    staff(team, "product", 6)
    staff(team, "design", 1)
    staff(team, "support", 7)
    assert voice(said("design", team)).function == ""
    # The smallest other group keeps the designer company: an untold voice may be any of seven.
    assert voice(said("product", team)).function == ""
    assert voice(said("support", team)).unit_name == "Billing"


@pytest.mark.parametrize("consent", [Consent.UNASKED, Consent.NOTES_ONLY, Consent.WITHDRAWN])
def test_without_agreement_nothing_is_shown(consent: str) -> None:
    team = unit("Billing")
    staff(team, "product", 5)
    verbatim = said("product", team, consent=consent)
    told = voice(verbatim)
    assert told.is_hidden and not told.function and not told.unit_name
    assert hidden_ids([verbatim.pk, 0]) == {verbatim.pk, 0}
    assert not quotable(Verbatim.objects.all()).exists()


def test_those_who_leave_make_a_voice_coarser_and_those_who_join_never_finer() -> None:
    team = unit("Billing")
    staff(team, "product", 5)
    early = said("product", team)
    person("Newcomer", team, "product")
    Membership.objects.filter(person__name="Somebody").update(ends_on=world.TODAY)
    assert voice(early).function == ""
    few = unit("Cash desk")
    staff(few, "design", 2)
    staff(team, "support", 9)
    late = said("design", few)
    staff(few, "design", 9)
    assert voice(late).unit_name == ""


SEAT = st.tuples(
    st.integers(0, 24), st.integers(0, 5), st.sampled_from(FUNCTIONS), st.integers(0, 5), st.integers(1, 6)
)
# Many people in few places, so that most voices are told and then lose those who stood behind them.
CROWDED = st.tuples(
    st.integers(0, 11),
    st.integers(0, 2),
    st.sampled_from(FUNCTIONS[:2]),
    st.integers(0, 2),
    st.integers(1, 4),
)


def company(parents: list[int], seats: list[tuple[int, int, str, int, int]]) -> list[Unit]:
    """Units in any tree, and people who hold any seats in them, for any time."""
    units: list[Unit] = []
    for number, parent in enumerate(parents):
        units.append(unit(f"Unit {number}", units[parent % number] if number else None))
    names = [Person(pk=10_000 + who, name="x", created_at=world.NOW) for who in {seat[0] for seat in seats}]
    Person.objects.bulk_create(names)
    Membership.objects.bulk_create(
        Membership(
            person_id=10_000 + who,
            unit=units[where % len(units)],
            function=function,
            starts_on=DAYS[begins],
            ends_on=DAYS[begins] + dt.timedelta(days=200 * lasts),
        )
        for who, where, function, begins, lasts in seats
    )
    return units


def members(day: dt.date) -> list[tuple[int, str, int]]:
    rows = Membership.objects.as_of(day).values_list("person_id", "function", "unit_id")
    return list(rows)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 9), min_size=1, max_size=6), st.lists(SEAT, min_size=1, max_size=60))
def test_every_group_that_can_be_told_apart_holds_five(
    parents: list[int], seats: list[tuple[int, int, str, int, int]]
) -> None:
    with transaction.atomic():
        company(parents, seats)
        for day in DAYS:
            structure = Structure.as_of(day, with_members=False)
            groups = groups_of(structure, crowd_of(day))
            told: dict[tuple[str, int | None], set[int]] = {}
            everybody = members(day)
            for who, function, where in everybody:
                told.setdefault(groups.cell_of(function, where), set()).add(who)
            few = len({who for who, _function, _where in everybody}) < FEWEST
            for cell, people in told.items():
                alone = cell == NOBODY and (few or len(told) == 1)
                assert alone or len(people) >= FEWEST, (day, cell, people)
        transaction.set_rollback(True)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=3),
    st.lists(CROWDED, min_size=15, max_size=60),
    st.lists(
        st.tuples(st.integers(0, 9), st.sampled_from(FUNCTIONS[:2]), st.integers(0, 3)),
        min_size=3,
        max_size=6,
    ),
)
def test_on_every_later_day_five_people_stand_behind_what_is_told(
    parents: list[int],
    seats: list[tuple[int, int, str, int, int]],
    heard: list[tuple[int, str, int]],
) -> None:
    with transaction.atomic():
        units = company(parents, seats)
        rows = [said(function, units[where % len(units)], DAYS[at]) for where, function, at in heard]
        for day in DAYS:
            structure = Structure.as_of(day, with_members=False)
            now, told = members(day), voices(rows, day)
            for row in rows:
                one = told[row.pk]
                assert one.said_on_quarter == quarter_of(row.said_on)
                if not one.function:
                    assert not one.unit_name
                    continue
                inside = structure.under(one.unit_id) if one.unit_id else set(structure.nodes)
                behind = {who for who, function, where in now if function == one.function and where in inside}
                assert one.function == row.function and len(behind) >= FEWEST
        transaction.set_rollback(True)


def test_however_many_voices_cost_few_queries(django_assert_max_num_queries: object) -> None:
    team = unit("Billing")
    staff(team, "product", 5)
    rows = list(Verbatim.objects.filter(pk__in=[said("product", team).pk for _number in range(30)]))
    with django_assert_max_num_queries(7):  # type: ignore[operator]
        assert len(voices(rows, world.TODAY)) == 30
