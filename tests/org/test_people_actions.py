"""People join, move, answer for things and leave; what cannot be is refused; every change can be undone."""

import datetime as dt

import pytest

from tests import world
from tests.org import company as cast
from vertebra.accounts import audit
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, SearchEntry, User
from vertebra.org.actions import mandates, people
from vertebra.org.actions.index import reindex
from vertebra.org.actions.over_time import AlreadySo, Circle, EndsBeforeStart, NotOnThatDay
from vertebra.org.labels import Function, MandateRole
from vertebra.org.models import Mandate, Membership, Person

pytestmark = pytest.mark.django_db
LATER = world.TODAY + dt.timedelta(days=30)


@pytest.fixture
def tournesol() -> cast.Company:
    return cast.small()


@pytest.fixture
def ines() -> User:
    return world.ines()


def of_karim(tournesol: cast.Company) -> Membership:
    found: Membership = Membership.objects.as_of(world.TODAY).get(person=tournesol.karim)
    return found


def given(actor: User, tournesol: cast.Company, **values: object) -> AuditEntry:
    asked: dict[str, object] = {
        "role": MandateRole.DESIGNER,
        "person": tournesol.lea,
        "target": tournesol.billing,
        "on": world.TODAY,
    }
    return mandates.give_mandate(actor=actor, now=world.NOW, **{**asked, **values})  # type: ignore[arg-type]


def test_two_people_do_not_share_an_address(tournesol: cast.Company, ines: User) -> None:
    with pytest.raises(AlreadySo):
        people.create_person(
            actor=ines, values={"name": "Another", "email": "KARIM@example.org"}, now=world.NOW
        )
    with pytest.raises(AlreadySo):
        people.change_person(
            actor=ines, person=tournesol.lea, changes={"email": "Karim@example.org"}, now=world.NOW
        )
    assert not Person.objects.filter(name="Another").exists()


@pytest.mark.parametrize("title", ["", "Engineer"])
@pytest.mark.parametrize("language", ["", "en-GB"])
def test_search_is_told_of_a_newcomer_what_reading_them_again_tells(
    ines: User, title: str, language: str
) -> None:
    values = people.PersonChanges(
        name="Zoé Œuvrard", email="zoe@example.org", handle="zoe", title=title, language=language
    )
    person = people.create_person(actor=ines, values=values, now=world.NOW).object_id
    assert person is not None
    told = SearchEntry.objects.filter(kind=Kind.PERSON, object_id=person).values()
    at_once = told.get()
    SearchEntry.objects.all().delete()
    reindex(Kind.PERSON, [person], world.NOW)
    assert {**told.get(), "id": at_once["id"]} == at_once


def test_search_does_not_know_who_has_not_joined_yet(ines: User) -> None:
    for name, joins in (("Zoé", LATER), ("Zadig", world.TODAY)):
        people.create_person(actor=ines, values={"name": name, "joined_on": joins}, now=world.NOW)
    assert [entry.title for entry in SearchEntry.objects.filter(kind=Kind.PERSON)] == ["Zadig"]


def test_nobody_manages_their_own_manager(tournesol: cast.Company, ines: User) -> None:
    for manager in (tournesol.lea, tournesol.karim):
        with pytest.raises(Circle):
            people.change_person(
                actor=ines, person=tournesol.karim, changes={"manager": manager}, now=world.NOW
            )


def test_a_loop_already_in_the_data_does_not_hang_the_next_change(
    tournesol: cast.Company, ines: User
) -> None:
    Person.objects.filter(pk=tournesol.karim.pk).update(manager=tournesol.lea)
    noor = Person.objects.get(name="Noor Haddad")
    people.change_person(actor=ines, person=noor, changes={"manager": tournesol.lea}, now=world.NOW)
    noor.refresh_from_db()
    assert noor.manager_id == tournesol.lea.pk


def test_changing_function_keeps_the_former_one(tournesol: cast.Company, ines: User) -> None:
    people.change_membership(
        actor=ines,
        membership=of_karim(tournesol),
        changes={"function": Function.DATA, "share": 50},
        on=world.TODAY,
        now=world.NOW,
    )
    rows = Membership.objects.all_time().filter(person=tournesol.karim).order_by("starts_on")
    assert [(row.function, row.share, row.ends_on) for row in rows] == [
        (Function.PRODUCT, 100, world.TODAY),
        (Function.DATA, 50, None),
    ]


def test_joining_twice_in_one_function_is_refused(tournesol: cast.Company, ines: User) -> None:
    with pytest.raises(AlreadySo):
        people.join_unit(
            actor=ines,
            person=tournesol.karim,
            unit=tournesol.billing,
            function=Function.PRODUCT,
            on=LATER,
            now=world.NOW,
        )


def test_leaving_before_joining_is_refused(tournesol: cast.Company, ines: User) -> None:
    before = cast.LONG_AGO - dt.timedelta(days=1)
    with pytest.raises(EndsBeforeStart):
        people.leave_unit(actor=ines, membership=of_karim(tournesol), on=before, now=world.NOW)


def test_leaving_twice_is_refused(tournesol: cast.Company, ines: User) -> None:
    row = of_karim(tournesol)
    people.leave_unit(actor=ines, membership=row, on=world.TODAY, now=world.NOW)
    with pytest.raises(NotOnThatDay):
        people.leave_unit(actor=ines, membership=row, on=LATER, now=world.NOW)


def test_departure_ends_all_that_somebody_held_and_is_undone_whole(
    tournesol: cast.Company, ines: User
) -> None:
    entry = people.record_departure(actor=ines, person=tournesol.karim, on=world.TODAY, now=world.NOW)
    assert not Membership.objects.as_of(world.TODAY).filter(person=tournesol.karim).exists()
    assert not Mandate.objects.as_of(world.TODAY).filter(person=tournesol.karim).exists()
    audit.undo(actor=ines, entry=entry, now=world.NOW)
    tournesol.karim.refresh_from_db()
    assert tournesol.karim.left_on is None
    assert Mandate.objects.as_of(world.TODAY).filter(person=tournesol.karim).exists()


def test_somebody_who_left_joins_nothing(tournesol: cast.Company, ines: User) -> None:
    people.record_departure(actor=ines, person=tournesol.lea, on=world.TODAY, now=world.NOW)
    with pytest.raises(NotOnThatDay):
        people.join_unit(
            actor=ines,
            person=tournesol.lea,
            unit=tournesol.billing,
            function=Function.SALES,
            on=LATER,
            now=world.NOW,
        )
    with pytest.raises(NotOnThatDay):
        given(ines, tournesol)


def test_several_may_hold_a_seat_but_nobody_holds_it_twice(tournesol: cast.Company, ines: User) -> None:
    given(ines, tournesol)
    given(ines, tournesol, person=tournesol.karim)
    with pytest.raises(AlreadySo):
        given(ines, tournesol)
    assert Mandate.objects.as_of(world.TODAY).filter(role=MandateRole.DESIGNER).count() == 2


def test_a_mandate_ends_after_it_begins(tournesol: cast.Company, ines: User) -> None:
    with pytest.raises(EndsBeforeStart):
        given(ines, tournesol, until=world.TODAY)


def test_a_mandate_can_be_for_an_area_or_a_market(tournesol: cast.Company, ines: User) -> None:
    for target in (tournesol.invoices, tournesol.germany):
        entry = given(ines, tournesol, target=target)
        assert Mandate.objects.all_time().filter(pk=entry.object_id).exists()


def test_confirming_an_acting_holder_keeps_that_they_were_acting(tournesol: cast.Company, ines: User) -> None:
    entry = given(ines, tournesol, is_acting=True, on=cast.LONG_AGO)
    mandate = Mandate.objects.all_time().get(pk=entry.object_id)
    mandates.change_mandate(
        actor=ines, mandate=mandate, changes={"is_acting": False}, on=world.TODAY, now=world.NOW
    )
    rows = Mandate.objects.all_time().filter(role=MandateRole.DESIGNER).order_by("starts_on")
    assert [(row.is_acting, row.ends_on) for row in rows] == [(True, world.TODAY), (False, None)]
