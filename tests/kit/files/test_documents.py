"""YAML, JSON, JSON Lines, TOML and Markdown, with their lines, and the attacks they allow."""

import itertools
from datetime import date
from typing import Any

import pytest

from vertebra.kit.files.documents import Document, read_document
from vertebra.kit.files.limits import Limits
from vertebra.kit.files.problems import Code


def one(text: str, name: str) -> Document:
    """The only document of a text without faults."""
    found = read_document(text.encode(), name)
    assert found.problems == []
    assert len(found.documents) == 1
    return found.documents[0]


def codes(data: bytes | str, name: str, limits: Limits | None = None) -> list[Code]:
    """The codes of everything wrong with a document."""
    raw = data.encode() if isinstance(data, str) else data
    return [problem.code for problem in read_document(raw, name, limits=limits or Limits()).problems]


def test_yaml_lists_mappings_and_keys_know_their_lines() -> None:
    found = one("teams:\n  - name: A\n    people:\n      - x\n  - name: B\n", "x.yaml")
    teams = found.value["teams"]
    assert [found.line_of(team) for team in teams] == [2, 5]
    assert found.line_of(teams[0]["people"]) == 4
    assert found.line_of(teams[0], "people") == 3


def test_yaml_words_that_name_a_country_or_a_column_stay_words() -> None:
    text = "country: NO\non: yes\ncode: 007\nversion: 1.0\nsince: 2024-12-31\ncount: 12\nis_open: true\nnone: ~\ntime: 11:00"
    assert one(text, "x.yaml").value == {
        "country": "NO", "on": "yes", "code": "007", "version": 1.0, "since": date(2024, 12, 31),
        "count": 12, "is_open": True, "none": None, "time": "11:00",
    }  # fmt: skip


def test_yaml_anchors_and_merges_are_followed() -> None:
    text = "base: &base {a: 1, b: 2}\nmade:\n  <<: *base\n  b: 3\nagain: *base\n"
    assert one(text, "x.yaml").value["made"] == {"b": 3, "a": 1}


def test_every_document_of_a_yaml_file_is_read() -> None:
    found = read_document(b"---\nkind: A\n---\nkind: B\n---\n", "x.yaml")
    assert [(document.line, document.value) for document in found.documents] == [
        (2, {"kind": "A"}),
        (4, {"kind": "B"}),
    ]


def test_tags_that_would_run_programs_are_only_text() -> None:
    assert one("!!python/object/apply:os.system ['echo']", "x.yaml").value == ["echo"]


def test_json_lists_and_mappings_know_their_lines() -> None:
    found = one('{"teams": [\n  {"name": "A"},\n  {"name": "B"}\n]}', "x.json")
    assert [found.line_of(team) for team in found.value["teams"]] == [2, 3]


def test_each_json_line_is_a_document_and_a_bad_one_does_not_hide_the_others() -> None:
    found = read_document(b'{"a": 1}\n\n{"a": \n{"a": 3}\n[broken\n', "x.jsonl")
    assert [(document.line, document.value) for document in found.documents] == [(1, {"a": 1}), (4, {"a": 3})]
    assert [(problem.line, problem.code) for problem in found.problems] == [
        (3, Code.SYNTAX),
        (5, Code.SYNTAX),
    ]


def test_toml_tables_know_their_lines() -> None:
    found = one(
        'name = "infra"\n\n[people]\nleads = ["a"]\n\n[[roles]]\nid = 1\n\n[[roles]]\nid = 2\n', "x.toml"
    )
    assert found.line_of(found.value["people"]) == 3
    assert [found.line_of(role) for role in found.value["roles"]] == [6, 9]


def test_front_matter_is_read_with_the_prose_beside_it() -> None:
    found = one("---\nname: Guild\nmembers:\n  - a\n---\n# The guild\n\nWe meet.\n", "x.md")
    front = {key: found.value[key] for key in ("name", "members", "heading", "body")}
    assert front == {
        "name": "Guild",
        "members": ["a"],
        "heading": "The guild",
        "body": "# The guild\n\nWe meet.",
    }
    assert found.line_of(found.value["members"]) == 4
    toml = one('+++\nname = "Guild"\n+++\nText', "x.md").value
    assert (toml["name"], toml["body"]) == ("Guild", "Text")
    assert one("# Only prose\n", "x.md").value["heading"] == "Only prose"


@pytest.mark.parametrize(
    ("text", "name", "code", "line"),
    [
        ("a: [1,\n", "x.yaml", Code.SYNTAX, 2),
        ("a: b: c\n", "x.yaml", Code.SYNTAX, 1),
        ("a: 1\na: 2\n", "x.yaml", Code.REPEATED_KEY, 2),
        ("a: *nobody\n", "x.yaml", Code.SYNTAX, 1),
        ("a: &a [*a]\n", "x.yaml", Code.SYNTAX, 1),
        ('{"a": 1,\n "b" 2}', "x.json", Code.SYNTAX, 2),
        ('{"a": [1, 2', "x.json", Code.TRUNCATED, 1),
        ("a = 1\nb = \n", "x.toml", Code.SYNTAX, 2),
        ("---\nname: cut\n", "x.md", Code.TRUNCATED, 1),
        ("---\nok: 1\nname: [\n---\n", "x.md", Code.SYNTAX, 4),
        ("", "x.yaml", Code.FILE_EMPTY, None),
        ("hello", "x.docx", Code.FORMAT_UNKNOWN, None),
    ],
)
def test_a_fault_names_its_line(text: str, name: str, code: Code, line: int | None) -> None:
    problems = read_document(text.encode(), name).problems
    assert [(problem.code, problem.line) for problem in problems] == [(code, line)]


def exploding(levels: int) -> str:
    """Nine aliases of nine aliases of nine…"""
    names = [f"n{level}" for level in range(levels)]
    lines = [f"{names[0]}: &{names[0]} [x, x, x, x, x, x, x, x, x]"]
    for before, name in itertools.pairwise(names):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")
    return "\n".join(lines)


def test_aliases_that_explode_are_refused_and_few_are_not() -> None:
    assert codes(exploding(12), "bomb.yaml") == [Code.TOO_MANY_ALIASES]
    assert codes(exploding(3), "small.yaml") == []


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("[" * 100_000, "x.yaml"),
        ("{a: " * 5_000, "x.yaml"),
        ("- " * 5_000 + "x", "x.yaml"),
        ("[" * 100_000, "x.json"),
        ('{"a":' * 100_000, "x.json"),
        ("a = " + "[" * 100_000, "x.toml"),
        ("a." * 5_000 + "b = 1", "x.toml"),
    ],
)
def test_endless_nesting_is_refused(data: str, name: str) -> None:
    assert codes(data, name) == [Code.TOO_DEEP]


def test_nesting_on_a_json_line_is_refused() -> None:
    assert codes("[" * 100_000, "x.jsonl") == [Code.SYNTAX]


def test_too_many_values_and_too_large_files_are_refused() -> None:
    assert codes("- a\n" * 50, "x.yaml", Limits(max_values=20)) == [Code.TOO_MANY_VALUES]
    assert codes(b"x" * 2000, "x.yaml", Limits(max_document_bytes=1000)) == [Code.FILE_TOO_LARGE]


def test_nul_bytes_are_refused_with_their_line() -> None:
    problem = read_document(b"a: 1\nb: \0\n", "x.yaml").problems[0]
    assert (problem.code, problem.line) == (Code.NUL_BYTES, 2)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "mac_roman"])
def test_documents_may_be_in_any_office_encoding(encoding: str) -> None:
    value: Any = read_document("équipe: Données générales\n".encode(encoding), "x.yaml").documents[0].value
    assert value == {"équipe": "Données générales"}
