"""What waits for one person today, of the roadmap and of the steps before it, as the home page reads it in one question."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q

from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.discovery.labels import HelpState
from vertebra.discovery.models import HelpRequest
from vertebra.discovery.queries.quick_wins import due_for as due_quick_wins
from vertebra.evidence.queries.incidents import incidents, open_follow_ups, post_mortem_overdue
from vertebra.kit import clock
from vertebra.kit.home import Row, Rows, waits
from vertebra.measures.labels.charts import RequestState
from vertebra.measures.labels.metrics import MetricState
from vertebra.measures.models import Alert, DataRequest, Metric
from vertebra.org.empty_spaces import person_of
from vertebra.org.models import Person
from vertebra.roadmap.labels.initiatives import InitiativeState
from vertebra.roadmap.labels.projects import GateState, StepState
from vertebra.roadmap.labels.reports import ReportState
from vertebra.roadmap.labels.results import MeasuredBy
from vertebra.roadmap.labels.topics import CycleState, TopicState
from vertebra.roadmap.models import (
    Cycle,
    Gate,
    Initiative,
    KeyResult,
    LaunchStep,
    Ranking,
    Report,
    Result,
    Seat,
    Topic,
    Workstream,
)
from vertebra.roadmap.queries.words import FIRST_DAY, month_of, unsaid

SOON = dt.timedelta(days=7)
LATELY = dt.timedelta(days=14)
MOST = 40


def due_for(user: User, now: dt.datetime) -> list[Rows]:
    """What waits for somebody, and for Product Ops the next step of each table."""
    person, day = person_of(user), clock.today(now)
    asked = [_one(due_quick_wins(user, person, day), "quick_win", "due_on"), *_watched(user, now)]
    if person is not None:
        asked += [*_table(person), *_led(person, day), *_steps(person, day), *_drafts(person)]
        asked += [*_after_incidents(person, day), *_figures(person)]
    if may(user, Right.PRODUCT_OPS):
        asked += _tables(day)
    return asked


def in_turn(rows: Iterable[Row]) -> list[Row]:
    """These rows, the nearest day first, as many as a page may tell."""
    return sorted(rows, key=lambda row: (row[4] is None, row[4] or dt.date.min, row[0], row[1]))[:MOST]


def waiting() -> int:
    """How many requests for help and topics wait for an answer, in one question."""
    asked = HelpRequest.objects.order_by().filter(archived_at=None, state=HelpState.ASKED)
    raised = Topic.objects.filter(archived_at=None, merged_into=None)
    rows = raised.order_by().filter(state__in=(TopicState.RAISED, TopicState.ON_TABLE))
    return asked.values_list("pk").union(rows.values_list("pk"), all=True).count()


def _tables(day: dt.date) -> list[Rows]:
    """Tables whose next step is due, for Product Ops."""
    open_now = Cycle.objects.filter(archived_at=None)
    state = CycleState
    return [
        _one(open_now.filter(state=state.COLLECTING, freezes_on__lte=day), "freeze", "freezes_on"),
        _one(open_now.filter(state=state.FROZEN), "open", "freezes_on"),
        _one(open_now.filter(state=state.RANKING, ranks_until__lt=day), "reveal", "ranks_until"),
        _one(open_now.filter(state=state.ARBITRATING), "publish", "ranks_until"),
    ]


def _watched(user: User, now: dt.datetime) -> list[Rows]:
    """Thresholds that somebody watches and that were crossed lately."""
    rows = Alert.objects.filter(
        user=user, is_crossed=True, told_at__gt=now - LATELY, metric__archived_at=None
    )
    return [_one(rows, "alert", number="metric_id", title="metric__name")]


def _figures(person: Person) -> list[Rows]:
    """Metrics of somebody that nobody verified, and questions asked about what is theirs."""
    mine = Metric.objects.filter(owner=person, archived_at=None).exclude(state=MetricState.VERIFIED)
    about = Q(metric__owner=person) | Q(dashboard__owner=person)
    waiting = DataRequest.objects.filter(about, state=RequestState.ASKED).exclude(asked_by=person)
    return [
        _one(mine.exclude(definition=""), "verify", title="name"),
        _one(waiting, "request", title="question"),
    ]


def _after_incidents(person: Person, day: dt.date) -> list[Rows]:
    """What somebody should have done after incidents."""
    follow_ups = open_follow_ups().filter(owner=person, due_on__lt=day)
    owed = incidents().filter(post_mortem_overdue(day), manager=person)
    return [
        _one(follow_ups, "follow_up", "due_on", number="incident_id"),
        _one(owed, "post_mortem", "post_mortem_due_on"),
    ]


def _one(rows: Rows, code: str, day: str = "", *, number: str = "pk", title: str = "title") -> Rows:
    return waits(rows, code, day=day, number=number, title=title)


def _table(person: Person) -> list[Rows]:
    ranked = Ranking.objects.filter(seat=OuterRef("pk"), done_at__isnull=False)
    ranks = Q(delegate=person) | Q(person=person, delegate=None)
    seats = Seat.objects.filter(ended_at=None, cycle__archived_at=None)
    mine = seats.filter(ranks, ~Exists(ranked), cycle__state=CycleState.RANKING)
    deciding = seats.filter(person=person, cycle__state=CycleState.ARBITRATING)
    names = {"number": "cycle_id", "title": "cycle__title"}
    return [
        _one(mine, "rank", "cycle__ranks_until", **names),
        _one(deciding, "decide", "cycle__ends_on", **names),
    ]


def _led(person: Person, day: dt.date) -> list[Rows]:
    """What waits on the initiatives that somebody leads."""
    led = Initiative.objects.filter(lead=person, archived_at=None)
    names = {"number": "initiative_id", "title": "initiative__title"}
    mine = {"initiative__lead": person, "initiative__archived_at": None}
    found = [
        _one(led.filter(state=InitiativeState.PLANNED, baseline_at=None, no_baseline_reason=""), "baseline", "starts_on"),
        _one(_measured(led), "close", "due_on"),
        _one(_silent_figures(mine, day), "figure", "due_on", **names),
        _one(
            Gate.objects.filter(state=GateState.WAITING, due_on__lte=day + SOON, **mine), "gate", "due_on", **names
        ),
    ]  # fmt: skip
    if day.day >= FIRST_DAY:
        found.append(_one(unsaid(month_of(day)).filter(lead=person), "word"))
    return found


def _measured(led: Rows) -> Rows:
    results = Result.objects.filter(key_result__initiative=OuterRef("pk"), superseded_at=None)
    return led.filter(Exists(results), state=InitiativeState.DELIVERED)


def _silent_figures(mine: dict[str, Any], day: dt.date) -> Rows:
    """Figures noted by hand whose second reading is due."""
    rows = KeyResult.objects.filter(measured_by=MeasuredBy.HAND, fixed_at__isnull=False, after=None, **mine)
    return rows.filter(due_on__lte=day)


def _steps(person: Person, day: dt.date) -> list[Rows]:
    steps = LaunchStep.objects.filter(
        owner=person,
        state__in=(StepState.TO_DO, StepState.STARTED),
        due_on__lte=day + SOON,
        launch__initiative__archived_at=None,
    )
    streams = Workstream.objects.filter(
        lead=person, ended_on=None, due_on__lte=day + SOON, initiative__archived_at=None
    )
    return [
        _one(steps, "step", "due_on", number="launch_id"),
        _one(streams, "workstream", "due_on", number="initiative_id"),
    ]


def _drafts(person: Person) -> list[Rows]:
    drafts = Report.objects.filter(state=ReportState.DRAFT, archived_at=None, template__author=person)
    return [_one(drafts, "report", "until_on")]
