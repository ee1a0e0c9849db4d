"""The words of the symptom test: what people agree with or not, what a result calls it, which pain point it suggests."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from vertebra.analysis.diagnosis import SYMPTOMS

LANGUAGES = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Words:
    """One symptom in one language."""

    code: str
    statement: str
    name: str
    pain: str


@cache
def symptoms(language: str) -> dict[str, Words]:
    """Every symptom by its code, in the order of the test (French where we ship no other)."""
    name = language if language in LANGUAGES else LANGUAGES[0]
    text = resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    kept = tomllib.loads(text)
    return {one.code: Words(one.code, *kept[one.code]) for one in SYMPTOMS}
