"""The files of an import, and what was found in them, kept in the data folder for whoever may import."""

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path, PurePath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from vertebra.sources.models import ImportRun

KEPT_DAYS = 30
_CHANGES, _UNKNOWN = ".changes.jsonl", ".unknown.jsonl"


def folder_of(run: ImportRun) -> Path:
    """Where the files of an import lie."""
    return Path(settings.MEDIA_ROOT) / "imports" / str(run.pk)


def keep(run: ImportRun, uploads: Iterable[UploadedFile[Any]]) -> list[dict[str, Any]]:
    """Write the uploaded files, readable by Vertebra only; gives their names and sizes."""
    folder = folder_of(run)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    kept = []
    for upload in uploads:
        name = _free_name(folder, str(upload.name or "file"))
        with open(folder / name, "xb", opener=_private) as file:
            for chunk in upload.chunks():
                file.write(chunk)
        kept.append({"name": name, "size": upload.size or 0})
    return kept


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _free_name(folder: Path, wanted: str) -> str:
    """The last part of the name, without what no file system likes; numbered if it is taken."""
    plain = PurePath(wanted.replace("\\", "/")).name
    plain = "".join(char for char in plain if char.isprintable() and char not in '/:*?"<>|').strip(". ")
    stem, suffix = PurePath(plain or "file").stem[:100], PurePath(plain).suffix[:20]
    name, number = f"{stem}{suffix}", 1
    while (folder / name).exists():
        number += 1
        name = f"{stem}-{number}{suffix}"
    return name


def files_of(run: ImportRun) -> list[Path]:
    """The files of an import that are still there."""
    folder = folder_of(run)
    return [path for file in run.files if (path := folder / str(file["name"])).is_file()]


def forget(run: ImportRun) -> None:
    """Delete the files of an import and what was found in them."""
    shutil.rmtree(folder_of(run), ignore_errors=True)


def write_changes(run: ImportRun, changes: Iterable[Mapping[str, Any]]) -> int:
    """Keep what an import would do, a line for each change."""
    return _write(run, _CHANGES, changes)


def write_unknowns(run: ImportRun, unknowns: Iterable[Mapping[str, Any]]) -> int:
    """Keep what the files mention and nobody knows."""
    return _write(run, _UNKNOWN, unknowns)


def _write(run: ImportRun, name: str, lines: Iterable[Mapping[str, Any]]) -> int:
    folder = folder_of(run)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    count, whole = 0, folder / (name + ".new")
    with open(whole, "w", encoding="utf-8", opener=_private) as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            count += 1
    whole.replace(folder / name)
    return count


def read_changes(run: ImportRun, *, kind: str, effect: str, start: int, count: int) -> tuple[list[Any], bool]:
    """Some of the changes, from a place on, and whether more follow."""

    def is_wanted(line: str) -> bool:
        return (not kind or f'"kind": "{kind}", ' in line[:60]) and (
            not effect or f'"effect": "{effect}"' in line[:90]
        )

    lines = list(islice(filter(is_wanted, _lines(run, _CHANGES)), start, start + count + 1))
    return [json.loads(line) for line in lines[:count]], len(lines) > count


def read_unknowns(run: ImportRun, count: int) -> list[Any]:
    """What is mentioned most and nobody knows."""
    return [json.loads(line) for line in islice(_lines(run, _UNKNOWN), count)]


def _lines(run: ImportRun, name: str) -> Iterator[str]:
    try:
        with open(folder_of(run) / name, encoding="utf-8") as file:
            yield from file
    except FileNotFoundError:
        return
