"""Scores beside a ranking (RICE, WSJF, one's own criteria), and what fits under the line of capacity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

NAME, VERSION = "lenses", 1
RICE, WSJF, OWN = "rice", "wsjf", "own"
PARTS = {RICE: ("reach", "impact", "confidence", "effort"), WSJF: ("value", "urgency", "risk", "size")}


def score(lens: str, values: Mapping[str, float]) -> float | None:
    """One person's score of one topic; None as long as a part is missing, or where what divides is nothing."""
    if lens == OWN:
        return fmean(values.values()) if values else None
    parts = PARTS.get(lens, ())
    if not parts or any(part not in values for part in parts) or values[parts[-1]] <= 0:
        return None
    if lens == RICE:
        return values["reach"] * values["impact"] * values["confidence"] / 100 / values["effort"]
    return (values["value"] + values["urgency"] + values["risk"]) / values["size"]


@dataclass(frozen=True, slots=True)
class Scored:
    """What several people's scores of one topic come to."""

    mean: float
    lowest: float
    highest: float
    count: int


def together(lens: str, given: Sequence[Mapping[str, float]]) -> Scored | None:
    """The mean of those who scored a topic whole, with the lowest and the highest."""
    found = [one for values in given if (one := score(lens, values)) is not None]
    return Scored(fmean(found), min(found), max(found), len(found)) if found else None


@dataclass(frozen=True, slots=True)
class Line:
    """What fits into the days there are, in order: the topics above the line, those below, those nobody sized."""

    above: tuple[int, ...]
    below: tuple[int, ...]
    unsized: tuple[int, ...]
    days_taken: int


def capacity_line(order: Sequence[int], days: Mapping[int, int | None], capacity: int | None) -> Line | None:
    """Draw the line: from the first topic on, until the next one would no longer fit; None without a capacity.

    What is not sized takes no days, and is told apart. Nothing smaller jumps the queue: that is for people to decide.
    """
    if capacity is None:
        return None
    taken = 0
    for at, pk in enumerate(order):
        size = days.get(pk) or 0
        if taken + size > capacity:
            return Line(tuple(order[:at]), tuple(order[at:]), _unsized(order[:at], days), taken)
        taken += size
    return Line(tuple(order), (), _unsized(order, days), taken)


def _unsized(order: Sequence[int], days: Mapping[int, int | None]) -> tuple[int, ...]:
    return tuple(pk for pk in order if days.get(pk) is None)
