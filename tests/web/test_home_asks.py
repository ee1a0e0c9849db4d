"""Home asks each person for at most two things a week of which they are not in charge."""

import datetime as dt

import pytest
from django.test import Client

from tests import world
from vertebra.accounts.models import User
from vertebra.evidence.models import Ask
from vertebra.kit.home import Need, Part
from vertebra.org.models import Person
from vertebra.web import home

pytestmark = pytest.mark.django_db


@pytest.fixture
def lea() -> User:
    user = world.lea()
    Person.objects.create(name=user.name, name_folded="lea roux", user=user, created_at=world.NOW)
    return user


def asks(numbers: range) -> list[Need]:
    return [Need(f"Question {n}", "/", "Answer", ask=("survey", n)) for n in numbers]


def shown(user: User, needs: list[Need], monkeypatch: pytest.MonkeyPatch, days: int = 0) -> list[str]:
    monkeypatch.setattr(home, "entries", lambda _: [lambda _user, _now: Part(needs=lambda: needs)])
    now = world.NOW + dt.timedelta(days=days)
    found = home.home_of(user, now)
    home.note_shown(user, found.fresh, now)  # as the page tells once it is shown
    return [need.sentence for need in found.needs]


def test_two_asks_are_shown_however_many_there_are(lea: User, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(lea, asks(range(5)), monkeypatch) == ["Question 0", "Question 1"]


def test_answering_one_does_not_bring_a_third_in_the_same_week(
    lea: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown(lea, asks(range(5)), monkeypatch)
    assert shown(lea, asks(range(1, 5)), monkeypatch, days=2) == ["Question 1"]
    assert shown(lea, asks(range(1, 5)), monkeypatch, days=8) == ["Question 1", "Question 2"]


def test_what_was_asked_by_mail_this_week_counts(lea: User, monkeypatch: pytest.MonkeyPatch) -> None:
    person = Person.objects.get(user=lea)
    for n in (7, 8):
        Ask.objects.create(person=person, kind="interview", object_id=n, on=world.TODAY)
    assert shown(lea, asks(range(5)), monkeypatch) == []


def test_what_one_is_in_charge_of_is_always_shown(lea: User, monkeypatch: pytest.MonkeyPatch) -> None:
    duties = [Need(f"Duty {n}", "/", "Do") for n in range(3)]
    assert shown(lea, [*asks(range(3)), *duties], monkeypatch) == [
        "Question 0",
        "Question 1",
        "Duty 0",
        "Duty 1",
        "Duty 2",
    ]


def test_somebody_without_a_person_is_asked_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(world.karim(), asks(range(3)), monkeypatch) == []


def test_looking_at_home_changes_nothing_until_it_was_shown(lea: User, client: Client) -> None:
    client.force_login(lea)
    client.get("/")
    assert not Ask.objects.exists()
    sent = ["empty_space:4", "empty_space:x", "nothing:5", "empty_space:6", "empty_space:7"]
    assert client.post("/asked/", {"ask": sent}).status_code == 204
    assert sorted(Ask.objects.values_list("object_id", flat=True)) == [4, 6]
