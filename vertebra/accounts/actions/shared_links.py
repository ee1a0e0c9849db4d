"""Addresses that open one page to people without an account: made, and closed for good."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, SharedLink, User
from vertebra.accounts.tokens import digest_of, new_secret

LONGEST_DAYS = 365


class LinkTooLong(Refusal):
    """A link without an account ends within a year."""


@dataclass(frozen=True, slots=True)
class About:
    """What the history tells of a link under: the object that it opens, where that has a history of its own."""

    kind: Kind
    object_id: int
    name: str


@transaction.atomic
def share_page(
    *,
    actor: User,
    page: str,
    name: str,
    days: int,
    now: dt.datetime,
    object_id: int | None = None,
    about: About | None = None,
    beside: Callable[[SharedLink], Iterable[models.Model]] = lambda link: (),
    **told: Any,
) -> tuple[AuditEntry, str]:
    """Make an address that opens a page without an account; it is told once and kept only as a digest."""
    if not 1 <= days <= LONGEST_DAYS:
        raise LinkTooLong(_("Choose an end between tomorrow and a year from now."))
    secret = new_secret()
    link = SharedLink(
        page=page,
        object_id=object_id,
        digest=digest_of(secret),
        name=name.strip()[:200],
        made_by=actor,
        made_at=now,
        expires_at=now + dt.timedelta(days=days),
    )
    tracker = audit.Tracker()
    tracker.create(link)
    for row in beside(link):
        tracker.create(row)
    return _record(actor, "share", link, about, tracker, now, days=days, **told), secret


@transaction.atomic
def revoke_link(*, actor: User, link: SharedLink, now: dt.datetime, about: About | None = None) -> AuditEntry:
    """Close an address for good: whoever opens it is told that it ended."""
    link = SharedLink.objects.select_for_update().get(pk=link.pk)
    if link.revoked_at:
        raise NothingChanges(_("This link was revoked before."))
    tracker = audit.Tracker()
    tracker.change(link, revoked_at=now)
    return _record(actor, "revoke", link, about, tracker, now)


def _record(
    actor: User,
    verb: str,
    link: SharedLink,
    about: About | None,
    tracker: audit.Tracker,
    now: dt.datetime,
    **told: Any,
) -> AuditEntry:
    about = about or About(Kind.SHARED_LINK, link.pk, link.name)
    return audit.record(
        actor=actor,
        verb=verb,
        kind=about.kind,
        object_id=about.object_id,
        object_name=about.name,
        particulars={"page": link.page, **told},
        now=now,
        rows=tracker.changes,
    )
