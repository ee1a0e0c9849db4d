"""How many people there are for one."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vertebra.analysis.ratios import Expected, Point, Spell, ahead, crosses, growth, heads, point

DAY = dt.date(2026, 1, 31)
LATER = dt.date(2026, 2, 28)


def test_each_person_counts_once_in_a_function_on_the_days_they_are_there() -> None:
    rows = [
        Spell(1, "engineering", dt.date(2025, 1, 1), None, "North"),
        Spell(1, "engineering", dt.date(2025, 6, 1), None, "South"),
        Spell(2, "engineering", dt.date(2026, 2, 1), None, "North"),
        Spell(3, "product", dt.date(2025, 1, 1), DAY, "North"),
    ]
    found = heads(rows, [DAY, LATER])
    assert found[""] == [{"engineering": 1}, {"engineering": 2}]
    assert found["North"] == [{"engineering": 1}, {"engineering": 2}]
    assert found["South"] == [{"engineering": 1}, {"engineering": 1}]


def test_without_anybody_of_the_second_there_is_no_ratio() -> None:
    assert point(DAY, {"sales": 3}, ["sales"], ["product"]).value is None
    assert point(DAY, {"sales": 3, "support": 2, "product": 1}, ["sales", "support"], ["product"]).value == 5


def test_those_expected_change_the_ratio_from_their_day_on() -> None:
    plan = [Expected(dt.date(2026, 2, 1), "sales", 4), Expected(dt.date(2026, 3, 1), "product", -5)]
    days = [dt.date(2026, 1, 1), dt.date(2026, 2, 1), dt.date(2026, 3, 1)]
    found = ahead({"sales": 5, "product": 1}, plan, days, ["sales"], ["product"])
    assert [one.value for one in found] == [5, 9, None]
    assert crosses(found, 8) == dt.date(2026, 2, 1)
    assert crosses(found, None) is None
    assert crosses(found, 9) is None


def test_growth_from_nobody_is_not_said() -> None:
    assert growth(3, 0) is None
    assert growth(15, 10) == pytest.approx(50)


@given(
    st.dictionaries(st.sampled_from(["a", "b"]), st.integers(0, 50)),
    st.lists(st.integers(-60, 60), max_size=5),
)
def test_nobody_is_ever_fewer_than_nobody(counts: dict[str, int], moves: list[int]) -> None:
    plan = [Expected(DAY, "a", move) for move in moves]
    for one in ahead(counts, plan, [LATER], ["a"], ["b"]):
        assert isinstance(one, Point)
        assert one.many >= 0
