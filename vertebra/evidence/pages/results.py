"""One survey: how far it is while it is open, what it says once it is closed."""

from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import floatformat
from django.urls import NoReverseMatch, reverse

from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.analysis.privacy import in_steps, shown
from vertebra.analysis.pulse import EVERYBODY, Figure
from vertebra.analysis.spread import TOGETHER
from vertebra.evidence.actions.answering import may_be_closed
from vertebra.evidence.forms.answers import AGREEMENT
from vertebra.evidence.labels import SURVEY_TONES, QuestionKind, SurveyKind, SurveyState
from vertebra.evidence.models import Invitation, Question, Response, Survey, Theme
from vertebra.evidence.pages.exports import export
from vertebra.evidence.pages.names import named, value_named
from vertebra.evidence.queries.answers import SCALES
from vertebra.evidence.queries.results import Group, SurveyResults, open_to, results_of
from vertebra.evidence.queries.waves import Point, trends
from vertebra.evidence.sets import spoken
from vertebra.kit import clock

MOST_GROUPS = 60
NUMBERS = frozenset(SCALES)


@dataclass(frozen=True, slots=True)
class Participation:
    """How many were asked and answered, in steps while it is open; None where fewer than five did."""

    asked: int
    answered: int | None

    @property
    def percent(self) -> int | None:
        """The share that answered."""
        return round(100 * self.answered / self.asked) if self.answered and self.asked else None


@dataclass(frozen=True, slots=True)
class Bar:
    """One answer of a question, and how many gave it."""

    label: str
    count: int | None
    percent: int | None


@dataclass(slots=True)
class Block:
    """What one group answered to one question."""

    question: Question
    text: str
    figure: Figure
    bars: list[Bar] = field(default_factory=list)
    scale: tuple[int, int] | None = None
    points: list[Point] = field(default_factory=list)
    themes: list[dict[str, Any]] = field(default_factory=list)
    is_text: bool = False


def participation(survey: Survey) -> Participation:
    """How many answered in all, once five did; while it is open in steps, so that nobody is seen to answer."""
    count = Response.objects.filter(survey=survey).count()
    said = in_steps if survey.state == SurveyState.OPEN else shown
    return Participation(survey.invited_count, said(count, survey.threshold) or None)


@requires(Right.READ)
def pulse_show(request: PageRequest, survey_id: int) -> HttpResponseBase:
    """A survey where it stands: a draft in the wizard, an open one by its participation, a closed one by its results."""
    survey = get_object_or_404(open_to(request.user, [survey_id]))
    if survey.state == SurveyState.DRAFT:
        name = "evidence:survey-columns" if survey.kind == SurveyKind.IMPORTED else "evidence:pulse-questions"
        return redirect(name, survey.pk)
    if survey.state == SurveyState.OPEN:
        return render(request, "evidence/pulse_open.html", _open_context(survey))
    return _results(request, survey)


def _open_context(survey: Survey) -> dict[str, Any]:
    waiting = Invitation.objects.filter(survey=survey, sent_on=None, is_answered=False).count()
    return {
        "survey": survey,
        "tone": SURVEY_TONES[survey.state],
        "participation": participation(survey),
        "waiting": waiting,
        "questions": [spoken(question.text, survey.language) for question in survey.questions.all()],
        "may_be_closed": may_be_closed(survey, clock.now()),
        "is_last_day_near": survey.closes_on and (survey.closes_on - clock.today()).days <= 2,
    }


def _results(request: PageRequest, survey: Survey) -> HttpResponseBase:
    if (form := request.GET.get("format", "")) in {"csv", "xlsx"}:
        return export(results_of(survey), form)
    key = request.GET.get("group", "") or EVERYBODY
    results = results_of(survey, around=key)
    group = results.group(key)
    if group is None:
        raise Http404
    language = request.LANGUAGE_CODE or survey.language
    inside = results.inside(key)
    context = {
        "survey": survey,
        "tone": SURVEY_TONES[survey.state],
        "results": results,
        "group": group,
        "is_whole": key == EVERYBODY,
        "group_name": name_of(group),
        "parent_name": "",
        "percent": Participation(group.invited, group.answered).percent,
        "blocks": _blocks(survey, results, group, language),
        "heat": _heat(results, inside[:MOST_GROUPS], group, language),
        "more_groups": max(0, len(inside) - MOST_GROUPS),
        "lead": _lead(results, group, language),
        "may_work": may(request.user, Right.PRODUCT_OPS),
        "pain_url": _pain_url(request, survey),
        "hidden_count": sum(not one.is_shown for one in inside),
    }
    return render(request, "evidence/pulse_results.html", context)


def name_of(group: Group) -> str:
    """What a group is called."""
    return named(group.key, group.name, group.function)


def _pain_url(request: PageRequest, survey: Survey) -> str:
    """Where a pain point is raised from this survey, by whoever may."""
    if not may(request.user, Right.PRODUCT_OPS):
        return ""
    try:
        return f"{reverse('discovery:pain-point-create')}?kind={Kind.SURVEY}&id={survey.pk}"
    except NoReverseMatch:
        return ""


def _blocks(survey: Survey, results: SurveyResults, group: Group, language: str) -> list[Block]:
    over_time = trends(survey, results.questions, group.key) if group.is_shown else {}
    themes: dict[int, list[dict[str, Any]]] = {}
    texts = [question.pk for question in results.questions if question.kind == QuestionKind.TEXT]
    if texts and group.key == EVERYBODY:
        themes = _themes(texts, survey.threshold)
    blocks = []
    for question in results.questions:
        figure = group.figure(question.code)
        blocks.append(
            Block(
                question,
                spoken(question.text, language),
                figure,
                _bars(question, figure, language),
                SCALES.get(question.kind),
                over_time.get(question.code, []),
                themes.get(question.pk, []),
                question.kind == QuestionKind.TEXT,
            )
        )
    return blocks


def _themes(question_ids: list[int], threshold: int) -> dict[int, list[dict[str, Any]]]:
    """Themes of free text with how many answers speak of each, where five do."""
    found: dict[int, list[dict[str, Any]]] = {}
    rows = Theme.objects.filter(question__in=question_ids).order_by("name")
    links = Theme.responses.through.objects.filter(theme__question__in=question_ids)
    counts: dict[int, int] = {}
    for theme in links.values_list("theme_id", flat=True):
        counts[theme] = counts.get(theme, 0) + 1
    for row in rows:
        count = counts.get(row.pk, 0)
        shown = count if count >= threshold else None
        found.setdefault(row.question_id, []).append({"theme": row, "count": shown})
    for themes in found.values():
        themes.sort(key=lambda one: -(one["count"] or 0))
    return found


def _bars(question: Question, figure: Figure, language: str) -> list[Bar]:
    """Each possible answer in its order, or the commonest first where order says nothing."""
    if figure.counts is None or not figure.answered:
        return []
    counts, labels = figure.counts, labels_of(question, language)
    if question.kind in SCALES:
        bands = [_ends(value) for value in counts]
        between = [value for value in labels if any(low <= float(value) <= high for low, high in bands)]
        values = sorted({*counts, *labels} - {*between} | {*counts}, key=_ends)
    else:
        # Of values counted together it is not said which were given: none of them is said to be missing either.
        unsaid = TOGETHER in counts
        values = [*counts, *(value for value in labels if value not in counts and not unsaid)]
        values.sort(key=lambda value: (value == TOGETHER, -(counts.get(value, 0) or 0)))
    return [_bar(value_named(value, labels), counts.get(value, 0), figure.answered) for value in values]


def _bar(label: str, count: int | None, answered: int) -> Bar:
    return Bar(label, count, None if count is None else round(100 * count / answered))


def _ends(value: str) -> tuple[float, float]:
    """The ends of a value of a scale, or of several counted together."""
    low, _dash, high = value.partition("–")
    return float(low), float(high or low)


def labels_of(question: Question, language: str) -> dict[str, str]:
    """What the values of a question are called, in their order."""
    if question.kind == QuestionKind.AGREEMENT and not question.choices:
        return {value: str(label) for value, label in AGREEMENT}
    if question.kind in SCALES:
        lowest, highest = SCALES[question.kind]
        step = 10 if question.kind == QuestionKind.SHARE else 1
        ends = {choice["code"]: spoken(choice["label"], language) for choice in question.choices}
        labels = {str(value): str(value) for value in range(lowest, highest + 1, step)}
        if question.kind == QuestionKind.AGREEMENT and len(ends) > 2:
            return ends
        for value, word in ((lowest, ends.get("low")), (highest, ends.get("high"))):
            if word:
                labels[str(value)] = f"{value} ({word})"
        return labels
    return {choice["code"]: spoken(choice["label"], language) for choice in question.choices}


def _heat(results: SurveyResults, inside: list[Group], around: Group, language: str) -> dict[str, Any]:
    """Groups by questions answered with a number, each cell a mean."""
    asked = [question for question in results.questions if question.kind in NUMBERS]
    rows = []
    for group in inside:
        cells = []
        for question in asked:
            figure = group.figure(question.code)
            lowest, highest = SCALES[question.kind]
            level = None if figure.mean is None else figure.mean - lowest
            cells.append({"figure": figure, "level": level, "highest": highest - lowest})
        rows.append({"group": group, "name": name_of(group), "cells": cells})
    return {
        "questions": [(question, spoken(question.text, language)) for question in asked],
        "rows": rows,
        "around": name_of(around),
    }


def _lead(results: SurveyResults, group: Group, language: str) -> dict[str, Any]:
    """The highest and the lowest of the questions that share a scale, or the one figure that there is."""
    by_kind: dict[str, list[tuple[float, Question]]] = {}
    for question in results.questions:
        mean = group.figure(question.code).mean
        if mean is not None:
            by_kind.setdefault(question.kind, []).append((mean, question))
    if not by_kind:
        return {}
    kind, found = max(by_kind.items(), key=lambda pair: len(pair[1]))
    found.sort(key=lambda pair: pair[0])
    (low, lowest), (high, highest) = found[0], found[-1]
    told = {"kind": kind, "highest_of": SCALES[kind][1], "low": low, "lowest": spoken(lowest.text, language)}
    if len(found) > 1 and floatformat(low, 1) == floatformat(high, 1):
        told["is_level"] = True
    elif len(found) > 1:
        told |= {"high": high, "highest": spoken(highest.text, language)}
    return told | {"figure": group.figure(lowest.code)}
