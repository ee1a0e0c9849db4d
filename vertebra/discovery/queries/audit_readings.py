"""How the draft of an audit is read by those heard: whom a link reaches, how long, what they say without names."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from vertebra.accounts.outbox import mail_is_on
from vertebra.analysis.privacy import FEWEST
from vertebra.discovery.labels import AuditState, Verdict
from vertebra.discovery.models import Audit, AuditOpinion, AuditReading
from vertebra.discovery.queries.audit_document import reading_counts
from vertebra.org.models import Person


def can_be_reached(person: Person) -> bool:
    """Whether a link reaches this person by itself: by mail, or in their account."""
    return bool(person.user_id) or (bool(person.email) and mail_is_on())


def without_link(audit: Audit, rows: QuerySet[AuditReading] | None = None) -> list[AuditReading]:
    """Those heard whom no mail reaches and who were handed no link yet, by name."""
    found = AuditReading.objects.all() if rows is None else rows
    waiting = found.filter(audit=audit, has_answered=False, invited_at__isnull=True)
    waiting = waiting.select_related("person").order_by("person__name_folded", "person_id")
    return [row for row in waiting if not can_be_reached(row.person)]


def is_readable(audit: Audit, today: dt.date) -> bool:
    """Whether the draft is still read by those heard."""
    is_in_time = audit.reading_until is not None and today <= audit.reading_until
    return audit.state == AuditState.READING and audit.archived_at is None and is_in_time


@dataclass(frozen=True, slots=True)
class Silent:
    """Some of those asked may still answer; how many at least, and of how many, None where it would tell who did."""

    at_least: int | None
    asked: int | None


def silent_readers(audit: Audit, today: dt.date) -> Silent | None:
    """Whether readers who have not answered would lose their say if the draft were frozen now."""
    if not is_readable(audit, today):
        return None
    if not AuditReading.objects.filter(audit=audit, has_answered=False).exists():
        return None
    counts = reading_counts(audit)
    return Silent(counts["silent"] or None, counts["invited"])


def said_missing(audit: Audit) -> list[AuditOpinion]:
    """What readers say is missing, in no order of time; nothing while fewer than five have answered."""
    rows = AuditOpinion.objects.filter(audit=audit)
    if rows.count() < FEWEST:
        return []
    said = rows.filter(verdict=Verdict.MISSING).select_related("turned_into__pain_point")
    return list(said.order_by("comment", "pk"))


def waiting_drafts() -> list[Audit]:
    """Drafts that are being read, with links that still have to go out."""
    rows = Audit.objects.filter(state=AuditState.READING, archived_at__isnull=True)
    return list(rows.filter(readings__invited_at__isnull=True).distinct())
