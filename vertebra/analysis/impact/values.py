"""What an estimate of an effect says: figures with their intervals, codes for methods, verdicts and reasons."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

NAME = "impact"
VERSION = 1


class Grain(StrEnum):
    """How long a period one value stands for."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Method(StrEnum):
    """How an effect was estimated."""

    SERIES = "series"
    CONTROLS = "controls"
    STAGED = "staged"
    BEFORE_AFTER = "before_after"
    NONE = "none"


class Verdict(StrEnum):
    """What the figures say, whatever was hoped."""

    RISE = "rise"
    FALL = "fall"
    NO_EFFECT = "no_effect"
    CANNOT_TELL = "cannot_tell"


class Reason(StrEnum):
    """Why nothing can be told."""

    NO_VALUES = "no_values"
    TOO_FEW_BEFORE = "too_few_before"
    TOO_FEW_AFTER = "too_few_after"
    TOO_MANY_GAPS = "too_many_gaps"
    SEASON_UNKNOWN = "season_unknown"
    FLAT_BEFORE = "flat_before"
    PLACEBO_FAILED = "placebo_failed"
    TOO_NOISY = "too_noisy"
    TOO_FEW_UNITS = "too_few_units"
    TOO_FEW_ANSWERS = "too_few_answers"
    NO_UNCERTAINTY = "no_uncertainty"


class Caution(StrEnum):
    """What a reader of the result should know."""

    SEASON_UNKNOWN = "season_unknown"
    SHORT_BEFORE = "short_before"
    GAPS = "gaps"
    NOT_FINITE = "not_finite"
    DUPLICATES = "duplicates"
    CONTROLS_DROPPED = "controls_dropped"
    CONTROLS_MOVED = "controls_moved"
    WINDOW_INCOMPLETE = "window_incomplete"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and the interval that holds it with 95 % certainty."""

    mean: float
    low: float
    high: float

    @property
    def is_apart_from_zero(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Point:
    """One period: what was seen, what would have been expected, and between which bounds."""

    on: dt.date
    observed: float | None
    expected: float | None
    low: float | None = None
    high: float | None = None
    is_after: bool = False


@dataclass(frozen=True, slots=True)
class Placebo:
    """The same reckoning where nothing happened: on an earlier day, or on a control."""

    effect: Figure
    on: dt.date | None = None
    unit: int | None = None

    @property
    def is_alarm(self) -> bool:
        """Whether it finds an effect that cannot be one."""
        return self.effect.is_apart_from_zero


@dataclass(frozen=True, slots=True)
class Estimate:
    """An effect per period and in all, how sure, by which method, with what it was read from."""

    method: Method
    verdict: Verdict
    reason: Reason | None = None
    effect: Figure | None = None
    total: Figure | None = None
    slope: Figure | None = None
    observed: float | None = None
    expected: float | None = None
    before_count: int = 0
    after_count: int = 0
    autocorrelation: float | None = None
    season: float = 0.0
    points: tuple[Point, ...] = ()
    placebo_dates: tuple[Placebo, ...] = ()
    placebo_units: tuple[Placebo, ...] = ()
    cautions: tuple[Caution, ...] = ()
    name: str = NAME
    version: int = VERSION


def cannot_tell(reason: Reason, method: Method = Method.NONE, **known: object) -> Estimate:
    """An estimate that says why nothing can be told, with what is known all the same."""
    return Estimate(method=method, verdict=Verdict.CANNOT_TELL, reason=reason, **known)  # type: ignore[arg-type]


def verdict_of(effect: Figure, hoped: float | None) -> tuple[Verdict, Reason | None]:
    """What an effect says: apart from zero, or not; nothing when even the change hoped for could hide in the interval."""
    if effect.is_apart_from_zero:
        return (Verdict.RISE if effect.mean > 0 else Verdict.FALL), None
    if hoped is not None and effect.low <= hoped <= effect.high:
        return Verdict.CANNOT_TELL, Reason.TOO_NOISY
    return Verdict.NO_EFFECT, None
