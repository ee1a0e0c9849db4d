"""Writing rows as CSV and XLSX that a spreadsheet can open without running anything."""

import csv
import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import IO, Any

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.translation import get_language

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(value: object) -> object:
    """The value as a cell that no spreadsheet takes for a formula (text that looks like one is quoted by `'`)."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float | Decimal):
        return value
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, dt.date):
        return value.isoformat()
    text = str(value).replace("\x00", "")
    return f"'{text}" if text.startswith(_FORMULA) else text


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, value: str) -> str:
        return value


def csv_lines(header: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The table as CSV text, a line at a time, with the separator that the language's spreadsheets expect."""
    writer = csv.writer(_Echo(), delimiter=";" if get_language() == "fr" else ",")
    yield "\ufeff" + writer.writerow([harmless(cell) for cell in header])
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def write_xlsx(file: IO[bytes], header: Sequence[object], rows: Iterable[Sequence[object]]) -> None:
    """The table as one worksheet with a bold, frozen header; cells are values, never formulas or links."""
    import xlsxwriter

    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "remove_timezone": True,
        },
    )
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    for at, cell in enumerate(header):
        sheet.write_string(0, at, str(cell), bold)
    for line, row in enumerate(rows, start=1):
        for at, cell in enumerate(row):
            _write_cell(sheet, line, at, harmless(cell))
    sheet.freeze_panes(1, 0)
    book.close()


def _write_cell(sheet: Any, line: int, at: int, cell: object) -> None:
    if isinstance(cell, bool | int | float | Decimal):
        sheet.write(line, at, cell)
    elif cell != "":
        sheet.write_string(line, at, str(cell)[:32_767])


def table_response(
    name: str, form: str, header: Sequence[object], rows: Iterable[Sequence[object]]
) -> HttpResponseBase:
    """The table as a download named `name`, in the form `csv` or `xlsx`."""
    if form == "xlsx":
        file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
        write_xlsx(file, header, rows)
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
    # The language is read now: it is another one by the time the lines are sent.
    lines = csv_lines(header, rows)
    first = next(lines)

    def stream() -> Iterator[str]:
        yield first
        yield from lines

    response = StreamingHttpResponse(stream(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = iri_to_uri(f'attachment; filename="{name}.csv"')
    return response
