"""The one question of a release: what it may begin with, and how it was answered, in counts with no person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from vertebra.analysis.privacy import FEWEST, hide, in_steps
from vertebra.releases.models import CheckCount, Release, ReleaseCheck


@dataclass(frozen=True, slots=True)
class Worded:
    """A question in one language, with its answers and why."""

    question: str
    choices: Sequence[str]
    right: int
    explanation: str = ""


# What a module that comes later asks of a release already, by language (list CHECK_QUESTIONS).
Asks = Callable[[int], Mapping[str, Worded]]


def asked_elsewhere(release: Release) -> Mapping[str, Worded]:
    """The question that is asked of a release already, by its lesson, in each of its languages."""
    for path in settings.CHECK_QUESTIONS:
        asks: Asks = import_string(path)
        if found := asks(release.pk):
            return found
    return {}


@dataclass(frozen=True, slots=True)
class Chosen:
    """An answer: how often at least it was chosen; nothing where that is kept back."""

    choice: str
    is_right: bool
    count: int | None


@dataclass(frozen=True, slots=True)
class Answers:
    """The one question and how it was answered, as far as that may be told."""

    question: str
    language: str
    total: int | None
    chosen: list[Chosen]


def check_asked(release: Release) -> ReleaseCheck | None:
    """The one question that is asked of a release now."""
    return ReleaseCheck.objects.filter(release=release, replaced_at=None).first()


def answers_of(release: Release) -> Answers | None:
    """How the question that is asked of a release now was answered."""
    row = check_asked(release)
    if row is None:
        return None
    counts = dict(CheckCount.objects.filter(check_question=row).values_list("choice", "count"))
    total = sum(counts.values())
    if total < FEWEST:
        return Answers(row.question, row.language, None, [])
    hidden = hide(counts, total)
    return Answers(
        row.question,
        row.language,
        in_steps(total),
        [
            Chosen(words, at == row.right, None if at in hidden else in_steps(counts.get(at, 0)))
            for at, words in enumerate(row.choices)
        ],
    )
