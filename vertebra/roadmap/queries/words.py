"""Whose word is asked each month, on which initiatives, and what was said."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet

from vertebra.accounts.tokens import digest_of
from vertebra.kit import clock
from vertebra.org.models import Person
from vertebra.roadmap.labels.initiatives import InitiativeKind, InitiativeState, Part
from vertebra.roadmap.models import Initiative, Involvement, MonthlyWord, WordAsk

# From this day of the month on, a word is asked for the month; one reminder follows so many days later.
FIRST_DAY = 20
REMIND_AFTER = dt.timedelta(days=5)
LINK_LASTS = dt.timedelta(days=45)


def month_of(day: dt.date) -> dt.date:
    """The month of a day, by its first day."""
    return day.replace(day=1)


def spoken_of() -> "QuerySet[Initiative]":
    """The initiatives on which a word is asked each month: those under way that no other tool tells about."""
    return Initiative.objects.filter(archived_at__isnull=True, state=InitiativeState.STARTED).exclude(
        kind=InitiativeKind.PRODUCT, source__isnull=False
    )


def unsaid(month: dt.date) -> "QuerySet[Initiative]":
    """Of these, the ones on which nothing was said for the month."""
    said = MonthlyWord.objects.filter(initiative=OuterRef("pk"), month=month)
    return spoken_of().filter(~Exists(said))


@dataclass(slots=True)
class Asked:
    """What one person is asked about; who is not in charge of any of them is asked at most twice a week."""

    person: Person
    initiatives: list[Initiative] = field(default_factory=list)
    is_in_charge: bool = False


def whom_to_ask(month: dt.date, day: dt.date) -> list[Asked]:
    """The lead of each silent initiative, else a person who owns it, else the first who builds it."""
    silent = list(unsaid(month).order_by("pk"))
    helpers: dict[int, list[Involvement]] = defaultdict(list)
    without = [row.pk for row in silent if row.lead_id is None]
    parts = Involvement.objects.filter(initiative__in=without, person__isnull=False)
    for part in parts.exclude(part=Part.CONCERNED).order_by("-part", "pk"):
        helpers[part.initiative_id].append(part)
    ids = {row.lead_id for row in silent} | {part.person_id for parts in helpers.values() for part in parts}
    present = Person.objects.present_on(day).filter(archived_at__isnull=True, pk__in=ids - {None})
    people = {person.pk: person for person in present.select_related("user")}
    found: dict[int, Asked] = {}
    for row in silent:
        wanted = (
            [(row.lead_id, True)]
            if row.lead_id
            else [(part.person_id, part.part == Part.OWNER) for part in helpers[row.pk]]
        )
        for person_id, is_in_charge in wanted:
            if person := people.get(person_id or 0):
                asked = found.setdefault(person.pk, Asked(person))
                asked.initiatives.append(row)
                asked.is_in_charge |= is_in_charge
                break
    return sorted(found.values(), key=lambda one: one.person.pk)


def ask_of(token: str) -> WordAsk | None:
    """The ask that a link of a mail opens."""
    rows = WordAsk.objects.select_related("person__user")
    return rows.filter(digest=digest_of(token)).first()


def about(ask: WordAsk) -> list[Initiative]:
    """What the holder of a link may say a word on: what they lead or build that is under way."""
    person = ask.person
    mine = Involvement.objects.filter(initiative=OuterRef("pk"), person=person).exclude(part=Part.CONCERNED)
    led = spoken_of().filter(lead=person) | spoken_of().filter(Exists(mine), lead__isnull=True)
    return list(led.order_by("due_on", "pk")[:50])


def words_of_month(initiatives: list[Initiative], month: dt.date) -> dict[int, MonthlyWord]:
    """What was said of these for a month."""
    rows = MonthlyWord.objects.filter(initiative__in=[row.pk for row in initiatives], month=month)
    return {row.initiative_id: row for row in rows}


def is_asking_day(now: dt.datetime) -> bool:
    """Whether words are asked for by now."""
    return clock.today(now).day >= FIRST_DAY


def is_silent(now: dt.datetime) -> bool:
    """Whether nothing was said this month of an initiative under way."""
    return unsaid(month_of(clock.today(now))).exists()
