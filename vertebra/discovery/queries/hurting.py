"""Whom a pain point hurts: groups proposed from what was heard, and who of the directory stands in them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from vertebra.analysis.privacy import FEWEST
from vertebra.discovery.models import HurtGroup
from vertebra.org.labels import Function
from vertebra.org.models import Membership, Person
from vertebra.org.queries.structure import Node, Structure


class Group(NamedTuple):
    """A function, a unit, or both."""

    function: str = ""
    unit_id: int | None = None


def members_of(
    groups: Iterable[Group], day: dt.date, structure: Structure | None = None
) -> QuerySet[Membership]:
    """The seats held on the day by people of these groups, whatever the unit inside the unit."""
    structure = structure or Structure.as_of(day, with_members=False)
    wanted = Q(pk__in=[])
    for group in groups:
        one = Q(unit__in=structure.under(group.unit_id)) if group.unit_id else Q()
        wanted |= one & Q(function=group.function) if group.function else one
    present = Person.objects.present_on(day).filter(archived_at__isnull=True)
    return Membership.objects.as_of(day).filter(wanted, person__in=present.values("pk"))


def people_of(groups: Iterable[Group], day: dt.date) -> QuerySet[Person]:
    """The people of these groups who are there on the day, each once."""
    return Person.objects.filter(pk__in=members_of(groups, day).values("person"))


def size_of(group: Group, day: dt.date, structure: Structure | None = None) -> int:
    """How many people stand in a group on the day."""
    return members_of([group], day, structure).values("person").distinct().count()


def groups_of(rows: Iterable[HurtGroup]) -> list[Group]:
    """The groups that rows name."""
    return [Group(row.function, row.unit_id) for row in rows]


def proposed(heard: Iterable[Group], day: dt.date) -> list[Group]:
    """For each function heard, the smallest unit that holds all who said so and at least five of that function.

    Where no unit holds five, the function of the whole company; what was heard without a function names its unit.
    """
    structure = Structure.as_of(day, with_members=False)
    units: dict[str, list[int | None]] = defaultdict(list)
    for group in heard:
        if group.function or group.unit_id:
            units[group.function].append(group.unit_id)
    found = [_smallest(structure, function, places, day) for function, places in units.items()]
    order = {function: at for at, function in enumerate(Function.values)}
    return sorted((one for one in found if one), key=lambda one: order.get(one.function, -1))


def _smallest(structure: Structure, function: str, units: list[int | None], day: dt.date) -> Group | None:
    paths = [(*node.path, node.id) if (node := structure.get(unit)) else () for unit in units]
    common = _shared(paths)
    for unit in reversed(common):
        group = Group(function, unit)
        if size_of(group, day, structure) >= FEWEST:
            return group
    return Group(function) if function else None


def _shared(paths: list[tuple[int, ...]]) -> tuple[int, ...]:
    """What several paths from the top have in common."""
    shared = []
    for places in zip(*paths, strict=False):
        if len(set(places)) > 1:
            break
        shared.append(places[0])
    return tuple(shared)


def outermost(structure: Structure) -> list[Node]:
    """The units just inside the company: the first that tell people apart."""
    nodes = structure.roots
    while len(nodes) == 1 and nodes[0].children:
        nodes = nodes[0].children
    return nodes


def said(group: Group, structure: Structure) -> str:
    """A group in words: a function, a unit, or the function in the unit."""
    node = structure.get(group.unit_id)
    function = str(Function(group.function).label) if group.function else ""
    if node and function:
        return _("%(function)s in %(unit)s") % {"function": function, "unit": node.name}
    return function or (node.name if node else "—")
