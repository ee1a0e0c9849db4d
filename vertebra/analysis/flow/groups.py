"""Who hands work to whom, and where it stands while each has it: by the groups that a field of the tool names.

Groups are values of a field (a support line, a team, an organisation). Nothing is told of a group of fewer than five
people: such groups are told together, with the smallest of the others where they are still too few.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ibis

from vertebra.analysis.flow.facts import HOUR, between
from vertebra.analysis.privacy import FEWEST

MOST_SETS = 12
MOST_GROUPS = 40
MOST_STEPS = 8
OTHERS = ""
_ITEM = ["item"]


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
class GroupsOf:
    """What a field tells of hand-overs; `hands` is missing where the trail does not tell of it."""

    hands: Hands | None
    whole: Standing | None
    standings: tuple[Standing, ...]


def look(items: Any, changes: Any, field: str, steps: str) -> GroupsOf:
    """What the changes of a field tell of one trail, and where work stood (a field of steps) meanwhile."""
    held = _had(items, changes, field)
    return GroupsOf(_hands(held, items, changes), *_standings(items, changes, field, steps))


def _current(items: Any, field: str) -> Any:
    """What a field holds now: where it never changed, it always did."""
    return (
        items[field]
        if field in ("status", "project", "kind", "priority")
        else items.fields.cast("json")[field].str
    )


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


def _hands(had: Any, items: Any, changes: Any) -> Hands | None:
    sets = had.group_by("item").agg(
        groups=had.group.collect(distinct=True).sort(), turns=had.count(), different=had.group.nunique()
    )
    total = sets.agg(
        items=sets.count(), alone=(sets.different == 1).cast("float64").mean(),
        two=(sets.different == 2).cast("float64").mean(), more=(sets.different > 2).cast("float64").mean(),
        came_back=(sets.turns > sets.different).cast("float64").mean(), handed=(sets.turns - 1).mean(),
    ).to_pyarrow().to_pylist()[0]  # fmt: skip
    if not total["items"]:
        return None
    shares = {name: round(total[name], 4) for name in ("alone", "two", "more", "came_back", "handed")}
    return Hands(int(total["items"]), **shares, together=_together(sets, changes, int(total["items"])))


def _together(sets: Any, changes: Any, total: int) -> tuple[tuple[tuple[str, ...], float], ...]:
    """Which groups had a hand in it together, as far as five people are behind it; the rest as one without names."""
    last = changes.group_by("item").agg(person=changes.author.argmax(changes.at, where=changes.author != ""))
    rows = sets.left_join(last, "item").select("groups", "person")
    told = rows.group_by("groups").agg(count=rows.count(), people=rows.person.nunique())
    told = told.order_by([ibis.desc("count"), ibis.asc(told.groups.join(" "))])
    known = told.filter(told.people >= FEWEST).limit(MOST_SETS).to_pyarrow().to_pylist()
    named = [(tuple(one["groups"]), int(one["count"])) for one in known]
    rest = total - sum(count for _groups, count in named)
    while named and 0 < rest < FEWEST:
        rest += named.pop()[1]
    shares = [(groups, round(count / total, 4)) for groups, count in named]
    return (*shares, ((), round(rest / total, 4))) if rest else tuple(shares)


def _standings(
    items: Any, changes: Any, field: str, steps: str
) -> tuple[Standing | None, tuple[Standing, ...]]:
    rows = _points(items, changes, field, steps)
    times = rows.group_by(["group", "step"]).agg(held=rows.held.sum()).to_pyarrow().to_pylist()
    people = rows.filter(rows.author != "").select("group", "author").distinct().to_pyarrow().to_pylist()
    behind: dict[str, set[str]] = defaultdict(set)
    for one in people:
        behind[one["group"]].add(one["author"])
    spent: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in times:
        spent[one["group"]][one["step"]] += int(one["held"])
    if len(set().union(*behind.values())) < FEWEST:
        return None, ()
    kept = pooled({group: behind.get(group, set()) for group in spent}, spent)
    whole = _added("", spent.values())
    common = sorted(whole, key=lambda step: (-whole[step], step))[:MOST_STEPS]
    found = [
        _standing(group, _added(group, [spent[one] for one in some]), common) for group, some in kept.items()
    ]
    return _standing("", whole, common), tuple(
        sorted(found, key=lambda one: (one.group == OTHERS, one.group))
    )


def pooled(people: Mapping[str, set[str]], spent: Mapping[str, Mapping[str, float]]) -> dict[str, list[str]]:
    """Each group that may be told apart, and all others together under no name; what is told together is of five people."""
    order = sorted(people, key=lambda group: (len(people[group]), -sum(spent[group].values()), group))
    large = [group for group in order if len(people[group]) >= FEWEST]
    largest = sorted(large, key=lambda group: -sum(spent[group].values()))[:MOST_GROUPS]
    others = [group for group in order if group not in largest]
    together = set[str]().union(*(people[group] for group in others))
    for group in (one for one in large if one in largest):
        if not others or len(together) >= FEWEST:
            break
        others.append(group)
        together |= people[group]
    told = {group: [group] for group in largest if group not in others}
    return {**told, OTHERS: others} if others and len(together) >= FEWEST else told


def _added(_name: str, parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for part in parts:
        for step, held in part.items():
            found[step] += held
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
