"""Relays: what champions passed on, and what became of it."""

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind, MessageKind
from vertebra.accounts.models import AuditEntry, User
from vertebra.accounts.outbox import queue_message
from vertebra.kit import clock
from vertebra.org.empty_spaces import person_of
from vertebra.org.labels import MandateRole
from vertebra.org.models import Mandate, Person
from vertebra.org.queries.people import language_for
from vertebra.releases.labels.consultations import MOST_MINUTES
from vertebra.releases.models import Relay, Release
from vertebra.roadmap.models import Topic


class NotAChampion(Refusal):
    """Champions pass on; everybody else raises a topic."""


class NothingSaid(Refusal):
    """A relay says what was passed on."""


@transaction.atomic
def pass_on(
    *,
    actor: User,
    person: Person,
    line: str,
    minutes: int = 0,
    release: Release | None = None,
    topic: Topic | None = None,
    language: str,
    now: dt.datetime,
) -> AuditEntry:
    """Note what a champion passed on, and the minutes that it took."""
    line = " ".join(line.replace("\x00", "").split())[:500]
    if not line:
        raise NothingSaid(_("Say in one line what you passed on."))
    held = Mandate.objects.as_of(clock.today(now)).filter(role=MandateRole.CHAMPION, person=person)
    mandate = held.order_by("pk").first()
    if mandate is None:
        raise NotAChampion(_("You are no Product Champion today: raise a topic instead."))
    if release is not None and release.area_id:
        mandate = held.filter(area=release.area_id).first() or mandate
    Relay.objects.create(
        mandate=mandate, person=person, release=release, topic=topic, line=line, language=language,
        minutes=min(max(0, minutes), MOST_MINUTES), passed_at=now,
    )  # fmt: skip
    return _noted("pass_on", actor, now)


@transaction.atomic
def say_what_became(*, actor: User, relay: Relay, became: str, now: dt.datetime) -> AuditEntry:
    """Say what became of something that was passed on; the champion is told if somebody else says it."""
    rows = Relay.objects.select_for_update(of=("self",)).select_related("person__user")
    row = rows.get(pk=relay.pk)
    became = " ".join(became.split())[:500]
    if not became:
        raise NothingSaid(_("Say in one line what became of it."))
    if became == row.became:
        raise NothingChanges(_("This was noted already."))
    row.became = became
    row.save(update_fields=["became"])
    me = person_of(actor)
    if row.person.user is not None and (me is None or me.pk != row.person_id):
        queue_message(
            key=f"relay:{row.pk}:{now.isoformat()}",
            template="relay_outcome",
            particulars={"line": row.line, "became": became, "who": actor.name},
            language=language_for(row.person, row.language),
            to_user=row.person.user,
            address=reverse("releases:desk"),
            kind=MessageKind.CONSULTATIONS,
            now=now,
        )
    return _noted("note", actor, now)


@transaction.atomic
def take_back_relay(*, actor: User, relay: Relay, now: dt.datetime) -> AuditEntry:
    """Take back something noted by mistake."""
    Relay.objects.filter(pk=relay.pk).delete()
    return _noted("withdraw", actor, now)


def _noted(verb: str, actor: User, now: dt.datetime) -> AuditEntry:
    # Neither the line nor its minutes: what a champion passed on stands on their desk, for them and Product Ops.
    return audit.record(actor=actor, verb=verb, kind=Kind.MANDATE, now=now)
