"""One message to those whom something concerns, before there is any release."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.accounts.outbox import queue_message
from vertebra.kit import clock
from vertebra.org.empty_spaces import person_of
from vertebra.org.models import Person
from vertebra.releases.models import HeadsUp, HeadsUpTo
from vertebra.releases.queries.consultations import Subject, mandates_of

MOST = 12


class NobodyChosen(Refusal):
    """A heads-up goes to somebody."""


class TooMany(Refusal):
    """A heads-up goes to a few: many are told by a release."""


class NothingSaid(Refusal):
    """A heads-up says something."""


@transaction.atomic
def send_heads_up(
    *,
    actor: User,
    words: str,
    people: Mapping[int, Sequence[str]],
    web_address: str = "",
    language: str,
    now: dt.datetime,
) -> AuditEntry:
    """Tell these people, each once, and keep for which reasons they were told."""
    words = words.replace("\x00", "").strip()[:4000]
    if not words:
        raise NothingSaid(_("Say what they should know."))
    rows = _chosen(people)
    made = HeadsUp.objects.create(
        words=words, web_address=web_address, language=language, sent_by=person_of(actor), made_by=actor, sent_at=now
    )  # fmt: skip
    mandates = mandates_of([row.pk for row in rows], Subject(words), clock.today(now))
    HeadsUpTo.objects.bulk_create(
        HeadsUpTo(heads_up=made, person=row, mandate=mandates.get(row.pk), reasons=list(people[row.pk]))
        for row in rows
    )
    for row in rows:
        _write_to(row, made, actor, now)
    return audit.record(
        actor=actor,
        verb="share",
        kind=Kind.HEADS_UP,
        object_id=made.pk,
        object_name=words[:80],
        particulars={"count": len(rows)},
        now=now,
    )


def _chosen(people: Collection[int]) -> list[Person]:
    """Those of these people who are there, if they are a few."""
    found = Person.objects.filter(pk__in=list(people)[: MOST + 1], archived_at=None)
    rows = list(found.select_related("user"))
    if not rows:
        raise NobodyChosen(_("Choose at least one person."))
    if len(rows) > MOST:
        raise TooMany(_("Tell %(count)d people at most; more are told by a release.") % {"count": MOST})
    return rows


def _write_to(row: Person, made: HeadsUp, actor: User, now: dt.datetime) -> None:
    if row.user is None and not row.email:
        return
    queue_message(
        key=f"heads-up:{made.pk}:{row.pk}",
        to_user=row.user,
        to_email="" if row.user else row.email,
        template="heads_up",
        particulars={"who": actor.name, "words": made.words},
        language=row.user.language if row.user else row.language or made.language,
        address=made.web_address or reverse("releases:telling"),
        now=now,
    )
