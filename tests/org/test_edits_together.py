"""Two people who edit the same object, changes from another day, and what the pages tell of them."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from tests.org import company as cast
from tests.org.test_map import body, signed_in
from vertebra.accounts import audit
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit import clock
from vertebra.org.actions.care import give_ownership
from vertebra.org.actions.people import change_membership, join_unit
from vertebra.org.actions.units import change_unit
from vertebra.org.labels import Function
from vertebra.org.models import Field, Mandate, Membership, UnitVersion

pytestmark = pytest.mark.django_db
LATER = dt.date(2026, 12, 15)


@pytest.fixture
def tournesol() -> cast.Company:
    return cast.small()


@pytest.fixture
def karim() -> Client:
    return signed_in(world.karim())


def edit_of(tournesol: cast.Company) -> str:
    return reverse("org:unit-edit", args=(tournesol.billing.pk,))


def form_of(client: Client, url: str) -> dict[str, Any]:
    """What a browser would send back from the form of a page without anything being typed."""
    form = client.get(url).context["form"]
    sent: dict[str, Any] = {}
    for name in form.fields:
        html = str(form[name])
        if name != "on":
            shown = re.search(rf'name="initial-{name}" value="([^"]*)"', html)
            sent[f"initial-{name}"] = shown[1] if shown else ""
        value = form[name].value()
        if isinstance(value, list):
            sent[name] = value
        elif value is not False:
            sent[name] = "" if value is None else str(form.fields[name].prepare_value(value))
    return sent


def held(tournesol: cast.Company, day: dt.date = world.TODAY) -> UnitVersion:
    found: UnitVersion = UnitVersion.objects.as_of(day).get(unit=tournesol.billing)
    return found


def test_saving_a_form_opened_earlier_keeps_what_others_changed(
    tournesol: cast.Company, karim: Client
) -> None:
    stale = form_of(karim, edit_of(tournesol))
    karim.post(edit_of(tournesol), {"name": "Invoicing"})
    assert karim.post(edit_of(tournesol), stale | {"purpose": "Right invoices."}).status_code == 302
    assert (held(tournesol).name, held(tournesol).purpose) == ("Invoicing", "Right invoices.")
    assert held(tournesol).parent == tournesol.payments


def test_the_same_field_changed_by_two_is_refused_once_saying_what_it_is_now(
    tournesol: cast.Company, karim: Client
) -> None:
    stale = form_of(karim, edit_of(tournesol))
    karim.post(edit_of(tournesol), {"name": "Invoicing"})
    refused = karim.post(edit_of(tournesol), stale | {"name": "Bills"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "it is now “Invoicing”" in page
    assert 'name="name" value="Bills"' in page
    assert 'name="initial-name" value="Invoicing"' in page
    assert held(tournesol).name == "Invoicing"
    karim.post(edit_of(tournesol), stale | {"name": "Bills", "initial-name": "Invoicing"})
    assert held(tournesol).name == "Bills"


def test_a_text_edited_in_place_by_two_is_refused(tournesol: cast.Company, karim: Client) -> None:
    page = body(karim, reverse("org:unit-show", args=(tournesol.billing.pk,)))
    assert 'name="initial-purpose"' in page
    assert 'name="initial-name" value="Billing"' in page
    karim.post(edit_of(tournesol), {"purpose": "Theirs.", "initial-purpose": ""})
    refused = karim.post(edit_of(tournesol), {"purpose": "Mine.", "initial-purpose": ""})
    assert refused.status_code == 422
    assert held(tournesol).purpose == "Theirs."


def test_people_markets_fields_and_areas_keep_what_others_changed(
    tournesol: cast.Company, karim: Client
) -> None:
    field = Field.objects.create(name="Strategy", description="", position=900)
    for url, theirs, mine, row in (
        (reverse("org:person-edit", args=(tournesol.karim.pk,)), "title", "country", tournesol.karim),
        (reverse("org:market-edit", args=(tournesol.germany.pk,)), "code", "name", tournesol.germany),
        (reverse("org:field-edit", args=(field.pk,)), "description", "name", field),
    ):
        stale = form_of(karim, url)
        karim.post(url, stale | {theirs: "Theirs"})
        assert karim.post(url, stale | {mine: "Mine"}).status_code == 302
        row.refresh_from_db()
        assert (getattr(row, theirs), getattr(row, mine)) == ("Theirs", "Mine")
    url = reverse("org:area-edit", args=(tournesol.invoices.pk,))
    stale = form_of(karim, url)
    karim.post(url, stale | {"name": "Theirs"})
    karim.post(url, stale | {"description": "Mine"})
    area = tournesol.invoices.versions.as_of(world.TODAY).get()
    assert (area.name, area.description) == ("Theirs", "Mine")


def test_memberships_and_mandates_keep_what_others_changed(tournesol: cast.Company, karim: Client) -> None:
    seat = Membership.objects.as_of(world.TODAY).get(person=tournesol.karim)
    mandate = Mandate.objects.create(
        role="director", person=tournesol.karim, unit=tournesol.billing, starts_on=world.TODAY
    )
    Membership.objects.filter(pk=seat.pk).update(starts_on=world.TODAY)
    for kind, row, theirs, mine in (
        ("membership", seat, {"share": "50"}, {"title": "Lead"}),
        ("mandate", mandate, {"is_acting": "on"}, {"title": "Lead"}),
    ):
        url = reverse(f"org:{kind}-edit", args=(row.pk,))
        stale = form_of(karim, url) | {"on": world.TODAY.isoformat()}
        assert karim.post(url, stale | theirs).status_code == 302
        assert karim.post(url, stale | mine).status_code == 302
        row.refresh_from_db()
        assert row.title == "Lead"
    assert (seat.share, mandate.is_acting) == (50, True)


def test_a_change_reaches_later_versions_until_the_field_was_to_change_anyway(
    tournesol: cast.Company,
) -> None:
    actor, unit = world.karim(), tournesol.billing
    new_year = dt.date(2027, 1, 1)
    change_unit(actor=actor, unit=unit, changes={"name": "Invoicing"}, on=LATER, now=world.NOW)
    change_unit(actor=actor, unit=unit, changes={"purpose": "Next year."}, on=new_year, now=world.NOW)
    entry = change_unit(
        actor=actor, unit=unit, changes={"purpose": "Right invoices."}, on=world.TODAY, now=world.NOW
    )
    days = (world.TODAY, LATER, new_year)
    assert [held(tournesol, day).purpose for day in days] == ["Right invoices."] * 2 + ["Next year."]
    assert [held(tournesol, day).name for day in days] == ["Billing", "Invoicing", "Invoicing"]
    audit.undo(actor=actor, entry=entry, now=world.NOW)
    assert [held(tournesol, day).purpose for day in days] == ["", "", "Next year."]


def test_a_change_of_how_somebody_works_reaches_what_is_planned(tournesol: cast.Company) -> None:
    actor, seat = world.karim(), Membership.objects.as_of(world.TODAY).get(person=tournesol.karim)
    change_membership(actor=actor, membership=seat, changes={"share": 50}, on=LATER, now=world.NOW)
    seat.refresh_from_db()
    change_membership(actor=actor, membership=seat, changes={"title": "Lead"}, on=world.TODAY, now=world.NOW)
    planned = Membership.objects.as_of(LATER).get(person=tournesol.karim)
    assert (planned.title, planned.share) == ("Lead", 50)


def test_the_notice_of_a_change_says_its_day_unless_it_is_today(
    tournesol: cast.Company, karim: Client
) -> None:
    said = karim.post(edit_of(tournesol), {"name": "Invoicing", "on": LATER.isoformat()}, follow=True)
    assert "Invoicing is changed, from 15 December 2026." in said.content.decode()
    said = karim.post(edit_of(tournesol), {"name": "Bills"}, follow=True)
    assert "Bills is changed." in said.content.decode()


def test_the_history_of_each_object_tells_its_changes_and_what_ties_it_to_others(
    tournesol: cast.Company, django_assert_max_num_queries: object
) -> None:
    actor: User = world.karim()
    now = clock.now()
    client = signed_in(actor)
    join_unit(
        actor=actor,
        person=tournesol.karim,
        unit=tournesol.cash,
        function=Function.PRODUCT,
        on=world.TODAY,
        now=now,
    )
    for unit in (tournesol.payments, tournesol.billing):
        give_ownership(actor=actor, unit=unit, target=tournesol.germany, on=world.TODAY, now=now)
    client.post(reverse("org:unit-edit", args=(tournesol.cash.pk,)), {"name": "Till"})
    tied, by_payments, by_billing, edit = AuditEntry.objects.order_by("pk")
    for name, pk, entries in (
        ("unit", tournesol.cash.pk, (tied, edit)),
        ("unit", tournesol.billing.pk, (by_billing,)),
        ("person", tournesol.karim.pk, (tied,)),
        ("market", tournesol.germany.pk, (by_payments, by_billing)),
    ):
        client.get("/")
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            page = body(client, reverse(f"org:{name}-show", args=(pk,)))
        told = page[page.index('id="history"') :]
        assert "Nothing was changed yet" not in told
        for entry in entries:
            assert reverse("accounts:entry-undo", args=(entry.pk,)) in told
    audit.undo(actor=actor, entry=tied, now=now)
    page = body(client, reverse("org:person-show", args=(tournesol.karim.pk,)))
    told = page[page.index('id="history"') :]
    assert told.count("feed-item") == 2
    assert reverse("accounts:entry-undo", args=(tied.pk,)) not in told
