"""Questions over people: who is called that, where they are, what they hold, who reports to whom."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Case, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, When

from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.kit.text import fold
from vertebra.kit.versions import OverTimeQuerySet
from vertebra.org.empty_spaces import number_of_person, person_of
from vertebra.org.labels import Function, MandateRole
from vertebra.org.models import Mandate, Membership, Person, UnitVersion
from vertebra.org.queries.remembered import remembered
from vertebra.org.queries.structure import Structure

# How alike a name must be to what was typed, out of 100, when nobody is called exactly that.
ALIKE = 82
MOST_ALIKE = 1000
# Up to this many, who was found is remembered, so that the list is not searched again to count and to show it.
MOST_FOUND = 500


def language_for(person: Person, *instead: str) -> str:
    """The language to write to somebody in, and to show them what they open: the first of these that Vertebra speaks.

    That of their account, which they chose; theirs in the directory; that of what it is about (`instead`, in order);
    the company's.
    """
    of_account = person.user.language if person.user else ""
    spoken = [code for code, _name in settings.LANGUAGES]
    wanted = (of_account, person.language, *instead, settings.LANGUAGE_CODE)
    return next((code[:2] for code in wanted if code[:2] in spoken), spoken[0])


def called(rows: "QuerySet[Any]", text: str) -> "QuerySet[Any]":
    """The people whose name, title, address or login holds every word; if none, those whose name is close."""
    words = fold(text).split()[:6]
    if not words:
        return rows
    exact = rows
    for word in words:
        exact = exact.filter(
            Q(name_folded__contains=word)
            | Q(email__icontains=word)
            | Q(handle__icontains=word)
            | Q(title__icontains=word)
        )
    found = list(exact.order_by().values_list("pk", flat=True)[: MOST_FOUND + 1])
    if found:
        return rows.filter(pk__in=found) if len(found) <= MOST_FOUND else exact
    from rapidfuzz import fuzz, process  # loaded by the first name that nobody bears

    numbers, names = _everybody()
    close = process.extract(
        " ".join(words), names, scorer=fuzz.token_set_ratio, score_cutoff=ALIKE, limit=MOST_ALIKE
    )
    return rows.filter(pk__in=[numbers[at] for _name, _score, at in close])


@remembered
def _everybody() -> tuple[list[int], list[str]]:
    """The numbers and the names of all people: reading twenty thousand takes longer than comparing them."""
    rows = Person.objects.filter(archived_at__isnull=True).values_list("pk", "name_folded")
    numbers, names = zip(*rows, strict=True) if rows else ((), ())
    return list(numbers), list(names)


class Places:
    """Where people work and what they answer for on a day: for one page of a list, or for all of it at once."""

    def __init__(self, structure: Structure) -> None:
        self.structure = structure
        self.memberships: dict[int, list[Membership]] = {}
        self.roles: dict[int, list[str]] = {}

    def load(self, person_ids: list[int] | None = None) -> None:
        """Read them in two queries, for these people or for everybody."""
        held = Membership.objects.as_of(self.structure.day).order_by("-share", "id")
        given = Mandate.objects.as_of(self.structure.day).filter(person__isnull=False).order_by("id")
        if person_ids is not None:
            held, given = held.filter(person__in=person_ids), given.filter(person__in=person_ids)
        for row in held.only("person_id", "unit_id", "function", "title", "share"):
            self.memberships.setdefault(row.person_id, []).append(row)
        for person, role in given.values_list("person_id", "role"):
            words = str(MandateRole(role).label)
            if words not in self.roles.setdefault(person, []):
                self.roles[person].append(words)

    def units(self, person_id: int) -> list[tuple[int, str]]:
        """The units of somebody, the one of most of their time first."""
        found = (self.structure.get(row.unit_id) for row in self.memberships.get(person_id, ()))
        return [(node.id, node.name) for node in found if node]

    def functions(self, person_id: int) -> list[str]:
        """The functions of somebody, in words."""
        rows = self.memberships.get(person_id, ())
        return list(dict.fromkeys(str(Function(row.function).label) for row in rows))


@dataclass(frozen=True, slots=True)
class Held:
    """A mandate of somebody, with the name of what it is for."""

    mandate: Mandate
    kind: str
    target_id: int
    target_name: str


def mandates_held(person_id: int, day: dt.date) -> list[Held]:
    """Everything the person ever answered for, the latest first, named as it is called on the day."""
    named = OverTimeQuerySet.holds_on
    rows = Mandate.objects.all_time().filter(person=person_id).select_related("market")
    rows = rows.annotate(
        unit_version=FilteredRelation("unit__versions", condition=named(day, "unit__versions__")),
        area_version=FilteredRelation("area__versions", condition=named(day, "area__versions__")),
        unit_name=F("unit_version__name"),
        area_name=F("area_version__name"),
    )
    found = []
    for row in rows.order_by("-starts_on", "-id"):
        if row.unit_id:
            found.append(Held(row, "unit", row.unit_id, row.unit_name or ""))
        elif row.area_id:
            found.append(Held(row, "area", row.area_id, row.area_name or ""))
        else:
            found.append(Held(row, "market", row.market_id, row.market.name))
    return found


def memberships_of(person_id: int) -> list[Any]:
    """Everywhere the person ever worked, the latest first, with the unit's name at the time they joined."""
    name = (
        UnitVersion.objects.all_time()
        .filter(unit=OuterRef("unit"), starts_on__lte=OuterRef("starts_on"))
        .order_by("-starts_on")
        .values("name")[:1]
    )
    rows = Membership.objects.all_time().filter(person=person_id)
    return list(rows.annotate(unit_name=Subquery(name)).order_by("-starts_on", "-share", "-id"))


def reports_of(person: Person, day: dt.date) -> list[Person]:
    """Who reports to somebody and is there on the day, by name."""
    present = Person.objects.present_on(day).filter(manager=person, archived_at__isnull=True)
    return list(present.order_by("name_folded")[:200])


def sees_hours(user: User, person_id: int | None) -> bool:
    """Whether this person may see the hours somebody agreed to: their own, and Product Ops those of all."""
    if may(user, Right.PRODUCT_OPS):
        return True
    person = person_of(user)
    return person is not None and person.pk == person_id


def with_hours(rows: "QuerySet[Mandate]", user: User) -> "QuerySet[Mandate]":
    """Mandates, each with the hours agreed as far as this person may see them, as `hours_shown`."""
    if may(user, Right.PRODUCT_OPS):
        return rows.annotate(hours_shown=F("hours_per_month"))
    return rows.annotate(hours_shown=Case(When(person=number_of_person(user), then="hours_per_month")))
