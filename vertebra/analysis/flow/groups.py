"""Who hands work to whom, and where it stands while each has it: by the groups that a field of the tool names.

Groups are values of a field (a support line, a team, an organisation). Nothing is told of fewer than five people: small
groups are told together, with the smallest of the others where they are still too few; and what was told before is told
anew only where what differs is of five people, of fewer groups where need be (`analysis.flow.beside`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ibis

from vertebra.analysis.fields import own_field
from vertebra.analysis.flow.beside import Shown, parts_of, told_beside, weights_of
from vertebra.analysis.flow.facts import HOUR, between
from vertebra.analysis.flow.telling import ENOUGH
from vertebra.analysis.privacy import FEWEST

MOST_SETS = 12
MOST_GROUPS = 40
MOST_STEPS = 8
OTHERS = ""
HANDS, STANDINGS = "hands", "standings"
# How many groups had a hand in an item: these shares are told, and the sets of groups inside them.
_SHAPES = ("alone", "two", "more")
_ITEM = ["item"]
_BETWEEN = "\x1f"


@dataclass(frozen=True, slots=True)
class Hands:
    """How many groups had a hand in a work item, as shares of all; `together` tells which, the commonest first."""

    items: int
    alone: float
    two: float
    more: float
    came_back: float
    handed: float
    together: tuple[tuple[tuple[str, ...], float], ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Of the time during which groups had work, the share that it stood in each step; several groups are told together
    where `groups` is empty."""

    group: str
    hours: float
    steps: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Known:
    """What was told of hand-overs and of where work stood before, the last of it at the end; the key of its signs."""

    hands: Sequence[Shown] = ()
    standings: Sequence[Shown] = ()
    key: bytes = b""


@dataclass(frozen=True, slots=True)
class GroupsOf:
    """What a field tells of hand-overs, as far as it may be told anew.

    `shown` is what to compare with the next time; what is missing there (`hands`, `standings`) stays as it was told.
    """

    hands: Hands | None
    whole: Standing | None
    standings: tuple[Standing, ...]
    shown: Mapping[str, Shown] = field(default_factory=dict)


def look(items: Any, changes: Any, field: str, steps: str, known: Known = Known()) -> GroupsOf:
    """What the changes of a field tell of one trail, and where work stood (a field of steps) meanwhile."""
    hands, sets = _hands(_had(items, changes, field), changes, known)
    everybody, standings, groups = _standings(items, changes, field, steps, known)
    shown = {name: one for name, one in ((HANDS, sets), (STANDINGS, groups)) if one is not None}
    return GroupsOf(hands, everybody, standings, shown)


def _current(items: Any, field: str) -> Any:
    """What a field holds now: where it never changed, it always did."""
    return items[field] if field in ("status", "project", "kind", "priority") else own_field(items, field)


def _had(items: Any, changes: Any, field: str) -> Any:
    """Every turn in which a group had an item, in order: item, turn, group."""
    rows = changes.filter(changes.field == field)
    window = ibis.window(group_by=_ITEM, order_by=["at", "nth"])
    rows = rows.mutate(turn=ibis.row_number().over(window) + 1)
    first = rows.filter(rows.turn == 1).select("item", turn=ibis.literal(0), group="before")
    still = items.filter(~items.external_id.isin(rows.item)).select(
        item="external_id", turn=ibis.literal(0), group=_current(items, field)
    )
    later = rows.select("item", "turn", group="after")
    kinds = {"turn": "int64"}
    found = first.cast(kinds).union(later.cast(kinds)).union(still.cast(kinds))
    return found.filter(found.group.notnull() & (found.group != ""))


def _hands(had: Any, changes: Any, known: Known) -> tuple[Hands | None, Shown | None]:
    sets = had.group_by("item").agg(
        groups=had.group.collect(distinct=True).sort(), turns=had.count(), different=had.group.nunique()
    )
    last = changes.group_by("item").agg(person=changes.author.argmax(changes.at, where=changes.author != ""))
    rows = sets.left_join(last, "item")
    counted = rows.group_by(["groups", "person"]).agg(
        items=rows.count(),
        back=(rows.turns > rows.different).cast("int64").sum(),
        handed=(rows.turns - 1).sum(),
    )
    found = {
        (_name(one["groups"]), one["person"] or ""): (one["items"], one["back"], one["handed"])
        for one in counted.to_pyarrow().to_pylist()
    }
    items: Counter[str] = Counter()
    for (name, _person), (count, *_adds) in found.items():
        items[name] += count
    parts = parts_of(found, known.key)
    asked = _several(parts, items, MOST_SETS)
    shown = told_beside(parts, _homes(parts), asked, known.hands) or told_beside(parts, {}, (), known.hands)
    if shown is None:
        return None, None
    total = sum(items.values())
    shapes: Counter[str] = Counter()
    for name, count in items.items():
        shapes[_shape(name)] += count
    alone, two, more = (round(shapes[shape] / total, 4) for shape in _SHAPES)
    back, handed = (round(sum(one[place] for one in found.values()) / total, 4) for place in (1, 2))
    return Hands(total, alone, two, more, back, handed, _together(items, shown.groups)), shown


def _name(groups: Sequence[str]) -> str:
    return _BETWEEN.join(groups)


def _shape(name: str) -> str:
    return _SHAPES[min(name.count(_BETWEEN), 2)]


def _homes(parts: Collection[tuple[str, str]]) -> dict[str, str]:
    """With which share the sets are told that are not told apart: their own, where five people are behind it."""
    weights: Counter[str] = Counter()
    for name, weight in weights_of(parts).items():
        weights[_shape(name)] += weight
    largest = max(_SHAPES, key=lambda shape: weights[shape])
    return {
        name: shape if weights[shape := _shape(name)] >= ENOUGH else largest
        for name in {name for name, _who in parts}
    }


def _several(parts: Iterable[tuple[str, str]], sizes: Mapping[str, float], most: int) -> list[str]:
    """The largest groups with five people, the smallest of these first."""
    people: dict[str, set[str]] = defaultdict(set)
    for group, who in parts:
        people[group] |= {who} - {""}
    enough = [group for group, some in people.items() if len(some) >= FEWEST]
    return sorted(enough, key=lambda group: (-sizes[group], group))[:most][::-1]


def _together(items: Mapping[str, int], told: Iterable[str]) -> tuple[tuple[tuple[str, ...], float], ...]:
    """Which groups had a hand in it together, as far as it may be told; the rest as one without names."""
    total = sum(items.values())
    named = sorted(told, key=lambda name: (-items[name], name))
    rest = total - sum(items[name] for name in named)
    shares = [(tuple(name.split(_BETWEEN)), round(items[name] / total, 4)) for name in named]
    return (*shares, ((), round(rest / total, 4))) if rest else tuple(shares)


def _standings(
    items: Any, changes: Any, field: str, steps: str, known: Known
) -> tuple[Standing | None, tuple[Standing, ...], Shown | None]:
    rows = _points(items, changes, field, steps)
    counted = rows.group_by(["group", "step", "author"]).agg(seconds=rows.held.sum())
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    spent: dict[str, Counter[str]] = defaultdict(Counter)
    for one in counted.to_pyarrow().to_pylist():
        seconds = int(one["seconds"])
        found[one["group"], one["author"]][one["step"]] = seconds
        spent[one["group"]][one["step"]] += seconds
    parts = parts_of({key: sorted(stood.items()) for key, stood in found.items()}, known.key)
    sizes = {group: sum(some.values()) for group, some in spent.items()}
    shown = told_beside(parts, {}, _several(parts, sizes, MOST_GROUPS), known.standings)
    if shown is None:
        return None, (), None
    everybody = _added(spent.values())
    common = sorted(everybody, key=lambda step: (-everybody[step], step))[:MOST_STEPS]
    apart = [_standing(group, spent[group], common) for group in sorted(shown.groups)]
    if others := [some for group, some in spent.items() if group not in shown.groups]:
        apart.append(_standing(OTHERS, _added(others), common))
    return _standing("", everybody, common), tuple(apart), shown


def _added(parts: Iterable[Mapping[str, int]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for part in parts:
        found.update(part)
    return found


def _standing(group: str, spent: Mapping[str, int], common: list[str]) -> Standing:
    total = sum(spent.values())
    steps = {step: round(spent.get(step, 0) / total, 3) for step in common} if total else {}
    return Standing(group, round(total / HOUR, 1), steps)


def _points(items: Any, changes: Any, field: str, steps: str) -> Any:
    """Each time between two changes of either field: which group had the item, in which step, how many seconds, who began it."""
    rows = changes.filter(changes.field.isin([field, steps]))
    is_group = rows.field == field
    one = ibis.window(group_by=["item", "field"], order_by=["at", "nth"])
    rows = rows.mutate(place=ibis.row_number().over(one))
    told = rows.select(
        "item", "at", "author", group=ibis.ifelse(is_group, rows.after, None),
        step=ibis.ifelse(is_group, None, rows.after),
    )  # fmt: skip
    begun = rows.filter(rows.place == 0)
    is_first = begun.field == field
    before = begun.group_by("item").agg(
        group=begun.before.max(where=is_first), step=begun.before.max(where=~is_first)
    )
    first = items.select(
        item="external_id", at="created_at", now_group=_current(items, field), now_step=_current(items, steps)
    )
    first = first.left_join(before, "item")
    first = first.select(
        "item", "at", author=ibis.literal(""),
        group=ibis.coalesce(first.group.nullif(""), ibis.ifelse(first.group.isnull(), first.now_group, None)),
        step=ibis.coalesce(first.step.nullif(""), ibis.ifelse(first.step.isnull(), first.now_step, None)),
    )  # fmt: skip
    points = told.union(first)
    points = points.group_by(["item", "at"]).agg(
        group=points.group.max(), step=points.step.max(), author=points.author.max()
    )
    window = ibis.window(group_by="item", order_by="at")
    points = points.mutate(until=points.at.lead().over(window))
    points = _filled(_filled(points, "group"), "step")
    points = points.filter(points.until.notnull() & points.group.notnull() & points.step.notnull())
    return points.mutate(held=between(points.until, points.at))


def _filled(points: Any, name: str) -> Any:
    """What a field held at each point: as since the last one that tells of it."""
    so_far = ibis.window(group_by="item", order_by="at", preceding=None, following=0)
    points = points.mutate(spell=points[name].notnull().cast("int64").sum().over(so_far))
    held = points[name].max().over(ibis.window(group_by=["item", "spell"]))
    return points.mutate(**{name: held}).drop("spell")
