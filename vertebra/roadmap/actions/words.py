"""The monthly word: asked by one mail for all somebody leads, said in a minute, kept with the initiative."""

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.accounts.outbox import queue_message
from vertebra.accounts.tokens import digest_of, new_secret
from vertebra.discovery.queries.audit_readings import can_be_reached
from vertebra.evidence.asks import note_asks, room_to_ask
from vertebra.kit import clock
from vertebra.kit.seals import seal
from vertebra.org.models import Person
from vertebra.org.queries.people import language_for
from vertebra.roadmap.actions.standing import locked, written
from vertebra.roadmap.labels.initiatives import InitiativeState, Pace
from vertebra.roadmap.models import Initiative, MonthlyWord, WordAsk
from vertebra.roadmap.queries.words import (
    LINK_LASTS,
    REMIND_AFTER,
    Asked,
    month_of,
    whom_to_ask,
)

MOST_NAMED = 10


class NoWord(Refusal):
    """A word is one of three, and a line that says why."""


class NotUnderWay(Refusal):
    """A word is said of what is under way."""


@transaction.atomic
def say_word(
    *,
    actor: User | None,
    person: Person | None,
    initiative: Initiative,
    pace: str,
    line: str,
    language: str,
    now: dt.datetime,
) -> AuditEntry:
    """Say of an initiative, for this month, whether it is on track, in one line; saying it again replaces it."""
    row = locked(initiative)
    line = " ".join(line.split())
    if pace not in Pace.values or not line:
        raise NoWord(_("Choose one of the three, and say why in one line."))
    if row.state not in {InitiativeState.STARTED, InitiativeState.PAUSED}:
        raise NotUnderWay(_("This initiative is not under way: there is nothing to say of it this month."))
    day = clock.today(now)
    tracker = audit.Tracker()
    said = {"pace": pace, "line": line[:300], "language": language, "said_by": person, "said_at": now}
    word = MonthlyWord.objects.filter(initiative=row, month=month_of(day)).first()
    if word is None:
        tracker.create(MonthlyWord(initiative=row, month=month_of(day), **said))
    elif (word.pace, word.line) == (pace, line[:300]):
        raise NothingChanges(_("This was said already."))
    else:
        tracker.change(word, **said)
    before = row.pace
    tracker.change(row, pace=pace, pace_line=line[:300], paced_on=day)
    return written(
        "say_pace", row, tracker, now, actor=actor, line=line[:300], changes={"pace": [before, pace]}
    )


@transaction.atomic
def ask_words(*, actor: User | None, now: dt.datetime) -> AuditEntry | None:
    """Ask each lead, by one mail, for a word on everything of theirs that was silent this month."""
    day = clock.today(now)
    month = month_of(day)
    known = set(WordAsk.objects.filter(month=month).values_list("person_id", flat=True))
    waiting = [
        one for one in whom_to_ask(month, day) if one.person.pk not in known and can_be_reached(one.person)
    ]
    others = [one.person.pk for one in waiting if not one.is_in_charge]
    room = room_to_ask(others, now) if others else set()
    asked = [one for one in waiting if one.is_in_charge or one.person.pk in room]
    for one in asked:
        secret = new_secret()
        ask = WordAsk.objects.create(
            person=one.person,
            month=month,
            digest=digest_of(secret),
            asked_at=now,
            expires_at=now + LINK_LASTS,
        )
        if not one.is_in_charge:
            note_asks([one.person.pk], Kind.INITIATIVE, one.initiatives[0].pk, now)
        _write(one, secret, f"word:{ask.pk}", "monthly_word", now)
    return _told(actor, len(asked), "ask", now)


@transaction.atomic
def remind_words(*, actor: User | None, now: dt.datetime) -> AuditEntry | None:
    """Remind once, by a new link, those who left something unsaid; what stays unsaid waits for the next month."""
    day = clock.today(now)
    month = month_of(day)
    due = WordAsk.objects.select_for_update(of=("self",)).filter(
        month=month, reminded_at__isnull=True, asked_at__lte=now - REMIND_AFTER
    )
    silent = {one.person.pk: one for one in whom_to_ask(month, day)}
    reminded = 0
    for ask in due.select_related("person__user").order_by("pk"):
        ask.reminded_at = now
        if (one := silent.get(ask.person_id)) and can_be_reached(ask.person):
            secret = new_secret()
            ask.digest, ask.expires_at = digest_of(secret), now + LINK_LASTS
            _write(one, secret, f"word:{ask.pk}:again", "monthly_word_again", now)
            reminded += 1
        ask.save(update_fields=["reminded_at", "digest", "expires_at"])
    return _told(actor, reminded, "remind", now)


def _write(one: Asked, secret: str, key: str, template: str, now: dt.datetime) -> None:
    titles = [row.title for row in one.initiatives]
    queue_message(
        key=key,
        template=template,
        particulars={"name": one.person.name, "titles": titles[:MOST_NAMED], "count": len(titles)},
        language=language_for(one.person),
        now=now,
        to_user=one.person.user,
        to_email="" if one.person.user else one.person.email,
        address=seal(reverse("roadmap:word-by-link", args=(secret,))),
    )


def _told(actor: User | None, count: int, what: str, now: dt.datetime) -> AuditEntry | None:
    if not count:
        return None
    verb = "remind" if what == "remind" else "generate"
    return audit.record(actor=actor, verb=verb, kind=Kind.INITIATIVE, now=now, particulars={"count": count})
