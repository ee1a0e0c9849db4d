"""Rows written raw keep every rule that the models state."""

import pytest
from django.db import connection, models

from tests.demo.rules import faults, ours
from vertebra.accounts.models import SearchEntry, User
from vertebra.accounts.search import search
from vertebra.demo.fixture import DAY
from vertebra.demo.load import Summary
from vertebra.org.models import EmptySpace, Person, Unit, UnitVersion

pytestmark = pytest.mark.django_db


@pytest.mark.deep
def test_every_row_of_the_scale_up_is_valid_field_by_field(demo_scale_up: Summary) -> None:
    for model in ours():
        assert faults(list(model._default_manager.all()), whole=False) == []


def test_every_reference_leads_somewhere(demo_scale_up: Summary) -> None:
    connection.check_constraints()


def test_rows_made_by_hand_afterwards_get_fresh_ids(demo_scale_up: Summary) -> None:
    highest = max(Unit.objects.values_list("pk", flat=True))
    assert Unit.objects.create(created_at=User.objects.all()[0].created_at).pk == highest + 1


def test_search_knows_everybody_and_everything(demo_scale_up: Summary) -> None:
    kinds = dict(SearchEntry.objects.values_list("kind").annotate(count=models.Count("id")))
    assert kinds["person"] == 1800
    assert kinds["unit"] == UnitVersion.objects.as_of(DAY).count()
    assert kinds["empty_space"] == EmptySpace.objects.count()
    reader = User.objects.filter(role="reader")[0]
    assert search(reader, "ines barbier")[0].title == "Inès Barbier"
    assert "Caisse tactile" in [entry.title for entry in search(reader, "caisse tactil")]


def test_the_cast_are_people_who_cannot_sign_in_with_a_password(demo_scale_up: Summary) -> None:
    cast = list(User.objects.all())
    assert len(cast) == 18
    assert all(user.is_cast and not user.has_usable_password() for user in cast)
    assert Person.objects.present_on(DAY).filter(user__in=cast).count() == 18
    assert {user.role for user in cast} == {"reader", "contributor", "product_ops", "administrator"}
    assert {"Inès Barbier", "Karim Diallo", "Léa Roux", "Ada Lind"} <= {user.name for user in cast}
    for user in cast:
        person = Person.objects.get(user=user)
        assert (person.name, person.email) == (user.name, user.email)
