"""What changed in the organisation between two days: units, people, mandates, ownerships."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vertebra.kit.versions import OverTimeQuerySet
from vertebra.org.labels import Function, MandateRole
from vertebra.org.models import Mandate, Membership, Ownership, Person
from vertebra.org.queries.care import Areas
from vertebra.org.queries.remembered import remembered
from vertebra.org.queries.structure import Node, Structure
from vertebra.org.queries.trees import by_name


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between the two days: what became of what, on which day if it is known."""

    what: str
    kind: str
    id: int
    name: str
    before: str = ""
    after: str = ""
    on: dt.date | None = None


@dataclass(slots=True)
class Changes:
    """Every difference between two days, by what happened."""

    first: dt.date
    second: dt.date
    by_what: dict[str, list[Change]] = field(default_factory=dict)

    def add(self, change: Change) -> None:
        """Note one difference."""
        self.by_what.setdefault(change.what, []).append(change)

    def of(self, *what: str) -> list[Change]:
        """The differences of some kinds, in the order of the kinds."""
        return [change for each in what for change in self.by_what.get(each, [])]

    def all(self) -> list[Change]:
        """Every difference."""
        return self.of(*self.by_what)


def changes_between(first: dt.date, second: dt.date) -> Changes:
    """Compare the organisation of two days, in eight queries, in the language of the reader."""
    return _compared(first, second, get_language())


@remembered
def _compared(first: dt.date, second: dt.date, _language: str | None) -> Changes:
    found = Changes(first, second)
    before = Structure.as_of(first, with_members=False)
    after = Structure.as_of(second, with_members=False)
    _units(found, before, after)
    _people(found)
    _moves(found, before, after)
    areas_before, areas_after = Areas.as_of(first), Areas.as_of(second)
    names = {**{pk: node.name for pk, node in areas_before.nodes.items()}}
    names.update({pk: node.name for pk, node in areas_after.nodes.items()})
    _areas(found, areas_before, areas_after)
    _mandates(found, {**before.nodes, **after.nodes}, names)
    _ownerships(found, {**before.nodes, **after.nodes}, names)
    return found


def _units(found: Changes, before: Structure, after: Structure) -> None:
    def parent(structure: Structure, node: Node) -> str:
        above = structure.get(node.parent_id)
        return above.name if above else _("no other unit")

    for pk, node in _other_than(before, after):
        was = before.get(pk)
        if was is None:
            found.add(Change("unit_created", "unit", pk, node.name, after=parent(after, node)))
            continue
        if was.name != node.name:
            found.add(Change("unit_renamed", "unit", pk, node.name, was.name, node.name))
        if was.parent_id != node.parent_id:
            places = (parent(before, was), parent(after, node))
            found.add(Change("unit_moved", "unit", pk, node.name, *places))
        if was.kind != node.kind:
            found.add(Change("unit_kind", "unit", pk, node.name, str(was.kind), str(node.kind)))
    for pk, node in _other_than(after, before):
        if pk not in after.nodes:
            found.add(Change("unit_closed", "unit", pk, node.name, before=parent(before, node)))


def _other_than(there: Structure, here: Structure) -> list[tuple[int, Node]]:
    """The units that are not the same there, by name."""
    same = {
        pk
        for pk, node in here.nodes.items()
        if (was := there.get(pk))
        and (was.name, was.parent_id, was.kind) == (node.name, node.parent_id, node.kind)
    }
    others = [(pk, node) for pk, node in here.nodes.items() if pk not in same]
    return sorted(others, key=lambda item: by_name(item[1].name))


def _areas(found: Changes, before: Areas, after: Areas) -> None:
    for pk, node in after.nodes.items():
        was = before.get(pk)
        if was is None:
            found.add(Change("area_created", "area", pk, node.name))
        elif was.name != node.name:
            found.add(Change("area_renamed", "area", pk, node.name, was.name, node.name))
    for pk, node in before.nodes.items():
        if pk not in after.nodes:
            found.add(Change("area_closed", "area", pk, node.name))


def _people(found: Changes) -> None:
    between = (found.first, found.second)
    people = Person.objects.filter(
        Q(joined_on__gt=between[0], joined_on__lte=between[1])
        | Q(left_on__gt=between[0], left_on__lte=between[1])
    )
    rows = people.order_by("name_folded", "pk").values_list("pk", "name", "title", "joined_on", "left_on")
    for pk, name, title, joined, left in rows:
        if joined and between[0] < joined <= between[1]:
            found.add(Change("person_joined", "person", pk, name, after=title, on=joined))
        if left and between[0] < left <= between[1]:
            found.add(Change("person_left", "person", pk, name, before=title, on=left))


def _on_one_day(rows: OverTimeQuerySet, found: Changes) -> OverTimeQuerySet:
    """The rows that hold on one of the two days only."""
    first, second = found.first, found.second
    is_new = Q(starts_on__gt=first, starts_on__lte=second) & (Q(ends_on__isnull=True) | Q(ends_on__gt=second))
    return rows.filter(is_new | Q(starts_on__lte=first, ends_on__gt=first, ends_on__lte=second))


def _side(starts_on: dt.date, found: Changes) -> str:
    """Whether what holds on one day only holds on the first (`before`) or on the second (`after`)."""
    return "after" if starts_on > found.first else "before"


def _moves(found: Changes, before: Structure, after: Structure) -> None:
    """Who works in other units on the second day, those who joined or left the company apart."""
    stays = Q(person__joined_on__isnull=True) | Q(person__joined_on__lte=found.first)
    stays &= Q(person__left_on__isnull=True) | Q(person__left_on__gt=found.second)
    rows = _on_one_day(Membership.objects.all_time(), found).filter(stays)
    sides: dict[int, dict[str, set[int]]] = {}
    functions: dict[int, dict[str, set[str]]] = {}
    names: dict[int, str] = {}
    columns = ("person_id", "person__name", "unit_id", "function", "starts_on")
    for person, name, unit, function, starts_on in rows.order_by("person__name_folded").values_list(*columns):
        side = _side(starts_on, found)
        names[person] = name
        sides.setdefault(person, {}).setdefault(side, set()).add(unit)
        functions.setdefault(person, {}).setdefault(side, set()).add(function)
    for pk, name in names.items():
        was, now = sides[pk].get("before", set()), sides[pk].get("after", set())
        if was != now:
            places = (_names(before, was - now), _names(after, now - was))
            found.add(Change("person_moved" if was else "person_placed", "person", pk, name, *places))
        elif functions[pk].get("before") != functions[pk].get("after"):
            old, new = (
                ", ".join(str(Function(one).label) for one in sorted(functions[pk].get(side, ())))
                for side in ("before", "after")
            )
            found.add(Change("person_function", "person", pk, name, old, new))


def _names(structure: Structure, units: Iterable[int]) -> str:
    return ", ".join(structure.names(units))


def _mandates(found: Changes, units: dict[int, Node], areas: dict[int, str]) -> None:
    rows = _on_one_day(Mandate.objects.all_time(), found).select_related("person", "market")
    seen: dict[tuple[object, ...], dict[str, Mandate]] = {}
    for row in rows.order_by("starts_on", "id"):
        holder = row.person_id or row.reference
        key = (row.role, row.function, holder, row.unit_id, row.area_id, row.market_id)
        seen.setdefault(key, {})[_side(row.starts_on, found)] = row
    for both in seen.values():
        if len(both) == 2:
            continue  # The same person holds the same mandate on both days.
        (side, row), *_rest = both.items()
        place = _place(row, units, areas)
        role = row.title or str(MandateRole(row.role).label)
        name = row.person.name if row.person else row.reference
        what = "mandate_given" if side == "after" else "mandate_ended"
        day = row.starts_on if side == "after" else row.ends_on
        kind, pk = ("person", row.person_id) if row.person_id else ("", 0)
        found.add(Change(what, kind, pk, name, before=role, after=place, on=day))


def _ownerships(found: Changes, units: dict[int, Node], areas: dict[int, str]) -> None:
    rows = _on_one_day(Ownership.objects.all_time(), found).select_related("market")
    for row in rows.order_by("starts_on", "id"):
        side = _side(row.starts_on, found)
        name = units[row.unit_id].name if row.unit_id in units else ""
        what = "ownership_given" if side == "after" else "ownership_ended"
        day = row.starts_on if side == "after" else row.ends_on
        found.add(Change(what, "unit", row.unit_id, name, after=_place(row, units, areas), on=day))


def _place(row: Mandate | Ownership, units: dict[int, Node], areas: dict[int, str]) -> str:
    """What a mandate or an ownership is for, by name."""
    if row.market_id:
        return str(row.market)
    if row.area_id:
        return areas.get(row.area_id, "")
    unit = units.get(row.unit_id) if row.unit_id else None
    return unit.name if unit else ""
