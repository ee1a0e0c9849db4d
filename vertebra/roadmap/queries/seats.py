"""Who sits at the table: directors of the triforce on a day, who ranks in each seat, who has."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import ngettext

from vertebra.accounts.models import User
from vertebra.accounts.tokens import digest_of
from vertebra.org.empty_spaces import person_of
from vertebra.org.labels import Function, MandateRole
from vertebra.org.models import Mandate, Person
from vertebra.roadmap.labels.topics import TRIFORCE
from vertebra.roadmap.models import Cycle, Ranking, Seat


def directors_on(day: dt.date) -> list[tuple[Person, str]]:
    """The directors of product, design and engineering who are there on a day, each once, with their function."""
    present = Person.objects.present_on(day).filter(archived_at=None)
    rows = Mandate.objects.as_of(day).filter(
        role=MandateRole.DIRECTOR, function__in=TRIFORCE, person__in=present.values("pk")
    )
    found: dict[int, tuple[Person, str]] = {}
    for row in rows.select_related("person").order_by("pk"):
        if row.person is not None:
            found.setdefault(row.person_id, (row.person, row.function))
    return sorted(found.values(), key=lambda one: (order_of(one[1]), one[0].name_folded))


def order_of(function: str) -> int:
    """Where a function stands: the triforce first, then as the organisation lists them."""
    every = [*TRIFORCE, *(one for one in Function.values if one not in TRIFORCE)]
    return every.index(function) if function in every else len(every)


def seats_of(cycle: Cycle) -> list[Seat]:
    """The seats of a cycle with who sits in each and whether they ranked, by function, then by name."""
    rows = cycle.seats.select_related("person__user", "delegate__user", "ranking")
    return sorted(rows, key=lambda seat: (order_of(seat.function), seat.person.name_folded, seat.pk))


def has_ranked(seat: Seat) -> bool:
    """Whether the ranking of this seat counts."""
    ranking = getattr(seat, "ranking", None)
    return ranking is not None and ranking.done_at is not None


def expected(seat: Seat) -> bool:
    """Whether a ranking is still waited for from this seat."""
    return seat.ended_at is None and not has_ranked(seat)


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many of one function have ranked, of how many."""

    function: str
    label: str
    done: int
    seats: int


def turnout(seats: Sequence[Seat]) -> list[Turnout]:
    """How many of each function have ranked; who left without ranking is waited for no more."""
    found = []
    for function in sorted({seat.function for seat in seats}, key=order_of):
        own = [
            seat for seat in seats if seat.function == function and (has_ranked(seat) or not seat.ended_at)
        ]
        found.append(Turnout(function, _named(function), sum(map(has_ranked, own)), len(own)))
    return [one for one in found if one.seats]


def turnout_of(cycle: Cycle) -> list[Turnout]:
    """The same in one light query: a room asks for it each second from every phone."""
    has = Q(ranking__done_at__isnull=False)
    rows = cycle.seats.order_by().values_list("function").annotate(
        done=Count("pk", filter=has), seats=Count("pk", filter=has | Q(ended_at=None))
    )  # fmt: skip
    found = [Turnout(function, _named(function), done, seats) for function, done, seats in rows if seats]
    return sorted(found, key=lambda one: order_of(one.function))


def _named(function: str) -> str:
    return str(Function(function).label) if function in Function.values else function


def counted(cycle: Cycle) -> QuerySet[Ranking]:
    """The rankings that count: those cast, and those imported."""
    return cycle.rankings.filter(done_at__isnull=False)


def imported(cycle: Cycle) -> int:
    """How many rankings were imported: several of the same count as many."""
    return counted(cycle).filter(seat=None).aggregate(sum=Sum("weight"))["sum"] or 0


def missing_words(cycle: Cycle, given: int) -> str:
    """How many rankings are missing before all are shown, in a sentence; nothing when there are enough."""
    missing = max(1, cycle.quorum) - given
    if missing <= 0:
        return ""
    said = ngettext(
        "%(count)d ranking is missing to show them: wait for it, or change the quorum.",
        "%(count)d rankings are missing to show them: wait for them, or change the quorum.",
        missing,
    )
    return said % {"count": missing}


def seat_of_link(secret: str) -> Seat | None:
    """The seat that a signed link opens."""
    rows = Seat.objects.select_related("cycle", "person__user", "delegate__user")
    return rows.filter(digest=digest_of(secret)).first()


def seat_of_user(user: User, cycle: Cycle) -> Seat | None:
    """The seat in which somebody signed in ranks: as a delegate, or in their own where they named nobody."""
    person = person_of(user)
    if person is None:
        return None
    mine = Q(delegate=person) | Q(person=person, delegate=None)
    rows = Seat.objects.select_related("cycle", "person__user", "delegate__user")
    return rows.filter(mine, cycle=cycle, ended_at=None).order_by("pk").first()


def seats_for(user: User, seats: Sequence[Seat]) -> tuple[Seat | None, Seat | None]:
    """Among seats that were read with their people: the one somebody ranks in, and the one that is their own."""
    ranks = own = None
    for seat in seats:
        if seat.ended_at is None:
            own = own or (seat if is_person(user, seat.person) else None)
            ranks = ranks or (seat if is_person(user, seat.delegate or seat.person) else None)
    return ranks, own


def is_person(user: User, person: Person) -> bool:
    """Whether an account is that of a person: tied to it, or of the same address."""
    if person.user_id is not None:
        return person.user_id == user.pk
    return bool(person.email) and person.email.casefold() == user.email.casefold()
