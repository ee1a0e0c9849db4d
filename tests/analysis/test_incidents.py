"""How incidents are measured: times that are not over, intervals, before and after."""

import math
import random

import pytest

from vertebra.analysis.incidents import (
    Comparison,
    Lasted,
    Verdict,
    compare_counts,
    compare_shares,
    compare_times,
    share,
    typical,
)


def over(*hours: float) -> list[Lasted]:
    return [Lasted(one) for one in hours]


def test_half_of_those_that_are_over_were_over_within_the_typical_time() -> None:
    found = typical(over(1, 2, 3, 4, 5, 6, 7))
    assert (found.value, found.count, found.open_count) == (4, 7, 0)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 4 < found.high


def test_what_still_goes_on_makes_the_typical_time_longer_not_shorter() -> None:
    without = typical(over(1, 2, 3, 4))
    with_open = typical([*over(1, 2, 3, 4), Lasted(10, False), Lasted(12, False), Lasted(20, False)])
    assert without.value == 2
    assert with_open.value == 4
    assert with_open.high is None


def test_when_more_than_half_goes_on_nothing_is_typical() -> None:
    assert typical([Lasted(1), Lasted(9, False), Lasted(9, False)]).value is None
    assert typical([]).value is None


def test_a_share_has_an_interval_that_stays_between_nothing_and_all() -> None:
    found = share(0, 4)
    assert (found.value, found.low) == (0, 0)
    assert found.high is not None
    assert 40 < found.high < 60
    assert share(0, 0).value is None


def test_half_the_time_is_told_as_half_and_is_sure() -> None:
    before = over(*(8 + number / 10 for number in range(12)))
    found = compare_times(before, [Lasted(one.hours / 2) for one in before])
    assert found.verdict == Verdict.BETTER
    assert found.change == pytest.approx(0.5, abs=0.02)


def test_fewer_than_five_on_a_side_say_nothing() -> None:
    few = Comparison(None, None, None, Verdict.TOO_FEW)
    assert compare_times(over(1, 2, 3, 4), over(1, 1, 1, 1, 1, 1)) == few
    assert compare_times(over(1, 2, 3, 4, 5), [*over(1, 2), *(Lasted(9, False) for _ in range(9))]) == few
    assert compare_shares((1, 4), (9, 9)) == few
    assert compare_counts([1, 2], [3, 4, 5, 6]) == few


def test_nothing_has_changed_where_both_sides_are_alike() -> None:
    found = compare_times(over(1, 2, 3, 4, 5, 6), over(1, 2, 3, 4, 5, 6))
    assert found.verdict == Verdict.UNCLEAR
    assert found.change == pytest.approx(1)


def test_the_interval_of_a_ratio_holds_the_truth_nineteen_times_in_twenty() -> None:
    chance = random.Random(4)
    held, alarms, times = 0, 0, 400
    for _number in range(times):
        before = over(*(math.exp(chance.gauss(1, 1)) for _ in range(20)))
        after = over(*(math.exp(chance.gauss(1 + math.log(0.6), 1)) for _ in range(15)))
        same = over(*(math.exp(chance.gauss(1, 1)) for _ in range(15)))
        found = compare_times(before, after)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.6 <= found.high
        alarms += compare_times(before, same).verdict != Verdict.UNCLEAR
    assert held / times > 0.92
    assert alarms / times < 0.08


def test_very_many_incidents_are_compared_at_once() -> None:
    chance = random.Random(5)
    many = over(*(math.exp(chance.gauss(1, 1)) for _ in range(5_000)))
    found = compare_times(many, [Lasted(one.hours * 2) for one in many])
    assert found.change == pytest.approx(2, rel=0.05)


def test_a_share_that_rises_is_better() -> None:
    found = compare_shares((5, 50), (45, 50))
    assert found.verdict == Verdict.BETTER
    assert found.change == pytest.approx(80)


def test_months_that_cluster_make_less_sure() -> None:
    calm = compare_counts([5, 5, 5, 5, 5, 5], [2, 2, 2, 2, 2, 2])
    wild = compare_counts([0, 15, 0, 14, 1, 0], [0, 6, 0, 6, 0, 0])
    assert calm.verdict == Verdict.BETTER
    assert wild.verdict == Verdict.UNCLEAR
    assert calm.change == pytest.approx(wild.change or 0)
