"""The page of an initiative says what came of it, in both languages, as soon as that is known."""

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from tests import world
from tests.roadmap import moved
from tests.roadmap.undertaken import browser
from vertebra.accounts.models import User
from vertebra.measures.models import Metric
from vertebra.roadmap.actions.key_results import capture_baseline, note_figure, set_key_result
from vertebra.roadmap.actions.states import close_initiative, deliver_initiative, start_initiative
from vertebra.roadmap.jobs.results import measure_results
from vertebra.roadmap.models import Initiative, KeyResult, Result
from vertebra.roadmap.pages.result_words import reason_of

pytestmark = pytest.mark.django_db
NOT_KNOWN = "what came of it is not known yet"


@pytest.fixture
def ines() -> User:
    return world.english(world.ines())


def aimed(ines: User, **wanted: object) -> tuple[Initiative, KeyResult]:
    row = moved.initiative(ines)
    found = set_key_result(actor=ines, initiative=row, wanted=moved.wanted_of(**wanted), now=world.NOW)
    capture_baseline(actor=ines, initiative=row, now=world.NOW)
    start_initiative(actor=ines, initiative=row, now=world.NOW)
    row.refresh_from_db()
    found.refresh_from_db()
    return row, found


def delivered(ines: User, effect: float) -> tuple[Initiative, Metric]:
    metric = moved.metric(ines)
    row, _found = aimed(ines, metric=metric, target=46.0, effect_from=moved.month(36))
    deliver_initiative(actor=ines, initiative=row, now=moved.later(2))
    moved.record(ines, metric, 34, 36, now=moved.later(2))
    moved.record(ines, metric, 36, 42, effect=effect, now=moved.later(9))
    return row, metric


def measured() -> None:
    with override_settings(FIXED_NOW=moved.later(9)):
        measure_results.func()


def page_of(client: Client, row: Initiative) -> str:
    with override_settings(FIXED_NOW=moved.later(9)):
        answer = client.get(reverse("roadmap:initiative-show", args=(row.pk,)))
    return " ".join(answer.content.decode().split())


def test_the_result_stands_on_the_page_of_the_initiative_from_the_day_it_is_known(ines: User) -> None:
    row, _metric = delivered(ines, 8.0)
    client = browser(ines)
    assert NOT_KNOWN in page_of(client, row)
    measured()
    page = page_of(client, row)
    url = reverse("roadmap:result-show", args=(Result.objects.get().key_result_id,))
    assert NOT_KNOWN not in page
    assert f'<a href="{url}">It is better: +' in page
    assert "The target of 46 is reached." in page
    assert "better than expected without it" in page
    assert "The results speak for: <b>achieved</b>." in page


def test_a_closed_initiative_says_its_outcome_its_verdict_and_its_lesson(ines: User) -> None:
    row, _metric = delivered(ines, 0.0)
    measured()
    close_initiative(
        actor=ines, initiative=row, outcome="missed", lesson="Ask them first.", now=moved.later(9)
    )
    page = page_of(browser(ines), row)
    assert "It is closed: <b>missed</b>." in page
    assert "No effect is seen: " in page and "the true effect lies between" in page
    assert "no effect seen" in page and "Ask them first." in page
    assert "The results speak for" not in page  # somebody has said it


def test_a_result_superseded_is_not_told(ines: User) -> None:
    row, metric = delivered(ines, 8.0)
    measured()
    moved.record(ines, metric, 36, 42, effect=-0.5, now=moved.later(10))
    with override_settings(FIXED_NOW=moved.later(10)):
        measure_results.func()
    page = page_of(browser(ines), row)
    assert "It is better" not in page and "No effect is seen" in page


@pytest.mark.parametrize(
    ("language", "answer"), [("en", "We cannot tell."), ("fr", "On ne peut pas le dire.")]
)
def test_what_cannot_be_told_is_said_with_its_reason_in_both_languages(
    ines: User, language: str, answer: str
) -> None:
    metric = moved.metric(ines)
    metric.measurements.filter(on__lt=moved.month(28)).delete()
    row, found = aimed(ines, metric=metric, target=46.0, effect_from=moved.month(36))
    moved.record(ines, metric, 36, 42, effect=8.0, now=moved.later(9))
    measured()
    result, client = Result.objects.get(), browser(ines)
    User.objects.filter(pk=ines.pk).update(language=language)
    page = " ".join(client.get(reverse("roadmap:result-show", args=(found.pk,))).content.decode().split())
    with translation.override(language):
        reason = " ".join(escape(reason_of(result)).split())
    assert reason and f"<b>{answer}</b> {reason}" in page
    assert 'class="effect-figure"' in page
    assert '-band"' not in page and "95 cas" not in page  # nothing is bounded of what is not known
    assert f"{answer} {reason}" in page_of(client, row)


def test_two_figures_noted_by_hand_are_said_and_no_more(ines: User) -> None:
    row, found = aimed(ines, name="Days to open", today=30.0, is_lower_better=True, target=20.0)
    note_figure(actor=ines, key_result=found, value=18.0, on=moved.later(1).date(), now=moved.later(1))
    with override_settings(FIXED_NOW=moved.later(1)):
        measure_results.func()
    client = browser(ines)
    said = "Two figures alone do not say how much of the difference is chance. The target of 20 is reached."
    page = " ".join(client.get(reverse("roadmap:result-show", args=(found.pk,))).content.decode().split())
    assert f"<b>It went from 30 to 18.</b> {said}" in page
    assert "We cannot tell" not in page
    assert f"It went from 30 to 18. {said}" in page_of(client, row)
