"""The page of whoever was asked: opened by anyone, changing nothing until the button is pressed."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests import world
from tests.evidence.world import SCALE, asked, pulse, team, token_of
from vertebra.evidence.actions.surveys import close_survey
from vertebra.evidence.models import Invitation, Response, Survey
from vertebra.evidence.sets import re_ask
from vertebra.org.models import Person

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def afresh() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def survey() -> Survey:
    team("Pay", 6)
    return asked(pulse())


@pytest.fixture
def link(survey: Survey) -> str:
    invitation = Invitation.objects.order_by("pk").first()
    assert invitation is not None
    return reverse("evidence:answer-by-link", args=[token_of(invitation)])


def test_opening_the_link_changes_nothing_however_often(client: Client, link: str) -> None:
    for _time in range(3):
        page = client.get(link)
        assert page.status_code == 200
        client.head(link)
    assert not Invitation.objects.filter(is_answered=True).exists()
    assert not Response.objects.exists()
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]


def test_two_taps_answer_and_the_page_says_thank_you(client: Client, link: str) -> None:
    sent = client.post(link, {"q-cost": "7"})
    assert (sent.status_code, sent["Location"]) == (302, link)
    assert b"Thank you" in client.get(link).content
    assert [row.answers for row in Response.objects.all()] == [{"cost": 7}]


def test_a_forwarded_link_counts_once(client: Client, link: str) -> None:
    client.post(link, {"q-cost": "7"})
    again = Client().post(link, {"q-cost": "1"}, follow=True)
    assert "Thank you" in again.content.decode()
    assert [row.answers for row in Response.objects.all()] == [{"cost": 7}]


def test_what_was_typed_is_kept_when_something_is_missing(client: Client, link: str) -> None:
    page = client.post(link, {"q-line": "Too many <tools>", "q-cause": ["tools"]})
    told = page.content.decode()
    assert page.status_code == 422
    assert "Too many &lt;tools&gt;</textarea>" in told
    assert 'value="tools" checked' in told
    assert "Choose an answer to this one." in told
    assert not Response.objects.exists()


def test_it_speaks_the_language_of_who_was_asked_and_the_other_on_demand(client: Client) -> None:
    pay = team("Pay", 6)
    Person.objects.filter(memberships__unit=pay).update(language="fr")
    code, kind, text, choices, needed = re_ask("fr")[0]
    survey = asked(pulse([type(SCALE)(code, kind, text, choices, needed)], language="fr"))
    invitation = Invitation.objects.filter(survey=survey).first()
    assert invitation is not None
    link = reverse("evidence:answer-by-link", args=[token_of(invitation)])
    assert "Combien cela vous coûte-t-il encore" in client.get(link).content.decode()
    assert "How much does this still cost you?" in client.get(f"{link}?language=en").content.decode()


def test_a_closed_survey_says_so_kindly(client: Client, survey: Survey, link: str) -> None:
    close_survey(actor=None, survey=survey, now=world.NOW)
    page = client.get(link)
    assert page.status_code == 410
    assert "The time to answer is over" in page.content.decode()
    assert client.post(link, {"q-cost": "7"}).status_code == 410
    assert not Response.objects.exists()


def test_a_cut_link_says_so_and_guessing_is_slowed_down(client: Client, link: str) -> None:
    wrong = link[:-9] + "/"
    assert client.get(wrong).status_code == 404
    assert {client.get(wrong).status_code for _time in range(70)} == {404, 429}
    assert client.get(link).status_code == 200


def test_trying_without_end_is_slowed_down(client: Client, link: str) -> None:
    codes = [client.post(link, {"q-cost": "99"}).status_code for _time in range(14)]
    assert codes[0] == 422
    assert codes[-1] == 429


def test_somebody_signed_in_answers_from_their_home_page(client: Client, survey: Survey) -> None:
    lea = world.english(world.lea())
    invitation = Invitation.objects.select_related("person").first()
    assert invitation is not None
    Person.objects.filter(pk=invitation.person_id).update(user=lea)
    client.force_login(lea)
    home = client.get("/").content.decode()
    address = reverse("evidence:answer-own", args=[survey.pk])
    assert address in home
    assert client.post(address, {"q-cost": "4"}).status_code == 302
    assert address not in client.get("/").content.decode()
    assert Response.objects.count() == 1


def test_somebody_who_was_not_asked_finds_nothing(client: Client, survey: Survey) -> None:
    client.force_login(world.english(world.lea()))
    assert client.get(reverse("evidence:answer-own", args=[survey.pk])).status_code == 404
