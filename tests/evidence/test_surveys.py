"""Making, opening, answering and closing: who is asked, what is kept, what may be said."""

import datetime as dt
import random

import pytest
from django.db import connection

from tests import world
from tests.evidence.world import CHOICE, LINE, SCALE, answer, asked, pulse, team, token_of
from tests.org.company import person, unit
from vertebra.accounts.models import AuditEntry
from vertebra.analysis.pulse import EVERYBODY
from vertebra.evidence.actions.surveys import (
    AnsweredBefore,
    LinkUnknown,
    NoQuestion,
    NotADraft,
    RemindedBefore,
    SurveyOver,
    ThresholdFalls,
    TooFewPeople,
    change_survey,
    close_survey,
    open_survey,
    raise_threshold,
    record_answer,
    remind_once,
)
from vertebra.evidence.asks import asks_this_week, note_asks, room_for
from vertebra.evidence.labels import Cut, SurveyState
from vertebra.evidence.models import Cell, Invitation, Response, Survey
from vertebra.evidence.queries.answers import Unfit
from vertebra.evidence.queries.population import Audience, population
from vertebra.evidence.queries.results import NotClosed, results_of
from vertebra.evidence.sending import send_due
from vertebra.evidence.sets import re_ask, sets, spoken

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
DAY = dt.timedelta(days=1)


def test_a_survey_is_put_to_five_people_at_least() -> None:
    team("Small", 4)
    with pytest.raises(TooFewPeople, match="only 4 people"):
        open_survey(actor=None, survey=pulse(), now=world.NOW)
    assert not Invitation.objects.exists()


def test_a_survey_without_a_question_is_refused() -> None:
    with pytest.raises(NoQuestion):
        pulse(())


def test_those_who_left_or_cannot_be_reached_are_not_asked() -> None:
    pay = team("Pay", 5)
    person("Gone", pay, email="gone@example.org", left_on=world.TODAY - DAY)
    person("Unreachable", pay)
    found = population(Audience(), world.TODAY)
    assert (len(found.people), found.unreachable) == (5, 1)


def test_an_audience_is_chosen_by_unit_and_function() -> None:
    tribe = unit("Tribe", slug="tribe")
    team("Pay", 3, tribe)
    team("Cash", 2, tribe, function="design")
    team("Far", 4)
    assert len(population(Audience(units=(tribe.pk,)), world.TODAY).people) == 5
    assert len(population(Audience(units=(tribe.pk,), functions=("design",)), world.TODAY).people) == 2


def test_people_are_frozen_into_groups_of_five_when_it_opens() -> None:
    tribe = unit("Tribe", slug="tribe")
    pay, cash = team("Pay", 6, tribe), team("Cash", 3, tribe)
    team("Far", 8)
    survey = asked(pulse())
    assert survey.invited_count == 17
    assert sorted(Cell.objects.values_list("invited_count", flat=True)) in ([6, 11], [8, 9])
    late = person("Late", pay, email="late@example.org")
    assert not Invitation.objects.filter(person=late).exists()
    assert cash.pk


def test_what_was_opened_is_not_changed() -> None:
    ines = world.ines()
    team("Pay", 6)
    survey = asked(pulse(), ines)
    with pytest.raises(NotADraft):
        change_survey(actor=ines, survey=survey, questions=[SCALE], now=world.NOW)
    with pytest.raises(NotADraft):
        open_survey(actor=ines, survey=survey, now=world.NOW)


def test_an_answer_is_kept_with_its_group_and_nothing_of_who_gave_it() -> None:
    pay = team("Pay", 6)
    survey = asked(pulse())
    answer(survey, pay, 7, line="Too  many\ntools", cause=["tools"])
    (response,) = Response.objects.all()
    assert response.answers == {"cost": 7, "cause": ["tools"], "line": "Too many tools"}
    columns = {field.name for field in Response._meta.concrete_fields}
    assert columns == {"id", "survey", "cell", "answers"}
    assert not AuditEntry.objects.filter(verb="answer").exists()


def test_an_answer_counts_once() -> None:
    pay = team("Pay", 6)
    survey = asked(pulse())
    token = token_of(Invitation.objects.filter(person__memberships__unit=pay).first())  # type: ignore[arg-type]
    record_answer(token=token, answers={"cost": 3}, now=world.NOW)
    with pytest.raises(AnsweredBefore):
        record_answer(token=token, answers={"cost": 9}, now=world.NOW)
    assert [row.answers for row in Response.objects.all()] == [{"cost": 3}]
    assert survey.pk


def test_what_no_question_allows_is_refused_and_the_link_still_opens() -> None:
    team("Pay", 6)
    asked(pulse())
    token = token_of(Invitation.objects.first())  # type: ignore[arg-type]
    for wrong in ({"cost": 11}, {"cost": "x"}, {"cause": ["tools"]}, {"cost": 3, "cause": ["no"]}, {}):
        with pytest.raises(Unfit):
            record_answer(token=token, answers=wrong, now=world.NOW)
    record_answer(token=token, answers={"cost": 3}, now=world.NOW)


def test_no_answer_is_taken_after_the_last_day_or_through_an_unknown_link() -> None:
    team("Pay", 6)
    survey = asked(pulse())
    token = token_of(Invitation.objects.first())  # type: ignore[arg-type]
    with pytest.raises(SurveyOver):
        record_answer(token=token, answers={"cost": 3}, now=world.NOW + 15 * DAY)
    with pytest.raises(LinkUnknown):
        record_answer(token="0" * 64, answers={"cost": 3}, now=world.NOW)
    close_survey(actor=None, survey=survey, now=world.NOW)
    with pytest.raises(SurveyOver):
        record_answer(token=token, answers={"cost": 3}, now=world.NOW)
    assert not Response.objects.exists()


def test_results_exist_once_it_is_closed() -> None:
    pay, cash = team("Pay", 6), team("Cash", 7)
    survey = asked(pulse())
    answer(survey, pay, 2, 2, 3, 3, 4)
    answer(survey, cash, 8, 8, 9, 9, 10, 10, line="a line")
    with pytest.raises(NotClosed):
        results_of(survey)
    close_survey(actor=None, survey=survey, now=world.NOW)
    survey.refresh_from_db()
    results = results_of(survey)
    assert (results.whole.answered, results.whole.invited) == (11, 13)
    by_name = {group.name: group for group in results.groups}
    assert by_name["Pay"].figure("cost").mean == pytest.approx(2.8)
    assert by_name["Cash"].figure("cost").answered == 6
    assert by_name["Cash"].figure("line").answered == 6
    assert results.whole.figure("line").answered == 6


def test_of_a_group_too_small_no_question_says_anything() -> None:
    """Pay alone wrote lines, five of them: said, it would tell that the two of Far wrote none."""
    pay, far = team("Pay", 6), team("Far", 7)
    survey = asked(pulse())
    answer(survey, pay, 2, 2, 3, 3, 4, line="a line")
    answer(survey, far, 8, 8)
    close_survey(actor=None, survey=survey, now=world.NOW)
    survey.refresh_from_db()
    results = results_of(survey)
    assert results.whole.figure("line").answered == 5
    assert [group.figure("line").answered for group in results.groups] == [None, None]


def test_a_group_of_four_answers_is_said_with_the_group_around_it() -> None:
    pay, cash = team("Pay", 6), team("Cash", 7)
    survey = asked(pulse())
    answer(survey, pay, 2, 2, 3, 3)
    answer(survey, cash, 8, 8, 9, 9, 10, 10)
    close_survey(actor=None, survey=survey, now=world.NOW)
    survey.refresh_from_db()
    results = results_of(survey)
    assert results.whole.answered == 10
    assert {group.name: group.answered for group in results.groups} == {"Pay": None, "Cash": None}


def test_nothing_at_all_is_said_of_four_answers() -> None:
    pay = team("Pay", 6)
    survey = asked(pulse())
    answer(survey, pay, 2, 2, 3, 3)
    close_survey(actor=None, survey=survey, now=world.NOW)
    survey.refresh_from_db()
    assert results_of(survey).whole.figure("cost").mean is None
    assert not results_of(survey).whole.is_shown


def test_the_smallest_group_is_made_larger_never_smaller() -> None:
    ines = world.ines()
    pay, cash = team("Pay", 6), team("Cash", 7)
    survey = asked(pulse())
    answer(survey, pay, 2, 2, 3, 3, 4)
    answer(survey, cash, 8, 8, 9, 9, 10, 10, 10)
    close_survey(actor=None, survey=survey, now=world.NOW)
    raise_threshold(actor=ines, survey=survey, threshold=7, now=world.NOW)
    survey.refresh_from_db()
    assert {group.answered for group in results_of(survey).groups} == {None}
    with pytest.raises(ThresholdFalls):
        raise_threshold(actor=ines, survey=survey, threshold=6, now=world.NOW)


def test_closing_writes_answers_again_so_that_their_order_is_lost() -> None:
    pay = team("Pay", 9)
    survey = asked(pulse())
    answer(survey, pay, *range(9))
    before = dict(Response.objects.values_list("pk", "answers__cost"))
    close_survey(actor=None, survey=survey, now=world.NOW)
    after = dict(Response.objects.values_list("pk", "answers__cost"))
    assert not before.keys() & after.keys()
    assert sorted(after.values()) == list(range(9))


def test_answers_lie_in_the_order_they_were_shuffled_into(monkeypatch: pytest.MonkeyPatch) -> None:
    pay = team("Pay", 9)
    survey = asked(pulse())
    answer(survey, pay, *range(9))

    def lying() -> list[int]:
        place = "ctid" if connection.vendor == "postgresql" else "rowid"
        rows = Response.objects.extra(order_by=[f"evidence_response.{place}"])
        return list(rows.values_list("answers__cost", flat=True))

    before = lying()
    monkeypatch.setattr(
        random.SystemRandom, "shuffle", lambda self, rows: rows.sort(key=lambda row: -row[1]["cost"])
    )
    close_survey(actor=None, survey=survey, now=world.NOW)
    assert before == list(range(9))
    assert lying() == list(range(9))[::-1]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a transaction's number is PostgreSQL's")
def test_no_transaction_number_ties_an_answer_to_an_invitation() -> None:
    pay = team("Pay", 6)
    survey = asked(pulse())
    answer(survey, pay, *range(6))
    close_survey(actor=None, survey=survey, now=world.NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM evidence_invitation")
        assert cursor.fetchone() == (1,)
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM evidence_response")
        assert cursor.fetchone() == (1,)


def test_nobody_is_asked_for_more_than_two_things_a_week() -> None:
    pay = team("Pay", 6)
    busy = pay.memberships.first().person  # type: ignore[union-attr]
    note_asks([busy.pk], "interview", 1, world.NOW)
    note_asks([busy.pk], "audit", 2, world.NOW - 2 * DAY)
    survey = asked(pulse())
    assert Invitation.objects.filter(survey=survey, sent_on=None).get().person_id == busy.pk
    assert asks_this_week([busy.pk], world.NOW)[busy.pk] == 2
    assert room_for([busy.pk], world.NOW) == set()
    send_due(world.NOW + 6 * DAY)
    assert not Invitation.objects.filter(survey=survey, sent_on=None).exists()


def test_people_are_reminded_once_by_the_same_link() -> None:
    ines = world.ines()
    pay = team("Pay", 6)
    survey = asked(pulse(), ines)
    answer(survey, pay, 5)
    digests = set(Invitation.objects.values_list("digest", flat=True))
    remind_once(actor=ines, survey=survey, now=world.NOW + 3 * DAY)
    assert send_due(world.NOW + 3 * DAY) == {"sent": 0, "reminded": 5}
    assert send_due(world.NOW + 4 * DAY) == {"sent": 0, "reminded": 0}
    assert set(Invitation.objects.values_list("digest", flat=True)) == digests
    with pytest.raises(RemindedBefore):
        remind_once(actor=ines, survey=survey, now=world.NOW + 5 * DAY)


def test_shipped_sets_speak_both_languages() -> None:
    assert {"well-being", "product-design", "ways-of-working", "pm-time", "re-ask", "review"} == set(sets())
    for one in sets().values():
        for question in one.questions:
            assert set(question.text) == {"en", "fr"}
            assert spoken(question.text["en"], "fr") == question.text["fr"]
            codes = [code for code, _words in question.choices]
            assert len(codes) == len(set(codes))
    assert re_ask("fr", "Et maintenant ?")[0][2] == "Et maintenant ?"


def test_a_survey_cut_by_function_tells_functions_apart() -> None:
    one, two = team("Pay", 6), team("Cash", 6, function="design")
    survey = asked(pulse([SCALE, CHOICE, LINE], cut=Cut.FUNCTION))
    answer(survey, one, 1, 1, 1, 1, 1)
    answer(survey, two, 9, 9, 9, 9, 9)
    close_survey(actor=None, survey=survey, now=world.NOW)
    survey = Survey.objects.get(pk=survey.pk)
    assert survey.state == SurveyState.CLOSED
    groups = {group.function: group.figure("cost").mean for group in results_of(survey).groups}
    assert groups == {"engineering": 1, "design": 9}
    assert results_of(survey).whole.key == EVERYBODY
