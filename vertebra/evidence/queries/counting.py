"""Counting the answers of a survey whose answering is over, group by group."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from vertebra.analysis.pulse import EVERYBODY, OTHERS, Figure, Tally, figures
from vertebra.analysis.spread import Shape
from vertebra.evidence.labels import QuestionKind
from vertebra.evidence.models import Cell, Question, Response, Survey
from vertebra.evidence.queries.answers import SCALES
from vertebra.kit.bulk import stored


class Counted(NamedTuple):
    """A row of results, by the columns of `Result`."""

    survey_id: int
    question_id: int | None
    group: str
    parent: str
    unit_id: int | None
    function: str
    name: str
    invited: int
    answered: int | None
    counts: str | None
    mean: float | None
    low: float | None
    high: float | None


def compute(survey: Survey, unit_names: Mapping[int, str]) -> list[Counted]:
    """The rows of results of a survey whose answering is over, ready to be written."""
    cells = list(Cell.objects.filter(survey=survey).order_by("pk"))
    questions = list(survey.questions.all())
    chains = [tuple(cell.groups) for cell in cells]
    answered, counts, given = _counted(survey, cells, questions)
    invited = {cell.pk: cell.invited_count for cell in cells}
    asked: Counter[str] = Counter()
    for cell, chain in zip(cells, chains, strict=True):
        for group in (EVERYBODY, *chain):
            asked[group] += invited[cell.pk]
    rows: list[Counted] = []
    among: set[str] | None = None
    for question in (None, *questions):
        tallies = [
            Tally(answered[cell.pk])
            if question is None
            else Tally(given[cell.pk, question.code], counts[cell.pk, question.code])
            for cell in cells
        ]
        ends = SCALES.get(question.kind) if question else None
        shape = shape_of(question.kind) if question else "several"
        told = figures(chains, tallies, threshold=survey.threshold, scale=ends, shape=shape, among=among)
        rows += [_row(survey, question, one, asked[one.group], unit_names) for one in told]
        if question is None:
            # Of a group too small to be counted, no question says anything: not even that nobody answered it.
            among = {one.group for one in told if one.answered is not None}
    return rows


def shape_of(kind: str) -> Shape:
    """How the values of a kind of question stand to each other."""
    return "ordered" if kind in SCALES else "named" if kind == QuestionKind.ONE else "several"


def _counted(
    survey: Survey, cells: Sequence[Cell], questions: Sequence[Question]
) -> tuple[Counter[int], dict[tuple[int, str], Counter[str]], Counter[tuple[int, str]]]:
    """How many of each cell answered, which values they gave, and how many gave any, question by question."""
    answered: Counter[int] = Counter()
    counts: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    given: Counter[tuple[int, str]] = Counter()
    is_text = {question.code: question.kind == QuestionKind.TEXT for question in questions}
    for cell, answers in Response.objects.filter(survey=survey).values_list("cell_id", "answers").iterator():
        answered[cell] += 1
        for code, value in answers.items():
            if code not in is_text:
                continue
            given[cell, code] += 1
            if not is_text[code]:
                counts[cell, code].update(map(str, value if isinstance(value, list) else [value]))
    return answered, counts, given


def _row(
    survey: Survey, question: Question | None, one: Figure, invited: int, unit_names: Mapping[int, str]
) -> Counted:
    unit, function, name = place_of(one.group)
    return Counted(
        survey_id=survey.pk,
        question_id=question.pk if question else None,
        group=one.group,
        parent=one.parent,
        unit_id=unit,
        function=function,
        name=unit_names.get(unit, "") if unit else name,
        invited=invited,
        answered=one.answered,
        counts=stored(one.counts),
        mean=one.mean,
        low=one.low,
        high=one.high,
    )


def place_of(group: str) -> tuple[int | None, str, str]:
    """The unit, the function and the name that a group's key stands for."""
    unit, function, name = None, "", ""
    if group in (EVERYBODY, OTHERS):
        return unit, function, name
    if group.startswith("name:"):
        return unit, function, group.removeprefix("name:")
    for part in group.split("/"):
        kind, _, value = part.partition(":")
        if kind == "unit":
            unit = int(value)
        else:
            function = value
    return unit, function, name
