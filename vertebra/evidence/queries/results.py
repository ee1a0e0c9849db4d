"""What came back from a closed survey, by groups that are large enough."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.analysis.pulse import EVERYBODY, OTHERS, Figure, Tally, figures
from vertebra.evidence.labels import QuestionKind, SurveyState
from vertebra.evidence.models import Cell, Question, Response, Result, Survey
from vertebra.evidence.queries.answers import SCALES

_NOTHING = Figure("", "")


class NotClosed(Exception):
    """A survey has no results before it is closed."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of those asked, as results name it: a unit, a function, both, or a name out of a file."""

    key: str
    parent: str
    unit_id: int | None
    function: str
    name: str
    invited: int
    answered: int | None
    figures: Mapping[str, Figure] = field(default_factory=dict)

    @property
    def is_shown(self) -> bool:
        """Whether anything may be said of it."""
        return self.answered is not None

    def figure(self, code: str) -> Figure:
        """What it answered to the question of that code; nothing where it is too small."""
        return self.figures.get(code, _NOTHING)


@dataclass(frozen=True, slots=True)
class SurveyResults:
    """A closed survey: its questions, everybody together, and the groups inside, wider ones first."""

    survey: Survey
    questions: list[Question]
    whole: Group
    groups: list[Group]

    def inside(self, key: str = EVERYBODY) -> list[Group]:
        """The groups directly inside a group."""
        return [group for group in self.groups if group.parent == key]

    def group(self, key: str) -> Group | None:
        """The group of that key."""
        return next((group for group in [self.whole, *self.groups] if group.key == key), None)


def open_to(user: User) -> QuerySet[Survey]:
    """The surveys that somebody may read of: Product Ops all of them, others those closed."""
    rows = Survey.objects.filter(archived_at__isnull=True)
    if may(user, Right.PRODUCT_OPS):
        return rows
    return rows.filter(state=SurveyState.CLOSED) if may(user, Right.READ) else rows.none()


def results_of(survey: Survey) -> SurveyResults:
    """What a closed survey may say; raises `NotClosed` before."""
    return results_of_many([survey])[survey.pk]


def results_of_many(surveys: Iterable[Survey]) -> dict[int, SurveyResults]:
    """What closed surveys may say, in two queries however many they are."""
    wanted = {survey.pk: survey for survey in surveys}
    if any(survey.state != SurveyState.CLOSED for survey in wanted.values()):
        raise NotClosed
    questions: dict[int, list[Question]] = defaultdict(list)
    for question in Question.objects.filter(survey__in=wanted):
        questions[question.survey_id].append(question)
    rows: dict[int, list[Result]] = defaultdict(list)
    for row in Result.objects.filter(survey__in=wanted).order_by("pk"):
        rows[row.survey_id].append(row)
    return {pk: _results(survey, questions[pk], rows[pk]) for pk, survey in wanted.items()}


def _results(survey: Survey, questions: list[Question], rows: list[Result]) -> SurveyResults:
    codes = {question.pk: question.code for question in questions}
    by_group: dict[str, dict[str, Figure]] = defaultdict(dict)
    for row in rows:
        if row.question_id is not None:
            figure = Figure(row.group, row.parent, row.answered, row.counts, row.mean, row.low, row.high)
            by_group[row.group][codes[row.question_id]] = figure
    groups = [
        Group(
            row.group,
            row.parent,
            row.unit_id,
            row.function,
            row.name,
            row.invited,
            row.answered,
            by_group[row.group],
        )
        for row in rows
        if row.question_id is None
    ]
    whole = next(
        (group for group in groups if group.key == EVERYBODY), Group(EVERYBODY, "", None, "", "", 0, None)
    )
    return SurveyResults(survey, questions, whole, [group for group in groups if group.key != EVERYBODY])


def compute(survey: Survey, unit_names: Mapping[int, str]) -> list[Result]:
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
    rows = []
    for question in (None, *questions):
        tallies = [
            Tally(answered[cell.pk])
            if question is None
            else Tally(given[cell.pk, question.code], counts[cell.pk, question.code])
            for cell in cells
        ]
        ends = SCALES.get(question.kind) if question else None
        for one in figures(chains, tallies, threshold=survey.threshold, scale=ends):
            rows.append(_row(survey, question, one, asked[one.group], unit_names))
    return rows


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
) -> Result:
    unit, function, name = place_of(one.group)
    return Result(
        survey=survey,
        question=question,
        group=one.group,
        parent=one.parent,
        unit_id=unit,
        function=function,
        name=unit_names.get(unit, "") if unit else name,
        invited=invited,
        answered=one.answered,
        counts=one.counts,
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
