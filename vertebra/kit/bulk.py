"""Writing many rows at once, as they are: `executemany` on SQLite, `COPY` on PostgreSQL."""

import datetime as dt
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models

Row = tuple[Any, ...]


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert rows whose values are as `stored` gives them; what is not among the columns is the database's to fill.

    Inside a transaction; raises IntegrityError or DataError as the ORM would.
    """
    quote = connection.ops.quote_name
    into = f"{quote(model._meta.db_table)} ({', '.join(map(quote, columns))})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Django turns the errors of all but this into its own.
            with connection.wrap_database_errors, cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", rows)  # noqa: S608 (our own names)


def stored(value: Any) -> Any:
    """A value of a row as both databases take it."""
    kind = type(value)
    if kind is dt.date:
        return value.isoformat()
    if kind is dt.datetime:
        return _moment(value)
    if kind is dict or kind is list:
        return json.dumps(value, ensure_ascii=False)
    return value


@lru_cache(maxsize=16_384)
def _moment(value: dt.datetime) -> str:
    return str(connection.ops.adapt_datetimefield_value(value))
