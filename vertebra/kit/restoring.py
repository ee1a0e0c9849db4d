"""Restore: put an archive back into an empty instance, all of it or nothing."""

import gzip
import hashlib
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _

from vertebra.kit.backup import CHUNK, FOLDERS, FORMAT, Done, columns, tables
from vertebra.kit.bulk import insert_rows
from vertebra.kit.database import on_disk
from vertebra.kit.refusal import Refusal

# Rows that processes write by themselves: they do not make an instance anything but empty.
OF_PROCESSES = frozenset(
    {
        "kit.scheduled",
        "kit.crontick",
        "kit.jobprogress",
        "sessions.session",
        "django_tasks_database.dbtaskresult",
    }
)


# What a file that is no whole backup makes those say who read it.
_DAMAGES = (
    tarfile.TarError,
    EOFError,
    zlib.error,
    gzip.BadGzipFile,
    msgspec.MsgspecError,
    KeyError,
    TypeError,
    ValueError,
    ValidationError,
    DataError,
    IntegrityError,
)


def read(source: Path, may_go: Sequence[str] = ()) -> Done:
    """Restore the archive; `may_go` names tables whose rows an empty instance may hold and loses."""
    if not source.is_file():
        raise Refusal(_("There is no file %(file)s.") % {"file": source}, _("Check the name."), 2)
    try:
        with tarfile.open(source, "r:") as archive:
            return _read(archive, _manifest(archive), frozenset(may_go) | OF_PROCESSES)
    except _DAMAGES as error:
        raise _damaged() from error


def _damaged() -> Refusal:
    return Refusal(
        _("This file is not a whole backup of Vertebra."), _("Nothing was restored: try an earlier one."), 2
    )


def _manifest(archive: tarfile.TarFile) -> dict[str, Any]:
    file = archive.extractfile("manifest.json")
    if file is None:
        raise _damaged()
    manifest: dict[str, Any] = msgspec.json.decode(file.read())
    here = sorted(f"{app}.{name}" for app, name in on_disk())
    if manifest["format"] != FORMAT or manifest["migrations"] != here:
        raise Refusal(
            _("This backup was made by version %(theirs)s, and this is version %(ours)s.")
            % {"theirs": manifest["version"], "ours": settings.VERSION},
            _("Restore it with the version that made it, then upgrade."),
            2,
        )
    return manifest


def _read(archive: tarfile.TarFile, manifest: dict[str, Any], may_go: frozenset[str]) -> Done:
    done = Done()
    written: list[Path] = []
    try:
        with transaction.atomic():
            _make_room(may_go)
            for model in tables():
                label = model._meta.label_lower
                done.tables[label] = _read_table(archive, model, manifest["tables"][label])
            for path in _read_files(archive):
                written.append(path)
            if len(written) != manifest["files"]:
                raise _damaged()
            # Last: PostgreSQL does not take a sequence back when the rest is.
            for model in tables():
                _remember_latest_id(model, manifest["tables"][model._meta.label_lower]["latest_id"])
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    done.files, done.bytes = len(written), os.path.getsize(str(archive.name))
    return done


def _make_room(may_go: frozenset[str]) -> None:
    """Refuse unless the instance is empty; remove what its processes wrote."""
    for model in tables():
        if model._base_manager.exists() and model._meta.label_lower not in may_go:
            raise Refusal(
                _("This instance is not empty (%(table)s has rows).") % {"table": model._meta.label_lower},
                _(
                    "Restore into a new data folder: VERTEBRA_DATA=/path/to/folder, or into an empty database."
                ),
            )
    with connection.cursor() as cursor:
        for model in tables():
            if model._meta.label_lower in may_go:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608


def _read_table(archive: tarfile.TarFile, model: type[models.Model], said: dict[str, Any]) -> int:
    if said["columns"] != columns(model):
        raise _damaged()
    name = f"tables/{model._meta.label_lower}.jsonl.gz"
    packed = archive.extractfile(name)
    again = archive.extractfile(name)
    if packed is None or again is None:
        raise _damaged()
    if hashlib.file_digest(again, "sha256").hexdigest() != said["sha256"]:  # type: ignore[arg-type]
        raise _damaged()
    with gzip.open(packed, "rb") as lines:
        count = _insert(model, (msgspec.json.decode(line) for line in lines))
    if count != said["rows"]:
        raise _damaged()
    return count


def _readers(model: type[models.Model]) -> list[Callable[[Any], Any]]:
    """How each column's value goes from JSON to the database."""

    def reader(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
        return lambda value: field.get_db_prep_save(
            None if value is None else field.to_python(value), connection
        )

    return [reader(field) for field in model._meta.concrete_fields]


def _insert(model: type[models.Model], rows: Iterator[Sequence[Any]]) -> int:
    readers, count = _readers(model), 0
    names = [str(field.column) for field in model._meta.concrete_fields]
    ready = (tuple(read(value) for read, value in zip(readers, row, strict=True)) for row in rows)
    while chunk := list(islice(ready, CHUNK)):
        insert_rows(model, names, chunk)
        count += len(chunk)
    return count


def _remember_latest_id(model: type[models.Model], latest: int | None) -> None:
    if not latest:
        return
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, latest])
        else:
            key = model._meta.pk
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s)",
                [connection.ops.quote_name(table), key.column, latest],
            )


def _read_files(archive: tarfile.TarFile) -> Iterator[Path]:
    """Write the files back, each where its folder is and nowhere else."""
    for member in archive:
        path = PurePosixPath(member.name)
        if not path.parts or path.parts[0] not in FOLDERS:
            continue
        source = archive.extractfile(member) if member.isfile() else None
        if source is None or path.is_absolute() or ".." in path.parts:
            raise _damaged()
        target = settings.DATA.joinpath(*path.parts)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(target, "xb") as file:
            yield target
            while chunk := source.read(1 << 20):
                file.write(chunk)
