"""The waves of a series of surveys: a group is compared over time only where each wave may show it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import formats

from vertebra.analysis.pulse import EVERYBODY
from vertebra.evidence.labels import SurveyState
from vertebra.evidence.models import Question, Result, Survey
from vertebra.kit import clock

MOST_WAVES = 12


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
    rows = Result.objects.filter(
        survey__in=waves, group=group, question__code__in=[question.code for question in questions]
    ).select_related("question")
    kinds = {question.code: question.kind for question in questions}
    found: dict[tuple[str, int], Result] = {
        (row.question.code, row.survey_id): row
        for row in rows
        if row.question is not None and row.question.kind == kinds[row.question.code]
    }
    made = {}
    for question in questions:
        points = [_point(wave, found.get((question.code, wave.pk))) for wave in waves]
        if sum(point.mean is not None for point in points) > 1:
            made[question.code] = points
    return made


def _point(wave: Survey, row: Result | None) -> Point:
    label = formats.date_format(clock.today(wave.closed_at), "YEAR_MONTH_FORMAT") if wave.closed_at else ""
    if row is None:
        return Point(wave.pk, label)
    return Point(wave.pk, label, row.answered, row.mean, row.low, row.high)
