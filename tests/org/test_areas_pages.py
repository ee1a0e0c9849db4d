"""Areas, journeys, markets and fields of action on their pages: who cares for what, and what nobody does."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from tests.org import company as cast
from tests.org.test_map import body, signed_in
from vertebra.org.labels import AreaKind
from vertebra.org.models import Area, AreaStep, Field, Market, Ownership
from vertebra.org.queries.areas import matrix
from vertebra.org.queries.care import Areas, Owners
from vertebra.org.queries.structure import Structure

pytestmark = pytest.mark.django_db
TODAY = world.TODAY.isoformat()


@pytest.fixture
def tournesol() -> cast.Company:
    return cast.small()


@pytest.fixture
def karim(tournesol: cast.Company) -> Client:
    return signed_in(world.karim())


def test_the_list_says_what_nobody_takes_care_of(karim: Client) -> None:
    page = body(karim, reverse("org:area-list") + "?owner=nobody")
    rows = page.partition("<tbody>")[2]
    assert "Refunds" in rows
    assert "Invoices" not in rows


def test_an_area_two_units_own_is_found(tournesol: cast.Company, karim: Client) -> None:
    Ownership.objects.create(unit=tournesol.cash, area=tournesol.invoices, starts_on=cast.LONG_AGO)
    rows = body(karim, reverse("org:area-list") + "?owner=several").partition("<tbody>")[2]
    assert "Invoices" in rows
    assert "Refunds" not in rows
    assert "more than one unit" in body(karim, reverse("org:area-show", args=(tournesol.invoices.pk,)))


def test_a_journey_shows_its_steps_and_who_takes_care_of_each(tournesol: cast.Company, karim: Client) -> None:
    page = body(karim, reverse("org:area-show", args=(tournesol.first_month.pk,)))
    assert page.index("1. Invoices") < page.index("Billing") < page.index("2. Refunds")
    assert "nobody takes care of this step" in page


def test_an_area_shows_the_journeys_that_cross_it_and_its_neighbours(
    tournesol: cast.Company, karim: Client
) -> None:
    page = body(karim, reverse("org:area-show", args=(tournesol.invoices.pk,)))
    assert "The first month of a customer" in page
    assert "just before or after it" in page


def test_the_matrix_counts_what_each_branch_owns(tournesol: cast.Company) -> None:
    inner = cast.area("Reminders", tournesol.invoices)
    Ownership.objects.create(unit=tournesol.billing, area=inner, starts_on=cast.LONG_AGO)
    day = world.TODAY
    found = matrix(Areas.as_of(day), Owners.as_of(day), Structure.as_of(day), 0, 0)
    rows = {row.area.name: row for row in found.rows}
    assert [unit.name for unit in found.units] == ["Billing"]
    assert [number for _unit, number in rows["Invoices"].cells] == [2]
    assert rows["Refunds"].unowned == 1


def test_a_journey_is_created_with_its_steps(tournesol: cast.Company, karim: Client) -> None:
    answer = karim.post(
        reverse("org:area-create"),
        {
            "name": "From sale to support",
            "kind": AreaKind.HAND_OVER,
            "parent": "",
            "description": "",
            "on": TODAY,
            "step_0": tournesol.invoices.pk,
            "step_1": tournesol.refunds.pk,
        },
    )
    assert answer.status_code == 302
    made = Area.objects.get(kind=AreaKind.HAND_OVER)
    assert AreaStep.objects.filter(journey=made).count() == 2


def test_a_hand_over_of_one_step_is_refused_in_words(tournesol: cast.Company, karim: Client) -> None:
    answer = karim.post(
        reverse("org:area-create"),
        {"name": "To nobody", "kind": AreaKind.HAND_OVER, "on": TODAY, "step_0": tournesol.invoices.pk},
    )
    assert answer.status_code == 422
    assert "A hand-over goes between at least two areas." in answer.content.decode()


def test_steps_are_changed(tournesol: cast.Company, karim: Client) -> None:
    karim.post(
        reverse("org:step-edit", args=(tournesol.first_month.pk,)),
        {"step_0": tournesol.refunds.pk, "step_2": tournesol.invoices.pk, "on": TODAY},
    )
    steps = AreaStep.objects.filter(journey=tournesol.first_month).values_list("area_id", flat=True)
    assert list(steps) == [tournesol.refunds.pk, tournesol.invoices.pk]


def test_an_area_is_edited_in_place_and_closed(tournesol: cast.Company, karim: Client) -> None:
    karim.post(reverse("org:area-edit", args=(tournesol.refunds.pk,)), {"name": "Money back"})
    assert Areas.as_of(world.TODAY).nodes[tournesol.refunds.pk].name == "Money back"
    assert Areas.as_of(cast.LONG_AGO).nodes[tournesol.refunds.pk].name == "Refunds"
    karim.post(reverse("org:area-close", args=(tournesol.refunds.pk,)), {"on": TODAY})
    assert tournesol.refunds.pk not in Areas.as_of(world.TODAY).nodes
    assert "not there on that day" in body(karim, reverse("org:area-show", args=(tournesol.refunds.pk,)))


def test_a_market_is_created_renamed_and_archived(karim: Client) -> None:
    karim.post(reverse("org:market-create"), {"name": "Italy", "code": "IT"})
    italy = Market.objects.get(name="Italy")
    karim.post(reverse("org:market-edit", args=(italy.pk,)), {"name": "Italia"})
    italy.refresh_from_db()
    assert (italy.name, italy.code) == ("Italia", "IT")
    assert "The field has no Product Champion" in body(karim, reverse("org:market-show", args=(italy.pk,)))
    karim.post(reverse("org:market-archive", args=(italy.pk,)))
    assert "Italia" not in body(karim, reverse("org:market-list")).partition("</main>")[0]
    assert "Italia" in body(karim, reverse("org:market-list") + "?state=archived").partition("<tbody>")[2]


def test_fields_of_action_are_made_moved_and_archived(karim: Client) -> None:
    for name in ("Impact", "Tools"):
        karim.post(reverse("org:field-create"), {"name": name, "description": ""})
    tools = Field.objects.get(name="Tools")
    karim.post(reverse("org:field-order"), {"up": tools.pk})
    assert [field.name for field in Field.objects.all()] == ["Tools", "Impact"]
    karim.post(reverse("org:field-edit", args=(tools.pk,)), {"name": "Process and tools"})
    assert "Process and tools" in body(karim, reverse("org:field-list"))
    karim.post(reverse("org:field-archive", args=(tools.pk,)))
    assert "Process and tools" not in body(karim, reverse("org:field-list")).partition("</main>")[0]
