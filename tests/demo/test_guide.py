"""The guide introduces the cast as it is."""

from pathlib import Path

import pytest

from vertebra.demo import content
from vertebra.demo.fixture import DAY
from vertebra.demo.load import plan
from vertebra.demo.profiles import profile

GUIDE = Path(__file__).parents[2] / "docs" / "guide"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_guide_has_a_line_for_each_member_of_the_cast(language: str) -> None:
    lines = (GUIDE / language / "demo.md").read_text(encoding="utf-8").splitlines()
    table = {line.split("|")[1].strip(): line for line in lines if line.startswith("|")}
    in_small = plan(profile("small"), DAY).cast
    for member in content.names()["cast"]:
        line = table[member["name"]]
        assert member["says"][0 if language == "fr" else 1] in line
        assert line.endswith("| — |") == (member["key"] not in in_small)


def test_every_function_of_the_story_is_in_the_cast() -> None:
    cast = plan(profile("scale-up"), DAY).cast
    functions = {person.seat.function for person in cast.values()}
    assert functions >= {
        "product", "design", "engineering", "data", "sales", "support", "customer_success", "operations",
    }  # fmt: skip
