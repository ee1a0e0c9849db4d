"""Rankings counted: hand-worked elections, and what must hold whatever is ranked."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vertebra.analysis.agreement import (
    BORDA,
    RANKED_PAIRS,
    RULES,
    SCHULZE,
    Ballot,
    ballot,
    count,
    first,
    likeness,
    splits,
    steadiness,
    with_groups_alike,
)

A, B, C, D, E = range(1, 6)


def order_of(candidates: Sequence[int], ballots: Sequence[Ballot], rule: str) -> list[int]:
    return [one.id for one in count(candidates, ballots, rule)]


def places(candidates: Sequence[int], ballots: Sequence[Ballot], rule: str) -> dict[int, int]:
    return {one.id: one.place for one in count(candidates, ballots, rule)}


# 45 voters and five candidates, the worked example with which Schulze's method is usually taught.
FORTY_FIVE = [
    ballot([A, C, B, E, D], weight=5),
    ballot([A, D, E, C, B], weight=5),
    ballot([B, E, D, A, C], weight=8),
    ballot([C, A, B, E, D], weight=3),
    ballot([C, A, E, B, D], weight=7),
    ballot([C, B, A, D, E], weight=2),
    ballot([D, C, E, B, A], weight=7),
    ballot([E, B, A, D, C], weight=8),
]
# Where to put the capital: four towns, a hundred voters.
TOWNS = [
    ballot([A, B, C, D], weight=42),
    ballot([B, C, D, A], weight=26),
    ballot([C, D, B, A], weight=15),
    ballot([D, C, B, A], weight=17),
]


def test_the_worked_example_of_schulze() -> None:
    assert order_of([A, B, C, D, E], FORTY_FIVE, SCHULZE) == [E, A, C, B, D]


def test_the_capital_by_each_rule() -> None:
    assert order_of([A, B, C, D], TOWNS, RANKED_PAIRS) == [B, C, D, A]
    assert order_of([A, B, C, D], TOWNS, SCHULZE) == [B, C, D, A]
    # 42·3; 42·2 + 26·3 + 15 + 17; 42 + 26·2 + 15·3 + 17·2; 26 + 15·2 + 17·3.
    assert [(one.id, one.score) for one in count([A, B, C, D], TOWNS, BORDA)] == [
        (B, 194),
        (C, 173),
        (A, 126),
        (D, 107),
    ]


def test_what_a_ranking_leaves_out_stands_level_below() -> None:
    found = count([A, B, C, D], [ballot([A])], BORDA)
    assert [(one.id, one.place, one.score) for one in found] == [(A, 1, 3), (B, 2, 1), (C, 2, 1), (D, 2, 1)]
    assert found[0].named == 1 and found[0].firsts == 1 and found[1].named == 0


def test_ties_share_a_place_and_a_circle_is_no_order() -> None:
    circle = [ballot([A, B, C]), ballot([B, C, A]), ballot([C, A, B])]
    assert set(places([A, B, C], circle, BORDA).values()) == {1}
    assert set(places([A, B, C], circle, SCHULZE).values()) == {1}
    level = [ballot([[A, B], C])]
    assert places([A, B, C], level, BORDA) == {A: 1, B: 1, C: 3}


def test_a_circle_is_cut_at_its_weakest_duel() -> None:
    # A beats B 7:2, B beats C 6:3, C beats A 5:4: the last is left out.
    circle = [ballot([A, B, C], weight=4), ballot([B, C, A], weight=2), ballot([C, A, B], weight=3)]
    assert order_of([A, B, C], circle, RANKED_PAIRS) == [A, B, C]
    assert order_of([A, B, C], circle, SCHULZE) == [A, B, C]


def test_nothing_ranked_leaves_everything_level() -> None:
    for rule in RULES:
        assert places([A, B], [], rule) == {A: 1, B: 1}
    assert count([], [], BORDA) == []
    assert steadiness([A, B, C], [], BORDA, 1).code == "too_few"


def test_what_is_ranked_twice_counts_where_it_stands_first() -> None:
    assert ballot([A, B, A, [B, C]]).tiers == ((A,), (B,), (C,))


def test_groups_alike_weigh_the_same() -> None:
    given_by = [ballot([A, B], "product"), ballot([A, B], "product"), ballot([B, A], "design")]
    assert order_of([A, B], given_by, BORDA) == [A, B]
    assert set(places([A, B], with_groups_alike(given_by), BORDA).values()) == {1}


def test_where_groups_split_comes_first() -> None:
    found = splits([A, B, C], [ballot([A, B, C], "product"), ballot([C, B, A], "design")])
    assert {found[0].id, found[1].id} == {A, C} and found[0].spread == 1.0
    assert found[-1].id == B and found[-1].spread == 0.0
    assert (found[0].highest, found[0].lowest) in {("product", "design"), ("design", "product")}


def test_likeness_goes_from_all_alike_to_all_contrary() -> None:
    assert likeness([A, B, C], [ballot([A, B, C])] * 3) == 1.0
    assert likeness([A, B, C], [ballot([A, B, C]), ballot([C, B, A])]) == 0.0
    assert likeness([A, B], [ballot([A, B])]) is None


def test_an_order_all_share_is_firm_and_a_tight_one_is_open() -> None:
    firm = steadiness([A, B, C, D], [ballot([A, B, C, D])] * 6, BORDA, 2)
    assert (firm.code, firm.first, firm.swings, firm.next_in) == ("firm", (A, B), 0, C)
    tight = steadiness([A, B, C], [ballot([A, B, C])] * 3 + [ballot([B, A, C])] * 2, BORDA, 1)
    assert tight.code == "open" and tight.first == (A,)
    assert steadiness([A, B, C], [ballot([A])] * 2, BORDA, 1).code == "too_few"


def test_millions_of_rankings_are_drawn_again_in_a_moment() -> None:
    rows = [ballot([A, B, C], weight=1_000_000), ballot([B, A, D], weight=900_000), ballot([D, A], weight=3)]
    many = steadiness([A, B, C, D], rows, BORDA, 2)
    assert (many.code, many.draws) == ("firm", 200)


def test_many_rankings_drawn_by_number_are_as_sure_as_one_by_one() -> None:
    # Sixty more of twenty thousand: the first stays so in two of three draws.
    rows = [ballot([A], weight=10_030), ballot([B], weight=9_970)]
    kept = steadiness([A, B], rows, BORDA, 1).kept[A]
    assert 0.56 < kept < 0.77
    rare = [*rows, *(ballot([C]) for _ in range(30))]
    assert abs(steadiness([A, B, C], rare, BORDA, 1).kept[A] - kept) < 0.12


def test_the_same_seed_says_the_same() -> None:
    assert steadiness([A, B, C, D], TOWNS, SCHULZE, 1) == steadiness([A, B, C, D], TOWNS, SCHULZE, 1)


orders = st.lists(st.sampled_from([A, B, C, D, E]), unique=True, max_size=5)
elections = st.lists(st.builds(ballot, orders, st.sampled_from(["p", "d", "e"])), min_size=1, max_size=9)


def beats(ballots: Sequence[Ballot], one: int, other: int) -> int:
    """By how many rankings one stands above the other, counted the slow way."""

    def place(each: Ballot, pk: int) -> int:
        return next((at for at, tier in enumerate(each.tiers) if pk in tier), 99)

    return sum((place(b, one) < place(b, other)) - (place(b, one) > place(b, other)) for b in ballots)


@given(elections)
@settings(max_examples=150, deadline=None)
def test_who_wins_every_duel_is_first_under_schulze_and_ranked_pairs(ballots: list[Ballot]) -> None:
    everyone = [A, B, C, D, E]
    for one in everyone:
        if all(beats(ballots, one, other) > 0 for other in everyone if other != one):
            for rule in (SCHULZE, RANKED_PAIRS):
                assert order_of(everyone, ballots, rule)[0] == one
                assert list(places(everyone, ballots, rule).values()).count(1) == 1


@given(elections, st.integers(0, 8), st.sampled_from([A, B, C, D, E]))
@settings(max_examples=100, deadline=None)
def test_borda_never_punishes_who_is_put_higher(ballots: list[Ballot], at: int, pk: int) -> None:
    everyone = [A, B, C, D, E]
    at %= len(ballots)
    flat = [one for tier in ballots[at].tiers for one in tier if one != pk]
    raised = [*ballots]
    raised[at] = ballot([pk, *flat], ballots[at].group)
    assert places(everyone, raised, BORDA)[pk] <= places(everyone, ballots, BORDA)[pk]


@given(elections, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_in_which_rankings_come_changes_nothing(ballots: list[Ballot], chance: object) -> None:
    everyone = [A, B, C, D, E]
    mixed = [*ballots]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    for rule in RULES:
        assert places(everyone, ballots, rule) == places(everyone, mixed, rule)


@given(elections)
@settings(max_examples=60, deadline=None)
def test_all_candidates_have_a_place_and_the_first_include_those_level(ballots: list[Ballot]) -> None:
    for rule in RULES:
        found = count([A, B, C, D, E], ballots, rule)
        assert sorted(one.id for one in found) == [A, B, C, D, E]
        assert [one.place for one in found] == sorted(one.place for one in found)
        top = first(found, 2)
        last = next(one for one in found if one.id == top[-1])
        assert all(one.id in top for one in found if one.place == last.place)


@pytest.mark.parametrize("rule", RULES)
def test_a_large_table_is_counted_in_time(rule: str) -> None:
    table = list(range(1, 41))
    ballots = [ballot(table[at:] + table[:at], "product") for at in range(30)]
    assert len(count(table, ballots, rule)) == 40
    assert steadiness(table, ballots, rule, 5).draws >= 20
