"""Circles in reporting lines are found once each; what nothing covers is told as a whole, not leaf by leaf."""

from hypothesis import given
from hypothesis import strategies as st

from vertebra.analysis.gaps import loops, smallest, uncovered


def test_a_line_that_ends_is_no_circle() -> None:
    assert loops({1: 2, 2: 3, 4: 3}) == []


def test_a_circle_is_told_once_from_its_smallest_whoever_leads_into_it() -> None:
    assert loops({9: 7, 7: 3, 3: 5, 5: 7, 8: 9}) == [(3, 5, 7)]


def test_someone_who_reports_to_themselves_is_a_circle() -> None:
    assert loops({4: 4, 5: 4}) == [(4,)]


@given(st.dictionaries(st.integers(0, 30), st.integers(0, 30)))
def test_every_circle_closes_and_nobody_is_in_two(managers: dict[int, int]) -> None:
    found = loops(managers)
    members = [one for circle in found for one in circle]
    assert len(members) == len(set(members))
    for circle in found:
        assert [managers[one] for one in circle] == [*circle[1:], circle[0]]
    for start in managers:
        at, steps = start, 0
        while at in managers and steps <= len(managers):
            at, steps = managers[at], steps + 1
        assert (at in managers) == (at in members)


def test_a_branch_without_cover_is_told_by_its_top() -> None:
    children = {1: [2, 3], 3: [4, 5]}
    assert uncovered([1], children, lambda node: node == 2) == [3]
    assert uncovered([1], children, lambda node: node == 4) == [2, 5]
    assert uncovered([1], children, lambda node: False) == [1]


def test_what_lies_under_a_covered_node_is_covered() -> None:
    assert uncovered([1, 6], {1: [2]}, lambda node: node in {1, 6}) == []


def test_a_parent_covered_by_all_its_children_is_covered() -> None:
    assert uncovered([1], {1: [2, 3]}, lambda node: node in {2, 3}) == []


def test_of_a_parent_and_its_child_the_child_is_kept() -> None:
    assert smallest([3, 1, 2], {3: (1,), 2: ()}) == [2, 3]
