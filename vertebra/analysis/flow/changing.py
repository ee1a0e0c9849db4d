"""Whether what was told of a month may be told anew: whoever sees a page before and after knows what differs.

What differs is taken as figures of its own: the month is told anew where these might be told, of five people at least
in whatever adding and subtracting them singles out, and stays as it was told where not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar

from vertebra.analysis.crossing import walk_of
from vertebra.analysis.flow.telling import Behind, Told, told_of

# What was told is kept so many times back: of more, nobody remembers the figures.
MOST_TOLD = 24
# Week, group with all around it, type of work, who; and what their items there add to figures.
Parts = Mapping[tuple[int, str, str, str], str]
_INSIDE = ">"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Said:
    """What is told of a month, and what everybody behind it adds to its figures: signs that can only be compared."""

    told: Told
    parts: Parts


def said_of(rows: Collection[Behind], told: Told, parents: Mapping[str, str], key: bytes) -> Said:
    """What is told of a month of these; without the key nobody knows of whom or of what a sign is."""
    walk = walk_of(parents)
    signs = {who: sign(who, key) if who else "" for who in {row.person for row in rows}}
    parts = {
        (row.week, _INSIDE.join(walk(row.group)), row.kind, signs[row.person]): sign(
            repr((row.person, row.items, row.adds)), key
        )
        for row in rows
    }
    return Said(told, parts)


def sign(text: str, key: bytes) -> str:
    """What can be compared with another sign, and read by nobody who has not the key."""
    return blake2b(text.encode(), digest_size=8, key=key).hexdigest()


def may_be_told_anew(before: Said, now: Said, rows: Collection[Behind], parents: Mapping[str, str]) -> bool:
    """Whether a month may be told as it is now, of these rows, to whoever saw what was told of it before."""
    return _hold_together(before.told, now.told, rows, parents) and _differ_enough(before, now)


def and_now(before: Sequence[T], now: T) -> tuple[T, ...]:
    """What was told, with what is told now as the last of it."""
    return (*(one for one in before if one != now), now)[-MOST_TOLD:]


def _hold_together(before: Told, now: Told, rows: Collection[Behind], parents: Mapping[str, str]) -> bool:
    """Whether what was told may be told beside what is: of whom there is something, and what is told no longer."""
    walk = walk_of(parents)
    there = {(up, row.kind) for row in rows for up in walk(row.group)}
    groups = before.groups & {group for group, _kind in there}
    kinds = before.kinds & there
    if groups <= now.groups and kinds <= now.kinds and now.is_by_week >= before.is_by_week:
        return True
    told = told_of(rows, parents, groups | now.groups)
    is_weekly = before.is_by_week or now.is_by_week
    return (
        groups | now.groups <= told.groups
        and kinds | now.kinds <= told.kinds
        and told.is_by_week >= is_weekly
    )


def _differ_enough(before: Said, now: Said) -> bool:
    """Whether what differs, if anything does: what was and what is each by itself, or together, is of people enough."""
    was, comes = before.parts.items() - now.parts.items(), now.parts.items() - before.parts.items()
    parts = [[Behind(*key) for key, _adds in some] for some in (was, comes)]
    told = (before.told, now.told)
    return all(_are_enough(rows, *told) for rows in parts) or _are_enough(list({*parts[0], *parts[1]}), *told)


def _are_enough(rows: Collection[Behind], before: Told, now: Told) -> bool:
    """Whether these might be told of all groups and types whose figures they change."""
    groups, kinds = before.groups | now.groups, before.kinds | now.kinds
    # Groups are named with all around them: one that stands elsewhere than before is two.
    parents = {path: path.partition(_INSIDE)[2] for row in rows for path in _outwards(row.group)}
    heads = {path: path.partition(_INSIDE)[0] for path in parents}
    touched = {path for path, head in heads.items() if head in groups}
    if not touched:
        return True
    typed = {
        (path, row.kind) for row in rows for path in _outwards(row.group) if (heads[path], row.kind) in kinds
    }
    told = told_of(rows, parents, touched)
    is_weekly = before.is_by_week or now.is_by_week
    return touched <= told.groups and typed <= told.kinds and told.is_by_week >= is_weekly


def _outwards(path: str) -> list[str]:
    parts = path.split(_INSIDE)
    return [_INSIDE.join(parts[place:]) for place in range(len(parts))]
