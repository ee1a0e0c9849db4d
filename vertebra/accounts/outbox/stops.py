"""Addresses that get no more mail: their owners said so, or it comes back."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F

from vertebra.accounts.labels import NEVER_CHOSEN, StopReason
from vertebra.accounts.models import MailStop


@dataclass(frozen=True)
class Stops:
    """What is known of some addresses."""

    unsubscribed: set[tuple[str, str]] = field(default_factory=set)
    bounced: dict[str, int] = field(default_factory=dict)

    def reason(self, email: str, kind: str) -> str:
        """Why a mail of this kind does not go to an address, if so."""
        email = email.lower()
        if self.bounced.get(email, 0) >= MailStop.AFTER_BOUNCES:
            return StopReason.BOUNCED
        is_over = (email, kind) in self.unsubscribed or (email, "") in self.unsubscribed
        return StopReason.UNSUBSCRIBED if is_over and kind not in NEVER_CHOSEN else ""

    def has_bounced(self, email: str) -> bool:
        """Whether mail came back from an address that nothing was heard of since."""
        return email.lower() in self.bounced


def stops_of(emails: Iterable[str]) -> Stops:
    """What is known of these addresses."""
    rows = MailStop.objects.filter(email__in={email.lower() for email in emails if email})
    found = Stops()
    for row in rows:
        if row.reason == StopReason.BOUNCED:
            found.bounced[row.email] = row.count
        else:
            found.unsubscribed.add((row.email, row.kind))
    return found


def note_bounce(email: str, detail: str, now: dt.datetime) -> None:
    """Note that an address does not exist: after three times in a row nothing more is sent there."""
    row, is_new = MailStop.objects.get_or_create(
        email=email.lower(),
        kind="",
        reason=StopReason.BOUNCED,
        defaults={"detail": detail[:300], "latest_at": now},
    )
    if not is_new:
        MailStop.objects.filter(pk=row.pk).update(count=F("count") + 1, detail=detail[:300], latest_at=now)
