"""Freezing an audit, publishing it, correcting it, taking out words that were withdrawn, sharing it."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts.actions.shared_links import share_page
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.models import AuditEntry, User
from vertebra.discovery.actions.audit_parts import index_audits, locked, record
from vertebra.discovery.exports import files
from vertebra.discovery.labels import AuditState, NewVersion
from vertebra.discovery.models import Audit, AuditItem, AuditRoom, AuditVersion
from vertebra.discovery.queries.audit_document import Content, document, without_quotes
from vertebra.discovery.queries.audits import SHARED_PAGE
from vertebra.kit import clock


class NothingToFreeze(Refusal):
    """An audit without a pain point says nothing."""


class NotThatState(Refusal):
    """An audit is frozen before it is published, and published before it is corrected."""


def _whole(audit: Audit, now: dt.datetime) -> Content:
    content = document(audit, clock.today(now))
    if not content["items"]:
        raise NothingToFreeze(_("There is no pain point in this audit yet: add one first."))
    return content


@transaction.atomic
def freeze_audit(*, actor: User, audit: Audit, now: dt.datetime) -> AuditEntry:
    """Freeze an audit: what it says is written down whole, and never changes afterwards."""
    audit = locked(audit)
    if audit.frozen_at:
        raise NotThatState(_("This audit was frozen before."))
    audit.content = _whole(audit, now)
    audit.state, audit.frozen_at, audit.changed_at = AuditState.FROZEN, now, now
    audit.save(update_fields=["content", "state", "frozen_at", "changed_at"])
    AuditRoom.objects.filter(audit=audit, closed_at__isnull=True).update(closed_at=now)
    files.ask_for(audit.pk)
    return record(actor, "freeze", audit, now, version=audit.version)


@transaction.atomic
def thaw_audit(*, actor: User, audit: Audit, now: dt.datetime) -> AuditEntry:
    """Go on writing an audit that was frozen and not published: it will be the next version."""
    audit = locked(audit)
    if audit.frozen_at is None or audit.published_at:
        raise NotThatState(_("Only an audit that was frozen and not published is taken up again."))
    audit.state, audit.frozen_at, audit.content = AuditState.DRAFT, None, {}
    audit.version += 1
    audit.save(update_fields=["content", "state", "frozen_at", "version"])
    files.forget(audit.pk)
    return record(actor, "reopen", audit, now, version=audit.version)


@transaction.atomic
def publish_audit(*, actor: User, audit: Audit, now: dt.datetime) -> AuditEntry:
    """Publish a frozen audit: everyone who may read finds it, and those heard are told."""
    audit = locked(audit)
    if audit.frozen_at is None:
        raise NotThatState(_("Freeze the audit first: what is published does not change."))
    if audit.published_at:
        raise NotThatState(_("This audit was published before."))
    audit.state, audit.published_at = AuditState.PUBLISHED, now
    audit.save(update_fields=["state", "published_at"])
    index_audits([audit], now)
    return record(actor, "publish", audit, now, version=audit.version)


@transaction.atomic
def correct_audit(*, actor: User, audit: Audit, now: dt.datetime) -> AuditEntry:
    """Begin to correct a published audit; readers go on seeing what was published."""
    audit = locked(audit)
    if audit.published_at is None or audit.correcting_at:
        raise NotThatState(_("Only a published audit is corrected, once at a time."))
    audit.correcting_at = now
    audit.save(update_fields=["correcting_at"])
    return record(actor, "reopen", audit, now, version=audit.version)


@transaction.atomic
def leave_correction(*, actor: User, audit: Audit, now: dt.datetime) -> AuditEntry:
    """Leave a correction: what was published holds, and what was written meanwhile waits."""
    audit = locked(audit)
    if audit.correcting_at is None:
        raise NothingChanges(_("This audit is not being corrected."))
    audit.correcting_at = None
    audit.save(update_fields=["correcting_at"])
    return record(actor, "cancel", audit, now, version=audit.version)


@transaction.atomic
def publish_correction(*, actor: User, audit: Audit, note: str, now: dt.datetime) -> AuditEntry:
    """Publish what was corrected as the next version; the one before stays within reach."""
    audit = locked(audit)
    if audit.correcting_at is None:
        raise NotThatState(_("This audit is not being corrected."))
    if not note.strip():
        raise NothingChanges(_("Say in a sentence what was corrected: readers see it."))
    audit.version += 1
    content = _whole(audit, now)
    audit.correcting_at = None
    audit.save(update_fields=["correcting_at"])
    _replace(audit, content, NewVersion.CORRECTION, note.strip(), now)
    return record(actor, "publish", audit, now, version=audit.version, why=note.strip())


def _replace(audit: Audit, content: Content, reason: str, note: str, now: dt.datetime) -> None:
    """Keep what was published among the earlier versions, and let this content hold."""
    AuditVersion.objects.create(
        audit=audit,
        version=audit.content.get("version", audit.version - 1),
        content=audit.content,
        frozen_at=audit.frozen_at or now,
        published_at=audit.published_at or now,
        replaced_at=now,
        reason=reason,
        note=note,
    )
    # The day it was first published stays the day of the audit.
    audit.content, audit.frozen_at, audit.changed_at = content, now, now
    audit.save(update_fields=["content", "frozen_at", "changed_at", "version"])
    index_audits([audit], now)
    files.ask_for(audit.pk)


@transaction.atomic
def withdraw_quotes(
    *, actor: User | None, audit: Audit, verbatims: Collection[int], now: dt.datetime
) -> AuditEntry:
    """Take words out of a frozen audit and of all its versions, because whoever said them took them back."""
    audit = locked(audit)
    for row in AuditVersion.objects.select_for_update().filter(audit=audit):
        row.content = without_quotes(row.content, verbatims)
        row.save(update_fields=["content"])
    AuditItem.verbatims.through.objects.filter(audititem__audit=audit, verbatim__in=verbatims).delete()
    content = without_quotes(audit.content, verbatims)
    files.forget(audit.pk)
    is_in_latest = bool(set(audit.content.get("quoted", ())) & set(verbatims))
    if not is_in_latest:
        files.ask_for(audit.pk)
    elif audit.published_at:
        audit.content = content
        audit.version += 1
        content = {**content, "version": audit.version}
        _replace(audit, content, NewVersion.WITHDRAWAL, "", now)
    else:
        audit.content = content
        audit.save(update_fields=["content"])
        files.ask_for(audit.pk)
    return record(actor, "withdraw", audit, now, version=audit.version, quotes=len(set(verbatims)))


@transaction.atomic
def share_audit(
    *, actor: User, audit: Audit, name: str, days: int, now: dt.datetime
) -> tuple[AuditEntry, str]:
    """Make an address that opens a published audit without an account; it is told once."""
    audit = locked(audit)
    if audit.published_at is None:
        raise NotThatState(_("Publish the audit before you share it."))
    return share_page(
        actor=actor, page=SHARED_PAGE, object_id=audit.pk, name=name, days=days, now=now, audit=audit.title
    )
