"""French is complete: nothing missing, fuzzy, stale, or with other placeholders than the English."""

from babel.messages.catalog import Catalog

from tools import messages


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
