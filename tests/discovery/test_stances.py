"""Stances: by team, of a person only with care, forgotten when the subject closes."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from tests.discovery.hurt import heard, hurting
from tests.org import company
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, AuditRow, User
from vertebra.discovery.actions.pain_states import dismiss_pain_points
from vertebra.discovery.actions.stances import OneHolder, erase_stances, note_stance, take_back_stance
from vertebra.discovery.labels import StanceLevel
from vertebra.discovery.models import PainPoint, Stance
from vertebra.discovery.queries.stances import latest, movement, to_erase
from vertebra.kit.cards import Card
from vertebra.org.labels import Function

pytestmark = pytest.mark.django_db
NOW = world.NOW


@pytest.fixture
def ines() -> User:
    return world.ines()


@pytest.fixture
def pain(ines: User) -> PainPoint:
    return hurting(ines, heard(None, None, Function.SALES))


def card(pain: PainPoint) -> Card:
    return Card(Kind.PAIN_POINT, pain.pk, pain.title, "/")


def test_a_stance_is_of_a_team_or_of_a_person(ines: User, pain: PainPoint) -> None:
    team, lea = company.unit("Cash desk"), company.person("Lea")
    for holders in ({}, {"unit": team, "person": lea}):
        with pytest.raises(OneHolder):
            note_stance(actor=ines, subject=card(pain), level=1, now=NOW, **holders)  # type: ignore[arg-type]


def test_the_latest_stance_of_each_team_holds_and_the_others_are_history(ines: User, pain: PainPoint) -> None:
    team = company.unit("Cash desk")
    for level, days in ((StanceLevel.OPPOSED, 100), (StanceLevel.FAVOURABLE, 0)):
        note_stance(actor=ines, subject=card(pain), unit=team, level=level, now=NOW - dt.timedelta(days=days))
    [row] = latest(Stance.objects.all())
    assert row.level == StanceLevel.FAVOURABLE
    assert Stance.objects.count() == 2


def test_movement_is_told_by_groups_of_five_people_and_more(ines: User, pain: PainPoint) -> None:
    top = company.unit("Tournesol", None, "company")
    large, small = company.unit("Payments", top, "tribe"), company.unit("Legal", top, "department")
    for n in range(5):
        company.person(f"P {n}", large)
    company.person("The lawyer", small)
    for unit, level in ((large, 1), (small, -2)):
        note_stance(actor=ines, subject=card(pain), unit=unit, level=level, now=NOW)
    told = movement(Stance.objects.all(), world.TODAY, world.TODAY - dt.timedelta(days=90))
    assert [(one.name, one.now) for one in told] == [("Payments", 1.0)]


def test_a_note_on_a_person_is_forgotten_a_day_after_the_subject_closes(ines: User, pain: PainPoint) -> None:
    lea = company.person("Lea")
    note_stance(actor=ines, subject=card(pain), person=lea, level=-1, note="Fears more meetings.", now=NOW)
    dismiss_pain_points(actor=ines, pain_points=[pain], reason="Done elsewhere.", now=NOW)
    assert not to_erase(NOW).exists()
    later = NOW + dt.timedelta(hours=25)
    erase_stances(actor=None, stances=list(to_erase(later)), now=later)
    row = Stance.objects.get()
    assert (row.person_id, row.note, row.erased_at) == (None, "", later)
    kept = str(list(AuditRow.objects.values_list("before", "after"))) + str(
        list(AuditEntry.objects.values_list("particulars", "object_name"))
    )
    assert "Fears" not in kept and "Lea" not in kept


def test_what_was_noted_by_mistake_leaves_nothing_behind(ines: User, pain: PainPoint) -> None:
    note_stance(actor=ines, subject=card(pain), person=company.person("Lea"), level=0, note="Oops", now=NOW)
    take_back_stance(actor=ines, stance=Stance.objects.get(), now=NOW)
    assert not Stance.objects.exists()
    assert "Oops" not in str(list(AuditRow.objects.values_list("before", "after")))


def test_only_product_ops_opens_stances_and_exports_hold_teams_alone(ines: User, pain: PainPoint) -> None:
    team = company.unit("Cash desk")
    note_stance(actor=ines, subject=card(pain), unit=team, level=1, now=NOW)
    note_stance(actor=ines, subject=card(pain), person=company.person("Lea Secret"), level=1, now=NOW)
    client = Client()
    client.force_login(ines)
    subject = reverse("discovery:stance-subject", args=["pain_point", pain.pk])
    assert "Lea Secret" in client.get(subject).content.decode()
    answer = client.get(reverse("discovery:stance-list"), {"format": "csv"})
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "Cash desk" in text and "Lea Secret" not in text
    for user in (world.lea(), world.ada()):
        client.force_login(user)
        assert client.get(subject).status_code == 403
        assert client.get(reverse("discovery:stance-list")).status_code == 403


def test_a_stance_is_noted_on_the_page_of_its_subject(ines: User, pain: PainPoint) -> None:
    team = company.unit("Cash desk")
    client = Client()
    client.force_login(ines)
    subject = reverse("discovery:stance-subject", args=["pain_point", pain.pk])
    assert client.post(subject, {"unit": str(team.pk), "level": "2", "note": ""}).status_code == 302
    assert client.post(subject, {"level": "2"}).status_code == 422
    assert Stance.objects.get().level == StanceLevel.PROMOTER
