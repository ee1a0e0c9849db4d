"""Patterns of recipes: as Python writes them, and never for long."""

import time
from pathlib import Path

import pytest

from vertebra.connectors.recipe import patterns, run
from vertebra.connectors.recipe.load import parse_recipe
from vertebra.connectors.recipe.patterns import BadPattern, Pattern, TooSlow, counted
from vertebra.kit.files.problems import Code

SLOW = r"(x+x+)+y"
RECIPE = """recipe: 1
name: slow
title: Slow
inputs:
  people: {{files: "{files}"}}
  others: {{files: others.csv, optional: true}}
records:
  - kind: person
    from: people
    fields:
      name: {{path: name, do: [{function}]}}
"""


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same limits, shorter."""
    monkeypatch.setattr(patterns, "SECONDS_PER_VALUE", 0.2)
    monkeypatch.setattr(patterns, "SECONDS_PER_RUN", 0.5)


@pytest.mark.parametrize(
    "function",
    [f"{{regex: '{SLOW}'}}", f"{{replace: {{pattern: '{SLOW}', by: ''}}}}", f"{{acting: '{SLOW}'}}"],
)
def test_a_pattern_that_never_ends_is_told_and_nothing_is_read(tmp_path: Path, function: str) -> None:
    (tmp_path / "people.csv").write_text("name\n" + "x" * 5_000 + "\n")
    recipe = parse_recipe(RECIPE.format(files="people.csv", function=function).encode(), "slow.yaml")
    started = time.perf_counter()
    extract = run(recipe, [tmp_path])
    assert time.perf_counter() - started < 3
    assert [(one.file, one.code, one.particulars["pattern"]) for one in extract.problems] == [
        ("slow", Code.PATTERN_TOO_SLOW, SLOW)
    ]
    assert extract.is_blocked
    assert extract.records == []


def test_names_of_files_made_to_keep_a_glob_busy_do_not(tmp_path: Path) -> None:
    (tmp_path / ("a" * 200 + "b.csv")).write_text("name\nAda\n")
    recipe = RECIPE.format(files="**a" * 30 + "c.csv", function="strip")
    started = time.perf_counter()
    run(parse_recipe(recipe.encode(), "slow.yaml"), [tmp_path])
    assert time.perf_counter() - started < 3


def test_slow_patterns_share_the_time_of_a_run() -> None:
    with counted(), pytest.raises(TooSlow):
        for pattern in (r"(x+x+)+y", r"(x+x+)+z") * 3:
            try:
                Pattern(pattern).search("x" * 5_000)
            except TooSlow:
                continue
        Pattern("a").search("a")
    assert Pattern("a").search("a")


def test_patterns_are_as_python_writes_them() -> None:
    assert Pattern(r"^(?!user:)\w+$").matches("Éloïse")
    assert Pattern(r"(?P<first>\w)-(.)").subn(r"\2/\g<first>", "a-b") == ("b/a", 1)


@pytest.mark.parametrize("text", ["(", "[a", "(?P<a>x)(?P<", "*", "(" * 5_000])
def test_what_is_no_pattern_is_refused(text: str) -> None:
    with pytest.raises(BadPattern):
        Pattern(text)


@pytest.mark.parametrize("by", ["\\2", "\\g<2>", "\\g<name>", "\\"])
def test_a_group_that_is_not_there_cannot_be_repeated(by: str) -> None:
    with pytest.raises(BadPattern):
        Pattern("(a)").check_replacement(by)
