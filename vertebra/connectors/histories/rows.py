"""Rows of a table of any size, with headings that may repeat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.histories.packed import PackedFile
from vertebra.kit.files.limits import DEFAULT
from vertebra.kit.files.problems import Code, Refused
from vertebra.kit.files.tables import Row, read_rows
from vertebra.kit.text import fold

# Rows are read one by one, so that only the disk limits them.
_LIMITS = replace(DEFAULT, max_bytes=1 << 40)
_MOST_COLUMNS = 5_000


@contextmanager
def in_our_words(file: PackedFile) -> Iterator[None]:
    """Say what is wrong with a table as what is wrong with a file of work items."""
    try:
        yield
    except Refused as refusal:
        problem = refusal.problem
        raise file.refused(problem.code, problem.line or 1, **problem.particulars) from refusal


class Rows:
    """The rows of one table, which can be walked more than once."""

    def __init__(self, file: PackedFile) -> None:
        self.file = file
        if file.is_packed():
            raise Trouble(Fault.PACKED_TABLE, file=file.name)
        with in_our_words(file):
            first = next(read_rows(file.path, file.name, limits=_LIMITS), None)
        if first is None:
            raise file.refused(Code.FILE_EMPTY)
        cells = first.cells[:_MOST_COLUMNS]
        self.headings = tuple("" if cell is None else " ".join(str(cell).split()) for cell in cells)

    def walk(self) -> Iterator[Row]:
        """The rows under the headings."""
        with in_our_words(self.file):
            rows = read_rows(self.file.path, self.file.name, limits=_LIMITS)
            next(rows, None)
            yield from rows

    def cells(self, column: int) -> Iterator[object]:
        """One column."""
        for row in self.walk():
            if column < len(row.cells):
                yield row.cells[column]

    def missing(self, what: str) -> Trouble:
        """Why a table cannot be read that lacks a column."""
        return Trouble(Fault.COLUMN_MISSING, file=self.file.name, what=what, columns=self._named())

    def unknown(self, heading: str) -> Trouble:
        """Why a table cannot be read as a mapping says that names a column it has not."""
        return Trouble(Fault.COLUMN_UNKNOWN, file=self.file.name, column=heading[:200], columns=self._named())

    def _named(self) -> str:
        return ", ".join(dict.fromkeys(heading for heading in self.headings if heading))[:1_000]

    def places(self, mapping: Mapping[str, str]) -> dict[str, int]:
        """Where the columns of a mapping stand; refuses one that is not there."""
        known: dict[str, int] = {}
        for place, heading in enumerate(self.headings):
            known.setdefault(fold(heading), place)
        if strange := [heading for heading in mapping.values() if fold(heading) not in known]:
            raise self.unknown(strange[0])
        return {role: known[fold(heading)] for role, heading in mapping.items()}


def cell_text(cell: object) -> str:
    """A cell as text."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
