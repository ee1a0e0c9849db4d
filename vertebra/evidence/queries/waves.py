"""The waves of a series of surveys: a group is compared over time only where each wave may show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import formats

from vertebra.analysis.pulse import EVERYBODY
from vertebra.evidence.labels import SurveyState
from vertebra.evidence.models import Question, Result, Survey
from vertebra.kit import clock

MOST_WAVES = 12
# How many answered, their mean, and between what it lies.
Figures = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """What a group answered in one wave; nothing where it was too small."""

    survey_id: int
    label: str
    answered: int | None = None
    mean: float | None = None
    low: float | None = None
    high: float | None = None


def waves_of(survey: Survey) -> QuerySet[Survey]:
    """The closed surveys of the same series, this one included, the earliest first."""
    if not survey.series:
        return Survey.objects.none()
    rows = Survey.objects.filter(
        series=survey.series, state=SurveyState.CLOSED, archived_at=None, kind=survey.kind
    )
    return rows.order_by("closed_at", "pk")


def trends(survey: Survey, questions: Sequence[Question], group: str = EVERYBODY) -> dict[str, list[Point]]:
    """What a group answered in each wave, by question code, for questions asked the same way in two waves at least."""
    waves = list(waves_of(survey).only("pk", "closed_at").reverse()[:MOST_WAVES])[::-1]
    if len(waves) < 2:
        return {}
    kinds = {question.code: question.kind for question in questions}
    rows = Result.objects.filter(survey__in=waves, group=group, question__code__in=kinds)
    told = rows.values_list(
        "question__code", "question__kind", "survey_id", "answered", "mean", "low", "high"
    )
    found: dict[tuple[str, int], Figures] = {
        (code, wave): tuple(figures) for code, kind, wave, *figures in told if kind == kinds[code]
    }
    labels = {wave.pk: _label(wave) for wave in waves}
    made = {}
    for question in questions:
        points = [Point(wave, label, *found.get((question.code, wave), ())) for wave, label in labels.items()]
        if sum(point.mean is not None for point in points) > 1:
            made[question.code] = points
    return made


def _label(wave: Survey) -> str:
    return formats.date_format(clock.today(wave.closed_at), "YEAR_MONTH_FORMAT") if wave.closed_at else ""
