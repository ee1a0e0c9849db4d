"""What differs between two versions of a practice, part by part, line by line."""

import difflib
from dataclasses import dataclass

from vertebra.org.labels import Function
from vertebra.practices.models import PracticeCost, PracticeText, PracticeVersion
from vertebra.practices.queries.texts import text_for

PARTS = ("name", "why", "for_whom", "when", "inputs", "steps", "outputs", "tools", "lives_at")
_HOW = {"- ": "out", "+ ": "in"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One part in two versions, line by line: what was taken out, what was put in, what stayed."""

    title: str
    lines: list[tuple[str, str]]


def differences(old: PracticeVersion, new: PracticeVersion, language: str) -> list[Difference]:
    """The parts that differ, in a language or in the one that there is; and what it asks of each function."""
    texts = text_for(old, language), text_for(new, language)
    found = []
    for name in PARTS:
        was, now = (getattr(text, name) if text else "" for text in texts)
        if was != now:
            title = str(PracticeText._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            found.append(Difference(title, _lines(was, now)))
    was, now = (_costs(version) for version in (old, new))
    if was != now:
        found.append(Difference(str(PracticeCost._meta.get_field("minutes").verbose_name), _lines(was, now)))
    return found


def _costs(version: PracticeVersion) -> str:
    told = {Function(cost.function).label: cost.minutes for cost in version.costs.all()}
    return "\n".join(
        f"{label}: {minutes}" for label, minutes in sorted(told.items(), key=lambda one: str(one[0]))
    )


def _lines(was: str, now: str) -> list[tuple[str, str]]:
    pairs = difflib.ndiff(was.splitlines(), now.splitlines())
    return [(_HOW.get(line[:2], "same"), line[2:]) for line in pairs if not line.startswith("? ")]
