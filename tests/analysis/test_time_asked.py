"""Minutes asked of each function, against a ceiling."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vertebra.analysis.time_asked import Asked, by_function, displaced

PEOPLE = {(1, "product"): 2, (2, "product"): 3, (2, "design"): 1}
BOTH = frozenset({1, 2})


def test_it_is_added_up_by_function_where_most_is_asked() -> None:
    asked = [
        Asked("practice", 1, "product", 60, BOTH),
        Asked("practice", 2, "product", 30, frozenset({2})),
        Asked("routine", 1, "design", 20, frozenset({1, 2})),
    ]
    product, design = by_function(asked, PEOPLE, {"product": 80})
    assert (product.most, product.mean, product.hours, product.people) == (90, 78, 6.5, 5)
    assert (product.over, product.is_over) == (frozenset({2}), True)
    assert (design.most, design.people, design.is_over) == (20, 1, False)


def test_a_function_with_a_ceiling_of_which_nothing_is_asked_is_shown() -> None:
    assert [one.function for one in by_function([], PEOPLE, {"product": 80, "sales": 10})] == ["product"]


def test_what_a_new_standard_displaces_is_told_where_most_would_be_asked() -> None:
    before = [Asked("practice", 1, "product", 60, frozenset({2}))]
    after = [*before, Asked("practice", 2, "product", 30, BOTH)]
    (one,) = displaced(before, after, PEOPLE, {"product": 75})
    assert (one.before, one.after, one.too_much) == (60, 90, 15)
    assert displaced(before, before, PEOPLE, {"product": 1}) == []


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(
        st.builds(
            Asked,
            st.just("practice"),
            st.integers(1, 5),
            st.sampled_from(["product", "design"]),
            st.integers(0, 500),
            st.frozensets(st.integers(1, 3)),
        )
    ),
    st.dictionaries(st.tuples(st.integers(1, 3), st.sampled_from(["product", "design"])), st.integers(1, 9)),
)
def test_no_mean_is_above_the_most_and_hours_are_the_minutes_of_everybody(
    asked: list[Asked], people: dict[tuple[int, str], int]
) -> None:
    for one in by_function(asked, people, {}):
        assert 0 <= one.mean <= one.most + 1e-9
        assert abs(one.hours * 60 - one.mean * one.people) < 1e-6
