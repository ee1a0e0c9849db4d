"""What three years of deciding, acting and measuring hold, and that the rules which made them keep their word."""

import datetime as dt
from statistics import median

import pytest
from django.db.models import F

from tests.demo.rules import faults
from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import Link
from vertebra.demo import content
from vertebra.demo.broken import rework_of, spring_of
from vertebra.demo.fixture import DAY
from vertebra.demo.load import Summary
from vertebra.discovery.labels import QuickWinState
from vertebra.discovery.models import QuickWin
from vertebra.evidence.models import FollowUpAction, Incident, ProcessRework
from vertebra.measures.labels.charts import RequestState
from vertebra.measures.models import DataRequest, Measurement, Metric, PlannedHire, RatioRule
from vertebra.org.models import Person
from vertebra.roadmap.labels.initiatives import InitiativeKind, InitiativeState
from vertebra.roadmap.labels.topics import CycleState, Verdict
from vertebra.roadmap.models import (
    Answer,
    Count,
    Cycle,
    Decision,
    Initiative,
    KeyResult,
    Launch,
    MonthlyWord,
    Objective,
    Ranking,
    Report,
    Result,
    RoleTime,
    Topic,
    Voice,
)
from vertebra.roadmap.queries.decisions import somebody_waits

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("loaded", ["small", "scale-up"], indirect=True)
LARGE = pytest.mark.parametrize("loaded", ["scale-up"], indirect=True)


def test_what_is_done_about_a_hurt_is_written_for_every_hurt() -> None:
    hurts = {sheet["key"] for sheet in content.listening()["hurt"]}
    assert {sheet["hurt"] for sheet in content.acting()["work"]} == hurts


def test_initiatives_and_levers_name_figures_that_are_counted() -> None:
    counted = {sheet["slug"] for sheet in content.figures()["metric"]}
    acting = content.acting()
    named = {sheet["metric"] for sheet in (*acting["work"], *acting["note"], acting["cards"])}
    named |= {one[end] for one in content.figures()["lever"] for end in ("driver", "outcome")}
    named |= {one["metric"] for one in content.figures()["question"]}
    assert named - {""} <= counted


def test_the_spring_of_incidents_is_over_for_a_summer_whatever_the_day() -> None:
    for month in range(36):
        day = dt.date(2025 + month // 12, month % 12 + 1, 15)
        first, last = spring_of(day)
        assert (first.month, last.month) == (4, 5)
        assert last < rework_of(day) < day - dt.timedelta(days=65)


@BOTH
def test_a_table_each_quarter_and_the_latest_is_being_ranked(loaded: Summary) -> None:
    cycles = list(Cycle.objects.order_by("starts_on"))
    assert len(cycles) == (9 if loaded.profile == "scale-up" else 5)
    assert {one.state for one in cycles[:-1]} == {CycleState.PUBLISHED}
    assert cycles[-1].state == CycleState.RANKING
    assert cycles[-1].ranks_until > DAY
    done, seats = cycles[-1].rankings.count(), cycles[-1].seats.count()
    assert 0 < done < seats
    directors = Person.objects.filter(name__in=("Hélène Vasseur", "Solène Kermarrec"))
    assert not Ranking.objects.filter(cycle=cycles[-1], seat__person__in=directors).exists()
    assert cycles[-1].seats.filter(person__in=directors).count() == 2


@BOTH
def test_everything_on_a_published_table_is_decided_with_a_reason_and_everybody_is_answered(
    loaded: Summary,
) -> None:
    for cycle in Cycle.objects.filter(state=CycleState.PUBLISHED):
        decided = set(cycle.decisions.values_list("topic", flat=True))
        assert set(cycle.table.values_list("topic", flat=True)) <= decided
    assert not Decision.objects.filter(why="").exists()
    assert {Verdict.CHOSEN, Verdict.NOT_NOW} <= set(Decision.objects.values_list("verdict", flat=True))
    assert Answer.objects.exists()
    assert not somebody_waits()
    assert not Answer.objects.filter(told_at__lt=F("decision__published_at")).exists()
    late = Answer.objects.filter(told_at__gt=F("decision__published_at") + dt.timedelta(days=1))
    assert not late.filter(voice__since_at__lt=F("decision__published_at")).exists()


@BOTH
def test_the_incidents_of_the_spring_came_in_the_middle_of_a_quarter(loaded: Summary) -> None:
    arrived = Decision.objects.get(is_mid_cycle=True, verdict=Verdict.CHOSEN)
    assert arrived.topic.origin_kind == Kind.INCIDENT
    assert arrived.displaces.count() <= 1
    row = Initiative.objects.get(kind=InitiativeKind.INCIDENTS)
    rework = ProcessRework.objects.get()
    assert (rework.object_kind, rework.object_id) == (Kind.INITIATIVE, row.pk)
    assert rework.starts_on == rework_of(DAY)


@BOTH
def test_the_field_is_told_sooner_and_more_is_followed_up_since_the_rework(loaded: Summary) -> None:
    since = rework_of(DAY)
    minutes: dict[bool, list[float]] = {False: [], True: []}
    for row in Incident.objects.filter(told_at__isnull=False):
        told = row.told_at or row.started_at
        minutes[row.started_at.date() >= since].append((told - row.started_at).total_seconds() / 60)
    assert median(minutes[True]) < median(minutes[False]) / 3
    due = FollowUpAction.objects.filter(due_on__lt=DAY)
    share = {
        is_after: due.filter(done_on__isnull=False, incident__started_at__date__gte=since).count()
        / max(1, due.filter(incident__started_at__date__gte=since).count())
        if is_after
        else due.filter(done_on__isnull=False, incident__started_at__date__lt=since).count()
        / due.filter(incident__started_at__date__lt=since).count()
        for is_after in (False, True)
    }
    assert share[True] > share[False]


@BOTH
def test_nothing_started_without_a_baseline_or_a_reason_and_nothing_ended_without_an_outcome(
    loaded: Summary,
) -> None:
    started = Initiative.objects.filter(started_at__isnull=False)
    assert started.exists()
    assert not started.filter(baseline_at=None, no_baseline_reason="").exists()
    assert not KeyResult.objects.filter(fixed_at__gt=F("initiative__started_at")).exists()
    assert not Initiative.objects.filter(state=InitiativeState.CLOSED, outcome="").exists()
    assert Result.objects.exists()
    assert MonthlyWord.objects.exists()
    assert not MonthlyWord.objects.filter(said_at__lt=F("initiative__started_at")).exists()


@LARGE
def test_every_kind_of_initiative_and_outcome_is_there(loaded: Summary) -> None:
    kinds = set(Initiative.objects.values_list("kind", flat=True))
    assert kinds == set(InitiativeKind.values)
    outcomes = set(Initiative.objects.exclude(outcome="").values_list("outcome", flat=True))
    assert outcomes == {"achieved", "missed", "cannot_tell", "stopped"}
    states = set(Initiative.objects.values_list("state", flat=True))
    assert states >= {"idea", "planned", "started", "delivered", "closed"}
    assert {"better", "no_effect", "cannot_tell"} <= set(Result.objects.values_list("verdict", flat=True))


@BOTH
def test_quick_wins_that_were_proposed_are_initiatives_once_they_start(loaded: Summary) -> None:
    begun = QuickWin.objects.exclude(state=QuickWinState.PROPOSED)
    ties = Link.objects.filter(relation=Relation.CARRIES_OUT, to_kind=Kind.QUICK_WIN)
    assert begun.exists()
    assert set(begun.values_list("pk", flat=True)) == set(ties.values_list("to_id", flat=True))


@BOTH
def test_what_was_chosen_can_be_followed_from_the_pain_point_to_the_result(loaded: Summary) -> None:
    topics = set(Topic.objects.filter(origin_kind=Kind.PAIN_POINT).values_list("pk", flat=True))
    decided = {
        row.from_id
        for row in Link.objects.filter(
            relation=Relation.DECIDES, from_kind=Kind.DECISION, to_kind=Kind.TOPIC, to_id__in=topics
        )
    }
    carried = {
        row.from_id
        for row in Link.objects.filter(
            relation=Relation.CARRIES_OUT, to_kind=Kind.DECISION, to_id__in=decided
        )
    }
    assert Result.objects.filter(key_result__initiative__in=carried).exists()


@LARGE
def test_each_country_opened_faster_than_the_one_before(loaded: Summary) -> None:
    took = [
        (row.launched_on - row.decided_on).days
        for row in Launch.objects.order_by("launched_on")
        if row.launched_on
    ]
    assert len(took) == 3
    assert took == sorted(took, reverse=True)
    numbers = list(Launch.objects.order_by("launched_on").values_list("version__number", flat=True))
    assert numbers == [1, 2, 3]


@BOTH
def test_cards_are_counted_each_week_and_never_fewer(loaded: Summary) -> None:
    for counter in Initiative.objects.get(kind=InitiativeKind.TRANSVERSE, state="started").counters.all():
        done = list(Count.objects.filter(counter=counter).order_by("on").values_list("done", flat=True))
        assert len(done) > 20
        assert done == sorted(done)


@BOTH
def test_figures_have_three_years_and_say_what_is_known_today(loaded: Summary) -> None:
    for metric in Metric.objects.filter(ratio=None):
        values = Measurement.objects.filter(metric=metric, part="", superseded_at=None).order_by("on")
        assert values.count() >= 35
        last = values.last()
        assert last is not None
        assert (metric.latest_on, metric.latest_value) == (last.on, last.value)
    assert Metric.objects.filter(state="verified").exists()
    assert Metric.objects.filter(owner=None).exists()
    assert RatioRule.objects.count() == 3
    assert PlannedHire.objects.exists()


@LARGE
def test_questions_to_the_data_team_wait_less_than_they_did(loaded: Summary) -> None:
    rows = list(DataRequest.objects.filter(state=RequestState.ANSWERED).order_by("asked_at"))
    waits = [(row.answered_at - row.asked_at).days for row in rows if row.answered_at]
    third = len(waits) // 3
    assert median(waits[-third:]) < median(waits[:third]) / 2
    alone = list(DataRequest.objects.order_by("asked_at").values_list("state", flat=True))
    half = len(alone) // 2
    assert alone[half:].count(RequestState.SELF_SERVED) > alone[:half].count(RequestState.SELF_SERVED)


@BOTH
def test_two_reports_are_published_and_one_waits_for_its_sentences(loaded: Summary) -> None:
    states = list(Report.objects.order_by("from_on").values_list("state", flat=True))
    assert states == ["published", "published", "draft"]
    assert all(report.content["sections"] for report in Report.objects.all())


@BOTH
def test_time_asked_and_given_back_is_said(loaded: Summary) -> None:
    assert set(RoleTime.objects.values_list("kind", flat=True)) == {"asked", "given_back"}
    assert Objective.objects.filter(starts_on__lte=DAY, ends_on__gte=DAY).exists()


@BOTH
def test_nothing_comes_after_today(loaded: Summary) -> None:
    limit = DAY + dt.timedelta(days=1)
    assert not Initiative.objects.filter(changed_at__date__gte=limit).exists()
    assert not Decision.objects.filter(created_at__date__gte=limit).exists()
    assert not Voice.objects.filter(since_at__date__gte=limit).exists()
    assert not Measurement.objects.filter(recorded_at__date__gte=limit).exists()
    assert not Incident.objects.filter(resolved_at__date__gte=limit).exists()


@BOTH
def test_rows_keep_the_rules_between_their_fields(loaded: Summary) -> None:
    for model in (Cycle, Decision, Initiative, KeyResult, Launch, Topic, Metric, Incident, FollowUpAction):
        assert faults(list(model._default_manager.all()[:60]), whole=True) == []
