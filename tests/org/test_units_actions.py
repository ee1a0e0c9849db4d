"""Units change from a day on, keep what they were, refuse what cannot be, and every change can be undone."""

import datetime as dt

import pytest

from tests import world
from tests.org import company as cast
from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges
from vertebra.accounts.models import AuditEntry, SearchEntry, User
from vertebra.org.actions import units
from vertebra.org.actions.over_time import Circle, NotOnThatDay
from vertebra.org.models import Membership, Ownership, Unit, UnitVersion
from vertebra.org.queries.structure import Structure

pytestmark = pytest.mark.django_db
YESTERDAY = world.TODAY - dt.timedelta(days=1)
LATER = world.TODAY + dt.timedelta(days=30)


@pytest.fixture
def tournesol() -> cast.Company:
    return cast.small()


@pytest.fixture
def ines() -> User:
    return world.ines()


def renamed(actor: User, unit: Unit, name: str, on: dt.date = world.TODAY) -> AuditEntry:
    return units.change_unit(actor=actor, unit=unit, changes={"name": name}, on=on, now=world.NOW)


def names(unit: Unit) -> list[tuple[str, dt.date, dt.date | None]]:
    return list(
        UnitVersion.objects.all_time()
        .filter(unit=unit)
        .order_by("starts_on")
        .values_list("name", "starts_on", "ends_on")
    )


def test_renaming_keeps_what_the_unit_was_called(tournesol: cast.Company, ines: User) -> None:
    renamed(ines, tournesol.billing, "Invoicing")
    assert names(tournesol.billing) == [
        ("Billing", cast.LONG_AGO, world.TODAY),
        ("Invoicing", world.TODAY, None),
    ]
    assert Structure.as_of(YESTERDAY).nodes[tournesol.billing.pk].name == "Billing"


def test_a_second_change_of_the_day_changes_the_row_in_place(tournesol: cast.Company, ines: User) -> None:
    renamed(ines, tournesol.billing, "Invoicin")
    renamed(ines, tournesol.billing, "Invoicing")
    assert [name for name, _, _ in names(tournesol.billing)] == ["Billing", "Invoicing"]


def test_a_change_before_a_known_one_holds_until_that_one(tournesol: cast.Company, ines: User) -> None:
    renamed(ines, tournesol.billing, "Later name", LATER)
    renamed(ines, tournesol.billing, "Name of today")
    assert names(tournesol.billing) == [
        ("Billing", cast.LONG_AGO, world.TODAY),
        ("Name of today", world.TODAY, LATER),
        ("Later name", LATER, None),
    ]


def test_undoing_a_rename_leaves_one_open_version(tournesol: cast.Company, ines: User) -> None:
    entry = renamed(ines, tournesol.billing, "Invoicing")
    audit.undo(actor=ines, entry=entry, now=world.NOW)
    assert names(tournesol.billing) == [("Billing", cast.LONG_AGO, None)]


def test_a_change_that_changes_nothing_is_refused(tournesol: cast.Company, ines: User) -> None:
    with pytest.raises(NothingChanges):
        renamed(ines, tournesol.billing, "Billing")
    assert not AuditEntry.objects.exists()


def test_a_unit_does_not_move_into_what_it_holds(tournesol: cast.Company, ines: User) -> None:
    for inside in (tournesol.billing, tournesol.payments):
        with pytest.raises(Circle):
            units.change_unit(
                actor=ines,
                unit=tournesol.payments,
                changes={"parent": inside},
                on=world.TODAY,
                now=world.NOW,
            )


def test_a_unit_cannot_change_before_it_exists(tournesol: cast.Company, ines: User) -> None:
    with pytest.raises(NotOnThatDay):
        renamed(ines, tournesol.billing, "Too early", cast.LONG_AGO - dt.timedelta(days=1))


def test_moving_tells_the_names_of_both_parents(tournesol: cast.Company, ines: User) -> None:
    entry = units.change_unit(
        actor=ines,
        unit=tournesol.billing,
        changes={"parent": tournesol.company},
        on=world.TODAY,
        now=world.NOW,
    )
    assert entry.verb == "move"
    assert entry.particulars["changes"] == {"parent": ["Payments", "Tournesol"]}


def test_a_unit_is_created_from_a_day_and_found(tournesol: cast.Company, ines: User) -> None:
    entry = units.create_unit(
        actor=ines,
        name="Fraud",
        kind=cast.kind("team"),
        parent=tournesol.payments,
        purpose="Nobody is cheated.",
        on=world.TODAY,
        now=world.NOW,
    )
    assert entry.object_id in Structure.as_of(world.TODAY).under(tournesol.payments.pk)
    assert entry.object_id not in Structure.as_of(YESTERDAY).nodes
    assert SearchEntry.objects.get(kind="unit", object_id=entry.object_id).title == "Fraud"


def test_a_unit_that_holds_something_is_not_closed_in_silence(tournesol: cast.Company, ines: User) -> None:
    for unit in (tournesol.payments, tournesol.billing):
        with pytest.raises(units.UnitNotEmpty):
            units.close_unit(actor=ines, unit=unit, contents=None, on=world.TODAY, now=world.NOW)


def test_closing_hands_people_and_care_up_to_the_parent(tournesol: cast.Company, ines: User) -> None:
    before = Structure.as_of(world.TODAY).nodes[tournesol.payments.pk].members
    units.close_unit(actor=ines, unit=tournesol.billing, contents="to_parent", on=world.TODAY, now=world.NOW)
    today = Structure.as_of(world.TODAY)
    assert tournesol.billing.pk not in today.nodes
    assert today.nodes[tournesol.payments.pk].members == before
    assert (
        Ownership.objects.as_of(world.TODAY).filter(unit=tournesol.payments, area=tournesol.invoices).exists()
    )
    assert tournesol.billing.pk in Structure.as_of(YESTERDAY).nodes


def test_closing_together_closes_all_inside_and_is_undone_whole(tournesol: cast.Company, ines: User) -> None:
    members = Membership.objects.as_of(world.TODAY).count()
    entry = units.close_unit(
        actor=ines, unit=tournesol.payments, contents="together", on=world.TODAY, now=world.NOW
    )
    assert set(Structure.as_of(world.TODAY).nodes) == {tournesol.company.pk}
    assert Membership.objects.as_of(world.TODAY).count() == 0
    audit.undo(actor=ines, entry=entry, now=world.NOW)
    assert len(Structure.as_of(world.TODAY).nodes) == 4
    assert Membership.objects.as_of(world.TODAY).count() == members


def test_the_contents_of_a_root_have_nowhere_to_go(tournesol: cast.Company, ines: User) -> None:
    with pytest.raises(units.NoParent):
        units.close_unit(
            actor=ines, unit=tournesol.company, contents="to_parent", on=world.TODAY, now=world.NOW
        )


def test_a_loop_of_parents_is_cut_and_loses_nobody() -> None:
    one = cast.unit("One")
    two = cast.unit("Two", one)
    UnitVersion.objects.all_time().filter(unit=one).update(parent=two)
    cast.person("Ana Lima", two)
    structure = Structure.as_of(world.TODAY)
    assert {node.id for node in structure.all()} == {one.pk, two.pk}
    assert [root.trouble for root in structure.roots] == ["loop"]
    assert structure.roots[0].members == 1


def test_a_unit_whose_parent_is_gone_stands_at_the_top(tournesol: cast.Company) -> None:
    UnitVersion.objects.all_time().filter(unit=tournesol.payments).update(ends_on=world.TODAY)
    structure = Structure.as_of(world.TODAY)
    assert {root.id for root in structure.roots} == {
        tournesol.company.pk,
        tournesol.billing.pk,
        tournesol.cash.pk,
    }
    assert structure.nodes[tournesol.billing.pk].trouble == "orphan"


def test_somebody_in_two_teams_is_counted_once_above_them(tournesol: cast.Company) -> None:
    before = Structure.as_of(world.TODAY).nodes[tournesol.payments.pk].members
    Membership.objects.create(
        person=tournesol.karim, unit=tournesol.cash, function="product", starts_on=world.TODAY
    )
    structure = Structure.as_of(world.TODAY)
    assert structure.nodes[tournesol.payments.pk].members == before
    assert structure.nodes[tournesol.cash.pk].members == 3
