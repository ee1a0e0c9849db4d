"""Tables: a heading and rows, each with its line, out of CSV of any kind or a workbook."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePath

from vertebra.kit.files import sheets
from vertebra.kit.files.encodings import Source, detect, open_bytes
from vertebra.kit.files.limits import DEFAULT, Limits
from vertebra.kit.files.problems import Code, Problem, Refused, refuse

Cell = str | int | float | bool | date | datetime | Decimal | None

WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm"})

_SEPARATORS = ",;\t|:^~\x1f"
_SAMPLE_CHARACTERS = 64 * 1024
_MAX_CELL = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One row and the line of the file on which it starts."""

    line: int
    cells: tuple[Cell, ...]


@dataclass(slots=True)
class Table:
    """A heading, and rows that are read again from the file each time they are walked.

    `problems` holds what was wrong with the rows walked last; it is complete once they were all walked.
    """

    name: str
    header: tuple[str, ...]
    header_line: int
    encoding: str
    separator: str
    _walk: Callable[[], Iterator[Row]]
    limits: Limits = DEFAULT
    # What is known of the rows before they are walked.
    faults: tuple[Problem, ...] = ()
    problems: list[Problem] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """The rows, blank ones left out, short ones filled up with nothing."""
        self.problems[:] = self.faults
        width, count = len(self.header), 0
        try:
            for row in self._walk():
                cells = row.cells
                if len(cells) > width:
                    cells, extra = cells[:width], cells[width:]
                    if any(cell not in (None, "") for cell in extra):
                        self._note(row.line, Code.ROW_TOO_LONG, columns=width, found=width + len(extra))
                count += 1
                if count > self.limits.max_rows:
                    raise refuse(self.name, Code.TOO_MANY_ROWS, line=row.line, limit=self.limits.max_rows)
                yield Row(row.line, cells + (None,) * (width - len(cells)))
        except Refused as refusal:
            self.problems.append(refusal.problem)

    def _note(self, line: int, code: Code, **particulars: str | int) -> None:
        self.problems.append(Problem(self.name, line, None, code, particulars))


def read_table(source: Source, name: str, *, sheet: str | None = None, limits: Limits = DEFAULT) -> Table:
    """Open a table; raises `Refused` when nothing of it can be read."""
    if PurePath(name).suffix.lower() in WORKBOOK_SUFFIXES or _starts_like_zip(source):
        return _workbook(source, name, sheet, limits)
    return _separated(source, name, limits)


def read_rows(source: Source, name: str, *, limits: Limits = DEFAULT) -> Iterator[Row]:
    """Every row that is not blank, headings included: for tables whose headings take more than one row."""
    if PurePath(name).suffix.lower() in WORKBOOK_SUFFIXES or _starts_like_zip(source):
        book = sheets.open_workbook(source, name, limits)
        for line, cells in sheets.walk_rows(book, name, sheets.choose_sheet(book, name, None)):
            yield Row(line, cells)
        return
    with open_bytes(source, name, limits) as stream:
        encoding = detect(stream, name)
    separator, skipped = _separator(_sample(source, name, encoding, limits))
    rows = _records(source, name, encoding, separator, limits)
    if skipped:
        next(rows, None)
    yield from rows


def sheet_names(source: Source, name: str, *, limits: Limits = DEFAULT) -> list[str]:
    """The sheets of a workbook, in their order; none for other tables."""
    if PurePath(name).suffix.lower() not in WORKBOOK_SUFFIXES and not _starts_like_zip(source):
        return []
    return sheets.open_workbook(source, name, limits).sheet_names


def _starts_like_zip(source: Source) -> bool:
    if isinstance(source, bytes):
        return source.startswith(b"PK\x03\x04")
    try:
        if not source.is_file():
            return False
        with source.open("rb") as stream:
            return stream.read(4) == b"PK\x03\x04"
    except (OSError, ValueError):
        return False


def _header(cells: tuple[Cell, ...], name: str, line: int, limits: Limits) -> tuple[str, ...]:
    header = ["" if cell is None else " ".join(str(cell).split()) for cell in cells]
    while header and not header[-1]:
        header.pop()
    if not header or not any(header):
        raise refuse(name, Code.HEADER_MISSING, line=line)
    if len(header) > limits.max_columns:
        raise refuse(name, Code.TOO_MANY_COLUMNS, line=line, columns=len(header), limit=limits.max_columns)
    counts = Counter(heading.casefold() for heading in header if heading)
    if repeated := [heading for heading in header if counts[heading.casefold()] > 1]:
        raise refuse(name, Code.HEADER_REPEATED, line=line, column=repeated[0], heading=repeated[0])
    return tuple(header)


# Separated text


def _lines(source: Source, name: str, encoding: str, limits: Limits) -> Iterator[str]:
    """The file's lines, with their ends, decoded as they come."""
    with open_bytes(source, name, limits) as stream:
        text = io.TextIOWrapper(stream, encoding=encoding, newline="")
        number = 0
        try:
            for number, line in enumerate(text, 1):
                if "\0" in line:
                    raise refuse(name, Code.NUL_BYTES, line=number)
                yield line
        except UnicodeError as error:
            raise refuse(name, Code.ENCODING_UNKNOWN, line=number + 1, encoding=encoding) from error


def _records(source: Source, name: str, encoding: str, separator: str, limits: Limits) -> Iterator[Row]:
    csv.field_size_limit(_MAX_CELL)
    reader = csv.reader(_lines(source, name, encoding, limits), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell and not cell.isspace() for cell in cells):
                yield Row(line, tuple(cells))
            line = reader.line_num + 1
    except csv.Error as error:
        detail = str(error)
        if "unexpected end of data" in detail:
            raise refuse(name, Code.QUOTE_UNCLOSED, line=line) from error
        if "field larger" in detail:
            raise refuse(name, Code.VALUE_TOO_LONG, line=line, length=_MAX_CELL, limit=_MAX_CELL) from error
        raise refuse(name, Code.SYNTAX, line=line, detail=detail) from error


def _separated(source: Source, name: str, limits: Limits) -> Table:
    with open_bytes(source, name, limits) as stream:
        encoding = detect(stream, name)
    separator, skipped = _separator(_sample(source, name, encoding, limits))

    def walk() -> Iterator[Row]:
        rows = _records(source, name, encoding, separator, limits)
        if skipped:
            next(rows, None)
        return rows

    first = next(walk(), None)
    if first is None:
        raise refuse(name, Code.FILE_EMPTY)
    header = _header(first.cells, name, first.line, limits)

    def body() -> Iterator[Row]:
        rows = walk()
        next(rows, None)
        return rows

    return Table(name, header, first.line, encoding, separator, body, limits)


def _sample(source: Source, name: str, encoding: str, limits: Limits) -> str:
    taken: list[str] = []
    length = 0
    for line in _lines(source, name, encoding, limits):
        taken.append(line[:_SAMPLE_CHARACTERS])
        length += len(taken[-1])
        if length > _SAMPLE_CHARACTERS:
            break
    return "".join(taken)


_DECLARED = re.compile(r"\s*\"?sep=(.)\"?\s*[\r\n]", re.IGNORECASE)


def _separator(sample: str) -> tuple[str, bool]:
    """The separator, and whether a first line merely declares it, as spreadsheets like to."""
    if (declared := _DECLARED.match(sample)) and declared[1] not in '"\r\n':
        return declared[1], True
    best, best_score = ",", 0.0
    for rank, separator in enumerate(_SEPARATORS):
        if separator not in sample:
            continue
        try:
            rows = [row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator) if row]
        except csv.Error:
            continue
        rows = rows[:-1] if len(rows) > 20 else rows
        if not rows or (width := len(rows[0])) < 2:
            continue
        # Rows as wide as the heading speak for a separator; so does a wide heading without blanks.
        same = sum(len(row) == width for row in rows) / len(rows)
        named = sum(bool(cell.strip()) for cell in rows[0]) / width
        score = same * named * (1 + min(width, 20) / 20) - rank * 0.001 - (0.5 if separator in ":^~" else 0)
        if score > best_score:
            best, best_score = separator, score
    return best, False


# Workbooks


def _workbook(source: Source, name: str, sheet: str | None, limits: Limits) -> Table:
    book = sheets.open_workbook(source, name, limits)
    chosen = sheets.choose_sheet(book, name, sheet)
    rows = iter(sheets.walk_rows(book, name, chosen))
    first = next(rows, None)
    if first is None:
        raise refuse(name, Code.FILE_EMPTY)
    header = _header(first[1], name, first[0], limits)

    def body() -> Iterator[Row]:
        walked = sheets.walk_rows(book, name, chosen)
        next(walked, None)
        return (Row(line, cells) for line, cells in walked)

    faults = tuple(_never_calculated(name, chosen, cell) for cell in book.without_value(chosen))
    return Table(name, header, first[0], "", "", body, limits, faults)


def _never_calculated(name: str, sheet: str, cell: str) -> Problem:
    line = int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    return Problem(name, line, cell, Code.FORMULA_NOT_CALCULATED, {"sheet": sheet, "cell": cell})
