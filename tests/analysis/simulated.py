"""Simulated series of which the truth is known: noise that remembers, season, trend, an effect or none."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vertebra.analysis.impact import Estimate, Grain, Verdict, estimate

START = {
    Grain.DAY: dt.date(2022, 1, 3),
    Grain.WEEK: dt.date(2022, 1, 3),
    Grain.MONTH: dt.date(2015, 1, 1),
    Grain.QUARTER: dt.date(2005, 1, 1),
}
ROUND = {Grain.DAY: 7, Grain.WEEK: 52, Grain.MONTH: 12, Grain.QUARTER: 4}


@dataclass(frozen=True)
class Case:
    """How a series is made."""

    seed: int
    before: int
    after: int
    memory: float
    grain: Grain = Grain.DAY
    season: float = 0.0
    trend: float = 0.0
    effect: float = 0.0
    controls: int = 0


def day(case: Case, at: int) -> dt.date:
    """The first day of a period."""
    first = START[case.grain]
    if case.grain in (Grain.DAY, Grain.WEEK):
        return first + dt.timedelta(days=at * (7 if case.grain == Grain.WEEK else 1))
    months = first.year * 12 + first.month - 1 + at * (3 if case.grain == Grain.QUARTER else 1)
    return dt.date(months // 12, months % 12 + 1, 1)


def remembering(draw: np.random.Generator, length: int, memory: float) -> NDArray[np.float64]:
    """Noise of spread one of which each period keeps a share."""
    found = np.empty(length)
    found[0] = draw.normal()
    fresh = np.sqrt(1 - memory**2)
    for at in range(1, length):
        found[at] = memory * found[at - 1] + fresh * draw.normal()
    return found


def made(case: Case) -> tuple[list[tuple[dt.date, float]], list[list[tuple[dt.date, float]]]]:
    """A series with its controls."""
    draw = np.random.default_rng(case.seed)
    length = case.before + case.after
    at = np.arange(length)
    values = 100 + case.trend * at + remembering(draw, length, case.memory)
    phase = draw.uniform(0, 2 * np.pi, 2)
    turn = 2 * np.pi * at / ROUND[case.grain]
    values += case.season * (np.sin(turn + phase[0]) + 0.5 * np.sin(2 * turn + phase[1]))
    beside = []
    for _number in range(case.controls):
        moves = np.cumsum(draw.normal(size=length)) * 0.5
        values = values + moves
        beside.append(moves + 50 + draw.normal(size=length) * 0.1)
    values[case.before :] += case.effect
    days = [day(case, number) for number in range(length)]
    return list(zip(days, values.tolist(), strict=True)), [
        list(zip(days, one.tolist(), strict=True)) for one in beside
    ]


def told(case: Case, *, is_quick: bool = True) -> Estimate:
    """What the arithmetic says of a simulated series."""
    series, controls = made(case)
    return estimate(
        series, series[case.before][0], series[-1][0], controls, grain=case.grain, is_quick=is_quick
    )


@dataclass(frozen=True)
class Score:
    """How often the interval held the truth, an effect was seen where there was none, nothing could be told."""

    many: int
    told: int
    held: int
    none: int
    alarms: int

    @property
    def coverage(self) -> float:
        return self.held / self.told if self.told else float("nan")

    @property
    def false_alarms(self) -> float:
        return self.alarms / self.none if self.none else float("nan")


def scored(cases: list[Case], *, is_quick: bool = True) -> Score:
    """Estimate each and hold it against the truth."""
    seen = held = none = alarms = 0
    for case in cases:
        found = told(case, is_quick=is_quick)
        if found.effect is None:
            continue
        seen += 1
        held += found.effect.low <= case.effect <= found.effect.high
        if case.effect == 0:
            none += 1
            alarms += found.verdict in {Verdict.RISE, Verdict.FALL}
    return Score(len(cases), seen, held, none, alarms)


def two_thousand(many: int = 2000) -> list[Case]:
    """The mixture that the product is held to: lengths, memories, seasons, trends, with and without an effect."""
    draw = np.random.default_rng(20261122)
    found = []
    for seed in range(many):
        grain = (Grain.DAY, Grain.WEEK, Grain.MONTH)[int(draw.integers(3))]
        before = int(draw.choice([24, 36, 60, 104, 156]))
        found.append(
            Case(
                seed=seed,
                before=before,
                after=int(draw.choice([6, 12, 24])),
                memory=float(draw.choice([0.0, 0.2, 0.4, 0.6, 0.8])),
                grain=grain,
                season=float(draw.choice([0.0, 1.0, 2.0])),
                trend=float(draw.choice([0.0, 0.02, 0.05])),
                effect=float(draw.choice([0.0, 0.0, 1.5, 4.0])),
            )
        )
    return found
