"""French is complete: nothing missing, fuzzy, stale, or with other placeholders than the English."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from babel.messages.catalog import Catalog

from tools import messages

# What the directory of the demo company says is as people typed it.
TYPED_NAMES = {"family", "women", "men", "names"}
STRAIGHT = re.compile(
    r"(?<!\w)(?:[dlnsjcmt]|qu|jusqu|lorsqu|puisqu|aujourd|quelqu|presqu)'(?=\w)", re.IGNORECASE
)


def test_french_is_complete() -> None:
    assert messages.problems() == []


def test_a_missing_sentence_and_a_lost_placeholder_are_seen() -> None:
    catalog = Catalog(locale="fr")
    catalog.add("Nothing waits for you.")
    catalog.add("%(n)s teams", "équipes")
    catalog.add(("%(n)s team", "%(n)s teams"), ("%(n)s équipe", ""))
    assert messages.missing(catalog) == [
        "Nothing waits for you.",
        "placeholders differ: %(n)s teams",
        "%(n)s team",
    ]


def test_a_word_that_would_rename_a_month_is_seen() -> None:
    assert messages.taken({(None, "May"), ("a role", "May"), (None, "Maybe")}) == ["May"]


def texts_of(told: Any) -> Iterator[str]:
    """Every text of a file that was written by hand, but for typed names."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, list):
        for one in told:
            yield from texts_of(one)
    elif isinstance(told, dict):
        for name, one in told.items():
            if name not in TYPED_NAMES:
                yield from texts_of(one)


def french() -> Iterator[tuple[str, str]]:
    """All French of the product: the catalogue, what is shipped, the demo company, the guide."""
    for message in messages.current():
        for said in message.string if isinstance(message.string, tuple) else (message.string,):
            yield "the catalogue", str(said)
    shipped = [*messages.PACKAGE.glob("*/shipped/**/fr.toml"), *messages.PACKAGE.glob("*/shipped/fr/*.toml")]
    for path in (*shipped, *messages.PACKAGE.glob("demo/content/*.toml")):
        for said in texts_of(tomllib.loads(path.read_text(encoding="utf-8"))):
            yield path.name, said
    for path in (*messages.PACKAGE.glob("*/shipped/**/fr/*.md"), *messages.ROOT.glob("docs/guide/fr/*.md")):
        yield path.name, path.read_text(encoding="utf-8")


def test_french_writes_the_apostrophe_as_books_do() -> None:
    found = list(french())
    assert len({place for place, _said in found}) > 30
    wrong = [(place, said[:80]) for place, said in found if STRAIGHT.search(said)]
    assert wrong == []
