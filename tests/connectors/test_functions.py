"""What a recipe may do with a value."""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from vertebra.connectors.recipe.functions import apply, compile_function
from vertebra.connectors.recipe.shape import SCHEMA_FILE, Function, schema_text


def after(raw: Any, *functions: Any) -> list[Any]:
    """The values that the functions make of it."""
    steps = tuple(compile_function(msgspec.convert(function, Function)) for function in functions)
    return [piece.value for piece in apply(steps, raw)]


@pytest.mark.parametrize(
    ("raw", "functions", "made"),
    [
        (" a ", ["strip"], ["a"]),
        ("#a#", [{"strip": "#"}], ["a"]),
        ("A, B and C & D; E", ["split"], ["A", "B", "C", "D", "E"]),
        ("Zoé et Loïc", ["split"], ["Zoé", "Loïc"]),
        ("Sandy Andrews", ["split"], ["Sandy Andrews"]),
        ("a+b", [{"split": ["+", "-"]}], ["a", "b"]),
        (["A, B", "C"], ["split"], ["A", "B", "C"]),
        ("group:cards", [{"regex": "^group:(.+)"}], ["cards"]),
        ("cards", [{"regex": "^group:(.+)"}], []),
        ("a-b", [{"replace": {"pattern": "(.)-(.)", "by": "\\2/\\1"}}], ["b/a"]),
        ("<b>R&amp;D</b>", ["html_text"], ["R&D"]),
        ("Élodie D'Or", ["slug"], ["elodie-d-or"]),
        ("Élodie", ["fold"], ["elodie"]),
        ("Équipe", [{"map": {"equipe": "team"}}], ["team"]),
        ("Autre", [{"map": {"equipe": "team"}}], ["Autre"]),
        ("Autre", [{"map_only": {"equipe": "team"}}], []),
        ("x", [{"map": {"X": None}}], []),
        (None, [{"default": "team"}], ["team"]),
        ("tbd", [{"drop": ["TBD"]}, {"default": "team"}], ["team"]),
        (["a", "b", "a"], ["unique", "last"], ["b"]),
        (["a", "b"], ["first"], ["a"]),
        (["a", 1], [{"join": "-"}], ["a-1"]),
        ("03/02/2021", ["date"], [date(2021, 2, 3)]),
        ("02|03|2021", [{"date": ["%d.%m.%Y", "%m|%d|%Y"]}], [date(2021, 2, 3)]),
        ("1 234,5", ["number"], [Decimal("1234.5")]),
        ("80 %", ["percent"], [Decimal(80)]),
        ("oui", ["boolean"], [True]),
        ("x", [{"prefix": "team/"}], ["team/x"]),
        ("engineering_lead", ["title_case"], ["Engineering Lead"]),
        (7, ["strip"], ["7"]),
        ("one two three", [{"shorten": 9}], ["one two…"]),
        ("one two", [{"shorten": 9}], ["one two"]),
    ],
)  # fmt: skip
def test_a_function_does_what_its_name_says(raw: Any, functions: list[Any], made: list[Any]) -> None:
    assert after(raw, *functions) == made


@pytest.mark.parametrize(
    "text", ["Zoé (Acting)", "Zoé (Interim)", "Zoé (par intérim)", "Zoé [a.i.]", "Zoé (p.i.)", "(acting) Zoé"]
)
def test_an_acting_holder_is_recognised_and_the_text_stays_as_written(text: str) -> None:
    [piece] = apply((compile_function("split"), compile_function("acting")), text)
    assert (piece.value, piece.is_acting, piece.text) == ("Zoé", True, text)


def test_a_holder_in_office_is_not_acting_and_each_of_a_list_is_judged_alone() -> None:
    pieces = apply((compile_function("split"), compile_function("acting")), "Zoé, Loïc (acting)")
    assert [(piece.value, piece.is_acting) for piece in pieces] == [("Zoé", False), ("Loïc", True)]


def test_the_schema_beside_the_engine_is_the_one_of_the_structures() -> None:
    assert SCHEMA_FILE.read_text() == schema_text()
