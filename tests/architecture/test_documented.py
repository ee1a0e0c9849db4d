"""Settings and vocabulary cannot be undocumented."""

import re

from django.apps import apps

from tests.architecture.code import PACKAGE, ROOT, files

VARIABLE = re.compile(r"\"(VERTEBRA_[A-Z_]+|DATABASE_URL|PORT)\"")
# Models that are records of others, not words that people say.
UNSAID = {
    "AuditRow",
    "Delivery",
    "ChannelChoice",
    "SearchEntry",
    "EmptySpaceNeighbour",
    "UnitVersion",
    "AreaVersion",
}


def variables() -> set[str]:
    return {
        name
        for path in files(".py")
        if path.is_relative_to(PACKAGE)
        for name in VARIABLE.findall(path.read_text(encoding="utf-8"))
    }


def undocumented(names: set[str], text: str) -> set[str]:
    """The names that a page does not explain in a row of their own."""
    return {name for name in names if f"`{name}`" not in text}


def spoken(name: str) -> str:
    """A model's name as people write it: `EmptySpace` → "Empty space"."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).split()
    return " ".join([words[0], *(word if word.isupper() else word.lower() for word in words[1:])])


def test_every_variable_is_documented() -> None:
    text = (ROOT / "docs/operate/configuration.md").read_text(encoding="utf-8")
    assert undocumented(variables(), text) == set()


def test_every_noun_is_in_the_vocabulary_in_both_languages() -> None:
    text = (ROOT / "docs/vocabulary.md").read_text(encoding="utf-8")
    rows = {row.split("|")[1].strip() for row in text.splitlines() if row.count("|") >= 4}
    nouns = {
        spoken(model.__name__)
        for model in apps.get_models()
        if model.__module__.startswith("vertebra.") and model.__name__ not in UNSAID
    }
    assert nouns - rows == set()


def test_an_undocumented_variable_is_seen() -> None:
    assert undocumented({"VERTEBRA_X", "PORT"}, "| `PORT` | the port |") == {"VERTEBRA_X"}
