"""A sample of whom to hear reaches many places, never asks twice, and is the same each time."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from vertebra.analysis.sampling import Candidate, balanced

FUNCTIONS, UNITS = st.sampled_from("abcd"), st.sampled_from([1, 2, 3, None])
CROWDS = st.lists(st.tuples(FUNCTIONS, UNITS, st.one_of(st.none(), st.integers(0, 900))), max_size=60).map(
    lambda rows: [Candidate(at, *row) for at, row in enumerate(rows)]
)
CHOSEN = st.lists(st.tuples(FUNCTIONS, UNITS), max_size=10)


@given(CROWDS, st.integers(0, 40), CHOSEN)
def test_a_sample_is_of_different_people_and_no_larger_than_asked(
    crowd: list[Candidate], most: int, chosen: list[tuple[str, int | None]]
) -> None:
    found = balanced(crowd, most, chosen)
    assert len(found) == len(set(found)) == min(most, len(crowd))
    assert set(found) <= {one.id for one in crowd}


@given(CROWDS, st.integers(0, 40), CHOSEN, st.randoms(use_true_random=False))
def test_the_order_of_the_directory_changes_nothing(
    crowd: list[Candidate], most: int, chosen: list[tuple[str, int | None]], random: object
) -> None:
    mixed = list(crowd)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert balanced(crowd, most, chosen) == balanced(mixed, most, chosen)


@given(CROWDS, st.integers(1, 40))
def test_no_place_is_heard_twice_before_each_is_heard_once(crowd: list[Candidate], most: int) -> None:
    places = {one.id: (one.function, one.unit) for one in crowd}
    heard = Counter(places[one] for one in balanced(crowd, most))
    everywhere = set(places.values())
    if set(heard) != everywhere:
        assert max(heard.values(), default=0) <= 1


@given(CROWDS, st.integers(1, 40))
def test_within_a_place_whoever_waits_longest_comes_first(crowd: list[Candidate], most: int) -> None:
    taken = set(balanced(crowd, most))
    for one in crowd:
        for other in crowd:
            same = (one.function, one.unit) == (other.function, other.unit)
            if same and one.id in taken and other.id not in taken:
                assert one.days_unheard is None or (
                    other.days_unheard is not None and one.days_unheard >= other.days_unheard
                )


def test_places_heard_before_wait_for_the_others() -> None:
    crowd = [Candidate(1, "sales", 1, None), Candidate(2, "support", 1, 3)]
    assert balanced(crowd, 1, [("sales", 1)]) == [2]


def test_the_draw_differs_from_one_campaign_to_another() -> None:
    crowd = [Candidate(at, "sales", 1, None) for at in range(50)]
    assert balanced(crowd, 5, seed="1") == balanced(crowd, 5, seed="1")
    assert balanced(crowd, 5, seed="1") != balanced(crowd, 5, seed="2")
