"""What the home page says of an organisation that is not there yet."""

import datetime as dt
import html
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import world
from tests.org import company
from vertebra.org.actions import units
from vertebra.org.home import _directed
from vertebra.org.models import EmptySpace, EmptySpaceNeighbour, Mandate, Person, Unit

pytestmark = pytest.mark.django_db


def home(user: object) -> str:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client.get("/").content.decode() + client.get("/around/").content.decode()


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


def test_a_director_sees_what_is_open_where_they_direct(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    made = company.small()
    karim = world.karim()
    Person.objects.filter(pk=made.karim.pk).update(user=karim)
    inside, outside = space_beside(made.cash, "Refunds on Sunday"), space_beside(made.company, "Elsewhere")
    more = f"/organisation/empty-spaces/?state=open&amp;unit={made.payments.pk}"
    assert more not in home(karim)
    Mandate.objects.create(
        role="director", function="product", person=made.karim, unit=made.payments, starts_on=company.LONG_AGO
    )
    assert more in home(karim)
    with django_assert_max_num_queries(4):
        block = _directed(made.karim, world.TODAY)
    assert block is not None
    assert [line.title for line in block.lines] == [inside.sentence]
    client = Client()
    client.force_login(karim)
    listed = client.get(more.replace("&amp;", "&")).context["listing"].rows
    assert inside in listed
    assert outside not in listed


def space_beside(unit: Unit, sentence: str, day: dt.date = world.TODAY) -> EmptySpace:
    """An empty space that somebody reported beside a unit."""
    space = EmptySpace.objects.create(
        sentence=sentence, first_seen_on=day, latest_seen_on=day, changed_at=world.NOW, report_count=1
    )
    EmptySpaceNeighbour.objects.create(space=space, unit=unit)
    return space


def test_figures_of_the_lead_lead_to_what_they_count() -> None:
    made = company.small()
    days = {"old": world.TODAY - dt.timedelta(days=30), "new": world.TODAY - dt.timedelta(days=29)}
    for sentence, day in days.items():
        space_beside(made.cash, sentence, day)
    ines = world.ines()
    client = Client()
    client.force_login(ines)
    lead = client.get("/").content.decode().split('class="lead"')[1].split("</p>")[0]
    urls = [html.unescape(url) for url in re.findall(r'href="(/[^"]*)"', lead)]
    counted = [[row.sentence for row in client.get(url).context["listing"].rows] for url in urls]
    assert [sorted(sentences) for sentences in counted] == [["new", "old"], ["new"]]
    assert 'href="#needs"' in lead
