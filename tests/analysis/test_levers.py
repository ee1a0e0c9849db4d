"""How far later changes of one metric go with changes of another."""

import numpy as np
import pytest

from vertebra.analysis.levers import Verdict, association


def walk(chance: np.random.Generator, count: int, memory: float = 0.0) -> dict[int, float]:
    """A level that moves by chance, its steps with a memory of their own."""
    step, level, found = 0.0, 100.0, {}
    for number in range(count):
        step = memory * step + float(chance.normal())
        level += step
        found[number] = level
    return found


def followed(chance: np.random.Generator, driver: dict[int, float], lag: int, by: float) -> dict[int, float]:
    """A level that takes over the changes of another, so many periods later."""
    level, found = 50.0, {}
    for number in driver:
        change = driver[number - lag] - driver[number - lag - 1] if number - lag - 1 in driver else 0.0
        level += by * change + float(chance.normal())
        found[number] = level
    return found


def test_what_follows_two_months_later_is_seen_two_months_later() -> None:
    chance = np.random.default_rng(1)
    driver = walk(chance, 60)
    found = association(driver, followed(chance, driver, 2, 1.5), "month")
    assert (found.verdict, found.lag) == (Verdict.WITH, 2)
    assert found.strength == pytest.approx(0.83, abs=0.1)
    assert association(driver, followed(chance, driver, 1, -1.5), "month").verdict == Verdict.AGAINST


def test_two_levels_that_both_grow_are_no_lever() -> None:
    chance = np.random.default_rng(2)
    both = [{number: 10 * number + float(chance.normal(0, 3)) for number in range(48)} for _side in range(2)]
    assert association(both[0], both[1], "month").verdict == Verdict.UNCLEAR


def test_one_season_in_both_is_no_lever() -> None:
    chance = np.random.default_rng(3)
    alarms = 0
    for _number in range(40):
        both = [
            {at: 20 * np.sin(at * 2 * np.pi / 12) + float(chance.normal()) for at in range(60)}
            for _side in range(2)
        ]
        alarms += association(both[0], both[1], "month").verdict != Verdict.UNCLEAR
    assert alarms <= 4


@pytest.mark.parametrize("memory", [0.0, 0.5, 0.8])
def test_false_alarms_stay_rare_whatever_series_remember(memory: float) -> None:
    chance = np.random.default_rng(4)
    times = 300
    alarms = sum(
        association(walk(chance, 48, memory), walk(chance, 48, memory), "month").verdict != Verdict.UNCLEAR
        for _number in range(times)
    )
    assert alarms / times <= 0.07


def test_too_little_data_is_an_answer() -> None:
    chance = np.random.default_rng(5)
    short = walk(chance, 15)
    assert association(short, short, "month").verdict == Verdict.TOO_LITTLE
    flat = dict.fromkeys(range(60), 7.0)
    assert association(flat, walk(chance, 60), "month").verdict == Verdict.TOO_LITTLE
    gaps = {number: value for number, value in walk(chance, 60).items() if number % 2}
    assert association(gaps, walk(chance, 60), "month").verdict == Verdict.TOO_LITTLE
    assert association({}, {}, "week").verdict == Verdict.TOO_LITTLE


def test_what_is_not_a_number_is_left_out_and_a_huge_jump_is_not_all_that_is_seen() -> None:
    chance = np.random.default_rng(6)
    one, other = walk(chance, 60), walk(chance, 60)
    one[30], other[30] = 1e9, 1e9
    one[10], other[50] = float("nan"), float("inf")
    assert association(one, other, "month").verdict == Verdict.UNCLEAR
