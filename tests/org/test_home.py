"""What the home page says of an organisation that is not there yet."""

import pytest
from django.test import Client

from tests import world
from tests.org import company
from vertebra.org.actions import units

pytestmark = pytest.mark.django_db


def home(user: object) -> str:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client.get("/").content.decode()


def test_an_empty_instance_teaches_the_first_step_to_those_who_can_take_it() -> None:
    assert "L’organisation n’est pas encore dessinée" in home(world.ines())
    assert "L’organisation n’est pas encore dessinée" not in home(world.lea())


def test_the_first_step_goes_once_there_is_a_unit() -> None:
    ines = world.ines()
    units.create_unit(
        actor=ines,
        name="Orme",
        kind=company.kind("company"),
        parent=None,
        purpose="",
        how_to_work="",
        on=world.TODAY,
        now=world.NOW,
    )
    assert "L’organisation n’est pas encore dessinée" not in home(ines)
