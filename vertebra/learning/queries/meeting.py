"""Whom somebody meets on a path, and why: found on the day, so that the list is right for each."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db.models import BigIntegerField, F, Q, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from vertebra.accounts.labels import Kind, Role
from vertebra.kit import clock
from vertebra.learning.labels import Meet
from vertebra.org.labels import MandateRole
from vertebra.org.models import Mandate, Membership, Ownership, Person
from vertebra.org.queries.structure import Structure
from vertebra.releases.queries.audiences import people_on
from vertebra.releases.queries.telling import Telling, answer_about, shown

MOST = 6
_LEADING = (
    MandateRole.LEAD,
    MandateRole.PRODUCT_MANAGER,
    MandateRole.DESIGNER,
    MandateRole.ENGINEERING_LEAD,
)


@dataclass(frozen=True, slots=True)
class Met:
    """Somebody to meet, and why this person meets them."""

    person: Person
    why: str


@dataclass(slots=True)
class _Newcomer:
    """Whoever is on the path: where they work (the main unit first, then those around each), and who is found for them."""

    person: Person
    day: dt.date
    structure: Structure | None = None
    units: list[int] = field(default_factory=list)
    # The areas and the markets that the nearest unit owns which owns any.
    areas: list[int] = field(default_factory=list)
    markets: dict[int, str] = field(default_factory=dict)
    held: list[Mandate] = field(default_factory=list)
    told: Telling | None = None
    people: dict[int, Person] = field(default_factory=dict)

    def name_of(self, unit: int | None) -> str:
        node = self.structure.get(unit) if self.structure else None
        return node.name if node else ""


def people_to_meet(person: Person, wanted: Iterable[str], now: dt.datetime) -> dict[str, list[Met]]:
    """For each of these (manager, team, champions…) whom this person meets, and why."""
    codes = set(wanted) & _FIND.keys()
    one = _Newcomer(person, clock.today(now))
    if codes & {Meet.TEAM, Meet.CHAMPIONS, Meet.DIRECTORS}:
        _place(one)
    if codes & {Meet.TEAM, Meet.DIRECTORS}:
        one.held = _held_around(one)
    answer, known = None, None
    if Meet.CHAMPIONS in codes and (one.areas or one.markets):
        answer, known, _champions = answer_about(areas=one.areas, markets=one.markets, now=now)
    rows = people_on(one.day).filter(
        Q(pk=person.manager_id)
        | Q(user__role=Role.PRODUCT_OPS, user__is_active=True)
        | Q(pk__in=[row.champion for row in answer.proposals] if answer else ())
    )
    one.people = {row.pk: row for row in rows.select_related("user").order_by("name_folded", "pk")}
    one.told = Telling(answer, one.people, frozenset(), known) if answer and known else None
    return {code: _others(one, _FIND[code](one)) for code in codes}


def _place(one: _Newcomer) -> None:
    """Find where somebody works and what is owned there: one question for both."""
    one.structure = Structure.as_of(one.day, with_members=False)
    held = Membership.objects.as_of(one.day).filter(person=one.person)
    owned = Ownership.objects.as_of(one.day)
    number, nothing = BigIntegerField(), Cast(Value(None), BigIntegerField())
    rows = held.order_by().values_list(
        Value(0, number), "unit", Cast(-F("share"), number), "pk", nothing, Value("", TextField())
    )
    owners = owned.order_by().values_list(
        Value(1, number), "unit", nothing, "area", "market", Cast("market__name", TextField())
    )
    found = list(rows.union(owners, all=True))
    for _kind, unit, *_rest in sorted((row for row in found if not row[0]), key=lambda row: row[2:4]):
        node = one.structure.get(unit)
        one.units += [unit, *reversed(node.path)] if node else [unit]
    one.units = list(dict.fromkeys(one.units))
    areas: dict[int, list[int]] = defaultdict(list)
    markets: dict[int, dict[int, str]] = defaultdict(dict)
    for _kind, unit, _share, area, market, name in (row for row in found if row[0]):
        if area:
            areas[unit].append(area)
        else:
            markets[unit][market] = name
    one.areas = next((areas[unit] for unit in one.units if unit in areas), [])
    one.markets = next((markets[unit] for unit in one.units if unit in markets), {})


def _held_around(one: _Newcomer) -> list[Mandate]:
    """The mandates of the directors, and of those who answer for the units around."""
    answering = Q(role__in=_LEADING, unit__in=one.units)
    rows = Mandate.objects.as_of(one.day).filter(Q(role=MandateRole.DIRECTOR) | answering)
    return list(rows.filter(person__in=people_on(one.day)).select_related("person").order_by("pk"))


def _others(one: _Newcomer, rows: Iterable[Met]) -> list[Met]:
    """Each once, with everything that speaks for them, and never the person themselves."""
    found: dict[int, Met] = {}
    for row in rows:
        before = found.get(row.person.pk)
        why = f"{before.why}, {row.why}" if before and row.why not in before.why else row.why
        if row.person.pk != one.person.pk:
            found[row.person.pk] = Met(row.person, why)
    return list(found.values())[:MOST]


def _manager(one: _Newcomer) -> list[Met]:
    manager = one.people.get(one.person.manager_id or 0)
    return [Met(manager, _("manages you"))] if manager else []


def _team(one: _Newcomer) -> list[Met]:
    """Those who answer for the nearest unit that somebody answers for."""
    by_unit: dict[int, list[Met]] = {}
    for row in one.held:
        if row.person is not None and row.unit_id is not None and row.role in _LEADING:
            by_unit.setdefault(row.unit_id, []).append(Met(row.person, _held(one, row)))
    return next((by_unit[unit] for unit in one.units if unit in by_unit), [])


def _held(one: _Newcomer, row: Mandate) -> str:
    words = {"role": str(row.get_role_display()), "unit": one.name_of(row.unit_id)}
    return _("%(role)s, %(unit)s") % words if words["unit"] else words["role"]


def _champions(one: _Newcomer) -> list[Met]:
    """The champions of what the nearest unit builds, and of its markets, as “whom do I tell?” proposes them."""
    if one.told is None:
        return []
    names = {(str(Kind.MARKET), number): name for number, name in one.markets.items()}
    proposals, _subjects, _lacking = shown(one.told, with_time=False, names=names)
    # The first reason is the one that weighs most; the others say it again in other words.
    return [Met(row.person, row.reasons[0] if row.reasons else "") for row in proposals]


def _directors(one: _Newcomer) -> list[Met]:
    """The directors: those of the units around first, then the others."""
    rows = sorted(
        (row for row in one.held if row.role == MandateRole.DIRECTOR),
        key=lambda row: one.units.index(row.unit_id) if row.unit_id in one.units else len(one.units),
    )
    return [Met(row.person, _held(one, row)) for row in rows if row.person is not None]


def _product_ops(one: _Newcomer) -> list[Met]:
    rows = [row for row in one.people.values() if row.user and row.user.role == Role.PRODUCT_OPS]
    return [Met(row, _("Product Ops")) for row in rows if row.user and row.user.is_active]


_FIND: dict[str, Callable[[_Newcomer], list[Met]]] = {
    Meet.MANAGER: _manager,
    Meet.TEAM: _team,
    Meet.CHAMPIONS: _champions,
    Meet.DIRECTORS: _directors,
    Meet.PRODUCT_OPS: _product_ops,
}
