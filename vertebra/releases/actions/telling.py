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
from vertebra.releases.queries.audiences import can_be_reached
from vertebra.releases.queries.consultations import Subject, mandates_of

MOST = 12


class NobodyChosen(Refusal):
    """A heads-up goes to somebody."""


class NobodyReached(Refusal):
    """A heads-up goes to somebody whom a message reaches."""


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
) -> tuple[AuditEntry, list[Person], list[Person]]:
    """Tell these people, each once, and keep for which reasons; gives who was told, and whom no message reaches."""
    words = words.replace("\x00", "").strip()[:4000]
    if not words:
        raise NothingSaid(_("Say what they should know."))
    rows, missed = _chosen(people)
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
    entry = audit.record(
        actor=actor,
        verb="share",
        kind=Kind.HEADS_UP,
        object_id=made.pk,
        object_name=words[:80],
        particulars={"count": len(rows)},
        now=now,
    )
    return entry, rows, missed


def _chosen(people: Collection[int]) -> tuple[list[Person], list[Person]]:
    """Those of these people who are there, if they are a few: whom a message reaches, and whom none does."""
    found = Person.objects.filter(pk__in=list(people)[: MOST + 1], archived_at=None)
    rows = list(found.select_related("user"))
    if not rows:
        raise NobodyChosen(_("Choose at least one person."))
    if len(rows) > MOST:
        raise TooMany(_("Tell %(count)d people at most; more are told by a release.") % {"count": MOST})
    reached = [row for row in rows if can_be_reached(row)]
    if not reached:
        raise NobodyReached(_("No message reaches any of them: they have no open account and get no mail."))
    return reached, [row for row in rows if row not in reached]


def _write_to(row: Person, made: HeadsUp, actor: User, now: dt.datetime) -> None:
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
