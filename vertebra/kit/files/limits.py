"""How much a file may ask of this machine."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The sizes above which a file is refused rather than read."""

    max_bytes: int = 200 * MEGABYTE
    # Documents are held whole in memory, tables are not.
    max_document_bytes: int = 50 * MEGABYTE
    max_rows: int = 1_000_000
    max_columns: int = 1_000
    max_depth: int = 100
    max_values: int = 3_000_000
    max_aliased_values: int = 200_000
    max_workbook_bytes: int = 600 * MEGABYTE
    max_cells: int = 10_000_000
    max_workbook_ratio: int = 200
    max_files: int = 50_000


DEFAULT = Limits()
