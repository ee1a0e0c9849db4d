"""Initiatives of the tests: what they should move, over three years of a metric, with an effect that is known."""

import datetime as dt
from typing import Any

import numpy as np

from tests import world
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.analysis.re_ask import months_later
from vertebra.discovery.labels import Moment, PainState
from vertebra.discovery.models import PainPoint, ReAsk
from vertebra.measures.actions.metrics import MetricValues, create_metric
from vertebra.measures.actions.values import Value, record_values
from vertebra.measures.models import Metric
from vertebra.roadmap.actions.initiatives import create_initiative
from vertebra.roadmap.actions.key_results import Wanted
from vertebra.roadmap.models import Initiative

FIRST = dt.date(2024, 1, 1)


def month(number: int) -> dt.date:
    """The first day of a month, counted from the first that has a value."""
    return months_later(FIRST, number)


def later(months: int) -> dt.datetime:
    """The moment of the tests, so many months later."""
    return dt.datetime.combine(months_later(world.TODAY, months), world.NOW.time(), world.NOW.tzinfo)


def metric(actor: User, *, direction: str = "up", name: str = "Answers within two days") -> Metric:
    """A metric with a value for each month until the present one, between 38 and 42."""
    row = create_metric(
        actor=actor, values=MetricValues(name=name, language="en", direction=direction), now=world.NOW
    )
    record(actor, row, 0, 34)
    row.refresh_from_db()
    return row


def record(
    actor: User, row: Metric, start: int, end: int, *, effect: float = 0.0, now: dt.datetime | None = None
) -> None:
    """Values of some months, with an effect."""
    draw = np.random.default_rng(7)
    noise = draw.normal(size=60)
    rows = [Value(month(at), round(40 + float(noise[at]) + effect, 3)) for at in range(start, end)]
    record_values(actor=actor, metric=row, rows=rows, now=now or world.NOW)


def wanted_of(**given: Any) -> Wanted:
    """What somebody wants to look at."""
    return Wanted(**given)


def initiative(actor: User, *, answers: PainPoint | None = None, kind: str = "operating_model") -> Initiative:
    """An initiative that has not started."""
    return create_initiative(
        actor=actor, kind=kind, title="Answer the field within two days", language="en",
        answers=(Kind.PAIN_POINT, answers.pk) if answers else None, now=world.NOW,
    )  # fmt: skip


def pain_point(actor: User) -> PainPoint:
    """A confirmed pain point."""
    return PainPoint.objects.create(
        title="The field waits for answers", language="en", state=PainState.CONFIRMED, made_by=actor,
        first_seen_on=world.TODAY, latest_seen_on=world.TODAY, created_at=world.NOW, changed_at=world.NOW,
    )  # fmt: skip


def answered(
    row: PainPoint, moment: Moment, mean: float, on: dt.datetime, *, count: int = 12, half: float = 0.8
) -> ReAsk:
    """An asking that so many answered, read at a moment."""
    return ReAsk.objects.create(
        pain_point=row, moment=moment, due_on=on.date(), answered=count, mean=mean, low=mean - half,
        high=mean + half, read_at=on,
    )  # fmt: skip
