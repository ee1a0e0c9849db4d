"""Who reads what a closed survey says: everybody of a pulse; of others, whoever may open what they are about."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests import world
from tests.discovery.hurt import heard, hurting
from tests.evidence.test_pages import bearer, show
from tests.evidence.world import SCALE, answer, asked, pulse, team
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.together import card_of
from vertebra.discovery.actions.pain_states import confirm_pain_points
from vertebra.discovery.models import Diagnosis, PainPoint
from vertebra.evidence.actions.repeating import repeat_survey
from vertebra.evidence.actions.surveys import close_survey
from vertebra.evidence.labels import SurveyKind
from vertebra.evidence.models import Survey

pytestmark = pytest.mark.django_db
TITLE = "Zebra crossing"


@pytest.fixture
def ines() -> User:
    cache.clear()
    return world.english(world.ines())


@pytest.fixture
def pain(ines: User) -> PainPoint:
    return hurting(ines, heard(None, None, "engineering"), title=TITLE)


def closed(ines: User, kind: str, subject_kind: str = "", subject_id: int | None = None) -> Survey:
    pay = team("Pay", 8)
    made = pulse(
        [SCALE], actor=ines, kind=kind, title=TITLE, subject_kind=subject_kind, subject_id=subject_id
    )
    survey = asked(made, ines)
    answer(survey, pay, 2, 2, 3, 3, 4)
    close_survey(actor=None, survey=survey, now=world.NOW)
    return Survey.objects.get(pk=survey.pk)


def reads(client: Client, user: User, survey: Survey) -> set[str]:
    """Everywhere that this person reads of the survey."""
    client.force_login(user)
    found = set()
    if client.get(show(survey)).status_code == 200:
        found.add("page")
    if client.get(show(survey, "?format=csv")).status_code == 200:
        found.add("csv")
    if TITLE in client.get(reverse("evidence:pulse-list"), {"kind": survey.kind}).content.decode():
        found.add("list")
    table = client.get(reverse("evidence:pulse-list"), {"kind": survey.kind, "format": "csv"})
    if TITLE in b"".join(table.streaming_content).decode():  # type: ignore[attr-defined]
        found.add("table")
    if show(survey) in client.get("/search/?q=zebra").content.decode():
        found.add("search")
    raw = bearer(user)
    client.logout()
    if survey.pk in [one["id"] for one in client.get("/api/v1/surveys", headers=raw).json()["items"]]:
        found.add("api")
    if client.get(f"/api/v1/surveys/{survey.pk}/results", headers=raw).status_code == 200:
        found.add("results")
    return found


EVERYWHERE = {"page", "csv", "list", "table", "search", "api", "results"}


def test_a_pulse_is_read_by_every_reader(client: Client, ines: User) -> None:
    assert reads(client, world.english(world.lea()), closed(ines, SurveyKind.PULSE)) == EVERYWHERE


def test_a_diagnosis_is_read_by_product_ops_alone(client: Client, ines: User) -> None:
    made = Diagnosis.objects.create(language="en", started_on=world.TODAY, created_at=world.NOW)
    survey = closed(ines, SurveyKind.DIAGNOSIS, Kind.DIAGNOSIS, made.pk)
    assert reads(client, ines, survey) == EVERYWHERE
    for user in (world.english(world.lea()), world.english(world.ada())):
        assert reads(client, user, survey) == set()
        assert card_of(user, Kind.SURVEY, survey.pk) is None


def test_the_question_of_a_pain_point_is_read_by_whoever_may_open_it(
    client: Client, ines: User, pain: PainPoint
) -> None:
    survey = closed(ines, SurveyKind.RE_ASK, Kind.PAIN_POINT, pain.pk)
    lea = world.english(world.lea())
    assert reads(client, ines, survey) == EVERYWHERE
    assert reads(client, lea, survey) == set()
    confirm_pain_points(actor=ines, pain_points=[pain], now=world.NOW)
    # Search leads readers to the pain point itself.
    assert reads(client, lea, survey) == EVERYWHERE - {"search"}


def test_what_has_lost_its_object_is_read_by_product_ops_alone(client: Client, ines: User) -> None:
    survey = closed(ines, SurveyKind.RE_ASK)
    assert reads(client, world.english(world.lea()), survey) == set()


def test_the_next_wave_is_about_the_same_thing(ines: User, pain: PainPoint) -> None:
    survey = closed(ines, SurveyKind.RE_ASK, Kind.PAIN_POINT, pain.pk)
    again = repeat_survey(actor=ines, survey=survey, now=world.NOW)
    assert (again.subject_kind, again.subject_id) == (Kind.PAIN_POINT, pain.pk)


def test_the_filters_of_the_list_name_no_series_of_what_others_may_not_read(
    client: Client, ines: User
) -> None:
    survey = closed(ines, SurveyKind.DIAGNOSIS)
    Survey.objects.filter(pk=survey.pk).update(series="diagnosis")
    client.force_login(world.english(world.lea()))
    assert TITLE not in client.get(reverse("evidence:pulse-list")).content.decode()
