"""Helpers: files and a recipe in, records out."""

from pathlib import Path
from textwrap import dedent

from vertebra.connectors.recipe import Extract, run
from vertebra.connectors.recipe.load import parse_recipe
from vertebra.connectors.records import Record, Ref


def follow(folder: Path, files: dict[str, str], recipe: str) -> Extract:
    """Write the files, follow the recipe."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return run(parse_recipe(dedent(recipe).encode(), "recipe.yaml"), [folder])


def kind(extract: Extract, wanted: str) -> list[Record]:
    """The records of one kind."""
    return [record for record in extract.records if record.kind == wanted]


def target(extract: Extract, record: Record, field: str) -> str | None:
    """The id that a reference of a record leads to."""
    ref = record.values.get(field)
    if any(unknown.record is record and unknown.field == field for unknown in extract.unknowns):
        return None
    return ref.keys[0][1] if isinstance(ref, Ref) else None
