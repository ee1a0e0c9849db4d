"""Addresses that open a view of the roadmap without an account: made, revoked."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, SharedLink, User
from vertebra.accounts.tokens import digest_of, new_secret
from vertebra.roadmap.models import SharedRoadmap
from vertebra.roadmap.queries.shared import KEPT, PAGE

LONGEST_DAYS = 365


class LinkTooLong(Refusal):
    """A link without an account ends within a year."""


@transaction.atomic
def share_roadmap(
    *, actor: User, name: str, days: int, query: dict[str, str], now: dt.datetime
) -> tuple[AuditEntry, str]:
    """Make an address that opens one view of the roadmap, filters included; it is told once."""
    if not 1 <= days <= LONGEST_DAYS:
        raise LinkTooLong(_("Choose an end between tomorrow and a year from now."))
    token = new_secret()
    link = SharedLink(
        page=PAGE,
        digest=digest_of(token),
        name=name.strip()[:200],
        made_by=actor,
        made_at=now,
        expires_at=now + dt.timedelta(days=days),
    )
    tracker = audit.Tracker()
    tracker.create(link)
    tracker.create(SharedRoadmap(link=link, query={key: query[key] for key in KEPT if query.get(key)}))
    return _record(actor, "share", link, tracker, now, page=PAGE, days=days), token


@transaction.atomic
def revoke_roadmap_link(*, actor: User, link: SharedLink, now: dt.datetime) -> AuditEntry:
    """Close an address for good: whoever opens it is told that it ended."""
    link = SharedLink.objects.select_for_update().get(pk=link.pk)
    if link.revoked_at:
        raise NothingChanges(_("This link was revoked before."))
    tracker = audit.Tracker()
    tracker.change(link, revoked_at=now)
    return _record(actor, "revoke", link, tracker, now)


def _record(
    actor: User, verb: str, link: SharedLink, tracker: audit.Tracker, now: dt.datetime, **told: Any
) -> AuditEntry:
    return audit.record(
        actor=actor, verb=verb, kind=Kind.SHARED_LINK, object_id=link.pk, object_name=link.name,
        particulars=told, now=now, rows=tracker.changes,
    )  # fmt: skip
