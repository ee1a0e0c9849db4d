"""Writing the audit, and undoing an entry of it."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, cast

import structlog
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from vertebra.accounts.labels import MODEL_KINDS, Kind, Operation
from vertebra.accounts.models import AuditEntry, AuditRow, SearchEntry, User

UNDO_FOR = dt.timedelta(hours=24)
# What opens doors is changed where one sees what it opens, never brought back by a click.
NEVER_UNDONE = frozenset({Kind.USER, Kind.TOKEN, Kind.INVITATION, Kind.SHARED_LINK})
Fields = dict[str, Any]
_encoder = DjangoJSONEncoder()


class CannotUndo(Exception):
    """The entry is too old, already undone, or somebody touched the same rows since."""


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
    AuditRow.objects.bulk_create(
        [
            AuditRow(
                entry=entry,
                model=row.model,
                row_id=row.row_id,
                operation=row.operation,
                before=plain(row.before),
                after=plain(row.after),
            )
            for row in rows
        ],
        batch_size=2000,
    )
    return entry


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


def batched(ids: Iterable[int], size: int = 900) -> Iterator[list[int]]:
    """The ids, as many at a time as any database takes in one statement."""
    source = iter(ids)
    while batch := list(islice(source, size)):
        yield batch


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


@transaction.atomic
def undo(*, actor: User, entry: AuditEntry, now: dt.datetime) -> AuditEntry:
    """Put back what the entry changed, as a new entry; refused after 24 h or if a row was touched since."""
    entry = AuditEntry.objects.select_for_update().get(pk=entry.pk)
    refuse_unless_undoable(entry, now)
    try:
        with transaction.atomic():
            changes = _put_back(entry)
    except IntegrityError as error:
        raise CannotUndo(_("What was there before no longer fits what is there now.")) from error
    return record(
        actor=actor,
        verb="undo",
        kind=entry.kind,
        object_id=entry.object_id,
        object_name=entry.object_name,
        particulars={"verb": entry.verb, "entry": entry.pk},
        now=now,
        rows=changes,
        undoes=entry,
    )


def refuse_unless_undoable(entry: AuditEntry, now: dt.datetime) -> None:
    """Raise CannotUndo, with the reason in words, unless the entry can be undone now."""
    if entry.kind in NEVER_UNDONE:
        raise CannotUndo(_("Accounts, invitations and tokens are changed on their own page, not undone."))
    if AuditEntry.objects.filter(undoes=entry).exists():
        raise CannotUndo(_("This was already undone."))
    if now - entry.at > UNDO_FOR:
        raise CannotUndo(_("This was done more than 24 hours ago: change it back by hand."))
    if not entry.rows.exists():
        raise CannotUndo(_("There is nothing to undo in this entry."))
    if later := _touched_since(entry):
        raise CannotUndo(
            _("%(name)s changed the same thing since (%(what)s): undo that first.")
            % {"name": later.actor_name, "what": later.object_name}
        )


def why_not_undoable(entry: AuditEntry, now: dt.datetime) -> str:
    """The reason why the entry cannot be undone now, in words; empty if it can."""
    try:
        refuse_unless_undoable(entry, now)
    except CannotUndo as reason:
        return str(reason)
    return ""


def _touched_since(entry: AuditEntry) -> AuditEntry | None:
    """A later entry still in force that touched one of the same rows."""
    same = entry.rows.filter(model=OuterRef("model"), row_id=OuterRef("row_id"))
    ids = AuditRow.objects.filter(Exists(same), entry_id__gt=entry.pk).values("entry_id")
    later = {found.pk: found for found in AuditEntry.objects.filter(pk__in=ids).order_by("-pk")}
    undone_by = {found.undoes_id: found for found in later.values() if found.undoes_id}

    def is_cancelled(each: AuditEntry) -> bool:
        cancels = undone_by.get(each.pk)
        return cancels is not None and not is_cancelled(cancels)

    for found in later.values():
        # An undo of something later is judged with what it undid: together they leave nothing behind.
        if found.undoes_id not in later and not is_cancelled(found):
            return found
    return None


@dataclass(slots=True)
class _Touched:
    """What one entry did to the rows of one model, seen from its end to its beginning."""

    created: set[int] = field(default_factory=set)
    deleted: dict[int, Fields] = field(default_factory=dict)
    changed: dict[int, Fields] = field(default_factory=dict)


def _put_back(entry: AuditEntry) -> list[RowChange]:
    """Delete what was created, restore what was changed, revive what was deleted: in bulk, model by model."""
    touched: dict[str, _Touched] = {}
    rows = entry.rows.order_by("-id").values_list("model", "row_id", "operation", "before")
    for label, row_id, operation, before in rows.iterator(chunk_size=5000):
        mine = touched.setdefault(label, _Touched())
        if operation == Operation.CREATED:
            mine.created.add(row_id)
        elif operation == Operation.DELETED:
            mine.deleted[row_id] = by_column(apps.get_model(label), before)
        else:
            mine.changed.setdefault(row_id, {}).update(by_column(apps.get_model(label), before))
    changes: list[RowChange] = []
    for label, mine in touched.items():
        changes += _remove_created(entry, label, mine)
    for label, mine in touched.items():
        changes += _restore_changed(label, mine)
    for label, mine in touched.items():
        changes += _revive_deleted(label, mine)
    for label, mine in touched.items():
        if mine.created:
            _refuse_if_referenced(entry, apps.get_model(label))
    connection.check_constraints([apps.get_model(label)._meta.db_table for label in touched])
    return changes


def column_of(model: type[models.Model] | models.Model, name: str) -> "models.Field[Any, Any]":
    """The model's own field of that name (or of that column, for a reference)."""
    found = model._meta.get_field(name)
    return cast("models.Field[Any, Any]", found)


def by_column(model: type[models.Model], fields: Fields | None) -> Fields:
    """The kept fields as Python values, by the name of their column."""
    columns = {column_of(model, name): value for name, value in (fields or {}).items()}
    return {column.attname: column.to_python(value) for column, value in columns.items()}


def _created_ids(entry: AuditEntry, label: str) -> models.QuerySet[AuditRow, Any]:
    return entry.rows.filter(model=label, operation=Operation.CREATED).values("row_id")


def _remove_created(entry: AuditEntry, label: str, mine: _Touched) -> list[RowChange]:
    expected = mine.created - mine.deleted.keys()
    if not expected:
        return []
    model = apps.get_model(label)
    rows = model._base_manager.filter(pk__in=_created_ids(entry, label))
    names = [f.attname for f in model._meta.concrete_fields]
    found = list(rows.values(*names))
    if len(found) < len(expected):
        raise CannotUndo(_("What this entry changed is no longer there."))
    # Without cascades: whatever else rests on these rows is looked for at the end, and refused.
    rows._raw_delete(rows.db)
    if kind := MODEL_KINDS.get(label):
        SearchEntry.objects.filter(kind=kind, object_id__in=_created_ids(entry, label)).delete()
    pk = model._meta.pk.attname
    return [RowChange(label, row[pk], Operation.DELETED, before=row) for row in found]


def _restore_changed(label: str, mine: _Touched) -> list[RowChange]:
    wanted = {
        row_id: values
        for row_id, values in mine.changed.items()
        if row_id not in mine.created and row_id not in mine.deleted
    }
    if not wanted:
        return []
    model = apps.get_model(label)
    names = sorted({name for values in wanted.values() for name in values})
    current: dict[int, Fields] = {}
    for ids in batched(wanted):
        current |= {row["pk"]: row for row in model._base_manager.filter(pk__in=ids).values("pk", *names)}
    if len(current) < len(wanted):
        raise CannotUndo(_("What this entry changed is no longer there."))
    _update_rows(model, wanted)
    return [
        RowChange(label, row_id, Operation.CHANGED, {name: current[row_id][name] for name in values}, values)
        for row_id, values in wanted.items()
    ]


def _update_rows(model: type[models.Model], wanted: dict[int, Fields]) -> None:
    """Write the values row by row in one prepared statement for each set of columns."""
    quote = connection.ops.quote_name
    groups: dict[tuple[str, ...], list[list[Any]]] = {}
    for row_id, values in wanted.items():
        prepared = [
            column_of(model, name).get_db_prep_save(value, connection) for name, value in values.items()
        ]
        groups.setdefault(tuple(values), []).append([*prepared, row_id])
    with connection.cursor() as cursor:
        for names, parameters in groups.items():
            sets = ", ".join(f"{quote(str(column_of(model, name).column))} = %s" for name in names)
            table, key = quote(model._meta.db_table), quote(str(model._meta.pk.column))
            cursor.executemany(f"UPDATE {table} SET {sets} WHERE {key} = %s", parameters)  # noqa: S608 (our own names)


def _revive_deleted(label: str, mine: _Touched) -> list[RowChange]:
    model = apps.get_model(label)
    revived = {
        row_id: values | mine.changed.get(row_id, {})
        for row_id, values in mine.deleted.items()
        if row_id not in mine.created
    }
    model._base_manager.bulk_create([model(**values) for values in revived.values()])
    return [RowChange(label, row_id, Operation.CREATED) for row_id in revived]


def _refuse_if_referenced(entry: AuditEntry, model: type[models.Model]) -> None:
    """Refuse if a row rests on one that is gone; what no audit knows was derived from it, and goes along."""
    gone = _created_ids(entry, model._meta.label_lower)
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or relation.related_model._meta.abstract:
            continue
        other, name = relation.related_model, relation.field.name
        resting = other._base_manager.filter(**{f"{name}__in": gone})
        known = AuditRow.objects.filter(model=other._meta.label_lower, row_id=OuterRef("pk"))
        if relation.on_delete is models.PROTECT or resting.filter(Exists(known)).exists():
            if found := resting.first():
                raise CannotUndo(
                    _("Something else now rests on what was created (%(what)s): undo that first.")
                    % {"what": found}
                )
        elif relation.on_delete is models.SET_NULL:
            resting.update(**{name: None})
        else:
            resting.delete()


__all__ = ["CannotUndo", "Kind", "RowChange", "Tracker", "record", "undo", "why_not_undoable"]
