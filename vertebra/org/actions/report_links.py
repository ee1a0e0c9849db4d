"""Addresses by which somebody without an account reports an empty space."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, SharedLink, User
from vertebra.accounts.tokens import digest_of, new_secret
from vertebra.org.actions.empty_spaces import Said, report_space
from vertebra.org.empty_spaces import SAME, WITH_UNITS, WITHOUT_NAMES, look_alikes, place_of
from vertebra.org.models import EmptySpaceReport

LONGEST_DAYS = 365
PER_HOUR = 60
AGAIN_AFTER = dt.timedelta(hours=1)


class TooManyReports(Refusal):
    """More reports come through one link within the hour than people would write."""


class LinkTooLong(Refusal):
    """A link without an account ends within a year."""


@transaction.atomic
def make_report_link(
    *, actor: User, name: str, days: int, shows_units: bool, now: dt.datetime
) -> tuple[AuditEntry, str]:
    """Make an address that lets people without an account report; it is told once and kept only as a digest."""
    if not 1 <= days <= LONGEST_DAYS:
        raise LinkTooLong(_("Choose an end between tomorrow and a year from now."))
    token = new_secret()
    link = SharedLink(
        page=WITH_UNITS if shows_units else WITHOUT_NAMES,
        digest=digest_of(token),
        name=name.strip()[:200],
        made_by=actor,
        made_at=now,
        expires_at=now + dt.timedelta(days=days),
    )
    tracker = audit.Tracker()
    tracker.create(link)
    entry = audit.record(
        actor=actor,
        verb="share",
        kind=Kind.SHARED_LINK,
        object_id=link.pk,
        object_name=link.name,
        particulars={"page": link.page, "days": days},
        now=now,
        rows=tracker.changes,
    )
    return entry, token


@transaction.atomic
def revoke_report_link(*, actor: User, link: SharedLink, now: dt.datetime) -> AuditEntry:
    """Close an address for good: whoever opens it is told that it ended."""
    link = SharedLink.objects.select_for_update().get(pk=link.pk)
    if link.revoked_at:
        raise NothingChanges(_("This link was revoked before."))
    tracker = audit.Tracker()
    tracker.change(link, revoked_at=now)
    return audit.record(
        actor=actor,
        verb="revoke",
        kind=Kind.SHARED_LINK,
        object_id=link.pk,
        object_name=link.name,
        now=now,
        rows=tracker.changes,
    )


@transaction.atomic
def report_through_link(
    *, actor: User | None, link: SharedLink, said: Said, now: dt.datetime
) -> AuditEntry | None:
    """Report without an account; the same words again within the hour are the same report (None).

    What is said almost like a known empty space beside one of the same neighbours adds to it: a visitor is shown
    nothing of what others reported.
    """
    link = SharedLink.objects.select_for_update().get(pk=link.pk)
    sentence = " ".join(said.sentence.split())
    recent = EmptySpaceReport.objects.filter(link=link, at__gt=now - AGAIN_AFTER)
    if recent.filter(sentence=sentence).exists():
        return None
    if recent.count() >= PER_HOUR:
        raise TooManyReports(_("Many reports came through this link just now. Try again in an hour."))
    near = {(one.kind, one.id) for one in said.neighbours if one.id}
    known = next(
        (
            alike.space
            for alike in look_alikes(sentence, near, limit=1)
            if alike.score >= SAME and near & {place_of(row) for row in alike.space.neighbours.all()}
        ),
        None,
    )
    return report_space(actor=actor, said=said, now=now, adds_to=known, link=link)
