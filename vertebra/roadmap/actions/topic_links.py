"""Addresses by which somebody without an account raises a topic in two lines."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, SharedLink, User
from vertebra.accounts.tokens import digest_of, new_secret
from vertebra.org.models import Person
from vertebra.roadmap.actions.topics import raise_topic
from vertebra.roadmap.models import Topic
from vertebra.roadmap.queries.topic_links import LINK_PAGE

LONGEST_DAYS = 365


class LinkTooLong(Refusal):
    """A link without an account ends within a year."""


@transaction.atomic
def make_topic_link(*, actor: User, name: str, days: int, now: dt.datetime) -> tuple[AuditEntry, str]:
    """Make an address that lets people without an account raise topics; it is told once, kept as a digest."""
    if not 1 <= days <= LONGEST_DAYS:
        raise LinkTooLong(_("Choose an end between tomorrow and a year from now."))
    token = new_secret()
    link = SharedLink(
        page=LINK_PAGE, digest=digest_of(token), name=name.strip()[:200], made_by=actor, made_at=now,
        expires_at=now + dt.timedelta(days=days),
    )  # fmt: skip
    tracker = audit.Tracker()
    tracker.create(link)
    return _record(actor, "share", link, tracker, now), token


@transaction.atomic
def revoke_topic_link(*, actor: User, link: SharedLink, now: dt.datetime) -> AuditEntry:
    """Close an address for good."""
    link = SharedLink.objects.select_for_update().get(pk=link.pk)
    if link.revoked_at:
        raise NothingChanges(_("This link was revoked before."))
    tracker = audit.Tracker()
    tracker.change(link, revoked_at=now)
    return _record(actor, "revoke", link, tracker, now)


def _record(actor: User, verb: str, link: SharedLink, tracker: audit.Tracker, now: dt.datetime) -> AuditEntry:
    return audit.record(
        actor=actor, verb=verb, kind=Kind.SHARED_LINK, object_id=link.pk, object_name=link.name,
        particulars={"page": link.page}, now=now, rows=tracker.changes,
    )  # fmt: skip


@transaction.atomic
def raise_through_link(
    *, actor: User | None, title: str, description: str, address: str, language: str, now: dt.datetime
) -> Topic:
    """Raise a topic without an account; whoever leaves the address of somebody known is that person."""
    person = Person.objects.filter(email__iexact=address, archived_at=None).first() if address else None
    same = Topic.objects.filter(title=" ".join(title.split())[:200], archived_at=None, origin_kind="")
    recent = same.filter(made_by=None, created_at__gt=now - dt.timedelta(hours=1)).first()
    if recent is not None:
        # The same words sent twice within the hour are one topic.
        return recent
    return raise_topic(
        actor=actor,
        title=title,
        description=description,
        language=language,
        person=person,
        address="" if person else address,
        now=now,
    )
