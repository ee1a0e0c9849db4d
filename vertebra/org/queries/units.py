"""What the page of a unit says: who works there, who answers for it, what it owns and lacks, what it was."""

import datetime as dt
import json
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.db.models import CharField, F, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from vertebra.accounts.models import User
from vertebra.kit.versions import OverTimeQuerySet
from vertebra.org import labels
from vertebra.org.empty_spaces import title_of
from vertebra.org.models import AreaVersion, EmptySpace, Gap, Mandate, Market, Membership, UnitVersion
from vertebra.org.queries.people import with_hours

SHOWN_MEMBERS = 150


@dataclass(frozen=True, slots=True)
class Group:
    """People of one function in a unit."""

    function: str
    label: str
    members: list[Membership]


@dataclass(frozen=True, slots=True)
class Thing:
    """An area, a market, a gap or an empty space of a unit, by name."""

    kind: str
    id: int
    text: str
    code: str
    row: int


@dataclass(slots=True)
class Holdings:
    """What a unit takes care of, and what it lacks."""

    owned: list[Thing] = field(default_factory=list)
    lacking: list[Thing] = field(default_factory=list)


def members_by_function(unit_id: int, day: dt.date) -> list[Group]:
    """Who works in the unit itself, by function in the order of the labels."""
    rows = Membership.objects.as_of(day).filter(unit=unit_id).select_related("person")
    groups: dict[str, list[Membership]] = defaultdict(list)
    for row in rows.order_by("person__name_folded", "id")[:SHOWN_MEMBERS]:
        groups[row.function].append(row)
    order = labels.Function.values
    return [
        Group(function, str(labels.Function(function).label), groups[function])
        for function in sorted(groups, key=order.index)
    ]


def mandates_of(user: User, day: dt.date, **target: int) -> list[Mandate]:
    """Who answers for a unit, an area or a market, in the order of the roles."""
    rows = with_hours(Mandate.objects.as_of(day).filter(**target), user).select_related("person")
    order = labels.MandateRole.values
    return sorted(rows, key=lambda row: (order.index(row.role), row.function, row.starts_on, row.pk))


def holdings(unit_id: int, day: dt.date) -> Holdings:
    """What the unit owns, its vacancies and the empty spaces beside it, in one query."""
    held = OverTimeQuerySet.holds_on
    areas = AreaVersion.objects.as_of(day).filter(
        held(day, "area__ownerships__"), area__ownerships__unit=unit_id
    )
    markets = Market.objects.filter(held(day, "ownerships__"), ownerships__unit=unit_id)
    gaps = Gap.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=day), unit=unit_id, first_seen_on__lte=day
    )
    spaces = EmptySpace.objects.filter(
        neighbours__unit=unit_id,
        archived_at__isnull=True,
        state__in=labels.ACTIVE,
    )
    nothing = Value("", output_field=CharField())
    parts = (
        _as_thing(areas, "area", "area_id", "name", "area__kind", "area__ownerships__id", nothing),
        _as_thing(markets, "market", "id", "name", "code", "ownerships__id", nothing),
        _as_thing(gaps, "gap", "id", "subject", "rule", "id", nothing),
        _as_thing(spaces, "space", "id", "sentence", "rule", "id", Cast("evidence", TextField())),
    )
    first, *others = parts
    found = Holdings()
    for row in first.union(*others, all=True):
        thing = _thing(*row)
        (found.owned if thing.kind in {"area", "market"} else found.lacking).append(thing)
    found.owned.sort(key=lambda thing: (thing.kind, thing.text.casefold()))
    found.lacking.sort(key=lambda thing: (thing.kind, thing.code, thing.id))
    return found


def _as_thing(rows: Any, kind: str, pk: str, text: str, code: str, row: str, evidence: Any) -> Any:
    words = {name: Cast(column, CharField(max_length=500)) for name, column in (("t", text), ("c", code))}
    told = rows.annotate(what=Value(kind), number=F(pk), fact=F(row), shown_by=evidence, **words)
    return told.order_by().values_list("what", "number", "t", "c", "fact", "shown_by")


def _thing(kind: str, pk: int, text: str, code: str, row: int, evidence: str) -> Thing:
    if kind == "gap":
        text = str(labels.GapRule(code).label)
    elif kind == "space":
        text = title_of(EmptySpace(sentence=text, rule=code, evidence=json.loads(evidence)))
    return Thing(kind, pk, text, code, row)


def spaces_beside(**neighbour: int) -> list[Thing]:
    """The empty spaces, not yet filled or explained, beside an area or a market."""
    rows = EmptySpace.objects.filter(
        archived_at__isnull=True,
        state__in=labels.ACTIVE,
        **{f"neighbours__{kind}": pk for kind, pk in neighbour.items()},
    )
    return [
        Thing("space", space.pk, title_of(space), space.rule, space.pk) for space in rows.order_by("id")[:50]
    ]


def versions_of(unit_id: int) -> list[UnitVersion]:
    """Everything the unit was and will be, the latest first, each with the name of its parent at the time."""
    parent = (
        UnitVersion.objects.all_time()
        .filter(unit=OuterRef("parent"), starts_on__lte=OuterRef("starts_on"))
        .order_by("-starts_on")
        .values("name")[:1]
    )
    rows = UnitVersion.objects.all_time().filter(unit=unit_id).select_related("kind")
    return list(rows.annotate(parent_name=Subquery(parent)).order_by("-starts_on"))


def told(versions: list[UnitVersion]) -> list[tuple[dt.date, str]]:
    """The history of a unit in sentences, the latest first."""
    lines: list[tuple[dt.date, str]] = []
    if versions and (end := versions[0].ends_on):
        lines.append((end, _("The unit is closed.")))
    for after, before in pairwise(versions):
        if before.ends_on and before.ends_on < after.starts_on:
            lines.append((after.starts_on, _("The unit opens again.")))
            lines.append((before.ends_on, _("The unit is closed.")))
        lines.extend((after.starts_on, line) for line in _differences(before, after))
    if versions:
        first = versions[-1]
        lines.append((first.starts_on, _("Begins as “%(name)s”.") % {"name": first.name}))
    return lines


def _differences(before: UnitVersion, after: UnitVersion) -> list[str]:
    lines = []
    if before.name != after.name:
        lines.append(_("Renamed from “%(old)s” to “%(new)s”.") % {"old": before.name, "new": after.name})
    if before.parent_id != after.parent_id:
        if after.parent_id:
            lines.append(_("Moved to “%(name)s”.") % {"name": after.parent_name})  # type: ignore[attr-defined]
        else:
            lines.append(_("Belongs to no other unit from then on."))
    if before.kind_id != after.kind_id:
        lines.append(_("Becomes another kind: %(kind)s.") % {"kind": after.kind})
    if before.purpose != after.purpose:
        lines.append(_("Says otherwise what it is for."))
    if before.how_to_work != after.how_to_work:
        lines.append(_("Says otherwise how to work with it."))
    return lines
