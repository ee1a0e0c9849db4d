"""The question of a pain point: planned, asked, read; a bad answer opens the pain point again."""

import datetime as dt

import pytest
from django.utils import translation

from tests import world
from tests.discovery.hurt import heard, hurting
from tests.org import company
from vertebra.accounts import audit
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, Message, User, Watch
from vertebra.discovery.actions import re_asks as actions
from vertebra.discovery.actions.pain_states import (
    confirm_pain_points,
    dismiss_pain_points,
    settle_pain_points,
)
from vertebra.discovery.actions.quick_wins import deliver_quick_win
from vertebra.discovery.jobs.pain_points import ask_what_it_costs
from vertebra.discovery.labels import Moment, PainState, QuickWinState
from vertebra.discovery.models import PainPoint, QuickWin, ReAsk
from vertebra.discovery.queries.re_asks import due, question_of, to_read
from vertebra.evidence.actions.surveys import EndsTooSoon
from vertebra.evidence.labels import SurveyKind, SurveyState
from vertebra.evidence.models import Cell, Invitation, Response, Survey
from vertebra.org.labels import Function

pytestmark = pytest.mark.django_db
NOW = world.NOW


@pytest.fixture
def ines() -> User:
    return world.ines()


def raised(ines: User, count: int = 8) -> PainPoint:
    team = company.unit("Cash desk")
    people = [
        company.person(f"Sales {n}", team, Function.SALES, email=f"s{n}@example.org") for n in range(count)
    ]
    return hurting(ines, heard(people[0], team, Function.SALES))


def confirmed(ines: User) -> PainPoint:
    pain = raised(ines)
    confirm_pain_points(actor=ines, pain_points=[pain], now=NOW)
    pain.refresh_from_db()
    return pain


def answered(re_ask: ReAsk, values: list[int]) -> None:
    """Five people and more answered the survey of an asking."""
    cell = Cell.objects.filter(survey=re_ask.survey).first()
    Response.objects.bulk_create(
        [Response(survey=re_ask.survey, cell=cell, answers={"cost": value}) for value in values]
    )


def asked(ines: User, pain: PainPoint, moment: str, values: list[int], now: dt.datetime = NOW) -> ReAsk:
    """One asking from its opening to its reading."""
    re_ask = pain.re_asks.get(moment=moment, survey__isnull=True, cancelled_at__isnull=True)
    actions.ask_again(actor=ines, re_ask=re_ask, now=now)
    re_ask.refresh_from_db()
    answered(re_ask, values)
    actions.read_answers(actor=None, re_ask=re_ask, now=now + dt.timedelta(days=14))
    re_ask.refresh_from_db()
    pain.refresh_from_db()
    return re_ask


def test_confirming_plans_the_first_asking_once(ines: User) -> None:
    pain = confirmed(ines)
    [row] = pain.re_asks.all()
    assert (row.moment, row.due_on) == (Moment.BEFORE, world.TODAY)


def test_settling_asks_now_and_six_months_later(ines: User) -> None:
    pain = confirmed(ines)
    settle_pain_points(actor=ines, pain_points=[pain], now=NOW)
    later = pain.re_asks.exclude(moment=Moment.BEFORE).order_by("due_on")
    assert [(row.moment, row.due_on) for row in later] == [
        (Moment.DELIVERY, world.TODAY),
        (Moment.SIX_MONTHS, dt.date(2027, 5, 2)),
    ]


def test_dismissing_asks_no_more(ines: User) -> None:
    pain = confirmed(ines)
    dismiss_pain_points(actor=ines, pain_points=[pain], reason="The tool goes in spring.", now=NOW)
    assert not due(world.TODAY).exists()


def test_the_question_goes_to_those_it_hurts_in_the_language_of_the_pain_point(ines: User) -> None:
    pain = confirmed(ines)
    with translation.override("fr"):
        actions.ask_now(actor=ines, pain_point=pain, now=NOW)
    survey = Survey.objects.get()
    assert (survey.kind, survey.state, survey.subject_id) == (SurveyKind.RE_ASK, SurveyState.OPEN, pain.pk)
    assert Invitation.objects.filter(survey=survey).count() == 8
    assert survey.questions.all()[0].text == "How much does this still cost you?"
    assert survey.closes_on == world.TODAY + dt.timedelta(days=14)


def test_fewer_than_five_people_are_not_asked(ines: User) -> None:
    pain = raised(ines, 4)
    confirm_pain_points(actor=ines, pain_points=[pain], now=NOW)
    with pytest.raises(actions.NobodyToAsk):
        actions.ask_now(actor=ines, pain_point=pain, now=NOW)
    assert not Survey.objects.exists()
    assert due(world.TODAY).exists()


def test_what_was_answered_is_read_with_its_interval(ines: User) -> None:
    pain = confirmed(ines)
    row = asked(ines, pain, Moment.BEFORE, [7, 8, 7, 6, 8, 9])
    assert row.answered == 6 and row.mean == pytest.approx(7.5)
    assert row.low is not None and row.high is not None
    assert row.low < 7.5 < row.high


def test_four_answers_say_nothing(ines: User) -> None:
    row = asked(ines, confirmed(ines), Moment.BEFORE, [7, 8, 7, 6])
    assert (row.answered, row.mean) == (None, None)
    assert row.read_at is not None


def test_a_bad_answer_at_delivery_opens_it_again_and_says_why(ines: User) -> None:
    pain = confirmed(ines)
    lea = world.lea()
    Watch.objects.create(user=lea, kind=Kind.PAIN_POINT, object_id=pain.pk, since_at=NOW)
    asked(ines, pain, Moment.BEFORE, [7, 8, 7, 6, 8, 9])
    settle_pain_points(actor=ines, pain_points=[pain], now=NOW)
    asked(ines, pain, Moment.DELIVERY, [7, 7, 8, 7, 6, 8])
    assert pain.state == PainState.CONFIRMED
    entry = AuditEntry.objects.filter(kind=Kind.PAIN_POINT).latest("pk")
    assert (entry.verb, entry.particulars["why"]) == ("reopen", "re_ask")
    assert Message.objects.filter(to_user=lea, particulars__state="back").exists()


def test_a_good_answer_leaves_it_settled(ines: User) -> None:
    pain = confirmed(ines)
    asked(ines, pain, Moment.BEFORE, [7, 8, 7, 6, 8, 9])
    settle_pain_points(actor=ines, pain_points=[pain], now=NOW)
    asked(ines, pain, Moment.DELIVERY, [1, 2, 1, 2, 3, 1])
    assert pain.state == PainState.SETTLED


def test_the_question_is_worded_before_the_first_asking_only(ines: User) -> None:
    pain = confirmed(ines)
    actions.change_question(actor=ines, pain_point=pain, question="How many hours a week?", now=NOW)
    pain.refresh_from_db()
    assert question_of(pain) == "How many hours a week?"
    actions.ask_now(actor=ines, pain_point=pain, now=NOW)
    with pytest.raises(actions.AskedAlready):
        actions.change_question(actor=ines, pain_point=pain, question="And now?", now=NOW)


def test_skipping_an_asking_needs_a_reason(ines: User) -> None:
    re_ask = confirmed(ines).re_asks.get()
    with pytest.raises(actions.NoReason):
        actions.skip_re_ask(actor=ines, re_ask=re_ask, reason=" ", now=NOW)
    actions.skip_re_ask(actor=ines, re_ask=re_ask, reason="A pulse is under way.", now=NOW)
    assert not due(world.TODAY).exists()


def test_the_daily_job_asks_what_is_due_and_reads_what_is_over(
    ines: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    pain = confirmed(ines)
    monkeypatch.setattr("vertebra.kit.clock.now", lambda: NOW)
    assert ask_what_it_costs.func() == {"asked": 1, "read": 0, "waiting": 0}
    assert ask_what_it_costs.func() == {"asked": 0, "read": 0, "waiting": 0}
    answered(pain.re_asks.get(), [5, 6, 7, 5, 6])
    later = NOW + dt.timedelta(days=15)
    monkeypatch.setattr("vertebra.kit.clock.now", lambda: later)
    assert to_read(later.date()).exists()
    assert ask_what_it_costs.func()["read"] == 1
    assert pain.re_asks.get().mean == pytest.approx(5.8)


def test_the_job_passes_over_no_fault_but_what_somebody_asked_meanwhile(
    ines: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed(ines)
    monkeypatch.setattr("vertebra.kit.clock.now", lambda: NOW)

    def too_soon(**given: object) -> None:
        raise EndsTooSoon

    def asked(**given: object) -> None:
        raise actions.AskedAlready

    monkeypatch.setattr("vertebra.discovery.actions.re_asks.open_survey", too_soon)
    with pytest.raises(EndsTooSoon):
        ask_what_it_costs.func()
    monkeypatch.setattr("vertebra.discovery.jobs.pain_points.ask_again", asked)
    assert ask_what_it_costs.func() == {"asked": 0, "read": 0, "waiting": 0}


def test_a_delivered_quick_win_asks_again_and_taking_it_back_does_not(ines: User) -> None:
    pain = confirmed(ines)
    win = QuickWin.objects.create(
        pain_point=pain, title="One channel", language="en", created_at=NOW, state=QuickWinState.STARTED,
        started_on=world.TODAY, due_on=world.TODAY,
    )  # fmt: skip
    entry = deliver_quick_win(actor=ines, quick_win=win, now=NOW)
    assert pain.re_asks.filter(moment=Moment.DELIVERY, due_on=world.TODAY).exists()
    audit.undo(actor=ines, entry=entry, now=NOW)
    assert not pain.re_asks.exclude(moment=Moment.BEFORE).exists()
