"""Questions over accounts: where an invitation stands, what happened to an object, in words."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import formats
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vertebra.accounts import audit
from vertebra.accounts.audit.undoing import subject_of
from vertebra.accounts.labels import AUDIT_VERBS, SECURITY_CHANGES, VERBS_OF, Kind, LinkState, Operation
from vertebra.accounts.models import AuditEntry, AuditRow, OneTimeLink, User
from vertebra.accounts.permissions import PRIVATE_COLUMNS, Right, may, may_know

# What the discussion and the button beside it show already.
NOT_TOLD = ("watch", "unwatch")
# What ties two objects together is told of both: its entries name them in their particulars.
TIES = (Kind.MEMBERSHIP, Kind.MANDATE, Kind.OWNERSHIP)
TIED = (Kind.UNIT, Kind.PERSON, Kind.AREA, Kind.MARKET)


def state_of(link: OneTimeLink, now: dt.datetime) -> LinkState:
    """Where an invitation stands."""
    if link.used_at:
        return LinkState.ACCEPTED
    if link.revoked_at:
        return LinkState.REVOKED
    return LinkState.WAITING if now < link.expires_at else LinkState.EXPIRED


@dataclass(frozen=True, slots=True)
class Change:
    """One value that changed, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One thing that somebody did to an object."""

    entry: AuditEntry
    who: str
    verb: str
    at: dt.datetime
    detail: str = ""
    changes: list[Change] = field(default_factory=list)
    can_be_undone: bool = False
    is_tie: bool = False


def feed(
    kind: str, object_id: int, *, user: User | None = None, now: dt.datetime | None = None, limit: int = 30
) -> list[HistoryItem]:
    """The history of an object, the latest first; with `user` and `now`, what they could still take back."""
    about = AuditEntry.objects.filter(kind=kind, object_id=object_id).exclude(verb__in=NOT_TOLD)
    ids = about.values_list("pk")
    if main := main_model(kind):
        touched = AuditRow.objects.filter(model=main._meta.label_lower, row_id=object_id)
        ids = ids.union(touched.values_list("entry_id"), *_ties_of(kind, object_id))
    undone = AuditEntry.objects.filter(undoes=OuterRef("pk"))
    entries = list(
        AuditEntry.objects.filter(pk__in=ids).annotate(is_undone=Exists(undone)).order_by("-pk")[:limit]
    )
    silent = [entry.pk for entry in entries if entry.verb == "change" and "changes" not in entry.particulars]
    rows = AuditRow.objects.filter(entry__in=silent, operation=Operation.CHANGED)[:200] if silent else []
    by_entry: dict[int, list[AuditRow]] = {}
    for row in rows:
        by_entry.setdefault(row.entry_id, []).append(row)
    names = names_of(rows)
    told = {entry.pk: user is None or is_told(user, entry.kind, entry.particulars) for entry in entries}
    return [
        HistoryItem(
            entry=entry,
            who=entry.actor_name,
            verb=verb_words(entry.verb, entry.kind),
            at=entry.at,
            detail=detail_of(entry) if told[entry.pk] else "",
            changes=(told_changes(entry, user) or changes_of(by_entry.get(entry.pk, []), names, user))
            if told[entry.pk]
            else [],
            can_be_undone=bool(user and now and _is_undoable(entry, user, now)),
            is_tie=entry.kind in TIES and entry.kind != kind,
        )
        for entry in entries
    ]


def _ties_of(kind: str, object_id: int) -> "list[models.QuerySet[AuditEntry, Any]]":
    """The entries, and those that undo them, of what ties this object to others."""
    if kind not in TIED:
        return []
    ties = AuditEntry.objects.filter(kind__in=TIES)
    named = {f"particulars__{kind}": object_id}
    undone = {f"undoes__particulars__{kind}": object_id}
    return [ties.filter(**named).values_list("pk"), ties.filter(**undone).values_list("pk")]


def _is_undoable(entry: AuditEntry, user: User, now: dt.datetime) -> bool:
    """Whether it is worth offering to take the entry back; whether it can is found out on trying."""
    is_recent = now - entry.at <= audit.UNDO_FOR and entry.kind != Kind.IMPORT
    return is_recent and not getattr(entry, "is_undone", False) and audit.may_undo(user, entry)


def is_told(user: User, kind: str, particulars: dict[str, Any]) -> bool:
    """Whether this user may read what an entry names and changed: it, what it was said of, and what it was tied to."""
    about = [kind, particulars.get("to_kind"), particulars.get("kind") if kind == Kind.COMMENT else None]
    return all(may_know(user, one) for one in about if isinstance(one, str))


def verb_words(verb: str, kind: str = "") -> str:
    """The verb of an entry about such an object, said after its actor."""
    return str(VERBS_OF.get((kind, verb)) or AUDIT_VERBS.get(verb, verb))


def detail_of(entry: AuditEntry) -> str:
    """What else the entry says in one line: since when, which link, which door."""
    told = entry.particulars
    if isinstance(told.get("on"), str) and (day := parse_date(told["on"])):
        return _("from %(day)s") % {"day": formats.date_format(day, "DATE_FORMAT")}
    if told.get("what") in SECURITY_CHANGES:
        return str(SECURITY_CHANGES[told["what"]])
    if told.get("how") == "demo":
        return _("as a member of the demo’s cast")
    return str(told.get("to_name") or "")


@cache
def models_of(kind: str) -> tuple[type[models.Model], ...]:
    """The models whose rows are objects of the kind, or versions of them."""
    return tuple(m for m in apps.get_models() if (subject := subject_of(m)) and subject[0] == kind)


def main_model(kind: str) -> type[models.Model] | None:
    """The model whose rows are the objects of the kind."""
    return next((m for m in models_of(kind) if subject_of(m) == (kind, m._meta.pk.attname)), None)


def field_of(model: type[models.Model], name: str) -> "models.Field[Any, Any] | None":
    """The model's field of that name if it has words of its own: a field without them is technical."""
    try:
        found = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    is_told = isinstance(found, models.Field) and isinstance(found.verbose_name, Promise)
    return found if is_told and isinstance(found, models.Field) else None


def may_know_column(user: User | None, name: str) -> bool:
    """Whether this user may read in the audit what a column held."""
    return name not in PRIVATE_COLUMNS or may(user, Right.PRODUCT_OPS)


def told_changes(entry: AuditEntry, user: User | None) -> list[Change]:
    """The changes that the action itself told, as `changes: {field: [before, after]}`, as far as this user may know."""
    told = entry.particulars.get("changes")
    if not isinstance(told, dict):
        return []
    found = []
    for name, values in told.items():
        if not may_know_column(user, name):
            continue
        column = next((f for m in models_of(entry.kind) if (f := field_of(m, name))), None)
        if column is not None and isinstance(values, list) and len(values) == 2:
            before, after = (in_words(column, value, {}) for value in values)
            found.append(Change(capfirst(str(column.verbose_name)), before, after))
    return found


def changes_of(
    rows: Iterable[AuditRow], names: dict[tuple[str, int], str], user: User | None
) -> list[Change]:
    """The fields of rows before and after, in words, as far as this user may know."""
    found = []
    for row in rows:
        try:
            model = apps.get_model(row.model)
        except LookupError:
            continue
        before, after = row.before or {}, row.after or {}
        for name in {**before, **after}:
            if may_know_column(user, name) and (column := field_of(model, name)):
                old, new = (in_words(column, values.get(name), names) for values in (before, after))
                found.append(Change(capfirst(str(column.verbose_name)), old, new))
    return found


def names_of(rows: Iterable[AuditRow]) -> dict[tuple[str, int], str]:
    """The names of what references point to, with one query for each model."""
    wanted: dict[type[models.Model], set[int]] = {}
    for row in rows:
        for values in (row.before or {}, row.after or {}):
            for name, value in values.items():
                column = field_of(apps.get_model(row.model), name)
                if isinstance(column, models.ForeignKey) and isinstance(value, int):
                    wanted.setdefault(column.related_model, set()).add(value)
    return {
        (model._meta.label_lower, found.pk): str(found)
        for model, ids in wanted.items()
        for found in model._base_manager.filter(pk__in=ids)
    }


def in_words(column: "models.Field[Any, Any]", value: Any, names: dict[tuple[str, int], str]) -> str:
    """One value as people read it: a choice by its words, a reference by its name, a date by the locale."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return pgettext("value", "yes") if value else pgettext("value", "no")
    if isinstance(column, models.ForeignKey) and isinstance(value, int):
        return names.get((column.related_model._meta.label_lower, value), str(value))
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(column, models.DateField) and isinstance(value, str) and (day := parse_date(value[:10])):
        return formats.date_format(day, "DATE_FORMAT")
    return str(value)[:300]


def people_search(rows: "models.QuerySet[User]", text: str) -> "models.QuerySet[User]":
    """Accounts whose name or e-mail contains the text."""
    return rows.filter(Q(name__icontains=text) | Q(email__icontains=text))
