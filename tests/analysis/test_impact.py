"""Effects: on simulated series of which the truth is known, on series full of faults, and on those of published examples."""

import csv
import dataclasses
import datetime as dt
import math
from pathlib import Path

import numpy as np
import pytest

from tests.analysis.simulated import Case, made, scored, told, two_thousand
from vertebra.analysis.impact import (
    Answered,
    Caution,
    Figure,
    Grain,
    Method,
    Reason,
    Verdict,
    compare_answers,
    compare_two_figures,
    estimate,
    estimate_staged,
)
from vertebra.analysis.impact.fitting import Option, Problem, fit
from vertebra.analysis.impact.noise import full_grid
from vertebra.analysis.impact.series import Values
from vertebra.analysis.impact.student import mixed_interval, quantile

DAY = dt.date(2025, 1, 1)
STEADY = Case(seed=3, before=60, after=12, memory=0.3)


def days(values: list[float | None], first: dt.date = DAY) -> list[tuple[dt.date, float | None]]:
    return [(first + dt.timedelta(days=at), value) for at, value in enumerate(values)]


def test_quantiles_are_those_of_students_tables() -> None:
    for freedom, known in ((4, 2.776), (10, 2.228), (30, 2.042), (120, 1.980)):
        assert quantile(0.975, freedom) == pytest.approx(known, abs=2e-3)
    low, high = mixed_interval(np.array([0.5, 0.5]), np.array([0.0, 0.0]), np.array([1.0, 1.0]), 10)
    assert low == pytest.approx(-2.228, abs=2e-3)
    assert high == pytest.approx(2.228, abs=2e-3)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    score = scored(two_thousand())
    assert 0.93 <= score.coverage <= 0.97
    assert score.false_alarms <= 0.06
    assert score.told / score.many > 0.8


@pytest.mark.deep
def test_intervals_of_the_fuller_noise_hold_the_truth_too() -> None:
    score = scored(two_thousand(), is_quick=False)
    assert 0.93 <= score.coverage <= 0.97
    assert score.false_alarms <= 0.06


def test_a_real_effect_is_seen_drawn_and_checked() -> None:
    found = told(dataclasses.replace(STEADY, effect=4.0), is_quick=False)
    assert (found.method, found.verdict, found.reason) == (Method.SERIES, Verdict.RISE, None)
    assert found.effect is not None and found.total is not None
    assert found.effect.low < 4 < found.effect.high
    assert found.total.mean == pytest.approx(found.effect.mean * 12)
    after = [point for point in found.points if point.is_after]
    assert len(after) == 12 and len(found.points) == 72
    assert all(point.low is not None and point.high is not None and point.low < point.high for point in after)
    assert len(found.placebo_dates) == 3
    assert sum(each.is_alarm for each in found.placebo_dates) <= 1
    assert told(dataclasses.replace(STEADY, effect=4.0), is_quick=False) == found


def test_a_fall_is_a_fall_and_nothing_is_nothing() -> None:
    assert told(dataclasses.replace(STEADY, effect=-4.0)).verdict == Verdict.FALL
    assert told(STEADY).verdict == Verdict.NO_EFFECT


def test_when_even_what_was_hoped_for_could_hide_nothing_is_told() -> None:
    series, _controls = made(STEADY)
    found = estimate(series, series[60][0], series[-1][0], hoped=0.3)
    assert (found.verdict, found.reason) == (Verdict.CANNOT_TELL, Reason.TOO_NOISY)
    assert found.effect is not None


def test_controls_narrow_the_interval_and_serve_as_placebos() -> None:
    case = Case(seed=5, before=60, after=12, memory=0.2, controls=2, effect=3.0)
    series, controls = made(case)
    alone = estimate(series, series[60][0], series[-1][0])
    beside = estimate(series, series[60][0], series[-1][0], controls)
    assert beside.method == Method.CONTROLS
    assert alone.effect is not None and beside.effect is not None
    assert beside.effect.high - beside.effect.low < alone.effect.high - alone.effect.low
    assert beside.effect.low < 3 < beside.effect.high
    assert len(beside.placebo_units) == 2


def test_a_control_that_knows_too_little_is_left_out() -> None:
    series, controls = made(Case(seed=5, before=60, after=12, memory=0.2, controls=1))
    found = estimate(series, series[60][0], series[-1][0], [controls[0][:20]])
    assert found.method == Method.SERIES
    assert Caution.CONTROLS_DROPPED in found.cautions


def test_what_comes_back_each_year_is_no_effect() -> None:
    case = Case(seed=8, before=60, after=6, memory=0.2, grain=Grain.MONTH, season=6.0)
    found = told(case, is_quick=False)
    assert found.season > 0.9
    assert found.verdict == Verdict.NO_EFFECT


def test_a_series_that_breaks_by_itself_is_not_trusted() -> None:
    draw = np.random.default_rng(1)
    values = draw.normal(size=120) * 0.3
    for at in range(30, 120, 10):
        values[at:] += 6 if (at // 10) % 2 else -6
    found = estimate(days(values.tolist()), DAY + dt.timedelta(days=110), DAY + dt.timedelta(days=119))
    assert found.verdict in {Verdict.CANNOT_TELL, Verdict.NO_EFFECT}


def test_hostile_series_give_a_reason_and_no_fault() -> None:
    flat: list[float | None] = [0.0] * 40
    start, end = DAY + dt.timedelta(days=30), DAY + dt.timedelta(days=39)
    known: dict[Reason, Values] = {
        Reason.NO_VALUES: [],
        Reason.TOO_FEW_BEFORE: days([5.0]),
        Reason.FLAT_BEFORE: days(flat),
        Reason.TOO_FEW_AFTER: days([float(at % 5) for at in range(31)]),
        Reason.TOO_MANY_GAPS: [(DAY - dt.timedelta(days=7 * at), float(at % 4)) for at in range(30)]
        + days([1.0] * 40)[30:],
    }
    for reason, series in known.items():
        found = estimate(series, start, end, grain=Grain.DAY)
        assert (found.verdict, found.reason) == (Verdict.CANNOT_TELL, reason)
    only_infinite = days([math.inf, -math.inf, math.nan, None])
    assert estimate(only_infinite, start, end).reason == Reason.NO_VALUES


def test_gaps_duplicates_and_infinities_are_said_and_left_out() -> None:
    series, _controls = made(dataclasses.replace(STEADY, effect=4.0))
    dirty: list[tuple[dt.date, float | None]] = [*series[:10], *series[14:]]
    dirty += [(series[20][0], math.inf), (series[30][0], series[30][1]), (series[40][0], None)]
    found = estimate(dirty, series[60][0], series[-1][0])
    assert {Caution.GAPS, Caution.DUPLICATES, Caution.NOT_FINITE} <= set(found.cautions)
    assert found.verdict == Verdict.RISE


def test_a_moment_belongs_to_the_day_of_its_own_zone() -> None:
    series, _controls = made(dataclasses.replace(STEADY, effect=4.0))
    zone = dt.timezone(dt.timedelta(hours=11))
    moments = [(dt.datetime(on.year, on.month, on.day, 23, 30, tzinfo=zone), value) for on, value in series]
    assert estimate(moments, series[60][0], series[-1][0]) == estimate(series, series[60][0], series[-1][0])


@pytest.mark.deep
@pytest.mark.parametrize("controls", [1, 2])
def test_beside_controls_intervals_hold_the_truth_too(controls: int) -> None:
    score = scored([dataclasses.replace(case, controls=controls) for case in two_thousand()], is_quick=False)
    assert 0.93 <= score.coverage <= 0.97
    assert score.false_alarms <= 0.065


def test_noise_that_would_be_livelier_than_the_series_counts_for_less() -> None:
    values = np.array([value for _on, value in made(Case(seed=11, before=70, after=1, memory=0.4))[0]])
    scaled = (values - values[:40].mean()) / values[:40].std()
    table, at = np.column_stack((np.ones(70), scaled[:70])), np.arange(70.0)
    free = Problem(table[:40], at[:40], table[40:], at[40:], [Option((0,), (0.0,), 1.0)], 1)
    wide = fit(free, full_grid()).average
    held = fit(dataclasses.replace(free, ceiling=1.0), full_grid()).average
    assert held.high - held.low < 0.95 * (wide.high - wide.low)
    assert held.low < wide.mean < held.high


def test_hostile_controls_are_left_out_and_said() -> None:
    series, _controls = made(dataclasses.replace(STEADY, effect=4.0))
    window = (series[60][0], series[-1][0])
    alone = estimate(series, *window)
    hostile: list[Values] = [[], series[:1], [(on, math.inf) for on, _value in series]]
    found = estimate(series, *window, hostile)
    assert (found.method, found.effect) == (Method.SERIES, alone.effect)
    assert Caution.CONTROLS_DROPPED in found.cautions
    zeros = [(on, 0.0) for on, _value in series]
    assert estimate(series, *window, [zeros]).verdict == Verdict.RISE


@pytest.mark.parametrize("odd", [1e308, -1e308, 1e-308, 1e99, 0.0])
def test_one_absurd_value_breaks_nothing(odd: float) -> None:
    series, controls = made(Case(seed=2, before=40, after=8, memory=0.3, controls=1))
    series[20] = (series[20][0], odd)
    controls[0][25] = (controls[0][25][0], odd)
    found = estimate(series, series[40][0], series[-1][0], controls)
    assert found.effect is not None
    assert math.isfinite(found.effect.low) and math.isfinite(found.effect.high)
    same = [(on, 5.0) for on, _value in series]
    assert estimate(same, series[40][0], series[-1][0], [same, same]).reason == Reason.FLAT_BEFORE
    assert estimate(series, series[40][0], series[-1][0], [same, series]).effect is not None


def test_less_than_a_year_of_weeks_tells_nothing() -> None:
    found = told(Case(seed=1, before=40, after=8, memory=0.2, grain=Grain.WEEK))
    assert found.reason == Reason.SEASON_UNKNOWN


def test_huge_and_tiny_figures_are_reckoned_alike() -> None:
    series, _controls = made(dataclasses.replace(STEADY, effect=4.0))
    plain = estimate(series, series[60][0], series[-1][0], is_quick=True)
    for scale in (1e-9, 1e12):
        scaled = estimate(
            [(on, value * scale) for on, value in series], series[60][0], series[-1][0], is_quick=True
        )
        assert scaled.verdict == plain.verdict
        assert scaled.effect is not None and plain.effect is not None
        assert scaled.effect.mean == pytest.approx(plain.effect.mean * scale, rel=1e-4)


def staged(effect: float, seed: int = 1) -> tuple[dict[str, Values], dict[str, dt.date]]:
    """Twelve units over twenty-four months, nine of them reached at three moments."""
    draw = np.random.default_rng(seed)
    months = [dt.date(2023 + at // 12, at % 12 + 1, 1) for at in range(24)]
    common = np.cumsum(draw.normal(size=24))
    starts = {f"unit {n}": months[10 + 3 * (n % 3)] for n in range(9)}
    units: dict[str, Values] = {}
    for number in range(12):
        name, level = f"unit {number}", draw.normal() * 5
        values = level + common + draw.normal(size=24)
        reached = starts.get(name)
        units[name] = [
            (on, float(value + (effect if reached and on >= reached else 0)))
            for on, value in zip(months, values, strict=True)
        ]
    return units, starts


def test_a_staged_roll_out_is_held_against_units_not_reached_yet() -> None:
    units, starts = staged(3.0)
    found = estimate_staged(units, starts, dt.date(2024, 12, 1), grain=Grain.MONTH)
    assert (found.method, found.verdict) == (Method.STAGED, Verdict.RISE)
    assert found.effect is not None and found.effect.low < 3 < found.effect.high
    held = alarms = 0
    for seed in range(100, 220):
        units, starts = staged(0.0, seed)
        effect = estimate_staged(units, starts, dt.date(2024, 12, 1), grain=Grain.MONTH).effect
        assert effect is not None
        held += effect.low <= 0 <= effect.high
        alarms += effect.is_apart_from_zero
    assert 0.91 <= held / 120 <= 0.99
    assert alarms / 120 <= 0.09


def test_too_few_units_tell_nothing() -> None:
    units, starts = staged(3.0)
    few = {name: units[name] for name in list(units)[:4]}
    assert estimate_staged(few, starts, dt.date(2024, 12, 1)).reason == Reason.TOO_FEW_UNITS
    assert estimate_staged({}, {}, DAY).reason == Reason.NO_VALUES


def test_answers_are_compared_as_independent_groups_of_five_or_more() -> None:
    before, after = Answered(20, 7.0, 6.2, 7.8), Answered(18, 4.0, 3.1, 4.9)
    found = compare_answers(before, after)
    assert (found.method, found.verdict) == (Method.BEFORE_AFTER, Verdict.FALL)
    assert found.effect is not None
    assert found.effect.mean == pytest.approx(-3)
    assert found.effect.high - found.effect.low > 1.8
    few = compare_answers(before, Answered(4, 1.0, 0.5, 1.5))
    assert (few.reason, few.observed, few.effect) == (Reason.TOO_FEW_ANSWERS, None, None)
    assert compare_answers(before, None).reason == Reason.TOO_FEW_ANSWERS
    assert compare_answers(before, Answered(6, 6.8, 5.0, 8.6)).verdict == Verdict.NO_EFFECT


def test_two_figures_alone_say_nothing_of_chance() -> None:
    found = compare_two_figures(40.0, 30.0)
    assert (found.verdict, found.reason) == (Verdict.CANNOT_TELL, Reason.NO_UNCERTAINTY)
    assert (found.expected, found.observed) == (40.0, 30.0)


def columns(path: Path, day: str, names: list[str]) -> dict[str, Values]:
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        name: [(dt.date.fromisoformat(row[day][:10]), float(row[name])) for row in rows] for name in names
    }


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("file", "day", "names", "window", "average", "total", "verdict"),
    [
        (
            "google_data.csv", "date", ["y", "x1", "x2"], (dt.date(2020, 3, 2), dt.date(2020, 3, 31)),
            Figure(27.0, 18.0, 36.0), Figure(804.0, 539.0, 1073.0), Verdict.RISE,
        ),
        (
            "comparison_data.csv", "DATE", ["CHANGED", "NOT_CHANGED_1", "NOT_CHANGED_2", "NOT_CHANGED_3"],
            (dt.date(2019, 7, 15), dt.date(2019, 8, 1)),
            Figure(-657.0, -2076.0, 832.0), Figure(-11831.0, -37371.0, 14971.0), Verdict.NO_EFFECT,
        ),
    ],
)  # fmt: skip
def test_published_effects_are_found_again_with_their_intervals(
    real_data: Path,
    file: str,
    day: str,
    names: list[str],
    window: tuple[dt.date, dt.date],
    average: Figure,
    total: Figure,
    verdict: Verdict,
) -> None:
    found = columns(real_data / "kpi" / file, day, names)
    told_of = estimate(found[names[0]], *window, [found[name] for name in names[1:]])
    assert told_of.verdict == verdict
    for ours, theirs in ((told_of.effect, average), (told_of.total, total)):
        assert ours is not None
        assert math.copysign(1, ours.mean) == math.copysign(1, theirs.mean)
        near = (theirs.high - theirs.low) / 4
        assert ours.mean == pytest.approx(theirs.mean, abs=near)
        assert ours.low == pytest.approx(theirs.low, abs=near)
        assert ours.high == pytest.approx(theirs.high, abs=near)
