"""A unit or an area is chosen from its tree when there are few, and typed with suggestions when there are many."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from tests import world
from tests.org import company as cast
from tests.org.test_map import body, signed_in
from vertebra.org.forms.fields import PlaceField
from vertebra.org.models import UnitVersion
from vertebra.org.queries.structure import Structure

pytestmark = pytest.mark.django_db


@pytest.fixture
def tournesol() -> cast.Company:
    return cast.small()


@pytest.fixture
def ines() -> Client:
    return signed_in(world.ines())


def field(**options: Any) -> PlaceField:
    return PlaceField(Structure.as_of(world.TODAY).all(), "—", **options)


def test_few_places_are_a_tree_to_choose_from(tournesol: cast.Company) -> None:
    shown = field().widget.render("parent", tournesol.billing.pk)
    assert f'<option value="{tournesol.billing.pk}" selected>' in shown
    assert shown.count("<option") == len(Structure.as_of(world.TODAY).nodes) + 1


def test_many_places_are_typed_with_suggestions(tournesol: cast.Company) -> None:
    typed = field(most=1)
    shown = typed.widget.render("parent", typed.prepare_value(tournesol.billing.pk))
    assert f'value="Billing #{tournesol.billing.pk}"' in shown
    assert f'hx-get="{reverse("org:unit-suggest")}"' in shown
    assert "<option" not in shown


@pytest.mark.parametrize("most", [1, 100])
def test_a_place_may_be_written_as_its_name_its_number_or_both(tournesol: cast.Company, most: int) -> None:
    number = tournesol.billing.pk
    for written in ("Billing", " bílling ", str(number), f"Whatever #{number}"):
        assert field(most=most).clean(written) == number, written
    assert field(most=most, required=False).clean("") is None


def test_a_name_that_nobody_or_several_bear_is_refused(tournesol: cast.Company) -> None:
    twin = cast.unit("Billing")
    for written in ("Nowhere", "#999999", str(10**19)):
        with pytest.raises(ValidationError, match="None is called"):
            field().clean(written)
    with pytest.raises(ValidationError, match=f"Billing #{twin.pk}"):
        field().clean("Billing")


def test_places_are_suggested_while_one_types(tournesol: cast.Company, ines: Client) -> None:
    units, areas = reverse("org:unit-suggest"), reverse("org:area-suggest")
    assert f"Billing #{tournesol.billing.pk}" in body(ines, f"{units}?parent=bill")
    assert "Billing" not in body(ines, f"{units}?parent=cash")
    assert "Tournesol" in body(ines, f"{units}?parent=")
    assert f"Invoices #{tournesol.invoices.pk}" in body(ines, f"{areas}?step_0=voic")
    assert body(ines, f"{areas}?step_0=nowhere").strip() == ""


def test_a_unit_is_created_under_the_parent_that_was_typed(tournesol: cast.Company, ines: Client) -> None:
    given = {"name": "Fraud", "kind": "team", "parent": "payments", "on": str(world.TODAY)}
    assert ines.post(reverse("org:unit-create"), given).status_code == 302
    assert UnitVersion.objects.as_of(world.TODAY).get(name="Fraud").parent_id == tournesol.payments.pk
    answer = ines.post(reverse("org:unit-create"), given | {"parent": "nowhere"})
    assert answer.status_code == 422
