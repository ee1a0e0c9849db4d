"""The pages of routines, of the time asked and of hand-overs, as every role reads them, empty and full, in French."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from tests.org.company import person, unit
from tests.practices.routine_made import routine, standard
from vertebra.accounts.labels import Role
from vertebra.accounts.models import User
from vertebra.practices.actions.hand_overs import begin_hand_over
from vertebra.practices.actions.meetings import Decided, hold_meeting
from vertebra.practices.actions.routines import Guest
from vertebra.practices.models import Routine

pytestmark = pytest.mark.django_db
NOW, TODAY = world.NOW, world.TODAY
PAGES = (
    "routine-list", "routine-create", "routine-calendar", "routine-calendar-file", "meeting-decisions", "time-asked",
    "self-supporting",
)  # fmt: skip


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = NOW


def reads(user: User) -> Client:
    """A browser of somebody who reads French."""
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("is_full", [False, True])
def test_every_role_reads_every_page(role: str, is_full: bool) -> None:
    user = world.account("Somebody", Role(role))
    numbers = _fill(user) if is_full else []
    client = reads(user)
    for name in PAGES:
        assert client.get(reverse(f"practices:{name}")).status_code == 200, name
    for number in numbers:
        page = client.get(reverse("practices:routine-show", args=[number]))
        assert page.status_code == 200
        assert "Ordre du jour" in page.content.decode()
    assert client.get("/").status_code == 200


def _fill(user: User) -> list[int]:
    team = unit("Billing")
    mine = person("Somebody", team, "product", user=user)
    row = routine(user, Guest(unit=team), Guest(person=mine), lead=mine, place="https://meet.example.org/a")
    hold_meeting(
        actor=user, routine=row, due_on=dt.date(2026, 10, 27), notes="*x*", language="fr", people_count=1,
        decisions=[Decided("On arrête", mine, TODAY)], now=NOW,
    )  # fmt: skip
    standard("Discovery", {"product": 90}, carrier=mine)
    begin_hand_over(actor=user, thing=row, to=person("Paule", team), by_on=TODAY, now=NOW)
    return [row.pk]


def test_a_pm_lives_a_routine_in_french() -> None:
    """Made of a practice, held, noted, decided, taken as a calendar."""
    user = world.karim()
    person("Karim Diallo", unit("Billing"), "product", user=user)
    version = standard("Démonstrations", {"product": 30})
    client = reads(user)
    new = f"{reverse('practices:routine-create')}?practice={version.practice_id}"
    page = client.get(new).content.decode()
    assert 'value="Démonstrations"' in page and "Depuis la dernière fois" in page
    sent = {
        "title": "Démonstrations", "rhythm": "weekly", "starts_on": "2026-10-27", "at": "10:00", "minutes": "30",
        "zone": "Europe/Paris", "language": "fr", "practice": str(version.practice_id),
        "guests-TOTAL_FORMS": "1", "guests-INITIAL_FORMS": "0", "guests-0-function": "product",
    }  # fmt: skip
    page = client.post(new, sent, follow=True).content.decode()
    assert "Tenues récemment, rien de noté" in page and "chaque semaine" in page.lower()
    notes = reverse("practices:meeting-notes", args=[_only_routine(), "2026-10-27"])
    said = {
        "notes": "Vu", "language": "fr", "decisions-TOTAL_FORMS": "1", "decisions-INITIAL_FORMS": "0",
        "decisions-0-line": "On garde le vendredi",
    }  # fmt: skip
    page = client.post(notes, said, follow=True).content.decode()
    assert "On garde le vendredi" in page and "1 décision" in page
    taken = client.post(reverse("accounts:feed-create", args=["routines_of_mine", 0]), follow=True)
    assert "calendar.ics" in taken.content.decode()
    assert "Vous participez à" in client.get(reverse("practices:routine-calendar")).content.decode()


def _only_routine() -> int:
    return Routine.objects.get().pk
