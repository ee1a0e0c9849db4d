"""The one question of a release begins with that of its lesson, and is changed as one likes."""

from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from tests.learning.made import TEXT
from tests.releases.made import major
from tests.releases.told import ready
from tests.roadmap.undertaken import browser
from vertebra.accounts.models import User
from vertebra.learning.actions import lessons
from vertebra.learning.models import Lesson
from vertebra.learning.queries.questions import question_of
from vertebra.releases.models import Release

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
NOW = world.NOW
FRENCH = {
    "title": "Rembourser",
    "body": "Un bouton.",
    "question": "Qui rembourse ?",
    "choices": ["Chacun", "Le support seul", "Personne"],
    "right": 1,
    "explanation": "Le support a la clé.",
}


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = NOW


@pytest.fixture
def karim() -> User:
    return world.karim()


@pytest.fixture
def client(karim: User) -> Client:
    return browser(karim)


@pytest.fixture
def release(karim: User) -> Release:
    """A release of the top tier with briefs that would begin the question otherwise."""
    row = major(karim, "Refunds")
    ready(row, "everyone", "en", "A brief says this")
    ready(row, "everyone", "fr", "Un résumé dit cela")
    return row


def carried(actor: User, release: Release, **texts: dict[str, Any]) -> Lesson:
    row = lessons.create_lesson(actor=actor, title="Refunds", language="en", release=release, now=NOW)
    for code, said in texts.items():
        lessons.write_text(actor=actor, lesson=row, language=code, changes=said, now=NOW)
    return row


def fields(client: Client, release: Release) -> dict[str, str]:
    """What the form begins with."""
    response = client.get(reverse("releases:release-check", args=(release.pk,)))
    assert response.status_code == 200
    form = response.context["form"]
    return {name: unescape(str(form[name].value() or "")) for name in form.fields}


def test_it_begins_with_the_question_of_the_lesson_in_each_language(
    client: Client, karim: User, release: Release
) -> None:
    row = carried(karim, release, en=TEXT, fr=FRENCH)
    lessons.publish_lesson(actor=karim, lesson=row, now=NOW)
    assert fields(client, release) == {
        "question": "Who may refund?",
        "right": "Support only",
        "wrong": "Everybody\nNobody",
        "explanation": "Support holds the key.",
        "question_fr": "Qui rembourse ?",
        "right_fr": "Le support seul",
        "wrong_fr": "Chacun\nPersonne",
        "explanation_fr": "Le support a la clé.",
    }
    page = client.get(reverse("releases:release-check", args=(release.pk,))).content.decode()
    assert "It begins with the question of its lesson" in page


def test_it_is_saved_as_it_begins_or_otherwise_and_then_stays_as_it_was_written(
    client: Client, karim: User, release: Release
) -> None:
    carried(karim, release, en=TEXT, fr=FRENCH)
    url = reverse("releases:release-check", args=(release.pk,))
    assert client.post(url, fields(client, release)).status_code == 302
    held = release.check_questions.get()
    assert held.choices[held.right] == "Support only"
    assert held.other_words["fr"]["choices"][held.right] == "Le support seul"
    given = {**fields(client, release), "question": "Who gives money back?"}
    assert client.post(url, given).status_code == 302
    assert fields(client, release)["question"] == "Who gives money back?"
    page = client.get(url).content.decode()
    assert "It begins with the question of its lesson" not in page
    assert Lesson.objects.get().versions.get().texts.get(language="en").question == "Who may refund?"


def test_what_is_being_written_counts_until_something_holds(
    client: Client, karim: User, release: Release
) -> None:
    row = carried(karim, release, en=TEXT)
    assert fields(client, release)["question"] == "Who may refund?"
    row.versions.get().texts.filter(question="").delete()
    lessons.publish_lesson(actor=karim, lesson=row, now=NOW)
    anew = {**TEXT, "question": "Who refunds now?"}
    lessons.write_text(actor=karim, lesson=row, language="en", changes=anew, now=NOW)
    assert fields(client, release)["question"] == "Who may refund?"
    assert list(question_of(release.pk)) == ["en"]


def test_a_lesson_without_a_question_leaves_it_to_the_briefs(
    client: Client, karim: User, release: Release
) -> None:
    assert fields(client, release)["right"] == "A brief says this"
    row = carried(karim, release, en={"question": "Half", "choices": ["one"], "right": 0})
    assert fields(client, release)["right"] == "A brief says this"
    lessons.write_text(actor=karim, lesson=row, language="en", changes=TEXT, now=NOW)
    lessons.archive_lesson(actor=karim, lesson=row, now=NOW)
    assert fields(client, release)["right"] == "A brief says this"


def test_a_lesson_in_the_other_language_alone_begins_that_one(
    client: Client, karim: User, release: Release
) -> None:
    carried(karim, release, fr=FRENCH)
    found = fields(client, release)
    assert (found["right"], found["right_fr"]) == ("A brief says this", "Le support seul")
    assert found["wrong_fr"] == "Chacun\nPersonne"
