"""Where the files of trails lie: written aside, moved into place whole, swept once nobody needs them."""

import datetime as dt
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

# What nobody pointed to for a day is of a killed import, or was superseded and is read no longer.
KEPT = dt.timedelta(days=1)
TABLES = ("items", "changes", "links", "sprints")
_NAME = re.compile(rf"[0-9a-f]{{16}}/(?:{'|'.join(TABLES)})\.parquet")


def folder_of(source_id: int) -> Path:
    """Where the trail of a source lies."""
    return Path(settings.DATA) / "trail" / str(source_id)


def paths_of(source_id: int, files: dict[str, list[str]], table: str) -> list[Path]:
    """The files that hold one table of a trail."""
    return [_path(source_id, name) for name in files.get(table, ())]


def _path(source_id: int, name: str) -> Path:
    """The file of that name; what a backup from elsewhere brought may name no other."""
    if not _NAME.fullmatch(name):
        raise ValueError("This is no file of work items.")
    return folder_of(source_id) / name


@contextmanager
def aside() -> Iterator[Path]:
    """A folder of one's own, out of every backup, that is gone at the end; a killed import's is swept later."""
    folder = Path(settings.DATA) / "staging" / secrets.token_hex(8)
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def settle(folder: Path) -> None:
    """Have everything in a folder on the disk, for Vertebra only, before a row points to it."""
    for path in (*folder.iterdir(), folder):
        path.chmod(0o700 if path.is_dir() else 0o600)
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def move_in(folder: Path, source_id: int) -> str:
    """Put a whole folder of files among those of a source; gives its name there."""
    home = folder_of(source_id)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = secrets.token_hex(8)
    folder.rename(home / name)
    settle(home)
    settle(home.parent)
    return name


def remove(source_id: int) -> None:
    """Remove the whole trail of a source."""
    shutil.rmtree(folder_of(source_id), ignore_errors=True)


def drop(source_id: int, names: Iterable[str]) -> None:
    """Remove some files of a source at once: an erasure waits for nobody."""
    for name in names:
        _path(source_id, name).unlink(missing_ok=True)


def sweep(needed: dict[int, set[str]], now: dt.datetime, *, kept: dt.timedelta = KEPT) -> int:
    """Remove what no version needs and nobody wrote lately; gives how many files went."""
    limit, count = (now - kept).timestamp(), 0
    for home in _folders(Path(settings.DATA) / "trail"):
        wanted = needed.get(int(home.name), set()) if home.name.isdecimal() else set()
        for path in [one for one in home.rglob("*") if one.is_file()]:
            if path.relative_to(home).as_posix() not in wanted and _written(path) < limit:
                path.unlink(missing_ok=True)
                count += 1
        _drop_empty(home, limit)
    for left in _folders(Path(settings.DATA) / "staging"):
        if max(map(_written, (left, *left.rglob("*")))) < limit:
            count += sum(1 for path in left.rglob("*") if path.is_file())
            shutil.rmtree(left, ignore_errors=True)
    return count


def _folders(parent: Path) -> list[Path]:
    return [path for path in parent.iterdir() if path.is_dir()] if parent.is_dir() else []


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # its import has just ended
        return float("inf")


def _drop_empty(home: Path, limit: float) -> None:
    for folder in (*_folders(home), home):
        if _written(folder) < limit:
            with suppress(OSError):
                folder.rmdir()
