"""Writing the audit: what an action did, row by row."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import structlog
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from vertebra.accounts.labels import Operation
from vertebra.accounts.models import AuditEntry, AuditRow, User

Fields = dict[str, Any]
_encoder = DjangoJSONEncoder()


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row touched: its model, id, and the fields before and after."""

    model: str
    row_id: int
    operation: Operation
    before: Fields | None = None
    after: Fields | None = None


@dataclass(slots=True)
class Tracker:
    """Collects what an action does to rows, so that the audit entry can undo it."""

    changes: list[RowChange] = field(default_factory=list)

    def create(self, row: models.Model) -> None:
        """Insert the row and note it."""
        check_fields(row, {f.name for f in row._meta.concrete_fields})
        row.save(force_insert=True)
        self.changes.append(RowChange(row._meta.label_lower, row.pk, Operation.CREATED))

    def create_all(self, rows: Sequence[models.Model]) -> None:
        """Insert rows of one model in one statement, and note each."""
        for row in rows:
            check_fields(row, {f.name for f in row._meta.concrete_fields})
        if rows:
            type(rows[0])._base_manager.bulk_create(rows)
        self.changes += [RowChange(row._meta.label_lower, row.pk, Operation.CREATED) for row in rows]

    def change(self, row: models.Model, **values: Any) -> list[str]:
        """Set the given fields of the row, note those that differ, and give their names."""
        before = {name: getattr(row, column_of(row, name).attname) for name in values}
        for name, value in values.items():
            setattr(row, name, value)
        after = {name: getattr(row, column_of(row, name).attname) for name in values}
        touched = [name for name in values if before[name] != after[name]]
        if touched:
            check_fields(row, set(touched))
            row.save(update_fields=touched)
            note = RowChange(
                row._meta.label_lower,
                row.pk,
                Operation.CHANGED,
                {name: before[name] for name in touched},
                {name: after[name] for name in touched},
            )
            self.changes.append(note)
        return touched

    def relate(self, row: models.Model, name: str, wanted: Iterable[models.Model]) -> bool:
        """Tie the row to these and to nothing else by its field of many, and say whether that is new."""
        ties = getattr(row, name)
        mine, theirs = (f"{each}_id" for each in (ties.source_field_name, ties.target_field_name))
        held = {getattr(tie, theirs): tie for tie in ties.through._base_manager.filter(**{mine: row.pk})}
        chosen = {one.pk for one in wanted}
        for pk in sorted(held.keys() - chosen):
            self.delete(held[pk])
        self.create_all([ties.through(**{mine: row.pk, theirs: pk}) for pk in sorted(chosen - held.keys())])
        return chosen != held.keys()

    def delete(self, row: models.Model) -> None:
        """Remove the row, keeping what it was."""
        before = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
        self.changes.append(RowChange(row._meta.label_lower, row.pk, Operation.DELETED, before))
        row.delete()


def record(
    *,
    actor: User | None,
    verb: str,
    kind: str,
    now: dt.datetime,
    object_id: int | None = None,
    object_name: str = "",
    particulars: Fields | None = None,
    rows: Iterable[RowChange] = (),
    undoes: AuditEntry | None = None,
) -> AuditEntry:
    """Write one audit entry with the rows it touched (actor None: Vertebra itself)."""
    entry = AuditEntry.objects.create(
        at=now,
        actor=actor,
        actor_name=str(actor) if actor else "Vertebra",
        verb=verb,
        kind=kind,
        object_id=object_id,
        object_name=object_name[:300],
        particulars=plain(particulars or {}),
        request_id=str(structlog.contextvars.get_contextvars().get("request_id", "")),
        undoes=undoes,
    )
    _write_rows(entry, rows)
    return entry


def _write_rows(entry: AuditEntry, rows: Iterable[RowChange]) -> None:
    """Write the rows in one prepared statement: an import has tens of thousands."""
    names = ("entry_id", "model", "row_id", "operation", "before", "after")
    values = [
        (entry.pk, row.model, row.row_id, str(row.operation), _as_json(row.before), _as_json(row.after))
        for row in rows
    ]
    if values:
        places = ", ".join(["%s"] * len(names))
        table = connection.ops.quote_name(AuditRow._meta.db_table)
        columns = ", ".join(connection.ops.quote_name(name) for name in names)
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", values)  # noqa: S608 (our own names)


def _as_json(fields: Fields | None) -> str | None:
    return None if fields is None else json.dumps(fields, cls=DjangoJSONEncoder)


def check_fields(row: models.Model, names: set[str]) -> None:
    """Validate the row's own values (lengths, choices); references are the database's to check, without a query."""
    left_out = {
        f.name
        for f in row._meta.concrete_fields
        if f.is_relation
        or f.primary_key
        or not names & {f.name, f.attname}
        or (f.null and getattr(row, f.attname) is None)
    }
    row.clean_fields(exclude=left_out)


def plain(fields: Fields | None) -> Fields | None:
    """The fields as JSON can hold them (dates and decimals as text)."""
    if fields is None:
        return None
    return {
        name: value
        if value is None or isinstance(value, str | int | float | bool | list | dict)
        else _encoder.default(value)
        for name, value in fields.items()
    }


def column_of(model: type[models.Model] | models.Model, name: str) -> "models.Field[Any, Any]":
    """The model's own field of that name (or of that column, for a reference)."""
    found = model._meta.get_field(name)
    return cast("models.Field[Any, Any]", found)
