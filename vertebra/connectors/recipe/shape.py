"""The form of a recipe; its JSON Schema is made from these structures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from vertebra.connectors.records import RecordKind

SCHEMA_FILE = Path(__file__).with_name("recipe.schema.json")

Text = Annotated[str, Meta(min_length=1, max_length=2_000)]
Constant = str | int | float | bool | None
Word = Literal[
    "strip", "split", "html_text", "markdown_text", "slug", "fold", "lower", "upper", "title_case", "first", "last",
    "unique", "date", "number", "percent", "boolean", "acting", "join",
]  # fmt: skip


class Replace(Struct, forbid_unknown_fields=True, kw_only=True):
    """Put another text in place of what a pattern finds; `\\1` repeats the first group."""

    pattern: Text
    by: str = ""


class Call(Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """One function with what it needs: exactly one of these is given."""

    split: Text | list[Text] | UnsetType = UNSET
    regex: Text | UnsetType = UNSET
    replace: Replace | UnsetType = UNSET
    map: dict[str, Constant] | UnsetType = UNSET
    map_only: dict[str, Constant] | UnsetType = UNSET
    default: Constant | UnsetType = UNSET
    date: Text | list[Text] | UnsetType = UNSET
    join: str | UnsetType = UNSET
    acting: Text | UnsetType = UNSET
    drop: Text | list[Text] | UnsetType = UNSET
    prefix: Text | UnsetType = UNSET
    strip: Text | UnsetType = UNSET
    shorten: Annotated[int, Meta(ge=2, le=100_000)] | UnsetType = UNSET


Function = Word | Call


class Key(Struct, forbid_unknown_fields=True, kw_only=True):
    """One way to recognise the object meant: a field of it, and where the value to compare stands.

    With `parts`, the value is put together like an `id`: all parts, joined by a slash.
    """

    field: Text
    path: Text | list[Text] = "@"
    parts: list[Text] = []
    do: list[Function] = []


class Field(Struct, forbid_unknown_fields=True, kw_only=True):
    """Where a value stands, and what is done with it, in this order."""

    path: Text | list[Text] = []
    value: Constant = None
    do: list[Function] = []
    match_on: list[Text | Key] = []
    unmatched: Literal["report", "skip", "empty"] = "report"


class Step(Struct, forbid_unknown_fields=True, kw_only=True):
    """One level of `for_each`; with `recurse`, each thing found is searched again, to any depth."""

    path: Text
    recurse: Text | None = None


class Section(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which records of one kind are made, from which input, one for each what."""

    kind: RecordKind
    source: Text | list[Text] = msgspec.field(name="from")
    fields: dict[str, Text | list[Text] | Field]
    for_each: Text | Step | list[Text | Step] = []
    id: Text | Field | list[Text | Field] = []
    also_known_as: Text | Field | list[Text | Field] = []
    skip_without: list[Text] = []
    skip_if: Text | Field | list[Text | Field] = []
    repeats: Literal["merge", "first"] = "merge"


class Input(Struct, forbid_unknown_fields=True, kw_only=True):
    """A file, or many alike, by their names."""

    files: Text | list[Text]
    except_files: Text | list[Text] = msgspec.field(name="except", default_factory=list)
    format: Literal["csv", "xlsx", "yaml", "json", "jsonl", "toml", "markdown"] | None = None
    sheet: Text | None = None
    fill_down: list[Text] = []
    optional: bool = False


class Recipe(Struct, forbid_unknown_fields=True, kw_only=True):
    """How the files of one kind of source become records of an organisation."""

    recipe: Literal[1]
    name: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9_-]{0,49}$")]
    title: Text
    description: str = ""
    inputs: dict[str, Input]
    records: Annotated[list[Section], Meta(min_length=1, max_length=500)]


def several(given: Any) -> list[Any]:
    """Where a recipe may name one thing or a list of them: the list."""
    return given if isinstance(given, list) else [given]


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a recipe, for editors that complete and check while one writes."""
    schema = msgspec.json.schema(Recipe)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Recipe",
        "description": "How the files of one kind of source become records of an organisation.",
        **schema,
    }


def schema_text() -> str:
    """The schema as it is kept beside this file."""
    return msgspec.json.format(msgspec.json.encode(json_schema()), indent=2).decode() + "\n"
