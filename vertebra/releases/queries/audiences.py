"""Whom audiences reach on a day, and whom they miss: conditions over the organisation, asked of the database."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from vertebra.accounts.labels import PERSONAL_CHANNELS, Channel
from vertebra.accounts.outbox import mail_is_on
from vertebra.org.models import Mandate, Market, Membership, Person
from vertebra.org.queries.care import Areas, Owners
from vertebra.org.queries.structure import Structure
from vertebra.releases.labels.audiences import CUSTOMER_FACING
from vertebra.releases.models import Audience, Release
from vertebra.releases.queries.rules import MOST_DEEP, MOST_INSIDE, weight_of

SPOKEN = frozenset(code for code, _name in settings.LANGUAGES)

NOBODY = Q(pk__in=())
EVERYBODY = Q()


def people_on(day: dt.date) -> "QuerySet[Person]":
    """Everybody whom an audience may reach on a day."""
    rows: QuerySet[Person] = Person.objects.present_on(day).filter(archived_at=None)
    return rows


def can_be_reached(person: Person) -> bool:
    """Whether a link reaches this person by itself: in their account while it is open, or else by mail."""
    if person.user is not None:
        return person.user.is_active
    return bool(person.email) and mail_is_on()


def reachable(channels: Collection[str] = PERSONAL_CHANNELS) -> Q:
    """Those whom something sent by these channels can leave to: in their account, or by mail where any is sent."""
    accounts, chosen = Q(user__is_active=True), set(channels) & set(PERSONAL_CHANNELS)
    if Channel.MAIL in chosen and mail_is_on():
        return accounts | (Q(user=None) & ~Q(email=""))
    return accounts if chosen - {Channel.MAIL} else NOBODY


@dataclass
class Reading:
    """The organisation of a day, as rules ask it; what several conditions need is read once."""

    day: dt.date
    known: dict[int, Mapping[str, Any]] | None = None
    inside: set[int] = field(default_factory=set)
    taken: int = 0

    @cached_property
    def structure(self) -> Structure:
        """The units of the day."""
        return Structure.as_of(self.day, with_members=False)

    @cached_property
    def areas(self) -> Areas:
        """The areas of the day."""
        return Areas.as_of(self.day)

    @cached_property
    def owners(self) -> Owners:
        """Who owns what on the day."""
        return Owners.as_of(self.day)

    def rules_of(self, number: int) -> Mapping[str, Any]:
        """The rules of another audience (of one that is gone: nobody)."""
        if self.known is None:
            self.known = dict(Audience.objects.values_list("pk", "rules"))
        return self.known.get(number, {})

    def meets(self, rules: Mapping[str, Any]) -> Q:
        """Who is in an audience with these rules."""
        wanted = [self._holds(one) for one in rules.get("any", ())]
        if not wanted:
            return NOBODY
        found = EVERYBODY if EVERYBODY in wanted else _any(wanted)
        for one in rules.get("except", ()):
            if (left_out := self._holds(one)) != EVERYBODY:
                found = found & ~left_out
        return found

    def _holds(self, condition: Mapping[str, Any]) -> Q:
        self.taken += weight_of(condition)
        found = Q()
        for key, values in condition.items():
            found &= _READ[key](self, values)
        return found

    def members(self, condition: Q) -> Q:
        """Those who are members on the day under a condition."""
        held = Membership.objects.as_of(self.day).filter(condition)
        return Q(pk__in=held.order_by().values("person"))

    def holders(self, condition: Q) -> Q:
        """Those who hold a mandate on the day under a condition."""
        held = Mandate.objects.as_of(self.day).filter(condition, person__isnull=False)
        return Q(pk__in=held.order_by().values("person"))

    def in_units(self, numbers: Iterable[int]) -> Q:
        """Those who work in these units or inside them, or answer for one."""
        units = sorted({below for number in numbers for below in self.structure.under(number)})
        return self.members(Q(unit__in=units)) | self.holders(Q(unit__in=units)) if units else NOBODY

    def of_areas(self, numbers: Iterable[int]) -> Q:
        """Those who own these areas or what is in them, and those who answer for them."""
        areas = sorted({below for number in numbers for below in self.areas.under(number)})
        owning = [unit for area in areas for unit in self.owners.of_area.get(area, ())]
        return self.in_units(owning) | self.holders(Q(area__in=areas)) if areas else NOBODY

    def of_markets(self, numbers: Sequence[int]) -> Q:
        """Those who own these markets, answer for them, or live in the country of that code."""
        owning = [unit for market in numbers for unit in self.owners.of_market.get(market, ())]
        called = Market.objects.filter(pk__in=numbers).values_list("code", "name")
        there = Q(country__in=[word for words in called for word in words if word])
        return self.in_units(owning) | self.holders(Q(market__in=numbers)) | there

    def of_audiences(self, numbers: Iterable[int]) -> Q:
        """Those whom other audiences reach; one that is part of itself, or too far inside others, adds nobody more."""
        found = []
        for number in numbers:
            if number not in self.inside and len(self.inside) < MOST_DEEP and self.taken <= MOST_INSIDE:
                self.inside.add(number)
                found.append(self.meets(self.rules_of(number)))
                self.inside.discard(number)
        return _any(found) if found else NOBODY

    def speaking(self, codes: Sequence[str]) -> Q:
        """Those to whom one writes in these languages; who has none is written to in the company's."""
        found = Q(user__language__in=codes) | Q(user=None, language__in=codes)
        if settings.LANGUAGE_CODE[:2] in codes:
            found |= Q(user=None, language="")
        return found


_READ: dict[str, Any] = {
    "functions": lambda reading, values: reading.members(Q(function__in=values)),
    "units": Reading.in_units,
    "areas": Reading.of_areas,
    "markets": Reading.of_markets,
    "roles": lambda reading, values: reading.holders(Q(role__in=values)),
    "countries": lambda reading, values: Q(country__in=values),
    "languages": Reading.speaking,
    "customer_facing": lambda reading, value: (
        reading.members(Q(function__in=CUSTOMER_FACING))
        if value
        else ~reading.members(Q(function__in=CUSTOMER_FACING))
    ),
    "audiences": Reading.of_audiences,
}


def _any(conditions: Sequence[Q]) -> Q:
    found = conditions[0]
    for one in conditions[1:]:
        found = found | one
    return found


def reached_by(rules: Sequence[Mapping[str, Any]], day: dt.date) -> Q:
    """The condition of those whom any of these rules reaches on a day."""
    reading = Reading(day)
    found, asked = [], 0
    for one in rules:
        reading.taken = 0
        found.append(reading.meets(one))
        asked += reading.taken
    if asked > MOST_INSIDE:
        # Each in a question of its own: in one row, they would be too many for a database.
        found = [Q(pk__in=Person.objects.order_by().filter(one).values("pk")) for one in found]
    return _any(found) if found else NOBODY


def reached_by_release(release: Release, day: dt.date) -> Q:
    """The condition of those whom the audiences of a release reach on a day."""
    rules = release.audiences.filter(audience__archived_at=None).values_list("audience__rules", flat=True)
    return reached_by(list(rules), day)


@dataclass(frozen=True, slots=True)
class Group:
    """A function: how many of it are reached, and how many there are."""

    code: str
    reached: int
    all: int


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom something reaches: how many of how many, with what address, by function, which champions it misses."""

    reached: int
    all: int
    without_mail: int
    groups: list[Group]
    missed: list[Person]

    @property
    def is_everybody(self) -> bool:
        """Whether nobody is left out."""
        return self.reached == self.all > 0


def reach(condition: Q, day: dt.date, concerned: Sequence[Person] = ()) -> Reach:
    """How many a condition reaches, of each function, and which of those concerned it misses."""
    people = people_on(day)
    inside = people.filter(condition)
    held = Membership.objects.as_of(day).filter(person__in=people.order_by().values("pk"))
    is_inside = Q(person__in=inside.order_by().values("pk"))
    per_function = held.order_by().values_list("function").annotate(
        some=Count("person", distinct=True, filter=is_inside), every=Count("person", distinct=True)
    )  # fmt: skip
    groups = [Group(*told) for told in per_function]
    numbers = [person.pk for person in concerned]
    there = set(inside.filter(pk__in=numbers).values_list("pk", flat=True)) if numbers else set[int]()
    counts = people.aggregate(
        every=Count("pk"),
        all=Count("pk", filter=condition),
        mute=Count("pk", filter=condition & Q(email="", user=None)),
    )
    return Reach(
        reached=counts["all"],
        all=counts["every"],
        without_mail=counts["mute"],
        groups=sorted(groups, key=lambda one: (-one.all, one.code)),
        missed=[person for person in concerned if person.pk not in there],
    )


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody to be told: in the words of which function, in which language, where."""

    person: int
    user: int | None
    function: str
    language: str
    email: str


def readers(condition: Q, day: dt.date) -> list[Reader]:
    """Those whom a condition reaches, each with the function they work most in and the language they are written to in."""
    functions: dict[int, str] = {}
    held = Membership.objects.as_of(day).order_by("share", "-pk").values_list("person_id", "function")
    functions.update(held.iterator(chunk_size=5000))
    rows = people_on(day).filter(condition).order_by("pk")
    columns = rows.values_list("pk", "user_id", "user__language", "language", "email", "user__email")
    return [
        Reader(pk, user, functions.get(pk, ""), spoken_by(chosen, own), mail or (email or ""))
        for pk, user, chosen, own, mail, email in columns.iterator(chunk_size=5000)
    ]


def spoken_by(*codes: str | None) -> str:
    """The language that somebody is written to in: the first of these that Vertebra speaks."""
    return next((code[:2] for code in codes if code and code[:2] in SPOKEN), settings.LANGUAGE_CODE[:2])
