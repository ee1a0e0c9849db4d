"""Workbooks, looked at from outside before they are opened."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from vertebra.kit.files import formulas
from vertebra.kit.files.encodings import Source, open_bytes
from vertebra.kit.files.limits import Limits
from vertebra.kit.files.problems import Code, Refused, refuse

if TYPE_CHECKING:
    import python_calamine as calamine

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAX_PARTS = 5_000
# Small parts compress well by nature; only large ones are suspect.
_SUSPECT_BYTES = 5 * 1024 * 1024
# The place of a cell; the parser makes room for every cell up to the farthest one.
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})(\d{1,9})["']""")


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook that is open, and the cells of each of its parts whose formula nobody calculated."""

    opened: calamine.CalamineWorkbook
    uncalculated: Mapping[str, list[str]]

    @property
    def sheet_names(self) -> list[str]:
        """The sheets in their order."""
        return list(self.opened.sheet_names)

    def without_value(self, sheet: str) -> list[str]:
        """The cells of the sheet that hold a formula and no value: they read as empty."""
        return self.uncalculated.get(sheet, [])


def _check_archive(data: bytes, name: str, limits: Limits) -> dict[str, list[str]]:
    """Refuse what would not fit once unpacked, by what the archive says and by what its parts really hold.

    Gives the cells of each sheet whose formula was never calculated.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            declared = sum(part.file_size for part in parts)
            is_bomb = len(parts) > _MAX_PARTS or declared > limits.max_workbook_bytes
            for part in parts:
                ratio = part.file_size / max(part.compress_size, 1)
                is_bomb |= part.file_size > _SUSPECT_BYTES and ratio > limits.max_workbook_ratio
            if is_bomb:
                raise refuse(name, Code.WORKBOOK_BOMB, megabytes=declared // 2**20)
            if "[Content_Types].xml" not in archive.namelist():
                raise refuse(name, Code.WORKBOOK_BROKEN)
            found = {part.filename: _check_part(archive, part, name, limits) for part in parts}
            return formulas.by_sheet(archive, {part: cells for part, cells in found.items() if cells})
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise refuse(name, Code.WORKBOOK_BROKEN) from error


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str, limits: Limits) -> list[str]:
    """Unpack a part in small steps: it may lie about its size, or place one cell at the end of the world."""
    left, last_row, last_column, tail = part.file_size, 0, 0, b""
    is_sheet = part.filename.startswith("xl/worksheets/")
    uncalculated = formulas.Uncalculated()
    try:
        with archive.open(part) as stream:
            while chunk := stream.read(1 << 20):
                left -= len(chunk)
                if left < 0:
                    raise refuse(name, Code.WORKBOOK_BOMB, megabytes=part.file_size // 2**20)
                if is_sheet:
                    for letters, digits in set(_PLACE.findall(tail + chunk)):
                        last_row = max(last_row, int(digits))
                        last_column = max(last_column, _column_number(letters))
                    tail = chunk[-40:]
                    uncalculated.feed(chunk)
    except zlib.error as error:
        raise refuse(name, Code.WORKBOOK_BROKEN) from error
    if last_row * last_column > limits.max_cells:
        raise refuse(name, Code.TOO_MANY_VALUES, limit=limits.max_cells)
    return uncalculated.close() if is_sheet else []


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def open_workbook(source: Source, name: str, limits: Limits) -> Book:
    """The workbook, once it is known to be one and to fit."""
    import python_calamine as calamine

    with open_bytes(source, name, limits) as stream:
        data = stream.read()
    if data.startswith(_OLD_OFFICE):
        raise refuse(name, Code.WORKBOOK_ENCRYPTED)
    uncalculated = _check_archive(data, name, limits)
    with _guarded(name):
        return Book(calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)), uncalculated)
    raise AssertionError  # pragma: no cover - the guard lets nothing through


@contextmanager
def _guarded(name: str) -> Iterator[None]:
    """The parser has no common error of its own, and a crafted file may make it panic."""
    try:
        yield
    except Refused:
        raise
    except Exception as error:
        raise refuse(name, Code.WORKBOOK_BROKEN) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise refuse(name, Code.WORKBOOK_BROKEN) from error


def choose_sheet(book: Book, name: str, sheet: str | None) -> str:
    """The sheet of that name, whatever its capitals; the first one when none is named."""
    names = book.sheet_names
    if not names:
        raise refuse(name, Code.FILE_EMPTY)
    if sheet is None:
        return names[0]
    for candidate in names:
        if candidate.casefold().strip() == sheet.casefold().strip():
            return candidate
    raise refuse(name, Code.SHEET_MISSING, sheet=sheet, sheets=", ".join(names[:20]))


def _cell(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, time | timedelta):
        return str(value)
    if isinstance(value, datetime) and value.time() == time():
        return date(value.year, value.month, value.day)
    return value if value != "" else None


def walk_rows(book: Book, name: str, sheet: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Row number and cells of every row that is not blank."""
    with _guarded(name):
        rows = iter(book.opened.get_sheet_by_name(sheet).iter_rows())
    for line in itertools.count(1):
        with _guarded(name):
            cells = next(rows, None)
        if cells is None:
            return
        made = tuple(_cell(value) for value in cells)
        if any(value is not None for value in made):
            yield line, made
