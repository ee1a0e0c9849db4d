"""How far a target moved later: releases by their numbers, days where the releases have dates."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Slip:
    """One move of a target to a later one: how many releases, and how many days where both days are known."""

    steps: int
    days: int


def order_of(target: str) -> tuple[int, ...]:
    """What a target is compared by: the numbers in it, the first weighing most; none for what has no number."""
    return tuple(int(number) for number in _NUMBERS.findall(target)[:4])


def slip_of(before: Mapping[str, str], after: Mapping[str, str], days: Mapping[str, dt.date]) -> Slip | None:
    """The furthest that any of the same milestones moved later; what came, went or moved earlier is no slip."""
    found = [
        slip
        for name, target in after.items()
        if name in before and (slip := _moved(before[name], target, days)) is not None
    ]
    if not found:
        return None
    return Slip(max(slip.steps for slip in found), max(slip.days for slip in found))


def _moved(before: str, after: str, days: Mapping[str, dt.date]) -> Slip | None:
    one, other = order_of(before), order_of(after)
    if not one or not other or other <= one:
        return None
    steps = other[-1] - one[-1] if one[:-1] == other[:-1] else 1
    known = before in days and after in days
    return Slip(max(steps, 1), max((days[after] - days[before]).days, 0) if known else 0)
