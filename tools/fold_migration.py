"""Puts the constraints and indexes of a module's first migration where its models are made: `python -m tools.fold_migration org`.

Django's own command adds them one by one, and reads the models again for each: half of what an empty database waits for.
"""

import os
import sys
from importlib import import_module
from pathlib import Path

import django
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.writer import MigrationWriter

NAME = "0001_initial"


def folded(operations: list[Operation]) -> list[Operation]:
    """The operations without what the making of a model can say itself; models with later fields stay as they are."""
    later = {each.model_name_lower for each in operations if isinstance(each, AddField)}
    made = {each.name_lower: each for each in operations if isinstance(each, CreateModel)}
    kept = []
    for each in operations:
        model = made.get(each.model_name_lower) if isinstance(each, AddConstraint | AddIndex) else None
        if model is None or model.name_lower in later:
            kept.append(each)
        elif isinstance(each, AddConstraint):
            model.options.setdefault("constraints", []).append(each.constraint)
        elif isinstance(each, AddIndex):
            model.options.setdefault("indexes", []).append(each.index)
    return kept


def fold(label: str) -> None:
    """Write the module's first migration again, folded."""
    module = import_module(f"vertebra.{label}.migrations.{NAME}")
    migration: Migration = module.Migration(NAME, label)
    setattr(migration, "operations", folded(list(migration.operations)))  # noqa: B010 (Django reads it from the object)
    Path(str(module.__file__)).write_text(MigrationWriter(migration).as_string(), encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vertebra.settings")
    django.setup()
    for label in sys.argv[1:]:
        fold(label)
