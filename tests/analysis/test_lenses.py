"""Scores beside a ranking, the line of capacity, and what the load says."""

from vertebra.analysis.demand import Period, signal
from vertebra.analysis.lenses import capacity_line, score, together


def test_rice_and_wsjf_as_worked_by_hand() -> None:
    assert score("rice", {"reach": 400, "impact": 2, "confidence": 50, "effort": 4}) == 100
    assert score("wsjf", {"value": 8, "urgency": 5, "risk": 2, "size": 3}) == 5
    assert score("own", {"c0": 4, "c1": 2}) == 3
    assert score("rice", {"reach": 400, "impact": 2, "confidence": 50}) is None
    assert score("rice", {"reach": 4, "impact": 2, "confidence": 50, "effort": 0}) is None
    assert score("", {"reach": 1}) is None


def test_only_whole_scores_are_put_together() -> None:
    whole = {"value": 8, "urgency": 5, "risk": 2, "size": 3}
    found = together("wsjf", [whole, {"value": 3}, {**whole, "size": 5}])
    assert found is not None
    assert (found.mean, found.lowest, found.highest, found.count) == (4, 3, 5, 2)
    assert together("wsjf", [{"value": 3}]) is None


def test_the_line_is_drawn_where_the_next_no_longer_fits() -> None:
    line = capacity_line([1, 2, 3, 4], {1: 10, 2: None, 3: 15, 4: 1}, 20)
    assert line is not None
    assert (line.above, line.below, line.unsized, line.days_taken) == ((1, 2), (3, 4), (2,), 10)
    assert capacity_line([1], {1: 5}, None) is None
    everything = capacity_line([1, 2], {1: 5, 2: 5}, 10)
    assert everything is not None and everything.below == ()


def test_a_queue_that_grows_and_slows_down_says_so() -> None:
    calm = [Period(6, 6, 0, 5.0)] * 5
    assert signal(calm, 1).code == "enough"
    growing = [Period(6, 6, 0, 5.0), Period(8, 7, 1, 6.0), Period(14, 7, 4, 9.0), Period(16, 8, 5, 11.0)]
    found = signal(growing, 6)
    assert found.code == "hire" and found.growing == 2 and found.is_slower
    assert signal([Period(6, 6, 0), Period(9, 5, 0)], 0).code == "watch"
    assert signal([Period(2, 1, 0)], 1).code == "too_few"
