"""Stances as Product Ops reads them: the latest of each, how they moved by groups of five people and more."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from vertebra.accounts.labels import Kind
from vertebra.analysis.privacy import FEWEST
from vertebra.discovery.labels import PAIN_SETTLED, CampaignState
from vertebra.discovery.models import Audit, Campaign, PainPoint, Stance
from vertebra.discovery.queries.hurting import outermost
from vertebra.org.models import Membership
from vertebra.org.queries.structure import Structure

# What was closed by mistake can be taken back for a day: notes on people are kept as long.
GRACE = dt.timedelta(hours=24)


def latest(rows: QuerySet[Stance]) -> QuerySet[Stance]:
    """Of these, the latest of each team or person towards each subject."""
    later = Stance.objects.filter(
        Q(unit=OuterRef("unit")) | Q(person=OuterRef("person")),
        Q(noted_on__gt=OuterRef("noted_on")) | Q(noted_on=OuterRef("noted_on"), pk__gt=OuterRef("pk")),
        kind=OuterRef("kind"),
        object_id=OuterRef("object_id"),
    )
    return rows.filter(Q(unit__isnull=False) | Q(person__isnull=False)).exclude(Exists(later))


@dataclass(frozen=True, slots=True)
class Movement:
    """A group of at least five people: how those in it stood then and stand now, on average."""

    name: str
    unit_id: int | None
    people: int
    count: int
    before: float | None
    now: float


@dataclass(slots=True)
class _Pool:
    people: set[int] = field(default_factory=set)
    now: list[int] = field(default_factory=list)
    before: list[int] = field(default_factory=list)

    def add(self, other: "_Pool") -> None:
        self.people |= other.people
        self.now += other.now
        self.before += other.before


def movement(rows: Iterable[Stance], day: dt.date, since: dt.date) -> list[Movement]:
    """How stances moved since a day, in the outermost units, each of at least five of the people concerned.

    A team counts with its people, a person with one; what is too small is put together, and not shown if that is
    too small as well.
    """
    structure = Structure.as_of(day, with_members=False)
    history: dict[tuple[int | None, int | None], list[Stance]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.noted_on, row.pk)):
        if row.unit_id or row.person_id:
            history[row.unit_id, row.person_id].append(row)
    placed = _placed(history, structure, day)
    pools: dict[int | None, _Pool] = defaultdict(_Pool)
    for holder, noted in history.items():
        unit, people = placed[holder]
        before = [row.level for row in noted if row.noted_on <= since]
        pools[unit].add(_Pool(people, [noted[-1].level], before[-1:]))
    return _rolled_up(pools, structure)


def _placed(
    holders: Iterable[tuple[int | None, int | None]], structure: Structure, day: dt.date
) -> dict[tuple[int | None, int | None], tuple[int | None, set[int]]]:
    """Where each holder stands, and the people it speaks for."""
    units = {unit for unit, _person in holders if unit}
    inside = {below: unit for unit in units for below in structure.under(unit)}
    persons = {person for _unit, person in holders if person}
    seats = Membership.objects.as_of(day).filter(Q(unit__in=inside) | Q(person__in=persons))
    members: dict[int, set[int]] = defaultdict(set)
    place: dict[int, int] = {}
    for person, unit in seats.order_by("share", "-pk").values_list("person_id", "unit_id"):
        place[person] = unit
        for above in (unit, *(structure.nodes[unit].path if unit in structure.nodes else ())):
            if above in units:
                members[above].add(person)
    return {
        (unit, person): (unit, members[unit]) if unit else (place.get(person or 0), {person or 0})
        for unit, person in holders
    }


def _rolled_up(pools: dict[int | None, _Pool], structure: Structure) -> list[Movement]:
    """The pools put together in the outermost units inside the company; what is too small there goes elsewhere."""
    outer = {node.id: node for node in outermost(structure)}
    gathered: dict[int | None, _Pool] = defaultdict(_Pool)
    for unit, pool in pools.items():
        node = structure.get(unit)
        above = next((one for one in (*node.path, node.id) if one in outer), None) if node else None
        gathered[above].add(pool)
    elsewhere = gathered.pop(None, _Pool())
    found = []
    for unit, pool in gathered.items():
        if len(pool.people) < FEWEST:
            elsewhere.add(pool)
        else:
            found.append(_told(outer[unit or 0].name, unit, pool))
    if len(elsewhere.people) >= FEWEST:
        found.append(_told(_("Elsewhere"), None, elsewhere))
    return sorted(found, key=lambda one: (one.now, one.name))


def _told(name: str, unit_id: int | None, pool: _Pool) -> Movement:
    def mean(levels: Sequence[int]) -> float:
        return round(sum(levels) / len(levels), 1)

    before = mean(pool.before) if pool.before else None
    return Movement(name, unit_id, len(pool.people), len(pool.now), before, mean(pool.now))


def to_erase(now: dt.datetime) -> QuerySet[Stance]:
    """Notes on people whose subject closed more than a day ago, or is no more."""
    limit = now - GRACE
    subject = OuterRef("object_id")
    alive = {
        Kind.PAIN_POINT: PainPoint.objects.filter(pk=subject, archived_at__isnull=True).filter(
            ~Q(state__in=PAIN_SETTLED) | Q(changed_at__gt=limit)
        ),
        Kind.CAMPAIGN: Campaign.objects.filter(pk=subject, archived_at__isnull=True).filter(
            ~Q(state=CampaignState.CLOSED) | Q(closed_at__gt=limit)
        ),
        Kind.AUDIT: Audit.objects.filter(pk=subject, archived_at__isnull=True),
    }
    notes = Stance.objects.filter(person__isnull=False)
    closed = [notes.filter(~Exists(rows), kind=kind) for kind, rows in alive.items()]
    return closed[0] | closed[1] | closed[2]
