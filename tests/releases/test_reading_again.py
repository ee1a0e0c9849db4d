"""What a reader says of a release looks said once it is said; a question is kept whole, once, or given back."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from tests.org.company import person, unit
from tests.releases.made import planned
from tests.releases.told import tell
from tests.roadmap.undertaken import browser
from vertebra.accounts.models import User
from vertebra.org.models import Person
from vertebra.releases.actions.questions import answer_for_all, merge_questions
from vertebra.releases.models import Receipt, Release

pytestmark = pytest.mark.django_db
NOW = world.NOW


@pytest.fixture
def seller() -> Person:
    return person("Seller", unit("Sales team"), "sales", email="seller@example.org")


@pytest.fixture
def row(karim: User, seller: Person) -> Release:
    made = planned(karim, body="Text.")
    tell(made, [seller])
    return made


def address(name: str, one: Person) -> str:
    return reverse(f"releases:{name}", args=(f"secret{one.pk}",))


def pressed(page: str) -> dict[str, bool]:
    """Which buttons stand there, and whether each is pressed."""
    found = re.findall(r'name="state" value="(\w+)" aria-pressed="(\w+)">(.*?)</button>', page)
    for _state, is_pressed, inside in found:
        assert ("<svg" in inside) is (is_pressed == "true")
    return {state: is_pressed == "true" for state, is_pressed, _inside in found}


def test_no_button_looks_pressed_before_anything_is_said(row: Release, seller: Person) -> None:
    client, url = Client(), address("read-by-link", seller)
    page = client.get(url).content.decode()
    assert pressed(page) == {"understood": False, "acknowledged": False}
    assert 'class="button is-large"' in page and "is-large is-primary" not in page
    client.post(address("word-by-link", seller), {"state": "understood"})
    assert pressed(client.get(url).content.decode()) == {"understood": True, "acknowledged": False}
    client.post(address("word-by-link", seller), {"state": "acknowledged"})
    assert pressed(client.get(url).content.decode()) == {"understood": False, "acknowledged": True}


@pytest.mark.parametrize("is_by_link", [True, False])
def test_a_question_that_is_too_long_is_given_back_whole(
    karim: User, row: Release, seller: Person, is_by_link: bool
) -> None:
    if is_by_link:
        client, url = Client(), address("ask-by-link", seller)
    else:
        user = world.lea()
        client, url = browser(user), reverse("releases:release-ask", args=(row.pk,))
        person(user.name, unit("Their team"), "sales", user=user)
    typed = "Why? " * 400 + "<b>really</b>"
    answer = client.post(url, {"question": typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Why? " * 400 + "&lt;b&gt;really&lt;/b&gt;" in page
    assert "A question has 2,000 characters at most; yours has 2,013" in page
    assert 'aria-describedby="reading-question_error"' in page
    assert not row.questions.exists() and not Receipt.objects.exists()
    assert client.post(url, {"question": "W" * 1998 + "\r\n?"}).status_code == 302
    assert len(row.questions.get().question) == 2000


def test_the_same_question_of_the_same_person_is_one_until_it_is_answered(
    karim: User, row: Release, seller: Person
) -> None:
    client, url = Client(), address("ask-by-link", seller)
    for _press in range(2):
        answer = client.post(url, {"question": " Also in Spain? "}, follow=True)
    assert "You asked this already" in answer.content.decode()
    assert row.questions.count() == 1
    client.post(url, {"question": "And in Italy?"})
    first, second = row.questions.order_by("pk")
    merge_questions(actor=karim, release=row, numbers=[first.pk, second.pk], now=NOW)
    client.post(url, {"question": "And in Italy?"})
    assert row.questions.count() == 2
    answer_for_all(actor=karim, question=first, answer="In May.", person=None, now=NOW)
    client.post(url, {"question": "And in Italy?"})
    assert row.questions.count() == 3


def test_two_people_who_ask_the_same_have_asked_twice(karim: User, row: Release, seller: Person) -> None:
    Client().post(address("ask-by-link", seller), {"question": "Also in Spain?"})
    user = world.lea()
    person(user.name, unit("Their team"), "sales", user=user)
    browser(user).post(reverse("releases:release-ask", args=(row.pk,)), {"question": "Also in Spain?"})
    assert row.questions.count() == 2


def test_on_the_page_of_the_release_too_what_was_typed_stays(karim: User, row: Release) -> None:
    client, url = browser(karim), reverse("releases:question-create", args=(row.pk,))
    answer = client.post(url, {"question": "Why? " * 401})
    assert answer.status_code == 422
    assert "Why? " * 400 in answer.content.decode() and "yours has 2,004" in answer.content.decode()
    assert client.post(url, {"question": "Why?"}).status_code == 302
    assert row.questions.get().question == "Why?"


@pytest.mark.parametrize("state", ["banana", "", "\x00"])
def test_what_is_no_word_is_refused_on_the_page_and_noted_nowhere(
    row: Release, seller: Person, state: str
) -> None:
    answer = Client().post(address("word-by-link", seller), {"state": state})
    assert answer.status_code == 422
    assert "Say whether you read it, understood it, or have a question." in answer.content.decode()
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("name", ["release-list", "news", "consultation-list"])
def test_a_state_that_does_not_exist_filters_nothing(karim: User, row: Release, name: str) -> None:
    url = reverse(f"releases:{name}")
    client = browser(karim)
    answer = client.get(url, {"state": "banana"})
    assert answer.status_code == 200 and not answer.context["listing"].is_narrowed
    assert answer.context["listing"].total == client.get(url).context["listing"].total
