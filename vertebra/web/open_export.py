"""The open export: every table of the product as CSV and JSON Lines, without secrets nor what people said in confidence."""

import csv
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, AuditRow, Comment, Link, SearchEntry, Watch
from vertebra.accounts.permissions import PRIVATE_COLUMNS, PRIVATE_KINDS, Right, open_columns
from vertebra.kit import backup, clock
from vertebra.kit.refusal import Refusal
from vertebra.kit.tables import harmless

APPS = frozenset({"accounts", "sources", "org"})
# Whole tables that open doors or carry what only one person may read.
WITHHELD_TABLES = frozenset(
    {
        "accounts.apitoken",
        "accounts.keptanswer",
        "accounts.onetimelink",
        "accounts.sharedlink",
        "accounts.delivery",
        "accounts.letter",
        "accounts.mailstop",
        "accounts.message",
        "sources.secret",
    }
)
# Columns withheld wherever they occur, also inside the before and after of the audit.
WITHHELD_COLUMNS = frozenset(
    {
        "password",
        "digest",
        "hint",
        "secret",
        "token",
        "lemmas",
        "title_folded",
        "cursor",
        "session_key",
        "last_login",
        "sealed",
        "sealed_command",
        *PRIVATE_COLUMNS,
    }
)
_encode = msgspec.json.Encoder().encode


@dataclass
class Done:
    """What the export holds."""

    tables: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return sum(self.tables.values())

    def facts(self) -> dict[str, Any]:
        """The same, for a program."""
        return {"tables": self.tables, "rows": self.rows}


def exported() -> list[type[models.Model]]:
    """The tables of the open export."""
    return [
        model
        for model in backup.tables()
        if model._meta.app_label in APPS and model._meta.label_lower not in WITHHELD_TABLES
    ]


def exported_columns(model: type[models.Model]) -> list[str]:
    """The columns of a table that the open export carries."""
    return [name for name in backup.columns(model) if name not in WITHHELD_COLUMNS]


def export_to(destination: Path) -> Done:
    """Write the export into a new folder or a new .zip, all of it or nothing."""
    if destination.exists() and not (destination.is_dir() and not any(destination.iterdir())):
        raise Refusal(
            _("%(name)s already exists.") % {"name": destination},
            _("Choose a new folder or a new .zip file."),
            2,
        )
    is_zip = destination.suffix == ".zip"
    with tempfile.TemporaryDirectory(dir=destination.absolute().parent, prefix=".export-") as scratch:
        folder = Path(scratch) / "vertebra"
        folder.mkdir()
        done = _write(folder)
        if is_zip:
            _pack(folder, Path(scratch) / "packed").replace(destination)
        else:
            if destination.exists():
                destination.rmdir()
            shutil.move(folder, destination)
    return done


def _pack(folder: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.iterdir()):
            packed.write(path, path.name)
    return target


def _write(folder: Path) -> Done:
    done = Done()
    with backup.snapshot():
        for model in exported():
            done.tables[model._meta.label_lower] = _write_table(model, folder)
    manifest = {
        "product": "vertebra",
        "version": settings.VERSION,
        "made_at": clock.now(),
        "tables": {
            model._meta.label_lower: {
                "meaning": " ".join((model.__doc__ or "").split()),
                "rows": done.tables[model._meta.label_lower],
                "columns": {name: _type(model, name) for name in exported_columns(model)},
            }
            for model in exported()
        },
    }
    (folder / "manifest.json").write_bytes(msgspec.json.format(_encode(manifest), indent=1))
    return done


def _type(model: type[models.Model], attname: str) -> str:
    found = next(each for each in model._meta.concrete_fields if each.attname == attname)
    if found.related_model is not None and not isinstance(found.related_model, str):
        return f"→ {found.related_model._meta.label_lower}"
    return found.get_internal_type().removesuffix("Field").lower()


def _write_table(model: type[models.Model], folder: Path) -> int:
    names, count = exported_columns(model), 0
    base = folder / model._meta.label_lower
    with (
        base.with_name(f"{base.name}.csv").open("w", encoding="utf-8", newline="") as table,
        base.with_name(f"{base.name}.jsonl").open("wb") as lines,
    ):
        writer = csv.writer(table)
        writer.writerow(names)
        for row in _rows(model, names):
            lines.write(_encode(dict(zip(names, row, strict=True))) + b"\n")
            writer.writerow([_cell(value) for value in row])
            count += 1
    return count


def _rows(model: type[models.Model], names: list[str]) -> Iterator[list[Any]]:
    found = _open_rows(model).order_by("pk").values_list(*names)
    for row in found.iterator(chunk_size=backup.CHUNK):
        yield [open_columns(value, WITHHELD_COLUMNS) for value in row]


def _open_rows(model: type[models.Model]) -> "models.QuerySet[models.Model]":
    """The rows of a table, without what the audit or search keeps of conversations, words and stances."""
    rows: models.QuerySet[models.Model] = model._base_manager.all()
    if model is AuditRow:
        label = Q()
        for name in APPS:
            label |= Q(model__startswith=f"{name}.")
        return rows.filter(label).exclude(entry__in=_private_entries())
    if model is AuditEntry:
        return rows.exclude(pk__in=_private_entries())
    if model in (Comment, Watch):
        return rows.exclude(kind__in=PRIVATE_KINDS)
    if model is Link:
        return rows.exclude(from_kind__in=PRIVATE_KINDS).exclude(to_kind__in=PRIVATE_KINDS)
    return rows.exclude(right=Right.PRODUCT_OPS) if model is SearchEntry else rows


def _private_entries() -> "models.QuerySet[AuditEntry, Any]":
    """The entries about what is private to Product Ops, what was said of it, and what was tied to it."""
    about = Q(kind__in=PRIVATE_KINDS) | Q(particulars__to_kind__in=list(PRIVATE_KINDS))
    said = Q(kind=Kind.COMMENT, particulars__kind__in=list(PRIVATE_KINDS))
    return AuditEntry.objects.filter(about | said).values("pk")


def _cell(value: Any) -> object:
    return harmless(_encode(value).decode() if isinstance(value, dict | list) else value)


__all__ = ["Done", "export_to", "exported", "exported_columns"]
