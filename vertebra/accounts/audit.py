"""Writing the audit, and undoing an entry of it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.translation import gettext as _

from vertebra.accounts.labels import Kind, Operation
from vertebra.accounts.models import AuditEntry, AuditRow, User

UNDO_FOR = dt.timedelta(hours=24)
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
        before = {name: getattr(row, row._meta.get_field(name).attname) for name in values}
        for name, value in values.items():
            setattr(row, name, value)
        after = {name: getattr(row, row._meta.get_field(name).attname) for name in values}
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
    rows = list(entry.rows.order_by("-id"))
    refuse_unless_undoable(entry, rows, now)
    tracker = Tracker()
    for row in rows:
        _put_back(row, tracker)
    return record(
        actor=actor,
        verb="undo",
        kind=entry.kind,
        object_id=entry.object_id,
        object_name=entry.object_name,
        particulars={"verb": entry.verb, "entry": entry.pk},
        now=now,
        rows=tracker.changes,
        undoes=entry,
    )


def refuse_unless_undoable(entry: AuditEntry, rows: list[AuditRow], now: dt.datetime) -> None:
    """Raise CannotUndo, with the reason in words, unless the entry can be undone now."""
    if not rows:
        raise CannotUndo(_("There is nothing to undo in this entry."))
    if now - entry.at > UNDO_FOR:
        raise CannotUndo(_("This was done more than 24 hours ago: change it back by hand."))
    if AuditEntry.objects.filter(undoes=entry).exists():
        raise CannotUndo(_("This was already undone."))
    by_model: dict[str, list[int]] = {}
    for row in rows:
        by_model.setdefault(row.model, []).append(row.row_id)
    for model, ids in by_model.items():
        for start in range(0, len(ids), 500):
            later = AuditRow.objects.filter(
                model=model, row_id__in=ids[start : start + 500], entry_id__gt=entry.pk
            ).exclude(entry__undone_by__isnull=False)
            later = later.exclude(entry__undoes__isnull=False, entry__undoes_id__gt=entry.pk)
            if found := later.select_related("entry").first():
                raise CannotUndo(
                    _("%(name)s changed the same thing since (%(what)s): undo that first.")
                    % {"name": found.entry.actor_name, "what": found.entry.object_name}
                )


def _put_back(row: AuditRow, tracker: Tracker) -> None:
    model = apps.get_model(row.model)
    manager = model._default_manager
    if row.operation == Operation.DELETED:
        assert row.before is not None
        values = {f.attname: f.to_python(row.before[f.attname]) for f in model._meta.concrete_fields}
        revived = model(**values)
        revived.save(force_insert=True)
        tracker.changes.append(RowChange(row.model, row.row_id, Operation.CREATED))
        return
    found = manager.filter(pk=row.row_id).first()
    if found is None:
        raise CannotUndo(_("What this entry changed is no longer there."))
    if row.operation == Operation.CREATED:
        try:
            with transaction.atomic():
                tracker.delete(found)
        except models.ProtectedError as error:
            raise CannotUndo(_("Something else now rests on what was created: undo that first.")) from error
        return
    assert row.before is not None
    before = {name: model._meta.get_field(name) for name in row.before}
    tracker.change(
        found,
        **{
            getattr(field, "attname", name): field.to_python(row.before[name])
            for name, field in before.items()
        },  # type: ignore[union-attr]
    )


__all__ = ["CannotUndo", "Kind", "RowChange", "Tracker", "record", "undo"]
