"""A person's page, and what one does to people, memberships and mandates through forms and buttons."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import world
from tests.org import company as cast
from tests.org.test_map import body, signed_in
from vertebra.accounts import audit
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, Comment, Watch
from vertebra.org.actions.mandates import change_mandate
from vertebra.org.models import Mandate, Membership, Ownership, Person

pytestmark = pytest.mark.django_db
TODAY = world.TODAY.isoformat()


@pytest.fixture
def tournesol() -> cast.Company:
    return cast.small()


@pytest.fixture
def karim() -> Client:
    return signed_in(world.karim())


def test_a_person_page_says_where_since_when_and_for_what(tournesol: cast.Company, karim: Client) -> None:
    page = body(karim, reverse("org:person-show", args=(tournesol.karim.pk,)))
    for said in ("Billing", "Product manager", "karim@example.org", "Léa Roux", "1 January 2024"):
        assert said in page


def test_a_person_page_shows_no_figure_about_the_person(tournesol: cast.Company, karim: Client) -> None:
    page = body(karim, reverse("org:person-show", args=(tournesol.karim.pk,))).lower()
    for word in ("score", "rating", "ranking", "performance", "productivity"):
        assert word not in page


def test_the_page_of_somebody_has_their_history_and_sends_back_what_is_said_of_them(
    tournesol: cast.Company, karim: Client
) -> None:
    page = reverse("org:person-show", args=(tournesol.karim.pk,))
    for name in ("comment-create", "watch-create"):
        address = reverse(f"accounts:{name}", args=("person", tournesol.karim.pk))
        assert address not in body(karim, page)
        assert karim.post(address, {"body": "Slow to answer."})["Location"] == page
    assert not Comment.objects.exists()
    assert not Watch.objects.exists()
    assert 'id="history"' in body(karim, page)


def test_the_past_of_a_person_stays(tournesol: cast.Company, karim: Client) -> None:
    row = Membership.objects.as_of(world.TODAY).get(person=tournesol.karim)
    karim.post(reverse("org:membership-end", args=(row.pk,)))
    page = body(karim, reverse("org:person-show", args=(tournesol.karim.pk,)))
    assert "Works in no unit that is recorded." in page
    assert "Before" in page
    then = body(karim, reverse("org:person-show", args=(tournesol.karim.pk,)) + "?as_of=2025-01-01")
    assert "Works in no unit" not in then


@pytest.mark.parametrize("written", ["Karim Diallo", "KARIM@example.org", "karim  diallo"])
def test_a_person_is_named_as_people_name_them(tournesol: cast.Company, karim: Client, written: str) -> None:
    karim.post(
        reverse("org:membership-create") + f"?unit={tournesol.cash.pk}",
        {"person": written, "function": "product", "share": 50, "title": "", "on": TODAY},
    )
    assert Membership.objects.as_of(world.TODAY).filter(unit=tournesol.cash, person=tournesol.karim).exists()


def test_two_people_of_one_name_are_told_apart(tournesol: cast.Company, karim: Client) -> None:
    other = cast.person("Karim Diallo")
    address = reverse("org:membership-create") + f"?unit={tournesol.cash.pk}"
    given = {"person": "Karim Diallo", "function": "product", "share": 100, "title": "", "on": TODAY}
    answer = karim.post(address, given)
    assert answer.status_code == 422
    assert f"Karim Diallo #{other.pk}" in answer.content.decode()
    karim.post(address, {**given, "person": f"Karim Diallo #{other.pk}"})
    assert Membership.objects.as_of(world.TODAY).filter(unit=tournesol.cash, person=other).exists()


def test_a_name_nobody_bears_is_refused(tournesol: cast.Company, karim: Client) -> None:
    answer = karim.post(
        reverse("org:mandate-create") + f"?area={tournesol.refunds.pk}",
        {"person": "Nobody At All", "role": "champion", "on": TODAY},
    )
    assert answer.status_code == 422
    assert "Nobody in the directory is called" in answer.content.decode()


def test_suggestions_forgive_accents_and_slips(tournesol: cast.Company, karim: Client) -> None:
    suggest = reverse("org:person-suggest")
    assert "Léa Roux" in body(karim, f"{suggest}?person=lea")
    assert "Zoë Ångström" in body(karim, f"{suggest}?person=zoe+angstrom")
    assert "Karim Diallo" in body(karim, f"{suggest}?manager=karym+dialo")
    assert body(karim, f"{suggest}?person=k").strip() == ""


def test_a_mandate_is_given_changed_and_ended(tournesol: cast.Company, karim: Client) -> None:
    karim.post(
        reverse("org:mandate-create") + f"?market={tournesol.germany.pk}",
        {
            "person": "Noor Haddad",
            "role": "champion",
            "is_acting": "on",
            "hours_per_month": 4,
            "on": "2026-01-05",
        },
    )
    mandate = Mandate.objects.as_of(world.TODAY).get(person__name="Noor Haddad")
    assert (mandate.is_acting, mandate.hours_per_month) == (True, 4)
    ines = signed_in(world.ines())
    assert "4 hours a month" in body(ines, reverse("org:market-show", args=(tournesol.germany.pk,)))
    ines.post(
        reverse("org:mandate-edit", args=(mandate.pk,)), {"hours_per_month": 6, "title": "", "on": TODAY}
    )
    latest = Mandate.objects.as_of(world.TODAY).get(person__name="Noor Haddad")
    assert (latest.is_acting, latest.hours_per_month) == (False, 6)
    karim.post(reverse("org:mandate-end", args=(latest.pk,)))
    assert not Mandate.objects.as_of(world.TODAY).filter(person__name="Noor Haddad").exists()


@pytest.fixture
def agreed(tournesol: cast.Company) -> Mandate:
    held: Mandate = Mandate.objects.as_of(world.TODAY).get(person=tournesol.lea)
    Mandate.objects.filter(pk=held.pk).update(hours_per_month=7)
    held.refresh_from_db()
    return held


def where_hours_stand(held: Mandate) -> list[str]:
    return [
        reverse("org:person-show", args=(held.person_id,)),
        reverse("org:market-show", args=(held.market_id,)),
    ]


def test_hours_agreed_are_shown_to_whoever_agreed_to_them_and_to_product_ops(agreed: Mandate) -> None:
    own, ines = world.lea(), world.ines()
    for address in where_hours_stand(agreed):
        for reader in (own, ines):
            assert "7 hours a month" in body(signed_in(reader), address)


def test_hours_agreed_are_shown_to_no_one_else(agreed: Mandate, karim: Client) -> None:
    for address in where_hours_stand(agreed):
        assert "7 hours a month" not in body(karim, address)
    edit = reverse("org:mandate-edit", args=(agreed.pk,))
    assert "hours_per_month" not in body(karim, edit)
    karim.post(edit, {"title": "Voice of Germany", "hours_per_month": 1, "on": TODAY})
    latest = Mandate.objects.as_of(world.TODAY).get(person=agreed.person_id, title="Voice of Germany")
    assert latest.hours_per_month == 7


def test_hiding_hours_asks_the_database_nothing_more(tournesol: cast.Company, karim: Client) -> None:
    for kind, one in (
        ("unit", tournesol.billing),
        ("area", tournesol.invoices),
        ("market", tournesol.germany),
    ):
        address = reverse(f"org:{kind}-show", args=(one.pk,))
        body(karim, address)
        with CaptureQueriesContext(connection) as asked:
            body(karim, address)
        assert len(asked) <= 12, address


def test_what_changed_of_a_mandate_tells_no_hours(agreed: Mandate) -> None:
    change_mandate(
        actor=world.ines(), mandate=agreed, changes={"hours_per_month": 6, "title": "Voice"}, on=world.TODAY,
        now=world.NOW,
    )  # fmt: skip
    assert list(AuditEntry.objects.latest("pk").particulars["changes"]) == ["title"]


def test_the_audit_tells_hours_agreed_to_product_ops_alone(agreed: Mandate) -> None:
    told = {"changes": {"hours_per_month": ["7", "6"]}, "person": agreed.person_id}
    earlier = audit.record(
        actor=None, verb="change", kind=Kind.MANDATE, object_id=agreed.pk, particulars=told, now=world.NOW
    )
    ines = world.ines()
    since = change_mandate(
        actor=ines, mandate=agreed, changes={"hours_per_month": 6}, on=agreed.starts_on, now=world.NOW
    )
    ops, runs, reads = (signed_in(one) for one in (ines, world.ada(), world.karim()))
    pages = [reverse("accounts:entry-page", args=(entry.pk,)) for entry in (earlier, since)]
    history = reverse("org:person-show", args=(agreed.person_id,))
    for address in pages:
        assert "Hours a month" in body(ops, address)
        assert "Hours a month" not in body(runs, address)
    assert "Hours a month" in body(ops, history)
    for reader in (runs, reads):
        assert "Hours a month" not in body(reader, history)


def test_a_mandate_is_for_one_thing(tournesol: cast.Company, karim: Client) -> None:
    both = {"unit": tournesol.billing.pk, "area": tournesol.invoices.pk}
    for places in ({}, both):
        answer = karim.post(
            reverse("org:mandate-create") + f"?person={tournesol.karim.pk}",
            {"role": "lead", "on": TODAY, **places},
        )
        assert answer.status_code == 422
        assert "Choose one unit, one area or one market." in answer.content.decode()


def test_ending_what_ended_says_so(tournesol: cast.Company, karim: Client) -> None:
    mandate = Mandate.objects.as_of(world.TODAY).get(person=tournesol.karim)
    for _ in range(2):
        answer = karim.post(reverse("org:mandate-end", args=(mandate.pk,)), follow=True)
    assert "This already ended on" in answer.content.decode()


def test_a_button_never_leads_out_of_the_house(tournesol: cast.Company, karim: Client) -> None:
    mandate = Mandate.objects.as_of(world.TODAY).get(person=tournesol.karim)
    for away in ("https://example.org/", "//example.org/", "/\\example.org"):
        answer = karim.post(reverse("org:mandate-end", args=(mandate.pk,)), {"next": away})
        assert answer["Location"].startswith("/organisation/")


def test_owning_and_disowning_through_buttons(tournesol: cast.Company, karim: Client) -> None:
    karim.post(
        reverse("org:ownership-create") + f"?area={tournesol.refunds.pk}",
        {"unit": tournesol.cash.pk, "on": TODAY},
    )
    row = Ownership.objects.as_of(world.TODAY).get(area=tournesol.refunds)
    assert "Cash desk" in body(karim, reverse("org:area-show", args=(tournesol.refunds.pk,)))
    karim.post(reverse("org:ownership-end", args=(row.pk,)))
    assert not Ownership.objects.as_of(world.TODAY).filter(area=tournesol.refunds).exists()


def test_somebody_is_added_corrected_and_leaves(tournesol: cast.Company, karim: Client) -> None:
    answer = karim.post(
        reverse("org:person-create"),
        {
            "name": "Élodie Petit",
            "email": "elodie@example.org",
            "handle": "@elodie",
            "joined_on": "2026-10-01",
        },
        follow=True,
    )
    assert "Élodie Petit" in answer.content.decode()
    person = Person.objects.get(email="elodie@example.org")
    assert (person.handle, person.name_folded) == ("elodie", "elodie petit")
    karim.post(reverse("org:person-edit", args=(person.pk,)), {"name": "Élodie Grand"})
    person.refresh_from_db()
    assert (person.name_folded, person.email) == ("elodie grand", "elodie@example.org")
    karim.post(reverse("org:person-departure", args=(person.pk,)), {"on": TODAY})
    person.refresh_from_db()
    assert person.left_on == world.TODAY
    assert "left on" in body(karim, reverse("org:person-show", args=(person.pk,)))


VERBS = (
    ("membership-create", "?unit={unit}"),
    ("mandate-create", ""),
    ("ownership-create", ""),
    ("person-create", ""),
)


@pytest.mark.parametrize(("name", "asked"), VERBS)
def test_a_reader_is_told_no(tournesol: cast.Company, name: str, asked: str) -> None:
    reader = signed_in(world.lea())
    address = reverse(f"org:{name}") + asked.format(unit=tournesol.billing.pk)
    assert reader.get(address).status_code == reader.post(address).status_code == 403
    for kind in ("membership", "mandate", "ownership"):
        assert reader.post(reverse(f"org:{kind}-end", args=(1,))).status_code == 403
    assert not AuditEntry.objects.exists()


def test_nobody_signed_out_sees_the_organisation(tournesol: cast.Company, client: Client) -> None:
    for name in ("map", "map-data", "person-list", "change-list", "person-suggest"):
        assert client.get(reverse(f"org:{name}")).status_code == 302


def test_a_departure_before_the_arrival_is_refused(tournesol: cast.Company, karim: Client) -> None:
    person = cast.person("Late Comer", joined_on=world.TODAY)
    yesterday = (world.TODAY - dt.timedelta(days=1)).isoformat()
    answer = karim.post(reverse("org:person-departure", args=(person.pk,)), {"on": yesterday})
    assert answer.status_code == 422
