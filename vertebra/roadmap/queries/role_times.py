"""Time asked, time given back: by role, by initiative, all together."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from vertebra.accounts.models import SharedLink
from vertebra.accounts.tokens import digest_of
from vertebra.org.labels import Function
from vertebra.roadmap.labels.initiatives import InitiativeState, Outcome
from vertebra.roadmap.labels.results import TimeKind
from vertebra.roadmap.models import RoleTime

LINK_PAGE = "roadmap:time-by-link"
MINUTES = 60
DONE = frozenset({InitiativeState.DELIVERED, InitiativeState.CLOSED})


@dataclass(slots=True)
class OfRole:
    """What one function is asked for and given back each month, in hours; what is only expected stands apart."""

    function: str
    label: str
    asked: float = 0.0
    given_back: float = 0.0
    expected: float = 0.0
    people: int = 0

    @property
    def balance(self) -> float:
        """Hours that remain to the role: below zero, more is asked than given back."""
        return self.given_back - self.asked


@dataclass(frozen=True, slots=True)
class Line:
    """One initiative with the hours a month it asks of everybody, and gives back."""

    initiative_id: int
    title: str
    language: str
    asked: float
    given_back: float
    expected: float
    is_measured: bool


@dataclass(frozen=True, slots=True)
class Balance:
    """All time asked and given back on a day."""

    roles: list[OfRole] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    asked: float = 0.0
    given_back: float = 0.0
    expected: float = 0.0

    @property
    def most(self) -> float:
        """The largest figure of a role, which pictures are drawn against."""
        return max((max(role.asked, role.given_back + role.expected) for role in self.roles), default=0.0)

    @property
    def balance(self) -> float:
        """Hours a month that remain, all roles together."""
        return self.given_back - self.asked


def held_on(day: dt.date) -> "QuerySet[RoleTime]":
    """What is asked or given back on a day, by initiatives that were not archived nor stopped before they began."""
    rows = RoleTime.objects.filter(Q(until_on__isnull=True) | Q(until_on__gt=day), from_on__lte=day)
    rows = rows.filter(initiative__archived_at__isnull=True, initiative__started_at__isnull=False)
    return rows.exclude(initiative__outcome=Outcome.STOPPED).select_related("initiative")


def is_given(row: RoleTime) -> bool:
    """Whether time is given back by now: what is not delivered, or missed, gives nothing back yet."""
    return row.initiative.state in DONE and row.initiative.outcome != Outcome.MISSED


def balance_on(day: dt.date) -> Balance:
    """Time asked and given back on a day, by role and by initiative, in hours a month."""
    return balance_of(held_on(day).order_by("initiative_id", "pk"))


def balance_of(rows: Iterable[RoleTime]) -> Balance:
    """These rows added up, the roles of which most is asked first."""
    roles: dict[str, OfRole] = {}
    lines: dict[int, list[RoleTime]] = defaultdict(list)
    words = dict(Function.choices)
    for row in rows:
        role = roles.setdefault(row.function, OfRole(row.function, str(words[row.function])))
        column = _column(row)
        setattr(role, column, getattr(role, column) + hours(row))
        role.people = max(role.people, row.people)
        lines[row.initiative_id].append(row)
    ordered = sorted(
        roles.values(), key=lambda role: (-max(role.asked, role.given_back + role.expected), role.label)
    )
    found = sorted(
        (_line(own) for own in lines.values()), key=lambda line: (line.asked - line.given_back, line.title)
    )
    return Balance(
        roles=ordered,
        lines=found,
        asked=sum(role.asked for role in ordered),
        given_back=sum(role.given_back for role in ordered),
        expected=sum(role.expected for role in ordered),
    )


def hours(row: RoleTime) -> float:
    """Hours a month of everybody concerned."""
    return row.minutes * row.people / MINUTES


def _column(row: RoleTime) -> str:
    if row.kind == TimeKind.ASKED:
        return "asked"
    return "given_back" if is_given(row) else "expected"


def _line(rows: list[RoleTime]) -> Line:
    sums: dict[str, float] = defaultdict(float)
    for row in rows:
        sums[_column(row)] += hours(row)
    first = rows[0].initiative
    return Line(
        first.pk,
        first.title,
        first.language,
        sums["asked"],
        sums["given_back"],
        sums["expected"],
        all(row.is_measured for row in rows),
    )


def link_of(secret: str) -> SharedLink | None:
    """The link to the page that an address stands for, usable or not."""
    return SharedLink.objects.filter(digest=digest_of(secret), page=LINK_PAGE).first()
