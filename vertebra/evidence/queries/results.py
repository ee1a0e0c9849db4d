"""What came back from a closed survey, by groups that are large enough."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.accounts.together import cards_of
from vertebra.analysis.pulse import EVERYBODY, Figure
from vertebra.evidence.labels import SurveyKind, SurveyState
from vertebra.evidence.models import Question, Result, Survey
from vertebra.kit.addresses import LARGEST_ID

_NOTHING = Figure("", "")
# Surveys of these kinds are about one object: they are read by whoever may open it.
ABOUT_ONE = (SurveyKind.RE_ASK, SurveyKind.DIAGNOSIS, SurveyKind.REVIEW)


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


def open_to(user: User, ids: Sequence[int] | None = None) -> QuerySet[Survey]:
    """The surveys (among these) that somebody may read of: Product Ops all of them, others those closed.

    A survey about an object (a pain point, a diagnosis) is read by whoever may open that object, and by nobody else.
    """
    rows = Survey.objects.filter(archived_at__isnull=True)
    # A number that no row can have would stop the database.
    rows = rows if ids is None else rows.filter(pk__in=[pk for pk in ids if 0 < pk <= LARGEST_ID])
    if may(user, Right.PRODUCT_OPS):
        return rows
    if not may(user, Right.READ):
        return rows.none()
    closed = rows.filter(state=SurveyState.CLOSED)
    subjects: dict[str, list[int]] = defaultdict(list)
    for kind, pk in closed.exclude(subject_kind="").values_list("subject_kind", "subject_id").distinct():
        subjects[kind].append(pk or 0)
    is_open = Q(subject_kind="") & ~Q(kind__in=ABOUT_ONE)
    for kind, pks in subjects.items():
        is_open |= Q(subject_kind=kind, subject_id__in=list(cards_of(user, kind, pks)))
    return closed.filter(is_open)


def results_of(survey: Survey, around: str = "") -> SurveyResults:
    """What a closed survey may say; raises `NotClosed` before. With `around`, of that group and those in it only."""
    return results_of_many([survey], around)[survey.pk]


def results_of_many(surveys: Iterable[Survey], around: str = "") -> dict[int, SurveyResults]:
    """What closed surveys may say, in two queries however many they are."""
    wanted = {survey.pk: survey for survey in surveys}
    if any(survey.state != SurveyState.CLOSED for survey in wanted.values()):
        raise NotClosed
    questions: dict[int, list[Question]] = defaultdict(list)
    for question in Question.objects.filter(survey__in=wanted):
        questions[question.survey_id].append(question)
    rows: dict[int, list[Result]] = defaultdict(list)
    near = Q(group__in=(EVERYBODY, around)) | Q(parent=around) if around else Q()
    for row in Result.objects.filter(near, survey__in=wanted).order_by("pk"):
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
