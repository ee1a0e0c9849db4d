"""Backup: one archive of a consistent copy of every table, and of the files, that either database can take back."""

import fcntl
import gzip
import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import msgspec
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from vertebra.kit import clock
from vertebra.kit.database import on_disk
from vertebra.kit.refusal import Refusal

FORMAT = 1
FOLDERS = ("uploads", "trail", "vectors")
# What an installation makes by itself, and what only lives while processes do.
LEFT_OUT = frozenset({"contenttypes.contenttype", "auth.permission", "kit.heartbeat"})
CHUNK = 2000
_encode = msgspec.json.Encoder().encode


@dataclass
class Done:
    """What was written or restored."""

    tables: dict[str, int] = field(default_factory=dict)
    files: int = 0
    bytes: int = 0

    @property
    def rows(self) -> int:
        return sum(self.tables.values())

    def facts(self) -> dict[str, Any]:
        """The same, for a program."""
        return {"tables": self.tables, "rows": self.rows, "files": self.files, "bytes": self.bytes}


def tables() -> list[type[models.Model]]:
    """Every table with rows of its own, by name."""
    found = (m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.swapped)
    return sorted(
        (m for m in found if m._meta.label_lower not in LEFT_OUT), key=lambda m: m._meta.label_lower
    )


def columns(model: type[models.Model]) -> list[str]:
    """The columns of a table, in the order of the archive."""
    return [each.attname for each in model._meta.concrete_fields]


def write(target: Path) -> Done:
    """Write the archive under another name and give it its own once it is whole and on the disk."""
    if target.is_dir() or (target.exists() and not tarfile.is_tarfile(target)):
        raise Refusal(
            _("%(file)s exists and is not a backup.") % {"file": target}, _("Choose another name."), 2
        )
    partial = target.with_name(f"{target.name}.partial")
    done = Done()
    with _alone(partial) as file:
        try:
            _write(file, done)
            file.flush()
            os.fsync(file.fileno())
            done.bytes = file.tell()
            partial.replace(target)
            _settle_folder(target.parent)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
    return done


@contextmanager
def _alone(partial: Path) -> Iterator[IO[bytes]]:
    """The unfinished archive, ours alone; what a killed backup left there is overwritten."""
    handle = os.open(partial, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refusal(
                _("Another backup is writing %(file)s.") % {"file": partial.stem}, _("Wait for its end.")
            ) from error
        file.truncate()
        yield file


def _settle_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    with suppress(OSError):
        os.fsync(handle)
    os.close(handle)


def _write(file: IO[bytes], done: Done) -> None:
    archive = Archive(file)
    digests, sequences = {}, {}
    with snapshot():
        for model in tables():
            label = model._meta.label_lower
            with archive.member(f"tables/{label}.jsonl.gz") as (raw, digest):
                done.tables[label] = _write_table(model, raw)
            digests[label] = digest.hexdigest()
            if (latest := latest_id(model)) is not None:
                sequences[label] = latest
    for folder in FOLDERS:
        done.files += _write_folder(archive, settings.DATA / folder, folder)
    manifest = {
        "format": FORMAT,
        "version": settings.VERSION,
        "made_at": clock.machine(),
        "migrations": sorted(f"{app}.{name}" for app, name in on_disk()),
        "tables": {
            model._meta.label_lower: {
                "columns": columns(model),
                "rows": done.tables[model._meta.label_lower],
                "sha256": digests[model._meta.label_lower],
                "latest_id": sequences.get(model._meta.label_lower),
            }
            for model in tables()
        },
        "files": done.files,
    }
    with archive.member("manifest.json") as (
        raw,
        _digest,
    ):  # last: its presence says that the archive is whole
        raw.write(msgspec.json.format(_encode(manifest), indent=1))
    archive.end()


@contextmanager
def snapshot() -> Iterator[None]:
    """Read every table as it was at one moment, without holding up those who write."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        usual = connection.transaction_mode  # type: ignore[attr-defined]
        connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
        try:
            with transaction.atomic():
                yield
        finally:
            connection.transaction_mode = usual  # type: ignore[attr-defined]
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _write_table(model: type[models.Model], raw: IO[bytes]) -> int:
    rows = 0
    with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=3, mtime=0) as packed:
        found = model._base_manager.order_by("pk").values_list(*columns(model))
        for row in found.iterator(chunk_size=CHUNK):
            packed.write(_encode(row))
            packed.write(b"\n")
            rows += 1
    return rows


def latest_id(model: type[models.Model]) -> int | None:
    """The highest number ever given in the table, so that a restored copy never gives one again."""
    key = model._meta.pk
    if not isinstance(key, models.AutoField):
        return None
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        else:
            quoted = connection.ops.quote_name(table)
            cursor.execute(
                "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)",
                [quoted, key.column],
            )
        found = cursor.fetchone()
    return (found[0] or None) if found else None


def _write_folder(archive: "Archive", folder: Path, name: str) -> int:
    count = 0
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_symlink() or not path.is_file():
            continue
        # A file removed since the tables were read is one that no table speaks of any more.
        with suppress(FileNotFoundError), open(path, "rb") as source:
            with archive.member(f"{name}/{path.relative_to(folder).as_posix()}") as (raw, _digest):
                while chunk := source.read(1 << 20):
                    raw.write(chunk)
            count += 1
    return count


class _Counted(io.RawIOBase):
    """Passes on what is written, counts it and digests it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.size = 0
        self.digest = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.file.write(data)
        self.digest.update(data)
        self.size += len(data)
        return len(data)


class Archive:
    """A tar file whose members are written as they come, their size filled in afterwards."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.moment = int(clock.machine().timestamp())

    @contextmanager
    def member(self, name: str) -> Iterator[tuple[IO[bytes], Any]]:
        """Open one member for writing."""
        start = self.file.tell()
        self.file.write(self._header(name, 0))
        counted = _Counted(self.file)
        yield counted, counted.digest  # type: ignore[misc]
        self.file.write(b"\0" * (-counted.size % tarfile.BLOCKSIZE))
        end = self.file.tell()
        self.file.seek(start)
        self.file.write(self._header(name, counted.size))
        self.file.seek(end)

    def _header(self, name: str, size: int) -> bytes:
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = size, self.moment, 0o600
        return info.tobuf(format=tarfile.GNU_FORMAT)

    def end(self) -> None:
        """Close the archive."""
        self.file.write(b"\0" * (2 * tarfile.BLOCKSIZE))
