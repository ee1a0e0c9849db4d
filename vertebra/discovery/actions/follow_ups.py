"""Telling those who were heard what became of what they said: at most one mail a week for each."""

import datetime as dt

from django.db import transaction
from django.urls import reverse

from vertebra.accounts import audit as trail
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.accounts.outbox import queue_message
from vertebra.accounts.tokens import digest_of, new_secret
from vertebra.discovery.models import Audit, FollowUp, PainPoint
from vertebra.discovery.queries.audit_readings import can_be_reached
from vertebra.discovery.queries.follow_ups import LINK_LASTS, due_news
from vertebra.kit import clock
from vertebra.kit.seals import seal
from vertebra.org.models import Person
from vertebra.org.queries.people import language_for

MOST_NAMED = 10


@transaction.atomic
def tell_what_became(*, actor: User | None, now: dt.datetime) -> AuditEntry | None:
    """Write to everyone heard who has news, everything in one mail; nothing to tell is no entry."""
    due = due_news(now)
    people = Person.objects.present_on(clock.today(now)).filter(pk__in=due, archived_at__isnull=True)
    points = {pk for news in due.values() for pk in news.pain_points}
    audits = {pk for news in due.values() for pk in news.audits}
    titles = dict(
        PainPoint.objects.filter(pk__in=points, archived_at__isnull=True).values_list("pk", "title")
    )
    named = dict(Audit.objects.filter(pk__in=audits).values_list("pk", "title"))
    told = 0
    for person in people.select_related("user").order_by("pk"):
        moved = [titles[pk] for pk in sorted(due[person.pk].pain_points) if pk in titles]
        read = [named[pk] for pk in sorted(due[person.pk].audits) if pk in named]
        if (moved or read) and can_be_reached(person):
            _write(person, {"moved": moved[:MOST_NAMED], "audits": read, "count": len(moved)}, now)
            told += 1
    if not told:
        return None
    return trail.record(
        actor=actor, verb="generate", kind=Kind.AUDIT, now=now, particulars={"count": told, "mailed": True}
    )


@transaction.atomic
def renew_follow_up(*, actor: User | None, person: Person, now: dt.datetime) -> AuditEntry | None:
    """Send a new link to somebody whose link has expired, to their own address."""
    if not can_be_reached(person):
        return None
    _write(person, {"moved": [], "audits": [], "count": 0, "is_asked": True}, now)
    return trail.record(actor=actor, verb="generate", kind=Kind.AUDIT, now=now, particulars={"mailed": True})


def _write(person: Person, particulars: dict[str, object], now: dt.datetime) -> None:
    secret = new_secret()
    row = FollowUp.objects.create(
        person=person, digest=digest_of(secret), sent_at=now, expires_at=now + LINK_LASTS
    )
    queue_message(
        key=f"follow_up:{row.pk}",
        template="what_became",
        particulars={"name": person.name, **particulars},
        language=language_for(person),
        now=now,
        to_user=person.user,
        to_email="" if person.user else person.email,
        address=seal(reverse("discovery:follow-up", args=(secret,))),
    )
