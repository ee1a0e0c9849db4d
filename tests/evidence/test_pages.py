"""Pages of surveys, as each role sees them."""

import csv
import io
from dataclasses import replace

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests import world
from tests.evidence.world import LINE, SCALE, answer, asked, pulse, team
from vertebra.accounts.actions.tokens import make_token
from vertebra.accounts.models import AuditEntry, User
from vertebra.evidence.actions.repeating import repeat_survey
from vertebra.evidence.actions.surveys import QuestionDraft, close_survey
from vertebra.evidence.labels import QuestionKind
from vertebra.evidence.models import Cell, Question, Response, Survey, Theme
from vertebra.evidence.sets import sets

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines() -> User:
    cache.clear()
    return world.english(world.ines())


def show(survey: Survey, more: str = "") -> str:
    return reverse("evidence:pulse-show", args=[survey.pk]) + more


def closed(ines: User) -> Survey:
    pay, cash, far = team("Pay", 8), team("Cash", 8), team("Far", 8)
    survey = asked(pulse(actor=ines), ines)
    answer(survey, pay, 2, 2, 3, 3, 4, line="Too many meetings", cause=["meetings"])
    answer(survey, cash, 8, 8, 9, 9, 10, 10)
    answer(survey, far, 5, 5)
    close_survey(actor=None, survey=survey, now=world.NOW)
    return Survey.objects.get(pk=survey.pk)


def test_a_survey_is_made_in_four_steps(client: Client, ines: User) -> None:
    client.force_login(ines)
    team("Pay", 6)
    sent = client.post(reverse("evidence:pulse-create"), {"set": "well-being", "title": "", "language": "en"})
    survey = Survey.objects.get()
    assert survey.title == sets()["well-being"].title["en"]
    page = client.get(sent["Location"])
    data = {"title": "Mood", "introduction": "", **page.context["rows"].management_form.initial}
    data = {"title": "Mood", "introduction": "Two minutes."}
    for name, value in page.context["rows"].management_form.initial.items():
        data[f"question-{name}"] = value
    for number, form in enumerate(page.context["rows"]):
        first = form.initial or {"kind": QuestionKind.ONE, "text": "Where?", "choices": "Here\nThere"}
        for name in ("code", "text", "kind", "choices"):
            data[f"question-{number}-{name}"] = first.get(name, "")
    sent = client.post(sent["Location"], data)
    assert sent["Location"] == reverse("evidence:pulse-people", args=[survey.pk])
    codes = [question.code for question in survey.questions.all()]
    assert codes[:2] == ["load", "clarity"]
    day = "2026-11-20"
    sent = client.post(sent["Location"], {"cut": "unit", "closes_on": day, "market": ""})
    preview = client.get(sent["Location"]).content.decode()
    assert "<b>6 people</b> will be asked" in preview
    assert "Where?" in preview
    assert "Nobody sees who answered what" in preview
    client.post(reverse("evidence:pulse-open", args=[survey.pk]))
    survey.refresh_from_db()
    assert (survey.state, str(survey.closes_on), survey.invited_count) == ("open", day, 6)


def test_a_draft_without_a_question_or_with_one_choice_is_put_right(client: Client, ines: User) -> None:
    client.force_login(ines)
    survey = pulse(actor=ines)
    address = reverse("evidence:pulse-questions", args=[survey.pk])
    data = {"title": "T", "introduction": "", "question-TOTAL_FORMS": "1", "question-INITIAL_FORMS": "0"}
    row = {"question-0-text": "Where?", "question-0-kind": "one", "question-0-choices": "Here"}
    assert client.post(address, data | row).status_code == 422
    assert (
        "Ask one question at least"
        in client.post(address, data | {"question-0-kind": "one"}).content.decode()
    )
    assert survey.questions.count() == 3


def test_while_it_is_open_only_how_many_answered_is_said_and_not_before_five(
    client: Client, ines: User
) -> None:
    client.force_login(ines)
    pay = team("Pay", 8)
    survey = asked(pulse(actor=ines), ines)
    answer(survey, pay, 1, 1, 1, 1)
    told = client.get(show(survey)).content.decode()
    assert "4 of 8" not in told
    assert "‹5" in client.get(reverse("evidence:pulse-list")).content.decode()
    for _more in range(2):
        answer(survey, pay, 1)
        assert "At least <b>5 of 8</b>" in client.get(show(survey)).content.decode()
        assert "≥ 5" in client.get(reverse("evidence:pulse-list")).content.decode()
    table = client.get(reverse("evidence:pulse-list"), {"format": "csv"})
    assert ",8,5," in b"".join(table.streaming_content).decode()  # type: ignore[attr-defined]
    client.force_login(world.english(world.lea()))
    assert client.get(show(survey)).status_code == 404


def test_results_say_the_answer_first_and_too_few_of_a_small_group(client: Client, ines: User) -> None:
    survey = closed(ines)
    client.force_login(world.english(world.lea()))
    told = client.get(show(survey)).content.decode()
    assert "<b>13 of 24</b> answered (54 %)" in told
    assert "Too few to show: counted in “Everybody who was asked”" in told
    assert "Too many meetings" not in told
    assert "Raise a pain point" not in told
    groups = {row["name"]: row["group"].answered for row in client.get(show(survey)).context["heat"]["rows"]}
    assert groups == {"Pay": None, "Cash": 6, "Far": None}


def test_a_group_that_is_shown_has_its_own_page_and_a_hidden_one_says_nothing(
    client: Client, ines: User
) -> None:
    survey = closed(ines)
    client.force_login(world.english(world.lea()))
    keys = {row["name"]: row["group"].key for row in client.get(show(survey)).context["heat"]["rows"]}
    assert "<b>6 of 8</b> answered" in client.get(show(survey, f"?group={keys['Cash']}")).content.decode()
    hidden = client.get(show(survey, f"?group={keys['Pay']}")).content.decode()
    assert "Too few answered" in hidden
    assert 'class="question-block"' not in hidden
    assert client.get(show(survey, "?group=unit:999999")).status_code == 404


def test_questions_that_come_to_the_same_figure_are_not_called_highest_and_lowest(
    client: Client, ines: User
) -> None:
    pay = team("Pay", 8)
    other = QuestionDraft("other", QuestionKind.SCALE, "And that?")
    survey = asked(pulse((SCALE, other), actor=ines), ines)
    answer(survey, pay, 2, 2, 3, 3, 4, 4, other=3)
    close_survey(actor=None, survey=survey, now=world.NOW)
    client.force_login(ines)
    told = client.get(show(survey)).content.decode()
    assert "All questions come to the same: <b>3.0</b> out of 10." in told
    assert "Highest" not in told


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_exports_hide_what_the_page_hides(client: Client, ines: User, form: str) -> None:
    survey = closed(ines)
    client.force_login(world.english(world.lea()))
    sent = client.get(show(survey, f"?format={form}"))
    body = b"".join(sent.streaming_content)  # type: ignore[attr-defined]
    if form == "xlsx":
        assert body[:2] == b"PK"
        return
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    pay = [row for row in rows if row["Group"] == "Pay"]
    assert {row["Answered"] for row in pay} == {""}
    assert {row["Note"] for row in pay} == {"fewer than five: counted in the group around it"}
    assert {row["Answered"] for row in rows if row["Group"] == "Cash" and "cost" in row["Question"]} == {"6"}


def test_what_people_wrote_is_read_and_grouped_by_product_ops_alone(client: Client, ines: User) -> None:
    survey = closed(ines)
    question = Question.objects.get(survey=survey, code="line")
    address = reverse("evidence:text-list", args=[question.pk])
    client.force_login(world.english(world.ada()))
    assert client.get(address).status_code == 403
    client.force_login(ines)
    page = client.get(address)
    assert page.content.decode().count("Too many meetings") == 5
    ids = [pk for pk, _text, _names in page.context["texts"]]
    client.post(reverse("evidence:theme-create", args=[question.pk]), {"name": "Meetings", "response": ids})
    assert Theme.objects.get().responses.count() == 5
    client.force_login(world.english(world.lea()))
    told = client.get(show(survey)).content.decode()
    assert "Meetings" in told
    assert "Too many meetings" not in told
    assert not any("Too many" in str(entry.particulars) for entry in AuditEntry.objects.all())


def test_waves_of_a_series_are_drawn_together_where_both_may_be_shown(client: Client, ines: User) -> None:
    survey = closed(ines)
    client.force_login(ines)
    assert "trend-chart" not in client.get(show(survey)).content.decode()
    again = asked(repeat_survey(actor=ines, survey=survey, now=world.NOW), ines)
    cash = Cell.objects.get(survey=again, unit__versions__name="Cash").unit
    assert cash is not None
    answer(again, cash, 1, 1, 1, 1, 2)
    close_survey(actor=None, survey=again, now=world.NOW)
    again.refresh_from_db()
    survey.refresh_from_db()
    assert again.series == survey.series
    page = client.get(show(again))
    assert "trend-chart" in page.content.decode()
    means = [point.mean for point in page.context["blocks"][0].points]
    assert means == [pytest.approx(6.0), pytest.approx(1.2)]
    keys = {row["name"]: row["group"].key for row in page.context["heat"]["rows"]}
    hidden = client.get(show(again, f"?group={keys['Pay']}")).content.decode()
    assert "trend-chart" not in hidden


def test_lists_and_results_cost_few_queries(
    client: Client, ines: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    survey = closed(ines)
    client.force_login(ines)
    for address in (reverse("evidence:pulse-list"), show(survey), show(survey, "?group=all")):
        client.get(address)
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "name", ["pulse-open", "pulse-close", "pulse-remind", "pulse-archive", "pulse-again"]
)
def test_only_product_ops_works_surveys(client: Client, ines: User, name: str) -> None:
    survey = pulse(actor=ines)
    for user in (world.lea(), world.karim(), world.ada()):
        client.force_login(user)
        assert client.post(reverse(f"evidence:{name}", args=[survey.pk])).status_code == 403


def test_search_finds_closed_surveys_for_readers_and_open_ones_for_product_ops(
    client: Client, ines: User
) -> None:
    team("Pay", 6)
    survey = asked(pulse(actor=ines, title="Zebra mood"), ines)
    lea = world.english(world.lea())
    client.force_login(lea)
    assert "Zebra mood" not in client.get("/search/?q=zebra").content.decode()
    close_survey(actor=None, survey=survey, now=world.NOW)
    assert "Zebra mood" in client.get("/search/?q=zebra").content.decode()


def test_the_api_says_what_the_page_says_and_nothing_of_open_surveys(client: Client, ines: User) -> None:
    survey = closed(ines)
    still_open = asked(pulse(actor=ines), ines)
    client.force_login(world.english(world.lea()))
    raw = bearer(ines)
    listed = client.get("/api/v1/surveys", headers=raw).json()["items"]
    assert [one["id"] for one in listed] == [survey.pk]
    told = client.get(f"/api/v1/surveys/{survey.pk}/results", headers=raw).json()
    assert {group["name"]: group["answered"] for group in told["groups"]} == {
        "": 13, "Pay": None, "Cash": 6, "Far": None,
    }  # fmt: skip
    assert client.get(f"/api/v1/surveys/{still_open.pk}/results", headers=raw).status_code == 404


def bearer(user: User) -> dict[str, str]:
    _token, raw = make_token(
        actor=user, name="tool", scopes=["read"], expires_at=world.NOW.replace(year=2027), now=world.NOW
    )
    return {"authorization": f"Bearer {raw}"}


def test_what_one_person_wrote_to_two_questions_is_not_put_together(client: Client, ines: User) -> None:
    pay = team("Pay", 9)
    second = replace(LINE, code="more")
    survey = asked(pulse([SCALE, LINE, second], actor=ines), ines)
    for number in range(6):
        answer(survey, pay, 5, line=f"line {number}", more=f"more {number}")
    close_survey(actor=None, survey=survey, now=world.NOW)
    client.force_login(ines)
    found = []
    for question in Question.objects.filter(survey=survey, kind=QuestionKind.TEXT):
        page = client.get(reverse("evidence:text-list", args=[question.pk]))
        found.append([(sign, text[-1]) for sign, text, _names in page.context["texts"]])
    signs = [{sign for sign, _text in texts} for texts in found]
    assert len(signs[0]) == len(signs[1]) == 6
    assert not signs[0] & signs[1]
    numbers = {str(pk) for pk in Response.objects.values_list("pk", flat=True)}
    assert not numbers & {sign for some in signs for sign in some}
