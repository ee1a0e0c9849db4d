"""Two divisions of the same people: what sums and differences of their figures single out, looked for by linear algebra."""

from collections import Counter
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from vertebra.analysis.crossing import Lines, told_together, weakest


def singled_out(lines: Lines, fewest: int = 5) -> bool:
    """Whether some sum of figures is about one to four people: the rank falls when their lines are taken out."""
    held = {line: count for line, count in lines.items() if count}
    if not held:
        return False
    points = sorted({point for line in held for point in line}, key=str)
    rows = np.array([[float(point in line) for line in held] for point in points])
    whole = np.linalg.matrix_rank(rows)
    counts = list(held.values())
    for size in range(1, fewest):
        for some in combinations(range(len(counts)), size):
            left = [at for at in range(len(counts)) if at not in some]
            if sum(counts[at] for at in some) < fewest:
                rank = np.linalg.matrix_rank(rows[:, left]) if left else 0
                if rank < whole:
                    return True
    return False


def _lines(*counts: tuple[str, str, int]) -> dict[tuple[object, object], int]:
    return {((0, one), (1, other)): count for one, other, count in counts}


def test_a_team_that_is_all_but_one_of_a_function_singles_that_one_out() -> None:
    assert weakest(_lines(("team", "sales", 14), ("team", "support", 1)))
    assert not weakest(_lines(("team", "sales", 14), ("team", "support", 5)))


def test_parts_that_cross_broadly_are_safe_with_cells_of_one() -> None:
    broad = [(f"team {one}", f"function {other}", 1) for one in range(6) for other in range(6)]
    assert not weakest(_lines(*broad))
    assert weakest(_lines(*broad[:24]))


_CELLS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(0, 9)), min_size=1, max_size=9
)


@settings(max_examples=200, deadline=None)
@given(_CELLS)
def test_what_is_found_is_what_linear_algebra_finds(cells: list[tuple[str, str, int]]) -> None:
    lines: Counter[tuple[object, object]] = Counter()
    for one, other, count in cells:
        lines[(0, one), (1, other)] += count
    side = weakest(lines)
    assert bool(side) == singled_out(lines)
    if side:
        assert 0 < sum(n for (one, other), n in lines.items() if (one in side) != (other in side)) < 5


PARENTS = ({"all": "", "a": "all", "b": "all", "b1": "b", "b2": "b"}, {"all": "", "x": "all", "y": "all"})


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["a", "b", "b1", "b2"]), st.sampled_from("xy"), st.sampled_from("01")),
        st.integers(1, 12),
        max_size=10,
    )
)
def test_what_is_told_of_two_divisions_singles_nobody_out(cells: dict[tuple[str, str, str], int]) -> None:
    first, second = told_together(cells, PARENTS, (PARENTS[0], PARENTS[1]))
    assert {"all"} <= first & second
    lines: Counter[tuple[object, object]] = Counter()
    for (one, other, said), count in cells.items():
        inner = one if one in first else PARENTS[0][one] if PARENTS[0][one] in first else "all"
        lines[(0, inner, said), (1, other if other in second else "all", said)] += count
    if first | second != {"all"}:
        assert not singled_out(lines)


def test_the_smallest_group_gives_way() -> None:
    cells = {("a", "x", "1"): 20, ("b", "x", "1"): 9, ("b", "y", "1"): 20, ("a", "y", "1"): 2}
    first, second = told_together(cells, PARENTS, ({"all", "a", "b"}, {"all", "x", "y"}))
    assert first == {"all", "a", "b"} and second == {"all", "x", "y"}
    alone = {("a", "x", "1"): 20, ("b", "y", "1"): 20, ("a", "y", "1"): 2}
    first, second = told_together(alone, PARENTS, ({"all", "a", "b"}, {"all", "x", "y"}))
    assert {"all"} < first | second and not ({"a"} <= first and {"x"} <= second)
