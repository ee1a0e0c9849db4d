"""The question of a pain point: how it is worded, when it is due, and what was answered."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from vertebra.analysis.re_ask import Reading, Verdict, verdict
from vertebra.discovery.labels import PAIN_SETTLED, Moment, PainState
from vertebra.discovery.models import PainPoint, ReAsk
from vertebra.evidence.labels import SurveyState

COST, MORE = "cost", "more"


def question_of(pain_point: PainPoint) -> str:
    """The question that is asked again, in the language of the pain point unless it was worded by hand."""
    if pain_point.question:
        return pain_point.question
    with translation.override(pain_point.language):
        return _("How much does this still cost you?")


def reading_of(re_ask: ReAsk | None) -> Reading | None:
    """What was answered to one asking; nothing when it was not read or too few answered."""
    if re_ask is None or None in (re_ask.answered, re_ask.mean):
        return None
    mean = re_ask.mean or 0.0
    low = mean if re_ask.low is None else re_ask.low
    high = mean if re_ask.high is None else re_ask.high
    return Reading(re_ask.answered or 0, mean, low, high)


def before_of(pain_point: PainPoint) -> ReAsk | None:
    """The latest asking from before anything was done that was read."""
    read = pain_point.re_asks.filter(moment=Moment.BEFORE, read_at__isnull=False)
    found: ReAsk | None = read.order_by("-due_on", "-pk").first()
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """One asking as the page shows it: where it stands, and what it says beside the first."""

    re_ask: ReAsk
    state: str
    reading: Reading | None
    verdict: Verdict


def askings(rows: Iterable[ReAsk]) -> list[Asked]:
    """The askings of a pain point in order of their days (with their surveys read)."""
    ordered = sorted(rows, key=lambda row: (row.due_on, row.pk))
    read = [row for row in ordered if row.moment == Moment.BEFORE and row.read_at]
    before = reading_of(read[-1]) if read else None
    return [
        Asked(
            row,
            _state(row),
            reading_of(row),
            verdict(reading_of(row), before, is_baseline=row.moment == Moment.BEFORE),
        )
        for row in ordered
    ]


def _state(row: ReAsk) -> str:
    if row.cancelled_at:
        return "skipped"
    if row.survey_id is None:
        return "due"
    return "read" if row.read_at else "open"


def latest_read(asked: Iterable[Asked]) -> Asked | None:
    """The latest asking that was read."""
    read = [one for one in asked if one.state == "read"]
    return read[-1] if read else None


def due(day: dt.date) -> QuerySet[ReAsk]:
    """Askings to open by a day: of pain points that are worked on, or settled and to be looked at again."""
    rows = ReAsk.objects.filter(due_on__lte=day, survey__isnull=True, cancelled_at__isnull=True)
    rows = rows.filter(pain_point__archived_at__isnull=True)
    return rows.filter(pain_point__state__in=(PainState.CONFIRMED, *PAIN_SETTLED)).exclude(
        pain_point__state=PainState.DISMISSED
    )


def to_read(day: dt.date) -> QuerySet[ReAsk]:
    """Askings whose answering is over, or ends with the day before, and that nobody read yet."""
    rows = ReAsk.objects.filter(survey__isnull=False, read_at__isnull=True)
    closed = rows.filter(survey__state=SurveyState.CLOSED)
    return closed | rows.filter(survey__state=SurveyState.OPEN, survey__closes_on__lt=day)
