"""What is told of who did something, attacked: every count that agrees with all that is told is still possible."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vertebra.analysis.learning import FEW, ROOM, at_least, together

FEWEST = 5
# A company of groups: how many are in each, how many did it on a first day, and how many more until a second.
GROUPS = st.lists(
    st.integers(1, 40).flatmap(
        lambda size: st.tuples(
            st.just(size), st.integers(0, size).flatmap(lambda one: st.tuples(st.just(one), st.integers(one, size)))
        )
    ),
    min_size=1,
    max_size=8,
)  # fmt: skip
Between = tuple[int, int]


def alone(told: int | None, size: int) -> Between:
    """Between how many and how many did it, for a reader who knows the rule and what it made of one group."""
    agreeing = [count for count in range(size + 1) if at_least(count, size) == told]
    return agreeing[0], agreeing[-1]


def known(rows: list[Between]) -> list[Between]:
    """What follows of each group from its own figure, those of all others, and that of the whole."""
    sizes = [size for size, _count in rows]
    each = [alone(at_least(count, size), size) for size, count in rows]
    told = together([(count, size) for size, count in rows])
    whole = (0, sum(sizes))
    if told is not None:
        # Below what its own steps say, it may be kept down: then it tells of a least number only.
        steps = at_least(sum(count for _size, count in rows), sum(sizes)) or 0
        last = at_least(sum(sizes), sum(sizes))
        whole = (told, sum(sizes) if told in (last,) or told < steps else told + FEW)
    found = []
    for at, (least, most) in enumerate(each):
        others = [one for number, one in enumerate(each) if number != at]
        least = max(least, whole[0] - sum(top for _low, top in others))
        most = min(most, whole[1] - sum(low for low, _top in others))
        found.append((least, most))
    return found


def is_safe(between: Between, size: int) -> bool:
    """Whether five counts at least are possible, among them neither nobody nor everybody alone."""
    least, most = between
    return most - least >= min(FEW, size) and least < size and most > 0


@settings(max_examples=400, deadline=None)
@given(GROUPS)
def test_no_group_stands_out_from_the_others_and_the_whole_on_one_day_nor_between_two(
    groups: list[tuple[int, Between]],
) -> None:
    first = known([(size, before) for size, (before, _after) in groups])
    second = known([(size, after) for size, (_before, after) in groups])
    for (size, (before, after)), one, two in zip(groups, first, second, strict=True):
        assert one[0] <= before <= one[1] and two[0] <= after <= two[1]
        assert is_safe(one, size) and is_safe(two, size)
        # Nobody does it less than before: what is known of one day bounds the other.
        assert is_safe((one[0], min(one[1], two[1])), size)
        assert is_safe((max(one[0], two[0]), two[1]), size)


@settings(max_examples=200, deadline=None)
@given(GROUPS)
def test_what_is_told_is_so_and_of_the_whole_no_less_than_of_its_groups(
    groups: list[tuple[int, Between]],
) -> None:
    rows = [(count, size) for size, (count, _after) in groups]
    told = together(rows)
    assert (told is None) == (sum(size for _count, size in rows) < ROOM)
    if told is not None:
        assert (
            sum(at_least(count, size) or 0 for count, size in rows) <= told <= sum(count for count, _ in rows)
        )
        assert told % FEWEST == 0


@pytest.mark.parametrize("size", range(60))
def test_every_figure_stands_for_five_counts_at_least_and_never_for_all_or_none_alone(size: int) -> None:
    told: dict[int | None, list[int]] = {}
    for count in range(size + 1):
        told.setdefault(at_least(count, size), []).append(count)
    if size < ROOM:
        assert list(told) == [None]
    else:
        assert None not in told
        assert all(len(counts) >= FEWEST for counts in told.values())


def test_the_whole_is_told_closely_where_all_groups_are_done() -> None:
    assert together([(10, 10)] * 100) == 995
    assert together([(10, 10)]) == at_least(10, 10) == 5


def test_five_groups_of_four_each_are_not_told_by_their_sum() -> None:
    # Each is told as fewer than five: twenty together would say that there are four in each.
    assert together([(4, 12)] * 5) == 15


def test_a_small_group_beside_a_large_one_is_not_told_by_their_difference() -> None:
    # Fourteen of thirty and all six of six: "twenty or more" beside "ten or more" would say that all six did it.
    assert at_least(14, 30) == 10
    assert together([(14, 30), (6, 6)]) == 10


def test_nobody_and_four_are_told_alike() -> None:
    assert {at_least(count, 12) for count in range(5)} == {0}
    assert {together([(count, 12), (0, 30)]) for count in range(5)} == {0}
    assert together([]) is None
