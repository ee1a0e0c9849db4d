"""Writing a plan: whole tables at a time, around the ORM, inside the transaction of whoever calls."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, cast

from django.apps import apps
from django.db import connection, models

from vertebra.accounts.labels import Operation
from vertebra.accounts.models import AuditEntry, AuditRow
from vertebra.kit.bulk import insert_rows
from vertebra.org.importing.plan import Deletion, Entity, NewRow, Update, Writes
from vertebra.sources.models import Source

# What is referred to comes before what refers to it, so that undoing in reverse finds nothing in its way.
ORDER = (
    "org.unitkind",
    "org.market",
    "org.unit",
    "org.person",
    "org.area",
    "org.unitversion",
    "org.areaversion",
    "org.areastep",
    "org.membership",
    "org.mandate",
    "org.ownership",
)
BATCH = 5000


def write(writes: Writes, source: Source) -> None:
    """Write every row of the plan: first what ends or changes, then what begins."""
    created = {table: [row for row in writes.created if row.table == table] for table in ORDER}
    for table, rows in created.items():
        _give_ids(apps.get_model(table), rows)
    for table in ORDER:
        _delete(apps.get_model(table), [d.pk for d in writes.deleted if d.table == table])
    for table in ORDER:
        _update(apps.get_model(table), [u for u in writes.updated if u.table == table])
    for table, rows in created.items():
        _insert(apps.get_model(table), rows, source)


def note_rows(writes: Writes, entry: AuditEntry) -> None:
    """Keep what the import did to each row, so that it can be undone."""
    position = {table: number for number, table in enumerate(ORDER)}
    lines: list[tuple[Any, ...]] = []
    for update in sorted(writes.updated, key=lambda one: position[one.table]):
        lines.append((update.table, update.pk, Operation.CHANGED, _json(update.before), _json(update.after)))
    for deletion in writes.deleted:
        lines.append((deletion.table, deletion.pk, Operation.DELETED, _json(deletion.before), None))
    for row in sorted(writes.created, key=lambda one: position[one.table]):
        lines.append((row.table, row.pk, Operation.CREATED, None, None))
    columns = ["entry_id", "model", "row_id", "operation", "before", "after"]
    _put(AuditRow, columns, ((entry.pk, *line) for line in lines))


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps({name: _plain(value) for name, value in values.items()}, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Entity):
        return value.pk
    return value.isoformat() if isinstance(value, dt.date) else value


def _give_ids(model: type[models.Model], rows: list[NewRow]) -> None:
    """Reserve the ids of the rows, so that they can refer to each other before they are written."""
    if not rows:
        return
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, len(rows)],
            )
            ids = [found for (found,) in cursor.fetchall()]
        else:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            found = cursor.fetchone()
            first = (found[0] if found else 0) + 1
            ids = list(range(first, first + len(rows)))
    for row, pk in zip(rows, ids, strict=True):
        row.pk = pk
        if row.entity is not None:
            row.entity.pk = pk


class _Column:
    """A column of a table and how its values are handed to the database."""

    def __init__(self, field: "models.Field[Any, Any]") -> None:
        self.name = str(field.column)
        self.is_json = isinstance(field, models.JSONField)
        self.is_moment = isinstance(field, models.DateTimeField)
        self.is_day = isinstance(field, models.DateField) and not self.is_moment
        self.is_text = isinstance(field, models.CharField | models.TextField)
        self.as_text = connection.vendor == "sqlite"

    def handed(self, values: list[Any]) -> list[Any]:
        """The values of many rows as the database takes them; most columns are text, which it takes as it is."""
        return values if self.is_text else [self(value) for value in values]

    def __call__(self, value: Any) -> Any:
        if isinstance(value, Entity):
            return value.pk
        if value is None:
            return None
        if self.is_json:
            return json.dumps(value, ensure_ascii=False)
        if self.is_moment:
            return connection.ops.adapt_datetimefield_value(value)
        return value.isoformat() if self.is_day and self.as_text else value


def _column(model: type[models.Model], name: str) -> _Column:
    field = model._meta.get_field(name)
    return _Column(cast("models.Field[Any, Any]", field))


def _insert(model: type[models.Model], rows: list[NewRow], source: Source) -> None:
    groups: dict[tuple[str, ...], list[NewRow]] = {}
    for row in rows:
        groups.setdefault(tuple(row.values), []).append(row)
    for names, group in groups.items():
        columns = [_column(model, name) for name in names]
        given = [
            [source.pk] * len(group)
            if name == "source_id"
            else column.handed([row.values[name] for row in group])
            for name, column in zip(names, columns, strict=True)
        ]
        _put(
            model,
            ["id", *(column.name for column in columns)],
            zip([row.pk for row in group], *given, strict=True),
        )


def _put(model: type[models.Model], columns: list[str], lines: Iterable[tuple[Any, ...]]) -> None:
    for batch in _batches(lines):
        insert_rows(model, columns, batch)


def _batches(lines: Iterable[Any], size: int = BATCH) -> Iterator[list[Any]]:
    source = iter(lines)
    while batch := list(islice(source, size)):
        yield batch


def _update(model: type[models.Model], updates: list[Update]) -> None:
    """Change the rows, one prepared statement for each set of columns."""
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    groups: dict[tuple[str, ...], list[Update]] = {}
    for update in updates:
        groups.setdefault(tuple(update.after), []).append(update)
    moved = [(u.pk,) for u in updates if u.after.get("email") and u.before.get("email")]
    with connection.cursor() as cursor:
        # Addresses may change hands: nobody has one while they do.
        if moved:
            cursor.executemany(f"UPDATE {table} SET email = '' WHERE id = %s", moved)  # noqa: S608 (our own names)
        for names, group in groups.items():
            columns = [_column(model, name) for name in names]
            sets = ", ".join(f"{quote(column.name)} = %s" for column in columns)
            statement = f"UPDATE {table} SET {sets} WHERE id = %s"  # noqa: S608 (our own names)
            lines = (
                (*(column(value) for column, value in zip(columns, u.after.values(), strict=True)), u.pk)
                for u in group
            )
            for batch in _batches(lines):
                cursor.executemany(statement, batch)


def _delete(model: type[models.Model], ids: list[int]) -> None:
    for batch in _batches(ids, 500):
        model._base_manager.filter(pk__in=batch).delete()


__all__ = ["Deletion", "note_rows", "write"]
