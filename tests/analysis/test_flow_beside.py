"""Groups are told apart, beside what was told of them before, where nothing singles out one to four people."""

from collections.abc import Iterable, Mapping
from itertools import chain, combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from vertebra.analysis.flow.beside import Parts, Shown, parts_of, told_beside
from vertebra.analysis.privacy import FEWEST

GROUPS = ("a", "b", "c", "d")
HOMES = {"a": "x", "b": "x", "c": "y", "d": "y"}
_PARTS = st.dictionaries(
    st.tuples(st.sampled_from(GROUPS), st.sampled_from(["", *(f"p{n}" for n in range(24))])),
    st.integers(1, 2).map(str), max_size=70,
)  # fmt: skip


def people_singled_out(times: tuple[Shown, ...]) -> Iterable[set[str]]:
    """Of whom something is told by adding some figures of some times and subtracting others."""
    figures: list[frozenset[tuple[str, str, str]]] = []
    for told in times:
        pieces: dict[tuple[str, str], set[tuple[str, str, str]]] = {}
        for (group, who), adds in told.parts.items():
            pieces.setdefault(told.piece(group), set()).add((group, who, adds))
        figures += map(frozenset, pieces.values())
    for some in chain.from_iterable(combinations(figures, count) for count in range(1, len(figures) + 1)):
        left: set[tuple[str, str, str]] = set()
        for one in some:
            left ^= one
        if left:
            yield {who for _group, who, _adds in left if who}


def are_safe(*times: Shown) -> bool:
    return all(len(people) >= FEWEST for people in people_singled_out(times))


@settings(max_examples=150, deadline=None)
@given(_PARTS, st.sampled_from([{}, HOMES]))
def test_nothing_that_is_told_at_once_is_of_fewer_than_five(parts: Parts, homes: Mapping[str, str]) -> None:
    told = told_beside(parts, homes, GROUPS, ())
    assert told is None or are_safe(told)


@settings(max_examples=150, deadline=None)
@given(_PARTS, st.lists(st.dictionaries(st.tuples(st.sampled_from(GROUPS), st.sampled_from([f"p{n}" for n in range(24)])), st.sampled_from(["1", "2", "3", "gone"]), max_size=30), min_size=1, max_size=3), st.sampled_from([{}, HOMES]))  # fmt: skip
def test_nothing_that_is_told_at_two_times_is_of_fewer_than_five(
    parts: Parts, changes: list[dict[tuple[str, str], str]], homes: Mapping[str, str]
) -> None:
    shown: list[Shown] = []
    for turn, change in enumerate([{}, *changes]):
        now = {key: adds for key, adds in {**parts, **change}.items() if adds != "gone"}
        # As figures that are filtered or grew: other groups are asked for each time.
        if told := told_beside(now, homes, GROUPS[turn % 2 :], shown):
            shown.append(told)
        parts = now
    assert all(are_safe(one, other) for one, other in combinations(shown, 2))


def team(group: str, people: int, adds: str = "1", first: int = 0) -> dict[tuple[str, str], str]:
    return {(group, f"{group}{number}"): adds for number in range(first, first + people)}


def told(parts: Parts, *before: Shown) -> set[str] | None:
    asked = sorted(GROUPS, key=lambda group: sum(group == one for one, _who in parts))
    found = told_beside(parts, {}, asked, before)
    return None if found is None else set(found.groups)


def test_a_small_group_is_told_with_the_smallest_of_the_others() -> None:
    assert told(team("a", 5) | team("b", 6)) == {"a", "b"}
    assert told(team("a", 5) | team("b", 6) | team("c", 2)) == {"b"}
    assert told(team("a", 5) | team("b", 6) | team("c", 3) | team("d", 2)) == {"a", "b"}
    assert told(team("a", 4)) is None
    assert told({("a", ""): "1"}) is None
    assert told(team("a", 5) | {("b", ""): "1"}) == set()


def test_what_differs_is_told_of_five_people() -> None:
    rows = team("a", 8) | team("b", 9)
    before = told_beside(rows, {}, GROUPS, ())
    assert before is not None
    for count, may in ((0, {"a", "b"}), (1, None), (4, None), (5, {"a", "b"})):
        assert told(rows | team("a", count, "2"), before) == may


def test_groups_in_which_too_few_differ_are_told_with_others() -> None:
    rows = team("a", 8) | team("b", 9) | team("c", 12)
    before = told_beside(rows, {}, GROUPS, ())
    assert before is not None
    assert told(rows | team("a", 3, "2") | team("b", 2, "2") | team("c", 6, "2"), before) == {"c"}


def test_nearly_the_same_as_some_time_before_is_not_told() -> None:
    first = told_beside(team("a", 20), {}, GROUPS, ())
    assert first is not None
    second = told_beside(team("a", 20) | team("a", 7, "2"), {}, GROUPS, [first])
    assert second is not None
    third = team("a", 20) | team("a", 2, "2")
    assert told(third, second) == {"a"}
    assert told(third, first, second) is None


def test_signs_say_nothing_of_anybody() -> None:
    signs = parts_of({("a", "ann"): (3, 1), ("a", ""): (1, 1)}, b"key")
    assert "ann" not in str(signs) and ("a", "") in signs
    assert signs != parts_of({("a", "ann"): (3, 1), ("a", ""): (1, 1)}, b"other")
