"""Sets of questions that ship with Vertebra, short, in both languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from vertebra.evidence.labels import QuestionKind
from vertebra.evidence.sets.words import Words, ends, set_words


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a set; `choices` are (code, words), for a scale the words at both its ends."""

    code: str
    kind: str
    text: Words
    choices: Sequence[tuple[str, Words]] = ()
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A shipped set of questions; what is asked again with the same `code` is a series."""

    code: str
    title: Words
    introduction: Words
    cut: str
    questions: tuple[Asked, ...]
    functions: tuple[str, ...] = ()


_KINDS = {
    "scale": QuestionKind.SCALE,
    "agreement": QuestionKind.AGREEMENT,
    "share": QuestionKind.SHARE,
    "one": QuestionKind.ONE,
    "several": QuestionKind.SEVERAL,
    "text": QuestionKind.TEXT,
}


@cache
def sets() -> dict[str, QuestionSet]:
    """Every shipped set by its code, in the order in which they are offered."""
    return {
        one.code: QuestionSet(
            one.code,
            one.title,
            one.introduction,
            one.cut,
            tuple(
                Asked(code, _KINDS[kind], text, tuple(choices or ends(kind)), kind != "text" and number == 0)
                for number, (code, kind, text, choices) in enumerate(one.questions)
            ),
            one.functions,
        )
        for one in set_words()
    }


RE_ASK = "re-ask"
REVIEW = "review"
# Sets that have a moment of their own: nobody chooses them for a pulse.
NOT_OFFERED = frozenset({RE_ASK, REVIEW})


def re_ask(language: str, question: str = "") -> list[tuple[str, str, str, list[tuple[str, str]], bool]]:
    """The question asked again of whom a pain point hurts, and its optional line: (code, kind, text, choices, needed)."""
    made = []
    for one in sets()[RE_ASK].questions:
        text = question if question and one.is_required else one.text[language]
        choices = [(code, words[language]) for code, words in one.choices]
        made.append((one.code, one.kind, text, choices, one.is_required))
    return made


def review(language: str) -> list[tuple[str, str, str, list[tuple[str, str]], bool]]:
    """The four questions of a review in a language: (code, kind, text, choices, needed)."""
    return [
        (
            one.code,
            one.kind,
            one.text[language],
            [(code, words[language]) for code, words in one.choices],
            one.is_required,
        )
        for one in sets()[REVIEW].questions
    ]


@cache
def _by_text() -> dict[str, Words]:
    found: dict[str, Words] = {}
    for one in sets().values():
        told = [one.title, one.introduction]
        for question in one.questions:
            told += [question.text, *(words for _code, words in question.choices)]
        for words in told:
            found |= dict.fromkeys(words.values(), words)
    return found


def spoken(text: str, language: str) -> str:
    """A text as it reads in that language, if it is a shipped one; any other text stays as it was written."""
    words = _by_text().get(text)
    return words.get(language, text) if words else text
