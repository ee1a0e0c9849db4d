"""The time that product managers spend off product: how much, what takes it, which initiatives give it back."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import Link
from vertebra.analysis.pulse import EVERYBODY
from vertebra.evidence.labels import SurveyState
from vertebra.evidence.models import Question, Result
from vertebra.evidence.sets import sets
from vertebra.roadmap.models import Initiative

SET = "pm-time"
SHARE, CAUSES = "share", "causes"


@dataclass(slots=True)
class Cause:
    """One thing that takes the time: how many of a hundred name it (None: fewer than five people), who reduces it."""

    code: str
    label: str
    share: float | None
    before: float | None = None
    initiatives: list[Initiative] = field(default_factory=list)


@dataclass(slots=True)
class PmTime:
    """What the latest closed pulse says, beside the one before."""

    survey_id: int
    title: str
    answered: int | None
    share: float | None
    before: float | None
    causes: list[Cause]

    @property
    def waves(self) -> list[int]:
        """Every pulse of the series."""
        return list(_waves().values_list("survey", flat=True))


def pm_time(language: str) -> PmTime | None:
    """The latest closed pulse on it and the one before, in one question; nothing before the first."""
    rows = Result.objects.filter(
        survey__series=SET,
        survey__state=SurveyState.CLOSED,
        survey__archived_at=None,
        group=EVERYBODY,
        question__code__in=(SHARE, CAUSES),
    ).select_related("survey", "question")
    waves: dict[int, dict[str, Result]] = defaultdict(dict)
    for row in rows.order_by("-survey__closed_at", "-survey", "question__code")[:4]:
        if row.question is not None:
            waves[row.survey_id][row.question.code] = row
    if not waves:
        return None
    latest, *earlier = waves.values()
    before = earlier[0] if earlier else {}
    one = next(iter(latest.values()))
    share, was = latest.get(SHARE), before.get(SHARE)
    return PmTime(
        one.survey_id,
        one.survey.title,
        share.answered if share else one.answered,
        share.mean if share else None,
        was.mean if was else None,
        _causes(latest.get(CAUSES), before.get(CAUSES), language),
    )


def _causes(now: Result | None, before: Result | None, language: str) -> list[Cause]:
    """What is named, the most named first; nothing where too few answered."""
    if now is None or not now.counts or not now.answered or now.question is None:
        return []
    labels = {one["code"]: one["label"] for one in now.question.choices}
    labels |= {code: words[language] for code, words in words_of_causes().items() if language in words}
    found = [
        Cause(code, labels.get(code, code), _share(now, code), _share(before, code))
        for code, count in now.counts.items()
        if count != 0
    ]
    return sorted(found, key=lambda cause: (-(cause.share or 0), cause.label))


def _share(row: Result | None, code: str) -> float | None:
    if row is None or not row.counts or not row.answered:
        return None
    count = row.counts.get(code, 0)
    # Fewer than five name it: that is all that is known.
    return None if count is None else 100 * float(count) / row.answered


def words_of_causes() -> dict[str, dict[str, str]]:
    """The causes that the shipped set offers, by code, in each language."""
    asked = next(one for one in sets()[SET].questions if one.code == CAUSES)
    return {code: dict(words) for code, words in asked.choices}


def tie_initiatives(found: PmTime) -> None:
    """Say beside each cause which initiatives reduce it, in two questions more."""
    by_label = {label: code for code, words in words_of_causes().items() for label in words.values()}
    by_label |= {cause.label: cause.code for cause in found.causes}
    links = Link.objects.filter(
        from_kind=Kind.INITIATIVE,
        relation=Relation.ANSWERS,
        to_kind=Kind.SURVEY,
        to_id__in=_waves(),
        ended_at=None,
    )
    told = [(link.from_id, by_label.get(link.why)) for link in links]
    rows = Initiative.objects.filter(archived_at=None).in_bulk([pk for pk, _code in told]) if told else {}
    causes = {cause.code: cause for cause in found.causes}
    for pk, code in told:
        cause, row = causes.get(code or ""), rows.get(pk)
        if cause and row and row not in cause.initiatives:
            cause.initiatives.append(row)


def _waves() -> QuerySet[Any, Any]:
    return Question.objects.filter(survey__series=SET, code=CAUSES).values("survey")
