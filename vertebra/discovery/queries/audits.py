"""Audits as each reader may know them: drafts for Product Ops, what was published for everyone who may read."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from vertebra.accounts.models import SharedLink, User
from vertebra.accounts.permissions import Right, may
from vertebra.accounts.tokens import digest_of
from vertebra.discovery.models import Audit, AuditReading, AuditVersion
from vertebra.discovery.queries.audit_document import Content, without_quotes
from vertebra.discovery.queries.voices import hidden_ids

SHARED_PAGE = "audit"


def open_to(user: User) -> QuerySet[Audit]:
    """The audits that somebody may open: all for Product Ops, the published ones for other readers."""
    rows = Audit.objects.filter(archived_at__isnull=True)
    if may(user, Right.PRODUCT_OPS):
        return rows
    return rows.filter(published_at__isnull=False) if may(user, Right.READ) else rows.none()


def published() -> QuerySet[Audit]:
    """The audits that everyone may read, the latest first."""
    return Audit.objects.filter(archived_at__isnull=True, published_at__isnull=False).order_by("-number")


@dataclass(frozen=True, slots=True)
class Edition:
    """One frozen version of an audit, as it may be shown now; behind when words were withdrawn since it was written."""

    audit: Audit
    version: int
    content: Content
    frozen_at: dt.datetime
    published_at: dt.datetime | None
    is_latest: bool
    reason: str = ""
    note: str = ""
    is_behind: bool = False


def latest_edition(audit: Audit) -> Edition | None:
    """The frozen version that holds, without words that were withdrawn since."""
    if audit.frozen_at is None:
        return None
    content = readable(audit.content)
    return Edition(
        audit=audit,
        version=content.get("version", 1),
        content=content,
        frozen_at=audit.frozen_at,
        published_at=audit.published_at,
        is_latest=True,
        is_behind=content is not audit.content,
    )


def edition_of(audit: Audit, version: int) -> Edition | None:
    """A version by its number, without words that were withdrawn since."""
    latest = latest_edition(audit)
    if latest and latest.version == version:
        return latest
    row = AuditVersion.objects.filter(audit=audit, version=version).first()
    if row is None:
        return None
    content = readable(row.content)
    return Edition(
        audit=audit,
        version=version,
        content=content,
        frozen_at=row.frozen_at,
        published_at=row.published_at,
        is_latest=False,
        reason=row.reason,
        note=row.note,
        is_behind=content is not row.content,
    )


def readable(content: Content) -> Content:
    """What a frozen document says today: words whose consent was withdrawn meanwhile are gone at once."""
    gone = hidden_ids(content.get("quoted", [])) if content.get("quoted") else set()
    return without_quotes(content, gone) if gone else content


def earlier_versions(audit: Audit) -> list[AuditVersion]:
    """The versions that later ones replaced, the latest first, without their text."""
    return list(AuditVersion.objects.filter(audit=audit).defer("content").order_by("-version"))


def quotes_withdrawn() -> list[tuple[int, set[int]]]:
    """What is due: frozen audits that still hold words withdrawn or erased since, and which."""
    found: dict[int, set[int]] = {}
    holding: dict[int, set[int]] = {}
    for pk, quoted in Audit.objects.filter(frozen_at__isnull=False).values_list("pk", "content__quoted"):
        holding[pk] = set(quoted or [])
    for pk, quoted in AuditVersion.objects.values_list("audit_id", "content__quoted"):
        holding.setdefault(pk, set()).update(quoted or [])
    gone = hidden_ids({one for ids in holding.values() for one in ids})
    for pk, ids in holding.items():
        if ids & gone:
            found[pk] = ids & gone
    return sorted(found.items())


def reading_of(secret: str) -> AuditReading | None:
    """The reading that a signed link opens."""
    rows = AuditReading.objects.select_related("audit", "person")
    return rows.filter(digest=digest_of(secret)).first() if secret else None


def link_of(secret: str) -> SharedLink | None:
    """The shared link with this secret."""
    return SharedLink.objects.filter(page=SHARED_PAGE, digest=digest_of(secret)).first()


def links_of(audit: Audit) -> QuerySet[SharedLink]:
    """The links by which an audit was shared, the latest first."""
    rows = SharedLink.objects.filter(page=SHARED_PAGE, object_id=audit.pk)
    return rows.select_related("made_by").order_by("-pk")


def matching(rows: QuerySet[Audit], text: str) -> QuerySet[Audit]:
    """The audits whose title holds the text, or whose number it is."""
    by_number = Q(number=int(text)) if text.isdecimal() and len(text) < 5 else Q(pk__in=[])
    return rows.filter(Q(title__icontains=text) | by_number)
