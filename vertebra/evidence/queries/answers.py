"""What an answer may be: the values of each kind of question, as they are kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from vertebra.evidence.labels import QuestionKind
from vertebra.evidence.models import Question

LONGEST_TEXT = 2000
# Kinds answered by a number, and the ends of their scale.
SCALES: dict[str, tuple[int, int]] = {
    QuestionKind.SCALE: (0, 10),
    QuestionKind.AGREEMENT: (1, 5),
    QuestionKind.SHARE: (0, 100),
}
Value = int | str | list[str]


class Unfit(Exception):
    """Answers that a survey's questions do not allow: question code → what is wrong (missing, invalid, too_long)."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(", ".join(f"{code}: {why}" for code, why in problems.items()))
        self.problems = problems


def clean(questions: Sequence[Question], answers: Mapping[str, Any]) -> dict[str, Value]:
    """The answers as they are kept: what was left out is left out; raises `Unfit` for what cannot be."""
    kept: dict[str, Value] = {}
    problems: dict[str, str] = {}
    for question in questions:
        try:
            value = _value(question, answers.get(question.code))
        except ValueError as wrong:
            problems[question.code] = str(wrong)
            continue
        if value is not None:
            kept[question.code] = value
        elif question.is_required:
            problems[question.code] = "missing"
    if not kept and not problems:
        problems = {question.code: "missing" for question in questions[:1]}
    if problems:
        raise Unfit(problems)
    return kept


def _value(question: Question, given: Any) -> Value | None:
    if given in (None, "", []):
        return None
    if question.kind in SCALES:
        return _number(given, *SCALES[question.kind])
    if question.kind == QuestionKind.TEXT:
        text = " ".join(str(given).replace("\x00", "").split())
        if len(text) > LONGEST_TEXT:
            raise ValueError("too_long")
        return text or None
    known = [choice["code"] for choice in question.choices]
    chosen = list(given) if isinstance(given, list | tuple) else [given]
    if question.kind == QuestionKind.ONE and len(chosen) != 1:
        raise ValueError("invalid")
    if any(one not in known for one in chosen):
        raise ValueError("invalid")
    return chosen[0] if question.kind == QuestionKind.ONE else [one for one in known if one in chosen]


def _number(given: Any, lowest: int, highest: int) -> int:
    try:
        number = int(str(given))
    except ValueError:
        raise ValueError("invalid") from None
    if not lowest <= number <= highest:
        raise ValueError("invalid")
    return number
