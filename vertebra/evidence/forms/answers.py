"""What people type into a survey, shown again as they typed it when something is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vertebra.evidence.labels import QuestionKind
from vertebra.evidence.models import Question
from vertebra.evidence.queries.answers import LONGEST_TEXT, SCALES, Unfit, clean
from vertebra.evidence.sets import spoken

AGREEMENT = (
    ("1", gettext_lazy("strongly disagree")),
    ("2", gettext_lazy("rather disagree")),
    ("3", gettext_lazy("neither")),
    ("4", gettext_lazy("rather agree")),
    ("5", gettext_lazy("strongly agree")),
)
_PREFIX = "q-"


class Typed(Protocol):
    """What a form was sent with."""

    def get(self, name: str, default: Any = None, /) -> Any: ...

    def getlist(self, name: str, /) -> list[Any]: ...


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """One question as it stands on the page."""

    name: str
    text: str
    kind: str
    options: list[Option]
    low: str
    high: str
    value: str
    error: str
    is_required: bool

    @property
    def input_type(self) -> str:
        """The kind of box that is ticked."""
        return "checkbox" if self.kind == QuestionKind.SEVERAL else "radio"


class AnswerSheet:
    """The questions of a survey with what was typed, in one language."""

    def __init__(self, questions: Sequence[Question], data: Typed | None, language: str) -> None:
        self.questions = list(questions)
        self.data = data
        self.language = language
        self.problems: dict[str, str] = {}
        self.answers: dict[str, Any] = {}

    def is_valid(self) -> bool:
        """Whether what was typed can be taken; else `problems` says why not, by question."""
        if self.data is None:
            return False
        given = {question.code: self._typed(question) for question in self.questions}
        try:
            self.answers = dict(clean(self.questions, given))
        except Unfit as unfit:
            self.problems = unfit.problems
        return not self.problems

    def fields(self) -> list[Field]:
        """The questions, each with its choices and what was chosen."""
        return [self._field(question) for question in self.questions]

    def _typed(self, question: Question) -> str | list[str]:
        if self.data is None:
            return []
        name = _PREFIX + question.code
        if question.kind == QuestionKind.SEVERAL:
            return [str(value) for value in self.data.getlist(name)]
        return str(self.data.get(name, ""))

    def _field(self, question: Question) -> Field:
        typed = self._typed(question)
        chosen = set(typed) if isinstance(typed, list) else {typed} - {""}
        words = {choice["code"]: spoken(choice["label"], self.language) for choice in question.choices}
        is_scale = question.kind == QuestionKind.SCALE
        return Field(
            name=_PREFIX + question.code,
            text=spoken(question.text, self.language),
            kind=question.kind,
            options=[Option(value, label, value in chosen) for value, label in _options(question, words)],
            low=words.get("low", "") if is_scale else "",
            high=words.get("high", "") if is_scale else "",
            value=typed if isinstance(typed, str) else "",
            error=_error(self.problems.get(question.code, "")),
            is_required=question.is_required,
        )


def _options(question: Question, words: Mapping[str, str]) -> list[tuple[str, str]]:
    if question.kind == QuestionKind.TEXT:
        return []
    if question.kind == QuestionKind.AGREEMENT:
        return [(value, str(label)) for value, label in AGREEMENT]
    if question.kind in SCALES:
        lowest, highest = SCALES[question.kind]
        step = 10 if question.kind == QuestionKind.SHARE else 1
        unit = "\N{NO-BREAK SPACE}%" if question.kind == QuestionKind.SHARE else ""
        return [(str(value), f"{value}{unit}") for value in range(lowest, highest + 1, step)]
    return list(words.items())


def _error(code: str) -> str:
    if code == "missing":
        return _("Choose an answer to this one.")
    if code == "too_long":
        return _("This is longer than %(count)d characters: shorten it a little.") % {"count": LONGEST_TEXT}
    return _("Choose one of the answers shown.") if code else ""
