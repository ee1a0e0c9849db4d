"""How answers are spread over the values of a question: no value tells what one to four people said."""

from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.test_privacy import solvable
from vertebra.analysis.privacy import FEWEST
from vertebra.analysis.pulse import EVERYBODY, Chain, Figure, Tally, figures
from vertebra.analysis.spread import TOGETHER, Shape

# Groups inside groups, each cell in one of them: a few shapes of companies in which every edge is met.
CHAINS: list[list[Chain]] = [
    [("a",), ("b",)],
    [("a",), ("b",), ()],
    [("a", "a1"), ("a", "a2"), ("b",)],
    [("a", "a1"), ("a",), ("b", "b1"), ("b",)],
]
VALUES = ("1", "2", "3")


def told(chains: list[Chain], cells: list[dict[str, int]], shape: Shape) -> dict[str, Figure]:
    """What is said of each group, by its name."""
    tallies = [Tally(sum(cell.values()), cell) for cell in cells]
    scale = (1.0, 3.0) if shape == "ordered" else None
    return {one.group: one for one in figures(chains, tallies, scale=scale, shape=shape)}


def test_values_of_a_scale_that_few_gave_are_counted_with_their_neighbours() -> None:
    cell = {"0": 2, "1": 1, "2": 4, "5": 6, "8": 9, "10": 1}
    assert told([()], [cell], "ordered")[EVERYBODY].counts == {"0–2": 7, "5": 6, "8–10": 10}


def test_choices_that_few_made_are_counted_together() -> None:
    cell = {"tools": 2, "meetings": 1, "people": 7, "none": 12}
    assert told([()], [cell], "named")[EVERYBODY].counts == {TOGETHER: 10, "none": 12}
    assert told([()], [{"yes": 4, "no": 30}], "named")[EVERYBODY].counts == {TOGETHER: 34}


def test_a_choice_among_several_that_few_ticked_is_kept_back_alone() -> None:
    found = figures([()], [Tally(14, {"tools": 2, "meetings": 7})], shape="several")
    assert found[0].counts == {"tools": None, "meetings": 7}


def test_a_choice_that_all_but_a_few_ticked_is_kept_back_and_one_that_all_ticked_is_told() -> None:
    found = figures([()], [Tally(20, {"tools": 19, "meetings": 20, "people": 15})], shape="several")
    assert found[0].counts == {"tools": None, "meetings": 20, "people": 15}


def test_what_is_left_around_a_group_tells_nobody_who_did_not_tick() -> None:
    found = told_ticks([("a",), ("b",)], [Tally(10, {"1": 5}), Tally(9, {"1": 6})])
    assert (found[EVERYBODY].counts, found["a"].counts) == ({"1": 11}, {"1": None}), "three of the second"


def test_groups_inside_share_coarser_bands_and_one_that_still_tells_has_none() -> None:
    one, two, three = {"1": 6, "2": 3, "3": 8}, {"1": 5, "2": 4, "3": 9}, {"1": 1, "2": 3, "3": 2}
    found = told([("a",), ("b",), ("c",)], [one, two, three], "ordered")
    assert found[EVERYBODY].counts == {"1": 12, "2": 10, "3": 19}
    # The third group would be told as what is left around the others.
    assert found["c"].counts is None
    assert (found["c"].answered, found["c"].mean) == (6, 2.2)
    assert {tuple(found[name].counts or ()) for name in "ab"} <= {("1", "2–3"), ("1–2", "3"), ()}


def test_what_is_left_around_a_group_is_told_of_nobody_or_five() -> None:
    found = told([("a",), ("b",)], [{"1": 5, "3": 5}, {"1": 3, "3": 9}], "ordered")
    assert found[EVERYBODY].counts == {"1": 8, "3": 14}
    assert (found["a"].counts, found["b"].counts) == (None, None), "three of the second gave a 1"


def test_means_and_intervals_are_told_no_finer_than_they_are_known() -> None:
    found = told([()], [{"1": 4, "2": 5, "3": 6}], "ordered")[EVERYBODY]
    assert (found.mean, found.low, found.high) == (2.1, 1.6, 2.6)


@settings(max_examples=200, deadline=None)
@given(chains=st.sampled_from(CHAINS), data=st.data())
def test_no_sums_or_differences_tell_what_one_to_four_people_ticked_or_did_not(
    chains: list[Chain], data: st.DataObject
) -> None:
    """Each choice by itself: how many answered is known as well, so who did not tick is known by subtraction."""
    number = st.integers(0, 9)
    pairs = [(data.draw(number), data.draw(number)) for _chain in chains]
    found = told_ticks(chains, [Tally(yes + no, {"1": yes}) for yes, no in pairs])
    rows = []
    for group, figure in found.items():
        inside = [int(group == EVERYBODY or group in chain) for chain in chains]
        if figure.answered is not None:
            rows.append(inside * 2)
        ticked = (figure.counts or {}).get("1", 0)
        if figure.counts is not None and figure.answered and ticked is not None:
            rows.append([*inside, *([0] * len(inside))])
    for cells, side in product(places(chains, "several"), (0, 1)):
        chosen = {cell for cell, _value in cells}
        said = sum(pairs[cell][side] for cell in chosen)
        if 0 < said < FEWEST:
            target = [int(cell in chosen) for cell in range(len(chains))]
            nothing = [0] * len(chains)
            assert not solvable(rows, [*nothing, *target] if side else [*target, *nothing]), (chosen, side)


def told_ticks(chains: list[Chain], tallies: list[Tally]) -> dict[str, Figure]:
    """What is said of each group on several choices, by its name."""
    return {one.group: one for one in figures(chains, tallies, shape="several")}


@pytest.mark.parametrize("shape", ["ordered", "named", "several"])
@settings(max_examples=120, deadline=None)
@given(chains=st.sampled_from(CHAINS), data=st.data())
def test_no_sums_or_differences_tell_what_one_to_four_people_gave(
    shape: Shape, chains: list[Chain], data: st.DataObject
) -> None:
    """Whatever is added and subtracted: no set of cells and values that holds one to four answers follows."""
    counts = st.fixed_dictionaries({value: st.integers(0, 9) for value in VALUES})
    cells = [data.draw(counts) for _chain in chains]
    variables = list(product(range(len(chains)), VALUES))
    rows = list(known(told(chains, cells, shape), chains, variables, shape))
    for place in places(chains, shape):
        said = sum(cells[cell][value] for cell, value in place)
        if 0 < said < FEWEST:
            assert not solvable(rows, [int(one in place) for one in variables]), place


def places(chains: list[Chain], shape: Shape) -> list[set[tuple[int, str]]]:
    """Every set of cells with every set of values: of several choices each by itself, as people tick more than one."""
    numbers = range(len(chains))
    cells = [some for size in range(1, len(chains) + 1) for some in combinations(numbers, size)]
    sizes = [1] if shape == "several" else range(1, len(VALUES))
    values = [some for size in sizes for some in combinations(VALUES, size)]
    return [set(product(some, given)) for some in cells for given in values]


def known(
    found: dict[str, Figure], chains: list[Chain], variables: list[tuple[int, str]], shape: Shape
) -> list[list[int]]:
    """What the figures say, one equation each: how many answered, and how many gave a value or a band of values."""
    rows = []
    for group, figure in found.items():
        inside = {at for at, chain in enumerate(chains) if group == EVERYBODY or group in chain}
        if figure.answered is not None and shape != "several":
            rows.append([int(cell in inside) for cell, _value in variables])
        for name, count in (figure.counts or {}).items():
            if count is not None:
                values = values_of(name, figure, found)
                rows.append([int(cell in inside and value in values) for cell, value in variables])
        if figure.counts is not None and figure.answered:
            # What is not named was given by nobody, or is counted with all others.
            for value in unsaid(figure):
                rows.append([int(cell in inside and value == other) for cell, other in variables])
    return [row for row in rows if any(row)]


def values_of(name: str, figure: Figure, found: dict[str, Figure]) -> set[str]:
    if name == TOGETHER:
        return set(VALUES) - set(figure.counts or ())
    low, _dash, high = name.partition("–")
    return {value for value in VALUES if low <= value <= (high or low)}


def unsaid(figure: Figure) -> set[str]:
    """The values of which it is known that nobody gave them."""
    counts = figure.counts or {}
    if TOGETHER in counts:
        return set()
    return {value for value in VALUES if not any(value in values_of(name, figure, {}) for name in counts)}
