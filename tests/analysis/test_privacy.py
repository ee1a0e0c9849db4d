"""What may be shown of groups: nothing of one to four people, however figures are put together."""

from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from vertebra.analysis.privacy import FEWEST, hide, shown
from vertebra.analysis.pulse import (
    EVERYBODY,
    Asked,
    Cells,
    Chain,
    Cut,
    Tally,
    TooFew,
    cells,
    figures,
    kept_apart,
    named_cells,
)

PARTS = st.dictionaries(st.integers(0, 12), st.integers(0, 15), max_size=9)
# Companies of three levels: a unit's path, and a function; small, so that every edge is met.
PATHS = st.sampled_from(
    [(), (1,), (1, 2), (1, 3), (1, 2, 4), (1, 2, 5), (1, 3, 6), (7,), (7, 8), (7, 8, 9), (7, 10)]
)
PEOPLE = st.lists(st.tuples(PATHS, st.sampled_from(["product", "design", "data"])), max_size=60)
CUTS = st.sampled_from(["unit", "function"])


def test_one_to_four_are_not_said() -> None:
    assert [shown(count) for count in range(7)] == [0, None, None, None, None, 5, 6]


@given(PARTS, st.integers(0, 9))
def test_what_is_kept_back_is_nobody_or_five(parts: dict[int, int], others: int) -> None:
    total = sum(parts.values()) + others
    hidden = hide(parts, total)
    left = total - sum(count for key, count in parts.items() if key not in hidden)
    assert all(not 0 < count < FEWEST for key, count in parts.items() if key not in hidden)
    assert left == 0 or left >= FEWEST or hidden >= {key for key, count in parts.items() if count}


def test_a_small_group_takes_the_next_smallest_with_it() -> None:
    assert hide({"a": 3, "b": 6, "c": 20}, 29) == {"a", "b"}
    assert hide({"a": 3, "b": 2, "c": 20}, 25) == {"a", "b"}
    assert hide({"a": 10, "b": 20}, 32) == {"a"}
    assert hide({"a": 10, "b": 20}, 30) == frozenset()


@given(PEOPLE, CUTS)
def test_every_cell_holds_five_people_at_least(people: list[Asked], cut: Cut) -> None:
    try:
        made = cells(people, cut)
    except TooFew:
        assert len(people) < FEWEST
        return
    assert len(made.of) == len(people)
    assert all(made.of.count(number) >= FEWEST for number in range(len(made.chains)))


@given(st.lists(st.sampled_from("abcdef"), max_size=40))
def test_cells_of_a_file_hold_five_people_at_least(names: list[str]) -> None:
    try:
        made = named_cells(names)
    except TooFew:
        assert len(names) < FEWEST
        return
    assert all(made.of.count(number) >= FEWEST for number in range(len(made.chains)))


@given(PARTS)
def test_parts_are_told_apart_only_when_the_rest_is_nobody_or_five(sizes: dict[int, int]) -> None:
    kept = kept_apart(sizes)
    rest = sum(size for key, size in sizes.items() if key not in kept)
    assert all(sizes[key] >= FEWEST for key in kept)
    assert not kept or rest == 0 or rest >= FEWEST


def solvable(rows: list[list[int]], target: list[int]) -> bool:
    """Whether the target is a sum of multiples of the rows: whether it follows from what they say."""
    matrix = [[Fraction(value) for value in row] for row in rows]
    wanted = [Fraction(value) for value in target]
    for row in _reduced(matrix):
        lead = next(at for at, value in enumerate(row) if value)
        factor = wanted[lead] / row[lead]
        wanted = [a - factor * b for a, b in zip(wanted, row, strict=True)]
    return not any(wanted)


def _reduced(matrix: list[list[Fraction]]) -> list[list[Fraction]]:
    """The same rows with one leading column each, in which no other row has anything."""
    made: list[list[Fraction]] = []
    for row in matrix:
        for known in made:
            lead = next(at for at, value in enumerate(known) if value)
            row = [a - row[lead] / known[lead] * b for a, b in zip(row, known, strict=True)]
        if any(row):
            lead = next(at for at, value in enumerate(row) if value)
            made = [
                [a - known[lead] / row[lead] * b for a, b in zip(known, row, strict=True)] for known in made
            ]
            made.append(row)
    return made


def shown_rows(
    made: Cells, answered: list[int], threshold: int, among: set[str] | None = None
) -> list[list[int]]:
    """For each group that is shown, which cells it sums."""
    tallies = [Tally(count) for count in answered]
    told = figures(made.chains, tallies, threshold=threshold, among=among)
    return [
        [int(one.group == EVERYBODY or one.group in chain) for chain in made.chains]
        for one in told
        if one.answered
    ]


@settings(max_examples=150, deadline=None)
@given(PEOPLE, CUTS, st.data(), st.sampled_from([5, 5, 7]))
def test_no_sums_or_differences_of_what_is_shown_speak_of_one_to_four(
    people: list[Asked], cut: Cut, data: st.DataObject, threshold: int
) -> None:
    """Whatever filters are composed: no set of cells in which one to four answered follows from the figures."""
    try:
        made = cells(people, cut)
    except TooFew:
        return
    if len(made.chains) > 9:
        return
    sizes = [made.of.count(number) for number in range(len(made.chains))]
    answered = [data.draw(st.integers(0, size)) for size in sizes]
    # Some of the groups may be kept back for another reason: because too few of them answered anything at all.
    every = [one.group for one in figures(made.chains, [Tally() for _chain in made.chains])]
    among = data.draw(
        st.one_of(st.none(), st.sets(st.sampled_from(every)).map(lambda some: {EVERYBODY, *some}))
    )
    rows = shown_rows(made, answered, threshold, among)
    for size in range(1, len(answered) + 1):
        for some in combinations(range(len(answered)), size):
            if 0 < sum(answered[at] for at in some) < threshold:
                assert not solvable(rows, [int(at in some) for at in range(len(answered))])


@settings(max_examples=60, deadline=None)
@given(
    PEOPLE, st.lists(st.tuples(PATHS, st.sampled_from(["product", "design"])), max_size=4), CUTS, st.data()
)
def test_who_joins_or_leaves_between_two_waves_is_not_told_by_their_difference(
    people: list[Asked], joined: list[Asked], cut: Cut, data: st.DataObject
) -> None:
    """Even if nobody changed their mind: the two waves are separate answers, each wave safe by itself.

    What could be compared is a group shown in both; below five in either, it is in neither picture.
    """
    waves: list[dict[str, int | None]] = []
    for population in (people, [*people[len(joined) :], *joined]):
        try:
            made = cells(population, cut)
        except TooFew:
            return
        sizes = [made.of.count(number) for number in range(len(made.chains))]
        answered = [data.draw(st.integers(0, size)) for size in sizes]
        told = figures(made.chains, [Tally(count) for count in answered])
        waves.append({one.group: one.answered for one in told})
    both = {group for group in waves[0].keys() & waves[1].keys() if waves[0][group] and waves[1][group]}
    assert all((wave[group] or 0) >= FEWEST for wave in waves for group in both)


def test_a_difference_that_would_tell_is_seen_by_the_audit() -> None:
    """The audit itself: a company of nine of which a team of six is shown tells what the other three said."""
    assert solvable([[1, 1], [1, 0]], [0, 1])
    assert not solvable([[1, 1]], [0, 1])


def test_a_hidden_group_hides_those_inside() -> None:
    chains: list[Chain] = [("a", "a1"), ("a", "a2"), ("b",)]
    told = {one.group: one.answered for one in figures(chains, [Tally(2), Tally(1), Tally(9)])}
    assert told == {EVERYBODY: 12, "a": None, "b": None, "a1": None, "a2": None}
