"""Go or no-go by domain: asked of its owner by one mail, answered in two minutes without an account."""

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.accounts.outbox import queue_message
from vertebra.accounts.tokens import digest_of, new_secret
from vertebra.discovery.queries.audit_readings import can_be_reached
from vertebra.evidence.asks import note_asks, room_to_ask
from vertebra.kit.seals import seal
from vertebra.org.models import Person
from vertebra.org.queries.people import language_for
from vertebra.roadmap.actions.standing import locked, written
from vertebra.roadmap.labels.projects import Readiness
from vertebra.roadmap.models import GoNoGo, Launch, ReadinessAsk
from vertebra.roadmap.queries.launches import domains_to_ask, is_in_charge

LINK_LASTS = dt.timedelta(days=45)


class NoReadiness(Refusal):
    """A domain is ready, ready with risks, or not ready; the last two say what is missing."""


class NobodyToAsk(Refusal):
    """Nobody can be asked today."""


@transaction.atomic
def say_readiness(
    *,
    actor: User | None,
    launch: Launch,
    domain: str,
    readiness: str,
    note: str = "",
    person: Person | None,
    now: dt.datetime,
) -> AuditEntry:
    """Say of a domain whether the launch may go; the word before it stays."""
    row = locked(launch.initiative)
    note = note.strip()
    if not launch.steps.filter(domain=domain).exists():
        raise NoReadiness(_("This launch has no such domain."))
    if readiness not in Readiness.values:
        raise NoReadiness(_("Ready, ready with risks, or not ready?"))
    if readiness != Readiness.READY and not note:
        raise NoReadiness(_("Say in one line what is missing: somebody may be able to help."))
    last = GoNoGo.objects.filter(launch=launch, domain=domain).first()
    if last and (last.readiness, last.note) == (readiness, note):
        raise NothingChanges(_("This was said already."))
    tracker = audit.Tracker()
    word = GoNoGo(launch=launch, domain=domain, readiness=readiness, note=note, said_by=person, said_at=now)
    tracker.create(word)
    return written("decide", row, tracker, now, actor=actor, domain=domain, readiness=readiness)


@transaction.atomic
def ask_readiness(*, actor: User | None, launch: Launch, now: dt.datetime) -> AuditEntry:
    """Ask the owner of each silent domain, by one mail for all of theirs; nobody twice for one launch."""
    row = locked(launch.initiative)
    asked = set(ReadinessAsk.objects.filter(launch=launch).values_list("person_id", flat=True))
    waiting = [
        (person, domains)
        for person, domains in domains_to_ask(launch)
        if person.pk not in asked and can_be_reached(person)
    ]
    # Whoever leads the launch is in charge of it; others are asked for two things a week at most.
    others = [person.pk for person, _domains in waiting if not is_in_charge(launch, person)]
    room = room_to_ask(others, now) if others else set()
    sent = 0
    for person, domains in waiting:
        if not is_in_charge(launch, person):
            if person.pk not in room:
                continue
            note_asks([person.pk], Kind.LAUNCH, launch.pk, now)
        _write(launch, person, domains, _new_link(launch, person, now), now)
        sent += 1
    if not sent:
        raise NobodyToAsk(
            _("Nobody to ask today: each was asked already, has no address, or was asked twice this week.")
        )
    return written("put", row, audit.Tracker(), now, actor=actor, count=sent)


def _new_link(launch: Launch, person: Person, now: dt.datetime) -> str:
    """The secret of the link by which somebody answers."""
    secret = new_secret()
    ReadinessAsk.objects.update_or_create(
        launch=launch,
        person=person,
        defaults={"digest": digest_of(secret), "asked_at": now, "expires_at": now + LINK_LASTS},
    )
    return secret


def _write(launch: Launch, person: Person, domains: list[str], secret: str, now: dt.datetime) -> None:
    language = language_for(person)
    with override(language):
        day = date_format(launch.target_on, "DATE_FORMAT")
    queue_message(
        key=f"readiness:{launch.pk}:{person.pk}",
        template="readiness_ask",
        particulars={
            "name": person.name,
            "title": launch.initiative.title,
            "domains": domains,
            "count": len(domains),
            "day": day,
        },
        language=language,
        now=now,
        to_user=person.user,
        to_email="" if person.user else person.email,
        address=seal(reverse("roadmap:readiness-by-link", args=(secret,))),
    )
