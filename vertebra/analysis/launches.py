"""Launches compared stage by stage: what was planned, what it took, and which stage costs most beyond its plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

NAME = "launches"
VERSION = 1
# One launch alone says nothing of the way of launching.
FEWEST = 2
# Below so many days beyond the plan a stage is not worth an initiative.
WORTH_DAYS = 5


class Verdict(StrEnum):
    """What the stages say together."""

    TOO_FEW = "too_few"
    AS_PLANNED = "as_planned"
    COSTLY = "costly"


@dataclass(frozen=True, slots=True)
class StageTime:
    """One stage of one launch: days planned, days taken (so far, unless it is over)."""

    launch: int
    stage: str
    planned: int
    taken: int
    is_over: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage over all launches: medians of days, the shortest and longest, what it took beyond its plan."""

    name: str
    launches: int
    planned: float | None
    taken: float | None
    shortest: int | None
    longest: int | None
    beyond: float | None
    total_beyond: int


@dataclass(frozen=True, slots=True)
class Compared:
    """All stages in their order, and the one that costs most beyond its plan."""

    verdict: Verdict
    stages: tuple[Stage, ...]
    costliest: Stage | None = None


def compare(times: Sequence[StageTime]) -> Compared:
    """Compare the stages of launches; a stage not over yet counts once it has taken longer than planned."""
    names = list(dict.fromkeys(time.stage for time in times))
    stages = tuple(_stage(name, [time for time in times if time.stage == name]) for name in names)
    known = [stage for stage in stages if stage.launches >= FEWEST]
    if not known:
        return Compared(Verdict.TOO_FEW, stages)
    costliest = max(known, key=lambda stage: (stage.total_beyond, stage.taken or 0))
    if (costliest.beyond or 0) < WORTH_DAYS:
        return Compared(Verdict.AS_PLANNED, stages)
    return Compared(Verdict.COSTLY, stages, costliest)


def _stage(name: str, times: Sequence[StageTime]) -> Stage:
    """A stage under way counts only for the days that it is already late: it will not take fewer."""
    known = [time for time in times if time.is_over or time.taken > time.planned]
    if not known:
        return Stage(name, 0, None, None, None, None, None, 0)
    taken = [time.taken for time in known]
    beyond = [time.taken - time.planned for time in known]
    return Stage(
        name,
        len(known),
        median(time.planned for time in known),
        median(taken),
        min(taken),
        max(taken),
        median(beyond),
        sum(one for one in beyond if one > 0),
    )
