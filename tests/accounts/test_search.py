"""Search finds French and English words whatever their ending, accents or a slip of the finger, and only what is open."""

import pytest

from tests import world
from vertebra.accounts.search import Entry, index, index_many, only_the_last, search, unindex
from vertebra.kit.text import fold

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def titles(text: str, **options: object) -> list[str]:
    from vertebra.accounts.models import User

    reader = User.objects.filter(email="lea@example.org").first() or world.lea()
    return [entry.title for entry in search(reader, text, **options)]  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def indexed() -> None:
    index_many(
        [
            Entry(
                "unit", 1, "Remboursements", "team", "Les équipes qui travaillent sur les paiements bloqués"
            ),
            Entry("unit", 2, "Checkout", "team", "Teams working on blocked payments", "en"),
            Entry("person", 1, "Agnès Lefèvre-Œuvrard", "Product manager"),
            Entry("person", 2, "Mohamed Benali", "Designer"),
            Entry("person", 3, "محمد", "Designer"),
            Entry("area", 1, "Remises", "", "Secret", right="product_ops"),
        ],
        now=world.NOW,
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("équipe travailler", ["Remboursements"]),
        ("equipes", ["Remboursements"]),
        ("payment", ["Checkout"]),
        ("rembours", ["Remboursements"]),
        ("lefevre", ["Agnès Lefèvre-Œuvrard"]),
        ("oeuvrard agnes", ["Agnès Lefèvre-Œuvrard"]),
        ("lefevvre", ["Agnès Lefèvre-Œuvrard"]),
        ("mohammed", ["Mohamed Benali"]),
        ("محم", ["محمد"]),
        ("designer", ["Mohamed Benali", "محمد"]),
        ('" OR *', []),
        ("' & !", []),
        ("", []),
    ],
)
def test_words_are_found_in_both_languages(text: str, found: list[str]) -> None:
    assert titles(text) == found


def test_a_title_that_begins_so_comes_first() -> None:
    index(Entry("unit", 9, "Support des remboursements"), now=world.NOW)
    assert titles("rembours") == ["Remboursements", "Support des remboursements"]


def test_what_is_not_open_is_not_found() -> None:
    assert titles("remises") == []


def test_what_is_forgotten_is_not_found() -> None:
    unindex("unit", [1])
    assert titles("remboursements") == []


def test_what_is_indexed_again_is_found_by_its_new_words_only() -> None:
    index(Entry("unit", 1, "Avoirs"), now=world.NOW)
    assert titles("remboursements") == []
    assert titles("avoir") == ["Avoirs"]


def test_one_kind_of_apostrophe_finds_the_other() -> None:
    assert fold("L’Œuvre d’Ŷvette") == fold("l'oeuvre d'yvette") == "l'oeuvre d'yvette"
    assert fold("Saint‐Denis") == "saint-denis"


def test_of_what_is_indexed_many_times_the_last_is_found() -> None:
    with only_the_last():
        index(Entry("unit", 70, "Anguilles"), now=world.NOW)
        index(Entry("unit", 71, "Brochets"), now=world.NOW)
        index(Entry("unit", 70, "Carpes"), now=world.NOW)
        index(Entry("unit", 72, "Dorades"), now=world.NOW)
        unindex("unit", [72])
        assert titles("brochets") == []
    assert [titles(word) for word in ("anguilles", "brochets", "carpes", "dorades")] == [
        [],
        ["Brochets"],
        ["Carpes"],
        [],
    ]


def test_what_was_indexed_on_the_way_to_an_error_is_not_found() -> None:
    with pytest.raises(LookupError), only_the_last():
        index(Entry("unit", 73, "Esturgeons"), now=world.NOW)
        raise LookupError
    assert titles("esturgeons") == []
