"""Interview guides as they ship, one file for each language."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("fr", "en")


@dataclass(frozen=True, slots=True)
class ShippedGuide:
    """A guide of the product: its code is the same in each language."""

    code: str
    language: str
    function: str
    title: str
    questions: tuple[tuple[str, str], ...]

    def as_kept(self) -> list[dict[str, str]]:
        """Its questions as a guide keeps them."""
        return [{"text": text, "hint": hint} for text, hint in self.questions]


@cache
def shipped_guides() -> tuple[ShippedGuide, ...]:
    """Every guide in every language, the general one first."""
    found = []
    for language in LANGUAGES:
        text = resources.files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8")
        found += [_guide(language, kept) for kept in tomllib.loads(text)["guide"]]
    return tuple(found)


def _guide(language: str, kept: dict[str, Any]) -> ShippedGuide:
    questions = tuple((text, hint) for text, hint in kept["questions"])
    return ShippedGuide(kept["code"], language, kept["function"], kept["title"], questions)
