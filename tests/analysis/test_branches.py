"""Figures of a tree of units: no unit, and no difference between units, tells of one to four people."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from vertebra.analysis.branches import shown_units, summed
from vertebra.analysis.privacy import FEWEST

# Two tribes of three teams each, one team with two squads, one unit alone.
PARENTS = {1: None, 2: 1, 3: 1, 4: 1, 5: 2, 6: 2, 7: None, 8: 7, 9: 7, 10: 9, 11: None}
PEOPLE = st.dictionaries(
    st.sampled_from(sorted(PARENTS)),
    st.frozensets(st.sampled_from("abcdefghijklmnop"), max_size=9),
    max_size=11,
)


def inside(unit: int) -> set[int]:
    """The unit and all units inside it."""
    found = {unit}
    while more := {one for one, parent in PARENTS.items() if parent in found} - found:
        found |= more
    return found


@given(PEOPLE)
def test_no_difference_of_what_is_shown_tells_of_few(own: dict[int, frozenset[str]]) -> None:
    shown, whole = shown_units(own, PARENTS), summed(own, PARENTS)
    for unit in shown:
        assert not 0 < len(whole[unit]) < FEWEST
        below = [one for one in inside(unit) & shown if one != unit]
        # Whatever parts are taken away, what is left is items of units whose people are known together.
        for size in range(1, 4):
            for parts in combinations(below, size):
                taken = set().union(*(inside(one) for one in parts))
                if shown & (inside(unit) - taken) == {unit} and not any(
                    one in inside(other) for one, other in combinations(parts, 2)
                ):
                    left = set().union(*(own.get(one, frozenset()) for one in inside(unit) - taken))
                    assert not 0 < len(left) < FEWEST


def test_a_small_team_takes_the_next_smallest_with_it() -> None:
    people = {2: frozenset("abc"), 3: frozenset("defgh"), 4: frozenset("ijklmno")}
    assert shown_units(people, PARENTS) == {1, 4}
    assert shown_units({3: frozenset("defgh")}, PARENTS) == {1, 3}


def test_a_unit_that_is_kept_back_keeps_its_teams_back() -> None:
    assert shown_units({5: frozenset("abcdef"), 3: frozenset("gh")}, PARENTS) == {1}
