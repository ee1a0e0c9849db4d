"""Cells and figures of surveys: who is counted with whom, and what a mean is worth."""

from collections import Counter

import pytest

from vertebra.analysis.pulse import (
    EVERYBODY,
    OTHERS,
    Asked,
    Tally,
    TooFew,
    cells,
    figures,
    mean_of,
    named_cells,
)


def people(*groups: tuple[int, tuple[int, ...], str]) -> list[Asked]:
    return [(path, function) for count, path, function in groups for _ in range(count)]


def sizes(asked: list[Asked], cut: str) -> dict[tuple[str, ...], int]:
    made = cells(asked, "unit" if cut == "unit" else "function")
    counts = Counter(made.of)
    return {chain: counts[number] for number, chain in enumerate(made.chains)}


def test_a_team_of_five_is_a_group_and_smaller_ones_climb() -> None:
    asked = people((6, (1, 2), "product"), (3, (1, 3), "product"), (2, (1,), "design"), (8, (9,), "data"))
    assert sizes(asked, "unit") == {("unit:1", "unit:2"): 6, ("unit:1",): 5, ("unit:9",): 8}


def test_too_few_left_on_top_are_joined_by_the_group_least_of_its_own() -> None:
    asked = people((6, (1, 2), "data"), (9, (3,), "data"), (1, (), "leadership"))
    assert sizes(asked, "unit") == {("unit:2",): 6, (): 10}


def test_functions_are_told_apart_inside_a_team_only_when_the_rest_is_enough() -> None:
    asked = people((8, (1,), "engineering"), (3, (1,), "design"), (2, (1,), "product"), (9, (2,), "data"))
    assert sizes(asked, "unit") == {
        ("unit:1", "unit:1/function:engineering"): 8,
        ("unit:1",): 5,
        ("unit:2",): 9,
    }
    few = people((8, (1,), "engineering"), (3, (1,), "design"), (9, (2,), "data"))
    assert sizes(few, "unit") == {("unit:1",): 11, ("unit:2",): 9}


def test_by_function_small_functions_are_counted_together() -> None:
    asked = people((7, (1,), "product"), (6, (2,), "design"), (3, (1,), "data"), (2, (2,), "legal"))
    assert sizes(asked, "function") == {("function:design",): 6, ("function:product",): 7, (OTHERS,): 5}


def test_by_function_units_are_told_apart_inside() -> None:
    asked = people((6, (1, 2), "product"), (7, (1, 3), "product"), (9, (1,), "data"))
    assert sizes(asked, "function") == {
        ("function:data",): 9,
        ("function:product", "function:product/unit:2"): 6,
        ("function:product", "function:product/unit:3"): 7,
    }


def test_fewer_than_five_are_no_group() -> None:
    with pytest.raises(TooFew):
        cells(people((4, (1,), "product")), "unit")


def test_names_of_a_file_that_are_rare_are_counted_together() -> None:
    made = named_cells(["name:north"] * 9 + ["name:south"] * 3 + ["name:east"] * 2)
    assert made.chains == [("name:north",), (OTHERS,)]
    alone = named_cells(["name:north"] * 9 + ["name:south"] * 3)
    assert alone.chains == [()]


def test_a_group_has_a_mean_with_its_interval_inside_the_scale() -> None:
    told = figures([("a",), ("b",)], [Tally(6, {"9": 3, "10": 3}), Tally(5, {"0": 5})], scale=(0, 10))
    by_group = {one.group: one for one in told}
    assert by_group["a"].mean == pytest.approx(9.5)
    assert by_group["a"].high == 10
    assert by_group["b"].mean == by_group["b"].low == by_group["b"].high == 0
    assert by_group[EVERYBODY].answered == 11


def test_the_interval_is_that_of_student() -> None:
    mean, low, high = mean_of({1: 2, 2: 2, 3: 2}, (0, 10))
    assert (mean, round(low, 2), round(high, 2)) == (2, 1.06, 2.94)
