"""Undoing an entry of the audit: for a day, in bulk, unless something else now rests on it."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Exists, OuterRef
from django.db.models.deletion import Collector
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from vertebra.accounts import search
from vertebra.accounts.audit.writing import Fields, RowChange, column_of, record
from vertebra.accounts.labels import Kind, Operation
from vertebra.accounts.models import AuditEntry, AuditRow, User
from vertebra.accounts.permissions import PRIVATE_KINDS, Right, may

UNDO_FOR = dt.timedelta(hours=24)
# What opens doors is changed where one sees what it opens, never brought back by a click.
NEVER_UNDONE = frozenset({Kind.USER, Kind.TOKEN, Kind.INVITATION, Kind.SHARED_LINK, Kind.CHAT})
# What Vertebra worked out follows from the data: what is wrong is changed there.
WORKED_OUT = frozenset({"refresh", "record"})
# What people said, and how they stand: once it is taken back, the audit keeps nothing of it.
NEVER_KEPT = frozenset({Kind.VERBATIM, Kind.STANCE})
# What people wrote or answered: it goes along with nothing.
OF_PEOPLE = frozenset(
    {
        "discovery.auditopinion",
        "discovery.auditreading",
        "discovery.auditversion",
        "discovery.notescopy",
        "discovery.transcript",
        "evidence.invitation",
        "evidence.response",
        "learning.completion",
        "learning.enrolment",
        "learning.stepdone",
        "releases.briefquestion",
        "releases.checkcount",
        "releases.consultationanswer",
        "releases.receipt",
        "releases.relay",
    }
)
# Whose rows may be called by their name in a refusal.
OPEN_APPS = frozenset({"accounts", "org", "sources"})
# The right that undoing asks, by kind of object; for all others, editing the organisation.
UNDO_RIGHTS: dict[str, Right] = {
    Kind.IMPORT: Right.IMPORT,
    Kind.SOURCE: Right.IMPORT,
    Kind.COMMENT: Right.TAKE_PART,
    Kind.SAVED_VIEW: Right.TAKE_PART,
    Kind.EMPTY_SPACE: Right.TAKE_PART,
    Kind.JOB: Right.ADMINISTER,
    Kind.PAIN_POINT: Right.PRODUCT_OPS,
    Kind.STANCE: Right.PRODUCT_OPS,
    Kind.SURVEY: Right.PRODUCT_OPS,
    Kind.GUIDE: Right.PRODUCT_OPS,
    Kind.CAMPAIGN: Right.PRODUCT_OPS,
    Kind.INTERVIEW: Right.PRODUCT_OPS,
    Kind.VERBATIM: Right.PRODUCT_OPS,
    Kind.DIAGNOSIS: Right.PRODUCT_OPS,
    Kind.STAGE: Right.PRODUCT_OPS,
    Kind.CHARTER: Right.PRODUCT_OPS,
    Kind.HELP_REQUEST: Right.TAKE_PART,
    Kind.AUDIT: Right.PRODUCT_OPS,
    Kind.QUICK_WIN: Right.PRODUCT_OPS,
    Kind.TOPIC: Right.TAKE_PART,
    Kind.CYCLE: Right.PRODUCT_OPS,
    Kind.OBJECTIVE: Right.PRODUCT_OPS,
}


class CannotUndo(Exception):
    """The entry is too old, already undone, or somebody touched the same rows since."""


def may_undo(user: User, entry: AuditEntry) -> bool:
    """Whether this person may undo it: who did it, or who sees the whole audit, within their rights."""
    is_theirs = entry.actor_id == user.pk or may(user, Right.SEE_AUDIT)
    is_theirs = is_theirs and entry.verb not in WORKED_OUT and not entry.particulars.get("mailed")
    return is_theirs and may(user, UNDO_RIGHTS.get(entry.kind, Right.EDIT_ORGANISATION))


@transaction.atomic
def undo(*, actor: User, entry: AuditEntry, now: dt.datetime) -> AuditEntry:
    """Put back what the entry changed, as a new entry; refused after 24 h or if a row was touched since."""
    entry = AuditEntry.objects.select_for_update().get(pk=entry.pk)
    refuse_unless_undoable(entry, now)
    try:
        with transaction.atomic():
            changes = _put_back(entry)
            _refresh_search(changes, now)
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
        rows=_kept(entry, changes),
        undoes=entry,
    )


def _kept(entry: AuditEntry, changes: list[RowChange]) -> list[RowChange]:
    """What the audit keeps of an undoing: of private words that go, nothing."""
    if entry.kind not in NEVER_KEPT:
        return changes
    return [change for change in changes if change.operation != Operation.DELETED]


def refuse_unless_undoable(entry: AuditEntry, now: dt.datetime) -> None:
    """Raise CannotUndo, with the reason in words, unless the entry can be undone now."""
    if entry.kind in NEVER_UNDONE:
        raise CannotUndo(_("Accounts, invitations and tokens are changed on their own page, not undone."))
    if AuditEntry.objects.filter(undoes=entry).exists():
        raise CannotUndo(_("This was already undone."))
    if entry.particulars.get("mailed"):
        raise CannotUndo(_("Mails about this have left. Change it on its page: they will be told."))
    if now - entry.at > UNDO_FOR:
        raise CannotUndo(_("This was done more than 24 hours ago: change it back by hand."))
    if not entry.rows.exists():
        raise CannotUndo(_("There is nothing to undo in this entry."))
    if later := _touched_since(entry):
        raise CannotUndo(
            _("%(name)s changed the same thing since (%(what)s): undo that first.")
            % {"name": later.actor_name, "what": _said_entry(later)}
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
    if any(row.get("notes") for row in found):
        rests_on = _("Something else now rests on what was created (%(what)s): undo that first.")
        raise CannotUndo(rests_on % {"what": _("notes")})
    # Without cascades: whatever else rests on these rows is looked for at the end, and refused.
    rows._raw_delete(rows.db)
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
        is_loose = relation.on_delete is models.SET_NULL
        is_kept = relation.on_delete is models.PROTECT or (not is_loose and _is_of_people(resting))
        if is_kept or resting.filter(Exists(known)).exists():
            if found := resting.first():
                raise CannotUndo(
                    _("Something else now rests on what was created (%(what)s): undo that first.")
                    % {"what": _said_row(found)}
                )
        elif is_loose:
            resting.update(**{name: None})
        else:
            resting.delete()


def _is_of_people(resting: "models.QuerySet[Any]") -> bool:
    """Whether people wrote or answered any of what would go along with these rows, however far down."""
    if resting.model._meta.label_lower in OF_PEOPLE or not resting.exists():
        return resting.model._meta.label_lower in OF_PEOPLE
    collector = Collector(using=resting.db, origin=resting)
    collector.collect(resting)
    going = {model for model, rows in collector.data.items() if rows}
    going |= {rows.model for rows in collector.fast_deletes if rows.exists()}
    return any(model._meta.label_lower in OF_PEOPLE for model in going)


def _said_entry(entry: AuditEntry) -> str:
    """What a refusal calls what an entry was about: it is read by whoever may undo something else."""
    about = {entry.kind, entry.particulars.get("to_kind"), entry.particulars.get("kind")}
    return entry.unnamed if about & PRIVATE_KINDS else entry.object_name


def _said_row(row: models.Model) -> str:
    """What a refusal calls a row: by its name only if everybody may read that."""
    own = subject_of(type(row))
    if own and own[0] in PRIVATE_KINDS:
        return f"{Kind(own[0]).label} {getattr(row, own[1])}"
    is_open = row._meta.app_label in OPEN_APPS
    return str(row) if is_open else _("something that only Product Ops may read")


@cache
def subject_of(model: type[models.Model]) -> tuple[str, str] | None:
    """The kind of object that a row of this model is, or is a version of, and the column of its id."""
    name = "".join(f"_{c.lower()}" if c.isupper() else c for c in model.__name__).lstrip("_")
    if name in Kind.values:
        return name, model._meta.pk.attname
    name = name.removesuffix("_version")
    return (name, f"{name}_id") if name in Kind.values else None


def _subjects_of(model: type[models.Model]) -> set[tuple[str, str]]:
    """The objects that a row of this model shows something of: its own, and those that it is a part of."""
    subjects = {own} if (own := subject_of(model)) else set()
    for key in model._meta.concrete_fields:
        # What goes with another object is a part of it: a membership of its person, a neighbour of its space.
        if isinstance(key, models.ForeignKey) and key.remote_field.on_delete is models.CASCADE:
            whole = subject_of(key.related_model)
            if whole and whole[1] == key.related_model._meta.pk.attname:
                subjects.add((whole[0], key.attname))
    return subjects


def _refresh_search(changes: list[RowChange], now: dt.datetime) -> None:
    """Let search forget what is gone, and read again what is as it was."""
    subjects: dict[str, set[int]] = {}
    for label in {change.model for change in changes}:
        model = apps.get_model(label)
        mine = [change for change in changes if change.model == label]
        for kind, column in _subjects_of(model):
            wanted = subjects.setdefault(kind, set())
            gone = {(change.before or {})[column] for change in mine if change.operation == Operation.DELETED}
            if column == model._meta.pk.attname:
                search.unindex(kind, gone)
            else:
                wanted.update(gone - {None})
            for ids in batched(change.row_id for change in mine if change.operation != Operation.DELETED):
                found = model._base_manager.filter(pk__in=ids).values_list(column, flat=True)
                wanted.update(found.exclude(**{column: None}))
    for path in settings.SEARCH:
        for kind, wanted in subjects.items():
            if wanted:
                import_string(path)(kind, wanted, now)


def batched(ids: Iterable[int], size: int = 900) -> Iterator[list[int]]:
    """The ids, as many at a time as any database takes in one statement."""
    source = iter(ids)
    while batch := list(islice(source, size)):
        yield batch
