"""Views of lists that people keep under a name."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, SavedView, User


class NameTaken(Exception):
    """One already keeps a view of this list under this name."""


@transaction.atomic
def keep_view(
    *, actor: User, page: str, name: str, url: str, is_shared: bool = False, now: dt.datetime
) -> tuple[SavedView, AuditEntry]:
    """Keep the address of a list, with its filters, order and columns, under a name."""
    view = SavedView(user=actor, page=page, name=name, query=url, is_shared=is_shared, created_at=now)
    tracker = audit.Tracker()
    try:
        with transaction.atomic():
            tracker.create(view)
    except IntegrityError as error:
        raise NameTaken(_("You already keep a view of this list under that name.")) from error
    return view, _record(actor, "create", view, now, tracker)


@transaction.atomic
def share_view(*, actor: User, view: SavedView, is_shared: bool, now: dt.datetime) -> AuditEntry:
    """Show one's view to everybody, or keep it to oneself again."""
    tracker = audit.Tracker()
    tracker.change(view, is_shared=is_shared)
    return _record(actor, "share" if is_shared else "change", view, now, tracker)


@transaction.atomic
def remove_view(*, actor: User, view: SavedView, now: dt.datetime) -> AuditEntry:
    """Keep a view no longer."""
    tracker = audit.Tracker()
    pk = view.pk
    tracker.delete(view)
    view.pk = pk
    return _record(actor, "archive", view, now, tracker)


def _record(actor: User, verb: str, view: SavedView, now: dt.datetime, tracker: audit.Tracker) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.SAVED_VIEW,
        object_id=view.pk,
        object_name=view.name,
        now=now,
        rows=tracker.changes,
    )
