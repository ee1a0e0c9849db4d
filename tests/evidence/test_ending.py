"""How a survey ends: by itself, by hand once enough have answered, or withdrawn unread."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests import world
from tests.evidence.world import SCALE, answer, asked, pulse, team, token_of
from vertebra.accounts.models import AuditEntry, User
from vertebra.evidence.actions.surveys import (
    NotOpen,
    SurveyOver,
    TooSoon,
    close_survey,
    record_answer,
    withdraw_survey,
)
from vertebra.evidence.jobs import close_due_surveys, send_due_invitations
from vertebra.evidence.models import Invitation, Response, Result, Survey

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
DAY = dt.timedelta(days=1)


@pytest.fixture
def ines() -> User:
    cache.clear()
    return world.english(world.ines())


def opened(ines: User, *values: int) -> Survey:
    pay = team("Pay", 9)
    survey = asked(pulse([SCALE], actor=ines), ines)
    answer(survey, pay, *values)
    return survey


def test_nobody_opens_a_survey_sees_answers_come_and_closes_it(ines: User) -> None:
    survey = opened(ines, 1, 2, 3, 4, 5)
    for wait in (dt.timedelta(0), 2 * DAY - dt.timedelta(minutes=1)):
        with pytest.raises(TooSoon):
            close_survey(actor=ines, survey=survey, now=world.NOW + wait)
    close_survey(actor=ines, survey=survey, now=world.NOW + 2 * DAY)


def test_before_its_last_day_it_is_not_closed_while_fewer_than_five_have_answered(ines: User) -> None:
    survey = opened(ines, 1, 2, 3, 4)
    with pytest.raises(TooSoon):
        close_survey(actor=ines, survey=survey, now=world.NOW + 9 * DAY)
    close_survey(actor=ines, survey=survey, now=world.NOW + 14 * DAY)
    assert not Result.objects.filter(survey=survey, answered__isnull=False).exists()


def test_after_its_last_day_it_closes_by_itself(ines: User, settings: pytest.FixtureRequest) -> None:
    survey = opened(ines, 1, 2, 3, 4)
    settings.FIXED_NOW = world.NOW + 15 * DAY  # type: ignore[attr-defined]
    assert close_due_surveys.func() == 1
    survey.refresh_from_db()
    assert survey.state == "closed"


def test_what_was_answered_to_a_survey_that_is_withdrawn_is_deleted_unread(
    client: Client, ines: User
) -> None:
    survey = opened(ines, 1, 2, 3, 4, 5, 6)
    token = token_of(Invitation.objects.filter(is_answered=False).first())  # type: ignore[arg-type]
    client.force_login(ines)
    page = client.get(reverse("evidence:pulse-show", args=(survey.pk,))).content.decode()
    assert "Close and read" not in page
    client.post(reverse("evidence:pulse-withdraw", args=(survey.pk,)))
    assert not Response.objects.exists()
    assert not Result.objects.exists()
    assert AuditEntry.objects.latest("pk").verb == "withdraw"
    assert client.get(reverse("evidence:pulse-show", args=(survey.pk,))).status_code == 404
    with pytest.raises(SurveyOver):
        record_answer(token=token, answers={"cost": 3}, now=world.NOW)
    with pytest.raises(NotOpen):
        withdraw_survey(actor=ines, survey=survey, now=world.NOW)


def test_only_product_ops_withdraws(client: Client, ines: User) -> None:
    survey = opened(ines)
    for user in (world.lea(), world.ada()):
        client.force_login(user)
        assert client.post(reverse("evidence:pulse-withdraw", args=(survey.pk,))).status_code == 403


def test_what_the_job_did_tells_nobody_how_many_have_answered(
    ines: User, settings: pytest.FixtureRequest
) -> None:
    survey = opened(ines, 1, 2)
    Survey.objects.filter(pk=survey.pk).update(reminded_at=world.NOW)
    settings.FIXED_NOW = world.NOW + DAY  # type: ignore[attr-defined]
    assert send_due_invitations.func() == {"sent": 0}
    assert Invitation.objects.filter(reminded_on__isnull=False).count() == 7
