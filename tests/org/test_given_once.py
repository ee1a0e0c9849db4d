"""What somebody holds, owns or works in is there once, however many ask for it at the same moment."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from tests import world
from tests.org.company import LONG_AGO, area, person, unit
from tests.org.importing import bring, company
from vertebra.accounts import audit
from vertebra.accounts.models import AuditEntry, User
from vertebra.org.actions import care, mandates, people
from vertebra.org.actions.care import give_ownership
from vertebra.org.actions.mandates import change_mandate, end_mandate, give_mandate
from vertebra.org.actions.over_time import AlreadySo
from vertebra.org.actions.people import join_unit
from vertebra.org.labels import MandateRole
from vertebra.org.models import Mandate, Membership, Ownership, Person, Unit


def give(who: Person, where: Unit, title: str = "", **options: object) -> AuditEntry:
    return give_mandate(
        actor=User.objects.get(email="ines@example.org"),
        role=MandateRole.PRODUCT_MANAGER,
        person=who,
        target=where,
        title=title,
        on=world.TODAY,
        now=world.NOW,
        **options,  # type: ignore[arg-type]
    )


@pytest.fixture
def too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks whether it is there already looks a moment too early."""
    for module in (mandates, people, care):
        monkeypatch.setattr(module, "refuse_overlap", lambda *_: None)


@pytest.mark.django_db
@pytest.mark.usefixtures("too_late")
def test_the_second_of_two_is_told_that_it_is_already_so() -> None:
    ines, team = world.ines(), unit("Cart")
    ada, checkout = person("Ada"), area("Checkout")
    give(ada, team)
    with pytest.raises(AlreadySo):
        give(ada, team)
    join_unit(actor=ines, person=ada, unit=team, function="product", on=world.TODAY, now=world.NOW)
    with pytest.raises(AlreadySo):
        join_unit(actor=ines, person=ada, unit=team, function="product", on=world.TODAY, now=world.NOW)
    give_ownership(actor=ines, unit=team, target=checkout, on=world.TODAY, now=world.NOW)
    with pytest.raises(AlreadySo):
        give_ownership(actor=ines, unit=team, target=checkout, on=world.TODAY, now=world.NOW)
    assert Mandate.objects.all_time().count() == 1
    assert Membership.objects.all_time().count() == 1
    assert Ownership.objects.all_time().count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("too_late")
def test_a_mandate_cannot_be_changed_into_another_that_is_held() -> None:
    world.ines()
    team, ada = unit("Cart"), person("Ada")
    give(ada, team, "Owner")
    give(ada, team, "PM")
    actor = User.objects.get(email="ines@example.org")
    with pytest.raises(AlreadySo):
        change_mandate(
            actor=actor,
            mandate=Mandate.objects.get(title="PM"),
            changes={"title": "Owner"},
            on=world.TODAY,
            now=world.NOW,
        )


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["person", "reference"])
def test_the_database_keeps_one_open_mandate(who: str) -> None:
    holder = {"person": person("Ada")} if who == "person" else {"reference": "Ada L."}
    place = {"area": area("Checkout"), "role": MandateRole.CHAMPION, "starts_on": LONG_AGO}
    Mandate.objects.create(**holder, **place, ends_on=dt.date(2025, 1, 1))
    Mandate.objects.create(**holder, **place)
    Mandate.objects.create(**holder, **place, title="other")
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.create(**holder, **place)


@pytest.mark.django_db
def test_what_was_ended_and_given_again_cannot_be_taken_back_beside_it() -> None:
    ines, team, ada = world.ines(), unit("Cart"), person("Ada")
    give(ada, team)
    mandate = Mandate.objects.get(person=ada)
    entry = end_mandate(actor=ines, mandate=mandate, on=world.TODAY, now=world.NOW)
    give(ada, team)
    with pytest.raises(audit.CannotUndo):
        audit.undo(actor=ines, entry=entry, now=world.NOW)


@pytest.mark.django_db
def test_an_import_that_says_two_mandates_the_same_keeps_one() -> None:
    """Two mandates of two titles; then the source gives both the same one."""
    records = company()
    pm = next(one for one in records if one.external_id == "pm")
    other = type(pm)(pm.kind, "pm2", {**pm.values, "title": "Owner"}, pm.origin)
    bring([*records, other])
    same = type(pm)(pm.kind, "pm2", {**pm.values, "title": ""}, pm.origin)
    bring([*records, same], on=world.TODAY + dt.timedelta(days=1))
    assert (
        Mandate.objects.as_of(world.TODAY + dt.timedelta(days=1)).filter(role="product_manager").count() == 1
    )


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_who_give_the_same_mandate_at_once_one_gives_it() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: nobody is faster")
    world.ines()
    team, ada = unit("Cart"), person("Ada")
    ready = Barrier(6)

    def one(number: int) -> bool:
        try:
            ready.wait(10)
            # In other words each time, for a time each time: only waiting for each other keeps them apart.
            give(ada, team, f"PM {number}", until=world.TODAY + dt.timedelta(days=99))
        except AlreadySo:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(one, range(6))) == [False] * 5 + [True]
    assert Mandate.objects.all_time().count() == 1
