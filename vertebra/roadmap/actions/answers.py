"""Answers: whoever raised or relayed a topic is told what was decided and why, in their language, once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.accounts.outbox import mail_is_on, queue_message
from vertebra.discovery.queries.audit_readings import can_be_reached
from vertebra.org.queries.people import language_for
from vertebra.roadmap.actions.voices import address_in
from vertebra.roadmap.models import Answer, Decision, Voice
from vertebra.roadmap.queries.decisions import said_in, unanswered

Pair = tuple[Decision, Voice]


@transaction.atomic
def answer_voices(*, actor: User | None, now: dt.datetime) -> AuditEntry | None:
    """Tell everybody who waits for an answer what was decided, all that concerns one of them in one message.

    The answer is noted in the transaction that queues the message: cut short, neither is there, and the next run
    does both; two runs at once cannot both note it.
    """
    due = unanswered()
    if not due:
        return None
    # Whoever tells at the same time waits here, then finds nothing left.
    list(Decision.objects.select_for_update().filter(pk__in={d.pk for d, _v in due}).values_list("pk"))
    waiting = unanswered()
    accounts = _accounts(waiting)
    by_reader: dict[tuple[str, object], list[Pair]] = defaultdict(list)
    for decision, voice in waiting:
        if (reader := _reader(voice, accounts)) is not None:
            by_reader[reader].append((decision, voice))
    for pairs in by_reader.values():
        _tell(pairs, accounts, now)
    if not by_reader:
        return None
    told = sum(map(len, by_reader.values()))
    return audit.record(
        actor=actor,
        verb="tell",
        kind=Kind.DECISION,
        now=now,
        particulars={"count": told, "people": len(by_reader)},
    )


def _accounts(waiting: Sequence[Pair]) -> dict[str, User]:
    """The accounts behind addresses that people left who are not in the directory."""
    addresses = {address_in(voice.sealed_address).casefold() for _d, voice in waiting if voice.person is None}
    rows = User.objects.annotate(folded=Lower("email")).filter(folded__in=addresses - {""}, is_active=True)
    return {user.email.casefold(): user for user in rows}


def _reader(voice: Voice, accounts: dict[str, User]) -> tuple[str, object] | None:
    """Who is told, or nobody where no message arrives."""
    if voice.person is not None:
        return ("person", voice.person_id) if can_be_reached(voice.person) else None
    address = address_in(voice.sealed_address).casefold()
    return ("address", address) if address in accounts or (address and mail_is_on()) else None


def _tell(pairs: Sequence[Pair], accounts: dict[str, User], now: dt.datetime) -> None:
    voice = pairs[0][1]
    person, address = voice.person, address_in(voice.sealed_address)
    user = person.user if person else accounts.get(address.casefold())
    if person is not None:
        language, address = language_for(person, voice.language), person.email
    else:
        language = user.language if user else voice.language
    lines = []
    for decision, _voice in pairs:
        what, why = said_in(decision, language)
        lines.append(
            {
                "title": decision.topic.title,
                "verdict": decision.verdict,
                "what": _one_line(what),
                "why": _one_line(why),
            }
        )
    Answer.objects.bulk_create(Answer(decision=d, voice=v, told_at=now) for d, v in pairs)
    first, own = pairs[0]
    queue_message(
        key=f"decisions:{own.pk}:{first.pk}",
        template="decisions_told",
        particulars={"name": person.name if person else "", "lines": lines, "count": len(lines)},
        language=language,
        now=now,
        to_user=user,
        to_email="" if user else address,
        address=_where(pairs) if user else "",
    )


def _where(pairs: Sequence[Pair]) -> str:
    """Where what is told is read: the decision, or for several the table that lists each with its reason."""
    first = pairs[0][0]
    if (
        len(pairs) > 1
        and first.cycle_id
        and {decision.cycle_id for decision, _v in pairs} == {first.cycle_id}
    ):
        return reverse("roadmap:cycle-show", args=(first.cycle_id,))
    return reverse("roadmap:decision-show", args=(first.pk,))


def _one_line(text: str) -> str:
    """What somebody wrote, on one line of a message."""
    return " ".join(text.split())


@transaction.atomic
def told_by_hand(*, actor: User, decision: Decision, voice: Voice, now: dt.datetime) -> AuditEntry:
    """Note that somebody whom no message reaches was told by word of mouth."""
    waiting = Voice.objects.select_for_update(of=("self",)).filter(pk=voice.pk, topic=decision.topic_id)
    if not waiting.exists() or Answer.objects.filter(decision=decision, voice=voice).exists():
        raise NothingChanges(_("This person was told before."))
    tracker = audit.Tracker()
    tracker.create(Answer(decision=decision, voice=voice, told_at=now))
    return audit.record(
        actor=actor, verb="tell", kind=Kind.TOPIC, object_id=decision.topic_id,
        object_name=decision.topic.title, now=now, rows=tracker.changes,
    )  # fmt: skip
