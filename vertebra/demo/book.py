"""Rows waiting to be written, each with its id from the start."""

from collections.abc import Callable
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

from vertebra.kit.bulk import Row, insert_rows, stored

BATCH = 5000


class Book:
    """Rows by model, in the order in which they must be written; each has its id from the start."""

    def __init__(self) -> None:
        self.pages: dict[type[models.Model], list[dict[str, Any]]] = {}

    def add(self, model: type[models.Model], **values: Any) -> int:
        """Note a row by its columns; all rows of a model name the same columns. Gives its id."""
        page = self.pages.setdefault(model, [])
        number = int(values.setdefault("id", len(page) + 1))
        page.append(values)
        return number

    @property
    def count(self) -> int:
        """How many rows wait."""
        return sum(len(page) for page in self.pages.values())

    def write(self, tell: Callable[[int], None]) -> None:
        """Insert every row, telling how many are written so far."""
        done = 0
        for model, page in self.pages.items():
            columns, rows = _as_rows(model, page)
            for start in range(0, len(rows), BATCH):
                insert_rows(model, columns, rows[start : start + BATCH])
                done += len(rows[start : start + BATCH])
                tell(done)
        set_sequences(list(self.pages))


def _as_rows(model: type[models.Model], page: list[dict[str, Any]]) -> tuple[list[str], list[Row]]:
    """The page as tuples in the order of the columns; what a row leaves out takes its field's default."""
    names = list(page[0])
    by_column = {str(field.column): field for field in model._meta.concrete_fields}
    if unknown := set(names) - set(by_column):
        raise LookupError(f"{model.__name__} has no column {unknown}")
    rest = {column: field.get_default() for column, field in by_column.items() if column not in names}
    columns = [*names, *rest]
    tail = tuple(stored(value) for value in rest.values())
    return columns, [(*map(stored, (row[name] for name in names)), *tail) for row in page]


def set_sequences(written: list[type[models.Model]]) -> None:
    """Let the next row made by hand follow those written with their ids."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), written):
            cursor.execute(statement)
