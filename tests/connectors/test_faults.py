"""What is wrong with files and recipes is told whole, with its place."""

import re
from pathlib import Path

import pytest

from tests.connectors.following import follow, kind
from vertebra.connectors.recipe import BadRecipe, load_recipe, run
from vertebra.connectors.recipe.load import parse_recipe
from vertebra.kit.files.problems import Code

PEOPLE = """
    recipe: 1
    name: people
    title: People
    inputs: {people: {files: people.csv}}
    records:
      - kind: person
        from: people
        fields:
          name: nom
          email: courriel
          joined_on: arrivee
          manager: {path: responsable, match_on: [email, name]}
"""


def test_every_fault_of_a_table_is_told_with_line_and_heading(tmp_path: Path) -> None:
    table = "Nom;Courriel;Arrivée\nZoé;zoe@example.org;soon\n;nobody@example.org;\nLoïc;not an address;31/02/2024\n"
    table += f"{'x' * 10_000};long@example.org;\n"
    extract = follow(tmp_path, {"people.csv": table}, PEOPLE)
    assert [(problem.line, problem.column, problem.code) for problem in extract.problems] == [
        (2, "Arrivée", Code.NOT_A_DATE),
        (3, "Nom", Code.VALUE_MISSING),
        (4, "Courriel", Code.NOT_AN_EMAIL),
        (4, "Arrivée", Code.NOT_A_DATE),
        (5, "Nom", Code.VALUE_TOO_LONG),
    ]
    assert {problem.file for problem in extract.problems} == {"people.csv"}
    assert extract.is_blocked


def test_one_person_told_twice_differently_is_a_conflict_and_twice_alike_is_not(tmp_path: Path) -> None:
    table = "Nom;Courriel;Arrivée\nZoé;z@example.org;2024-01-01\nZoé;z@example.org;\nZoë;z@example.org;2023-01-01\n"
    extract = follow(tmp_path, {"people.csv": table}, PEOPLE)
    assert [(problem.line, problem.column, problem.code) for problem in extract.problems] == [
        (4, None, Code.RECORD_CONFLICT),
    ]
    assert extract.problems[0].particulars["other_line"] == 2
    assert len(extract.records) == 1


def test_names_in_other_scripts_emoji_and_markup_come_through_unchanged(tmp_path: Path) -> None:
    names = ["\u202eأحمد", "🦴 Zoë 👩‍💻", "<script>alert('x')</script>", '=HYPERLINK("x")', "O'Brien & Søn"]
    rows = "".join(
        f'"{name.replace(chr(34), chr(34) * 2)}";p{n}@example.org\n' for n, name in enumerate(names)
    )
    extract = follow(tmp_path, {"people.csv": f"Nom;Courriel\n{rows}"}, PEOPLE)
    assert extract.problems == []
    assert [person.values["name"] for person in extract.records] == names


def test_characters_that_no_text_may_hold_are_refused(tmp_path: Path) -> None:
    recipe = PEOPLE.replace("people.csv", "people.json").replace("joined_on: arrivee", "title: title")
    extract = follow(tmp_path, {"people.json": '[{"nom": "a\\u0000b"}, {"nom": "a\\ud800b"}]'}, recipe.replace(
        "from: people", "from: people\n        for_each: '@'"
    ))  # fmt: skip
    assert [problem.particulars["character"] for problem in extract.problems] == ["U+0000", "U+D800"]


def test_a_unit_inside_itself_is_refused_and_managers_in_a_loop_are_not(tmp_path: Path) -> None:
    files = {
        "units.csv": "name;kind;parent\nA;team;B\nB;team;C\nC;team;A\nD;team;A\n",
        "people.csv": "name;email;manager\nZoé;z@example.org;l@example.org\nLoïc;l@example.org;z@example.org\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    extract = run(load_recipe("csv-kit"), [tmp_path])
    assert [(problem.code, problem.particulars["names"]) for problem in extract.problems] == [
        (Code.REFERENCE_LOOP, "A → B → C → A")
    ]


def test_an_end_before_its_start_is_told(tmp_path: Path) -> None:
    (tmp_path / "memberships.csv").write_text("person,unit,from,until\nzoe,Cards,2024-02-01,2024-01-01\n")
    extract = run(load_recipe("csv-kit"), [tmp_path])
    assert [problem.code for problem in extract.problems] == [Code.ENDS_BEFORE_START]


def test_faults_of_several_files_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_bytes(b"")
    (tmp_path / "people.csv").write_bytes(b"name\n\x00")
    (tmp_path / "areas.csv").write_bytes(b"name,kind\nX,planet\n")
    extract = run(load_recipe("csv-kit"), [tmp_path])
    assert {(problem.file, problem.code) for problem in extract.problems} == {
        ("units.csv", Code.FILE_EMPTY),
        ("people.csv", Code.NUL_BYTES),
        ("areas.csv", Code.CHOICE_UNKNOWN),
    }


BAD_RECIPE = b"""recipe: 1
name: bad
title: Bad
inputs:
  people: {files: people.csv, colour: red}
records:
  - kind: person
    from: persons
    fields:
      name: {path: "a[", do: [strip, shout]}
      nickname: nick
      manager: boss
  - kind: unit
    from: people
    fields:
      name: {path: name, do: [{regex: "("}, {split: ",", join: ","}]}
      parent: {path: p, match_on: [colour]}
  - kind: planet
    from: people
    fields: {}
surprise: true
"""


def test_every_fault_of_a_recipe_is_told_at_once_with_its_line() -> None:
    with pytest.raises(BadRecipe) as caught:
        parse_recipe(BAD_RECIPE, "bad.yaml")
    assert [(problem.line, problem.column, problem.code) for problem in caught.value.problems] == [
        (5, "inputs.people", Code.RECIPE_INVALID),
        (10, "records[0].fields.name.do[1]", Code.RECIPE_INVALID),
        (8, "records[0].from", Code.RECIPE_INPUT_UNKNOWN),
        (11, "records[0].fields.nickname", Code.RECIPE_FIELD_UNKNOWN),
        (10, "records[0].fields.name.path", Code.RECIPE_PATH_INVALID),
        (12, "records[0].fields.manager", Code.RECIPE_FIELD_MISSING),
        (15, "records[1].fields", Code.RECIPE_FIELD_MISSING),
        (16, "records[1].fields.name.do[0]", Code.RECIPE_PATTERN_INVALID),
        (16, "records[1].fields.name.do[1]", Code.RECIPE_PATTERN_INVALID),
        (17, "records[1].fields.parent.match_on[0]", Code.RECIPE_KEY_UNKNOWN),
        (18, "records[2].kind", Code.RECIPE_INVALID),
        (1, None, Code.RECIPE_INVALID),
    ]


WORSE_RECIPE = b"""recipe: 2
name: Not A Slug
colour: red
inputs:
  people: {files: 7, format: pdf, colour: red, optional: maybe}
  others: {}
records:
  - kind: person
    from: people
    repeats: often
    colour: red
    skip_without: name
    fields:
      name: {path: 7, do: [strip, shout, whisper, {split: 7}], unmatched: cry, colour: red}
      manager: {path: "b[", match_on: [email, {colour: red}]}
  - from: nobody
    fields:
      name: {path: name, do: [{regex: "("}]}
"""


def test_several_faults_of_the_same_part_are_told_at_once() -> None:
    with pytest.raises(BadRecipe) as caught:
        parse_recipe(WORSE_RECIPE, "worse.yaml")
    told = [
        (
            one.line,
            one.column,
            (re.findall("[`'](.*?)[`']", str(one.particulars.get("detail"))) or [one.code])[-1],
        )
        for one in caught.value.problems
    ]
    assert told == [
        (5, "inputs.people.files", "int"),
        (5, "inputs.people.format", "pdf"),
        (5, "inputs.people", "colour"),
        (5, "inputs.people.optional", "str"),
        (6, "inputs.others", "files"),
        (14, "records[0].fields.name.path", "int"),
        (14, "records[0].fields.name.do[1]", "shout"),
        (14, "records[0].fields.name.do[2]", "whisper"),
        (14, "records[0].fields.name.do[3].split", "int"),
        (14, "records[0].fields.name.unmatched", "cry"),
        (14, "records[0].fields.name", "colour"),
        (15, "records[0].fields.manager.match_on[1]", "colour"),
        (15, "records[0].fields.manager.match_on[1]", "field"),
        (10, "records[0].repeats", "often"),
        (8, "records[0]", "colour"),
        (12, "records[0].skip_without", "str"),
        (15, "records[0].fields.manager.path", Code.RECIPE_PATH_INVALID),
        (16, "records[1]", "kind"),
        (16, "records[1].from", Code.RECIPE_INPUT_UNKNOWN),
        (18, "records[1].fields.name.do[0]", Code.RECIPE_PATTERN_INVALID),
        (1, "recipe", Code.RECIPE_INVALID),
        (2, "name", "^[a-z0-9][a-z0-9_-]{0,49}$"),
        (1, None, "colour"),
        (1, None, "title"),
    ]


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"recipe: 1", b"- a\n- b", b"recipe: 2\nname: x\n", b"\x00", b"a: ["]
)
def test_what_is_no_recipe_is_refused(text: bytes) -> None:
    with pytest.raises(BadRecipe) as caught:
        parse_recipe(text, "x.yaml")
    assert caught.value.problems


def test_an_unknown_recipe_names_those_there_are() -> None:
    with pytest.raises(BadRecipe) as caught:
        load_recipe("excel")
    assert caught.value.problems[0].code == Code.RECIPE_UNKNOWN
    assert "csv-kit" in str(caught.value.problems[0].particulars["known"])


def test_a_recipe_may_also_be_toml_or_json(tmp_path: Path) -> None:
    toml = b"""recipe = 1
name = "people"
title = "People"
[inputs.people]
files = "people.csv"
[[records]]
kind = "person"
from = "people"
[records.fields]
name = "nom"
"""
    (tmp_path / "people.csv").write_text("nom\nZoé\n")
    extract = run(parse_recipe(toml, "people.toml"), [tmp_path])
    assert [person.values["name"] for person in kind(extract, "person")] == ["Zoé"]


def test_a_single_file_is_meant_for_the_single_input_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "export (3).csv"
    path.write_text("nom\nZoé\n")
    recipe = parse_recipe(PEOPLE.replace("\n    ", "\n").encode(), "people.yaml")
    assert [person.values["name"] for person in run(recipe, [path]).records] == ["Zoé"]


def test_the_explanation_names_place_functions_and_outcome_of_each_field(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("nom;arrivee;responsable\nZoé;3 mars 2021;Loïc\n")
    recipe = parse_recipe(
        PEOPLE.replace("\n    ", "\n")
        .replace("joined_on: arrivee", "joined_on: {path: arrivee, do: [strip, date]}")
        .encode(),
        "people.yaml",
    )
    explanation = run(recipe, [tmp_path], explain=True).explanation
    told = {one.field: (one.line, one.place, one.raw, one.functions, one.value) for one in explanation}
    assert told["joined_on"] == (2, "arrivee", "3 mars 2021", ("strip", "date"), "2021-03-03")
    assert told["manager"][4] == "email=loïc | name=loic"
    assert run(recipe, [tmp_path]).explanation == []
