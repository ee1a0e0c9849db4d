"""How the draft of an audit is read by those heard: whom a link reaches, how long, what they say without names."""

import datetime as dt

from vertebra.accounts.outbox import mail_is_on
from vertebra.analysis.privacy import FEWEST
from vertebra.discovery.labels import AuditState, Verdict
from vertebra.discovery.models import Audit, AuditReading
from vertebra.org.models import Person


def can_be_reached(person: Person) -> bool:
    """Whether a link reaches this person by itself: by mail, or in their account."""
    return bool(person.user_id) or (bool(person.email) and mail_is_on())


def is_readable(audit: Audit, today: dt.date) -> bool:
    """Whether the draft is still read by those heard."""
    is_in_time = audit.reading_until is not None and today <= audit.reading_until
    return audit.state == AuditState.READING and audit.archived_at is None and is_in_time


def said_missing(audit: Audit) -> list[AuditReading]:
    """What readers say is missing, without their names and in no order of time; nothing while fewer than five were asked."""
    rows = AuditReading.objects.filter(audit=audit, invited_at__isnull=False)
    if rows.count() < FEWEST:
        return []
    said = rows.filter(verdict=Verdict.MISSING).select_related("turned_into__pain_point")
    return list(said.only("comment", "verdict", "turned_into", "audit").order_by("comment", "digest"))


def waiting_drafts() -> list[Audit]:
    """Drafts that are being read, with links that still have to go out."""
    rows = Audit.objects.filter(state=AuditState.READING, archived_at__isnull=True)
    return list(rows.filter(readings__invited_at__isnull=True).distinct())
