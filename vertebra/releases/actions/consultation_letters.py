"""What champions are written about a consultation: the ask, its one reminder, a line of their digest, what became of it."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import override

from vertebra.accounts.labels import MessageKind
from vertebra.accounts.models import Message
from vertebra.accounts.outbox import leave_out, queue_message
from vertebra.accounts.tokens import digest_of
from vertebra.kit import clock
from vertebra.kit.seals import BrokenSeal, seal, unseal
from vertebra.org.queries.people import language_for
from vertebra.releases.labels.consultations import IMPACT_ANSWERS, PRESSED
from vertebra.releases.models import Consultation, ConsultationAsk, Release
from vertebra.releases.queries.audiences import can_be_reached

# A late answer still helps, until the consultation is closed or its link grows old.
LATE_FOR = dt.timedelta(days=30)


def lasts_until(due_on: dt.date) -> dt.datetime:
    """How long the link of an ask opens something."""
    return clock.midnight(due_on + LATE_FOR)


def write_ask(ask: ConsultationAsk, row: Consultation, secret: str, now: dt.datetime) -> None:
    """Write to a champion what is asked, with a link of their own."""
    address = seal(reverse("releases:consultation-by-link", args=(secret,)))
    _write(ask, row, "consultation_ask", _key(ask), address, now, {"buttons": _buttons(ask)})


def write_reminder(ask: ConsultationAsk, row: Consultation, now: dt.datetime) -> bool:
    """Send the same link again; nothing if none was sent that still opens."""
    address = _sent_link(ask)
    if address:
        more = {"buttons": _buttons(ask)}
        _write(ask, row, "consultation_reminder", f"{_key(ask)}:again", address, now, more)
    return bool(address)


def write_for_digest(ask: ConsultationAsk, row: Consultation, now: dt.datetime) -> None:
    """Leave a line in the champion's next digest, once: after its one reminder an ask is in no mail of its own."""
    address = _sent_link(ask)
    if address and ask.person.user_id:
        _write(ask, row, "consultation_left", f"{_key(ask)}:left", address, now, {})


def asks_of(release: Release) -> "QuerySet[ConsultationAsk]":
    """What champions are still asked about a release."""
    return ConsultationAsk.objects.filter(consultation__release=release, consultation__closed_at=None)


def leave_in_peace(asks: Iterable[ConsultationAsk]) -> None:
    """Hold back what still asks somebody for an answer: it is given, or helps no more."""
    leave_out([f"{_key(ask)}{ending}" for ask in asks for ending in ("", ":again", ":left")])


def write_outcome(ask: ConsultationAsk, row: Consultation, who: str, now: dt.datetime) -> int:
    """Tell a champion what became of what they answered; gives how many messages that is.

    To whoever was handed a link nothing is written: what became of it stands behind that link.
    """
    if not can_be_reached(ask.person):
        return 0
    address = reverse("releases:consultation-show", args=(row.pk,))
    if not ask.person.user_id:
        # Without an account the page stays closed: their own link shows them the same.
        address = _sent_link(ask)
    key = f"{_key(ask)}:outcome"
    _write(ask, row, "consultation_outcome", key, address, now, {"outcome": row.outcome, "who": who})
    return 1


def _sent_link(ask: ConsultationAsk) -> str:
    """The link that was sent, sealed; empty if none was, its mail was removed, or another was handed over since."""
    sealed = Message.objects.filter(key=_key(ask)).values_list("address", flat=True).first() or ""
    try:
        secret = unseal(sealed).rstrip("/").rpartition("/")[2]
    except BrokenSeal:
        return ""
    return sealed if digest_of(secret) == ask.digest else ""


def _buttons(ask: ConsultationAsk) -> list[list[str]]:
    """Its three answers, for chat tools where one presses them, in the language that it is asked in."""
    with override(language_for(ask.person, ask.consultation.language)):
        return [[str(said), f"{PRESSED}{impact}", str(ask.pk)] for impact, said in IMPACT_ANSWERS.items()]


def _key(ask: ConsultationAsk) -> str:
    return f"consultation:{ask.pk}"


def _write(
    ask: ConsultationAsk, row: Consultation, template: str, key: str, address: str, now: dt.datetime, more: dict[str, Any]
) -> None:  # fmt: skip
    person = ask.person
    language = language_for(person, row.language)
    with override(language):
        day = date_format(row.due_on, "DATE_FORMAT")
    who = row.asked_by.name if row.asked_by else ""
    queue_message(
        key=key,
        template=template,
        particulars={"name": person.name, "title": row.title, "day": day, "who": who, **more},
        language=language,
        now=now,
        to_user=person.user,
        to_email="" if person.user else person.email,
        address=address,
        kind=MessageKind.CONSULTATIONS,
    )
