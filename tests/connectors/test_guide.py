"""The page about recipes: its example works, and it names everything there is."""

import re
from pathlib import Path

import pytest
from msgspec import UNSET

from tests.connectors.following import kind, target
from vertebra.connectors.recipe import run
from vertebra.connectors.recipe.functions import compile_function
from vertebra.connectors.recipe.load import parse_recipe
from vertebra.connectors.recipe.shape import Call, Field, Input, Section, Word
from vertebra.connectors.records import FIELDS, FUNCTIONS, MANDATE_ROLES

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
PAGES = [GUIDE / "en" / "recipes.md", GUIDE / "fr" / "recettes.md"]


@pytest.mark.parametrize("page", PAGES, ids=["en", "fr"])
def test_the_worked_example_gives_what_the_page_says(page: Path, tmp_path: Path) -> None:
    source, recipe = re.findall(r"```yaml\n(.*?)```", page.read_text(), re.DOTALL)
    (tmp_path / "company.yaml").write_text(source)
    extract = run(parse_recipe(recipe.encode(), "company-recipe.yaml"), [tmp_path])
    assert extract.problems == []
    counts = {name: len(kind(extract, name)) for name in FIELDS}
    assert counts == {
        "unit": 2, "person": 3, "membership": 2, "mandate": 2, "area": 2, "market": 0, "ownership": 2,
        "initiative": 0, "release": 0, "revision": 0,
    }  # fmt: skip
    assert [
        (target(extract, one, "person"), one.values.get("is_acting")) for one in kind(extract, "mandate")
    ] == [
        ("ana", True),
        ("bo", None),
    ]
    assert [(one.record.values["name"], one.ref.text) for one in extract.unknowns] == [
        ("Cy Ordinary", "dana")
    ]


@pytest.mark.parametrize("page", PAGES, ids=["en", "fr"])
def test_the_page_names_every_field_function_and_key(page: Path) -> None:
    words = set(re.findall(r"[a-z_]+", page.read_text()))
    names = {name for fields in FIELDS.values() for name in fields} | set(FUNCTIONS) | set(MANDATE_ROLES)
    names |= set(Word.__args__) | set(Call.__struct_fields__)  # type: ignore[attr-defined]
    for structure in (Input, Section, Field):
        names |= set(structure.__struct_encode_fields__)
    assert names - words == set()


def test_every_word_of_the_language_is_a_function() -> None:
    for word in Word.__args__:  # type: ignore[attr-defined]
        assert compile_function(word).name == word
    assert all(getattr(Call(), name) is UNSET for name in Call.__struct_fields__)
