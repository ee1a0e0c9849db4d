"""What those concerned are written when a practice is to hold for them, or holds no more: one message each, once."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import override

from vertebra.accounts.labels import MessageKind
from vertebra.accounts.models import Message
from vertebra.accounts.outbox import mail_is_on, queue_messages
from vertebra.kit import clock
from vertebra.org.models import Membership, Person
from vertebra.org.queries.people import language_for
from vertebra.org.queries.structure import Structure
from vertebra.practices.models import Practice, PracticeReach
from vertebra.practices.queries.texts import versions_of


def tell_announced(row: Practice, reach: PracticeReach, now: dt.datetime) -> None:
    """Tell those for whom it is announced from which day, and until when they may object."""
    structure = Structure.as_of(clock.today(now), with_members=False)
    node = structure.get(reach.unit_id)
    said = {"reach": reach.reach, "unit": node.name if node else "", "day": reach.starts_on}
    _write(
        row,
        "practice_announced",
        f"practice-reach:{reach.pk}",
        said,
        concerned(structure, [reach.unit_id]),
        now,
    )


def tell_retired(row: Practice, held: Iterable[PracticeReach], reason: str, now: dt.datetime) -> None:
    """Tell those who lived it that it is retired, and why."""
    units = [reach.unit_id for reach in held]
    if not units:
        return
    structure = Structure.as_of(clock.today(now), with_members=False)
    key = f"practice-retired:{row.pk}:{now.isoformat()}"
    _write(
        row, "practice_retired", key, {"reason": " ".join(reason.split())}, concerned(structure, units), now
    )


def concerned(structure: Structure, units: Iterable[int | None]) -> "QuerySet[Person]":
    """Those who work in these units or under them; in the whole company where one of them is none."""
    places = list(units)
    members = Membership.objects.as_of(structure.day)
    if None not in places:
        members = members.filter(unit__in=set().union(*(structure.under(unit or 0) for unit in places)))
    return Person.objects.filter(pk__in=members.values("person"), archived_at=None).select_related("user")


def _write(
    row: Practice, template: str, key: str, said: dict[str, Any], people: "QuerySet[Person]", now: dt.datetime
) -> None:
    names = {text.language: text.name for text in versions_of(row).read.texts.all()}
    address = reverse("practices:practice-show", args=(row.pk,))
    is_mailed = mail_is_on()
    messages = []
    for person in people:
        if not person.user_id and not (person.email and is_mailed):
            continue
        language = language_for(person, row.language)
        told = said | ({"day": _said_in(said["day"], language)} if "day" in said else {})
        messages.append(
            Message(
                key=f"{key}:{person.pk}", template=template, kind=MessageKind.RELEASES, language=language,
                particulars={"title": names.get(language, row.name), **told}, to_user=person.user,
                to_email="" if person.user_id else person.email, address=address,
            )
        )  # fmt: skip
    queue_messages(messages, now)


def _said_in(day: dt.date, language: str) -> str:
    with override(language):
        return date_format(day, "DATE_FORMAT")
