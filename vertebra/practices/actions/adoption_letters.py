"""What those who lead a team are written: the quarterly card, its one reminder, that an adaptation is over."""

import datetime as dt

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import override

from vertebra.accounts.models import Message
from vertebra.accounts.outbox import leave_out, queue_message
from vertebra.kit import clock
from vertebra.kit.seals import seal
from vertebra.org.models import Person
from vertebra.org.queries.people import language_for
from vertebra.practices.models import Adaptation, AdoptionCard


def write_card(card: AdoptionCard, team: str, secret: str, now: dt.datetime) -> None:
    """Write to somebody who leads a team what is asked, with a link of their own."""
    address = seal(reverse("practices:card-by-link", args=(secret,)))
    _write(card.person, "adoption_card", _key(card), address, {"team": team, **_until(card)}, now)


def write_card_again(card: AdoptionCard, team: str, now: dt.datetime) -> bool:
    """Send the same link once more; nothing if none was sent."""
    address = Message.objects.filter(key=_key(card)).values_list("address", flat=True).first() or ""
    if address:
        told = {"team": team, **_until(card)}
        _write(card.person, "adoption_card_again", f"{_key(card)}:again", address, told, now)
    return bool(address)


def leave_card_in_peace(card: AdoptionCard) -> None:
    """Hold back what still asks: it was answered or passed on."""
    leave_out([_key(card), f"{_key(card)}:again"])


def write_adaptation_over(row: Adaptation, team: str, person: Person, now: dt.datetime) -> None:
    """Tell somebody who leads a team that what it did otherwise has come to its end."""
    address = reverse("practices:team-show", args=(row.unit_id,))
    told = {"team": team, "title": row.practice.name}
    _write(person, "adaptation_over", f"adaptation:{row.pk}:over:{person.pk}", address, told, now)


def _until(card: AdoptionCard) -> dict[str, str]:
    with override(language_for(card.person)):
        day = clock.today(card.expires_at) - dt.timedelta(days=1)
        return {"day": date_format(day, "DATE_FORMAT")}


def _key(card: AdoptionCard) -> str:
    return f"adoption_card:{card.pk}"


def _write(
    person: Person, template: str, key: str, address: str, told: dict[str, str], now: dt.datetime
) -> None:
    queue_message(
        key=key,
        template=template,
        particulars={"name": person.name, **told},
        language=language_for(person),
        now=now,
        to_user=person.user,
        to_email="" if person.user else person.email,
        address=address,
    )
