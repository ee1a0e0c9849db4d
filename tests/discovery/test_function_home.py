"""Home asks Product Ops for its charter on day one, for help nobody took, for what should have gone back."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests import world
from vertebra.accounts.actions.invitations import invite_person
from vertebra.accounts.actions.people import change_role, deactivate_account
from vertebra.accounts.models import User
from vertebra.discovery.actions import charters
from vertebra.discovery.actions.diagnoses import start_diagnosis
from vertebra.discovery.actions.help_requests import ask_for_help, take_over
from vertebra.discovery.actions.stages import Effort, note_stage
from vertebra.discovery.home import part
from vertebra.discovery.models import Audit, Charter, HelpRequest
from vertebra.discovery.queries.function_home import block_of_function, needs_of_function
from vertebra.org.models import Field

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines() -> User:
    return world.ines()


def verbs(user: User, days: int = 0) -> list[str]:
    return [need.sentence for need in needs_of_function(user, world.NOW + dt.timedelta(days=days))]


def publish(ines: User) -> None:
    entry = charters.start_charter(actor=ines, language="en", now=world.NOW)
    charter = Charter.objects.get(pk=entry.object_id or 0)
    words = {"who_we_are": "Ines", "how_to_ask": "One line"}
    charters.write_charter(actor=ines, charter=charter, words=words, now=world.NOW)
    charters.publish_charter(actor=ines, charter=charter, now=world.NOW)


def test_the_charter_is_asked_for_until_it_is_published_and_of_nobody_else(ines: User) -> None:
    assert verbs(ines) == ["Nobody knows yet what Product Ops is for"]
    for user in (world.lea(), world.ada()):
        assert verbs(user) == []
    publish(ines)
    assert verbs(ines) == []


def test_an_administrator_is_told_that_somebody_must_be_product_ops_until_somebody_is() -> None:
    ada = world.ada()
    (need,) = needs_of_function(ada, world.NOW)
    assert need.url == f"{reverse('accounts:invitation-create')}?role=product_ops"
    client = Client()
    client.force_login(ada, "allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(need.url).context["form"].initial["role"] == "product_ops"
    invite_person(actor=ada, email="i@x.org", name="", role="product_ops", language="fr", now=world.NOW)
    (need,) = needs_of_function(ada, world.NOW)
    assert need.url == reverse("accounts:invitation-list")

    lea = world.lea()
    assert needs_of_function(lea, world.NOW) == [], "who cannot give the role is not asked to"
    (need,) = needs_of_function(ada, world.NOW + dt.timedelta(days=30))
    assert need.url == reverse("accounts:user-list"), "the invitation has expired, and others are there"
    change_role(actor=ada, user=lea, role="product_ops", now=world.NOW)
    assert verbs(ada) == []
    deactivate_account(actor=ada, user=lea, now=world.NOW)
    assert len(verbs(ada)) == 1


def test_after_an_audit_home_asks_what_changed(ines: User) -> None:
    publish(ines)
    later = world.NOW + dt.timedelta(days=3)
    Audit.objects.create(
        title="First audit", language="en", number=1, state="published", created_at=later,
        changed_at=later, frozen_at=later, published_at=later,
    )  # fmt: skip
    (need,) = needs_of_function(ines, later)
    assert need.sentence == "Say in the charter what changed after listening"
    assert "First audit" in need.why


def test_help_that_nobody_took_and_what_should_have_gone_back_wait(ines: User) -> None:
    publish(ines)
    lea = world.lea()
    for sentence in ("Help us plan", "Write our page"):
        ask_for_help(actor=lea, sentence=sentence, language="en", unit=None, now=world.NOW)
    assert verbs(ines) == ["2 requests for help have nobody yet"]
    request = HelpRequest.objects.order_by("pk")[0]
    day = world.TODAY + dt.timedelta(days=5)
    take_over(actor=ines, request=request, hand_back_on=day, now=world.NOW)
    assert verbs(ines) == ["1 request for help has nobody yet"]
    assert verbs(ines, days=6)[0] == "1 thing you took over should have gone back to its team"


def test_diagnosis_and_stage_are_asked_again_after_six_months_once_begun(ines: User) -> None:
    publish(ines)
    assert verbs(ines, days=400) == []
    start_diagnosis(actor=ines, answers={}, language="en", now=world.NOW)
    field = Field.objects.create(name="Process")
    note_stage(actor=ines, field=field, effort=Effort(50, 30, 20), now=world.NOW)
    assert verbs(ines, days=181) == []
    assert verbs(ines, days=182) == ["Repeat the diagnosis", "Note the stage of the function again"]


def test_everybody_finds_where_to_ask_and_what_became_of_what_they_asked(ines: User) -> None:
    lea = world.lea()
    assert block_of_function(lea).lines == []
    assert block_of_function(lea).more_url == "/discovery/help/new/"
    publish(ines)
    ask_for_help(actor=lea, sentence="Help us plan", language="en", unit=None, now=world.NOW)
    assert [line.title for line in block_of_function(lea).lines] == ["Charter of Product Ops", "Help us plan"]
    assert [line.title for line in block_of_function(ines).lines] == ["Charter of Product Ops"]


def test_what_discovery_says_takes_few_queries(
    ines: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    publish(ines)
    with django_assert_max_num_queries(7):
        assert part(ines, world.NOW) is not None
        needs_of_function(ines, world.NOW)
        block_of_function(ines)
