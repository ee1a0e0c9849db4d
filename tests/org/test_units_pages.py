"""What one does to units on their pages: create, edit in place, move, close, and what is refused in words."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from tests.org import company as cast
from tests.org.test_map import body, signed_in
from vertebra.accounts.models import AuditEntry
from vertebra.org.models import Unit, UnitVersion
from vertebra.org.queries.structure import Structure

pytestmark = pytest.mark.django_db


@pytest.fixture
def tournesol() -> cast.Company:
    return cast.small()


@pytest.fixture
def karim() -> Client:
    return signed_in(world.karim())


def name_of(unit: Unit) -> str:
    return Structure.as_of(world.TODAY).nodes[unit.pk].name


def test_a_unit_page_answers_what_for_how_who_what_and_what_not(
    tournesol: cast.Company, karim: Client
) -> None:
    UnitVersion.objects.all_time().filter(unit=tournesol.billing).update(
        purpose="Right invoices, on time.", how_to_work="Write to #billing."
    )
    page = body(karim, reverse("org:unit-show", args=(tournesol.billing.pk,)))
    for said in (
        "Right invoices, on time.",
        "Write to #billing.",
        "Karim Diallo",
        "Product manager",
        "Invoices",
    ):
        assert said in page
    assert page.index("Product manager") < page.index("Jean-Noël Bœuf")


def test_a_name_is_edited_in_place(tournesol: cast.Company, karim: Client) -> None:
    answer = karim.post(
        reverse("org:unit-edit", args=(tournesol.billing.pk,)), {"name": "Invoicing"}, follow=True
    )
    assert name_of(tournesol.billing) == "Invoicing"
    assert "/undo/" in answer.content.decode()
    assert "Renamed from “Billing” to “Invoicing”." in answer.content.decode()


def test_editing_in_place_changes_nothing_else(tournesol: cast.Company, karim: Client) -> None:
    karim.post(reverse("org:unit-edit", args=(tournesol.billing.pk,)), {"purpose": "Right invoices."})
    version = UnitVersion.objects.as_of(world.TODAY).get(unit=tournesol.billing)
    assert (version.purpose, version.name, version.parent_id) == (
        "Right invoices.",
        "Billing",
        tournesol.payments.pk,
    )


def test_a_refusal_stands_in_the_form(tournesol: cast.Company, karim: Client) -> None:
    answer = karim.post(reverse("org:unit-edit", args=(tournesol.billing.pk,)), {"name": "Billing"})
    assert answer.status_code == 422
    assert "Nothing is different from what already holds." in answer.content.decode()
    answer = karim.post(
        reverse("org:unit-edit", args=(tournesol.billing.pk,)), {"name": "X", "on": "1999-01-01"}
    )
    assert answer.status_code == 422
    assert "does not exist on 1 January 1999" in answer.content.decode()


def test_a_unit_is_not_offered_a_place_inside_itself(tournesol: cast.Company, karim: Client) -> None:
    page = body(karim, reverse("org:unit-edit", args=(tournesol.payments.pk,)))
    assert ">Tournesol</option>" in page
    assert "Billing</option>" not in page
    answer = karim.post(
        reverse("org:unit-edit", args=(tournesol.payments.pk,)), {"parent": tournesol.billing.pk}
    )
    assert answer.status_code == 422


def test_a_unit_is_created(tournesol: cast.Company, karim: Client) -> None:
    answer = karim.post(
        reverse("org:unit-create"),
        {
            "name": "Fraud",
            "kind": "team",
            "parent": tournesol.payments.pk,
            "purpose": "",
            "how_to_work": "",
            "on": world.TODAY.isoformat(),
        },
        follow=True,
    )
    assert answer.status_code == 200
    assert "Fraud" in {node.name for node in Structure.as_of(world.TODAY).all()}


def test_closing_asks_what_becomes_of_the_people(tournesol: cast.Company, karim: Client) -> None:
    address = reverse("org:unit-close", args=(tournesol.billing.pk,))
    assert karim.post(address, {"on": world.TODAY.isoformat()}).status_code == 422
    karim.post(address, {"on": world.TODAY.isoformat(), "contents": "to_parent"})
    assert tournesol.billing.pk not in Structure.as_of(world.TODAY).nodes
    page = body(karim, reverse("org:unit-show", args=(tournesol.billing.pk,)))
    assert "closed" in page


@pytest.mark.parametrize("name", ["unit-create", "unit-edit", "unit-close"])
def test_a_reader_changes_nothing(tournesol: cast.Company, name: str) -> None:
    reader = signed_in(world.lea())
    args = () if name == "unit-create" else (tournesol.billing.pk,)
    assert reader.get(reverse(f"org:{name}", args=args)).status_code == 403
    assert reader.post(reverse(f"org:{name}", args=args), {"name": "Mine"}).status_code == 403
    assert not AuditEntry.objects.exists()


def test_a_unit_that_never_was_is_not_found(karim: Client) -> None:
    for name in ("unit-show", "unit-edit", "unit-close"):
        assert karim.get(reverse(f"org:{name}", args=(10**9,))).status_code == 404


def test_the_list_finds_filters_and_exports(tournesol: cast.Company, karim: Client) -> None:
    listed = reverse("org:unit-list")
    assert "Billing" in body(karim, f"{listed}?q=bill")
    assert "Cash desk" not in body(karim, f"{listed}?q=bill").partition('id="listing"')[2]
    inside = body(karim, f"{listed}?inside={tournesol.payments.pk}").partition("<tbody>")[2]
    assert "Cash desk" in inside
    assert f'units/{tournesol.company.pk}/"' not in inside
    answer = karim.get(f"{listed}?format=csv&kind=team")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "Billing" in text
    assert "Payments" in text.splitlines()[1]
    assert len(text.splitlines()) == 3


def test_the_first_unit_of_an_empty_instance_is_created_by_hand(karim: Client) -> None:
    page = body(karim, reverse("org:unit-create"))
    assert '<option value="company" selected>' in page
    given = {"name": "Orme", "kind": "company", "on": world.TODAY.isoformat()}
    assert karim.post(reverse("org:unit-create"), given).status_code == 302
    version = UnitVersion.objects.as_of(world.TODAY).get(name="Orme")
    assert version.kind.slug == "company"
    given = {"name": "Caisse", "kind": "team", "parent": version.unit_id, "on": world.TODAY.isoformat()}
    assert karim.post(reverse("org:unit-create"), given).status_code == 302
    assert UnitVersion.objects.as_of(world.TODAY).get(name="Caisse").kind.is_team
