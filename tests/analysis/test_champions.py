"""Whom to tell: near before far, the specialist before whoever answers for everything, everybody in their turn."""

import random
import time
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vertebra.analysis.champions import (
    USUAL_MINUTES,
    Champion,
    Gap,
    Lack,
    Proposal,
    Question,
    Reason,
    Tree,
    gaps,
    pick,
    rank,
    whom,
)
from vertebra.analysis.subjects import Name, NameKind, Names
from vertebra.kit.text import lemmas

# 1 Shop ⊃ 2 Payment ⊃ 3 Refunds; 1 ⊃ 4 Delivery; 5 Boats by itself.
TREE = Tree({1: (), 2: (1,), 3: (2, 1), 4: (1,), 5: ()})
EVERYTHING = frozenset(TREE.above)


def _who(question: Question, *champions: Champion) -> list[int]:
    return [one.champion for one in rank(question, champions, TREE)]


def _codes(proposal: Proposal) -> set[Reason]:
    return {why.code for why in proposal.reasons}


def _about(*areas: int, **more: object) -> Question:
    return Question(areas=dict.fromkeys(areas, 1.0), **more)  # type: ignore[arg-type]


def test_the_nearest_champion_comes_first_and_says_how_near() -> None:
    question = _about(3)
    ranked = rank(
        question,
        [
            Champion(1, frozenset({1})),
            Champion(2, frozenset({2})),
            Champion(3, frozenset({3})),
            Champion(9, frozenset({5})),
        ],
        TREE,
    )
    assert [one.champion for one in ranked] == [3, 2, 1]
    steps = [
        (why.code, why.about, why.figure)
        for one in ranked
        for why in one.reasons
        if why.code.startswith("area")
    ]
    assert steps == [(Reason.AREA, 3, 0), (Reason.AREA_ABOVE, 2, 1), (Reason.AREA_ABOVE, 1, 2)]


def test_whoever_answers_for_a_part_is_proposed_after_whoever_answers_for_the_whole() -> None:
    assert _who(_about(2), Champion(1, frozenset({3})), Champion(2, frozenset({1}))) == [2, 1]


def test_a_champion_for_everything_comes_after_the_one_of_the_place() -> None:
    wide, narrow = Champion(1, EVERYTHING), Champion(2, frozenset({3}))
    ranked = rank(_about(3), [wide, narrow], TREE)
    assert [one.champion for one in ranked] == [2, 1]
    assert Reason.WIDE in _codes(ranked[1])
    assert Reason.WIDE not in _codes(ranked[0])


def test_whoever_was_asked_for_much_of_their_time_comes_later_and_it_is_said() -> None:
    busy = Champion(1, frozenset({3}), agreed_minutes=600, asked_minutes=700)
    free = Champion(2, frozenset({3}), agreed_minutes=600, asked_minutes=60)
    unsaid = Champion(3, frozenset({3}), asked_minutes=USUAL_MINUTES / 2)
    ranked = rank(_about(3), [busy, free, unsaid], TREE)
    assert [one.champion for one in ranked] == [2, 3, 1]
    assert [one.reasons[-1].code for one in ranked] == [Reason.HAS_TIME, Reason.NO_HOURS, Reason.OVER_HOURS]


def test_markets_units_functions_and_languages_count() -> None:
    plain = Champion(1, frozenset({3}))
    french = replace(
        plain, id=2, markets=frozenset({7}), languages=frozenset({"fr"}), functions=frozenset({"sales"})
    )
    german = replace(
        plain, id=3, markets=frozenset({8}), languages=frozenset({"de"}), functions=frozenset({"support"})
    )
    question = _about(3, markets={7: 1.0}, language="fr")
    ranked = rank(question, [plain, german, french], TREE)
    assert [one.champion for one in ranked] == [2, 1, 3]
    assert {Reason.MARKET, Reason.LANGUAGE} <= _codes(ranked[0])
    assert {Reason.OTHER_MARKET, Reason.OTHER_LANGUAGE} <= _codes(ranked[2])
    assert _who(replace(question, functions=frozenset({"support"})), plain, german, french) == [3]
    of_unit = Champion(4, units=frozenset({70}))
    assert _who(Question(units={70: 1.0}), plain, of_unit) == [4]


def test_nobody_there_is_a_gap_and_so_is_somebody_above_or_without_time() -> None:
    tired = Champion(1, frozenset({4}), agreed_minutes=10, asked_minutes=10)
    question = _about(3, 4, 5, markets={7: 1.0})
    assert gaps(question, [tired, Champion(2, frozenset({1}))], TREE) == [
        Gap("area", 3, Lack.ONLY_ABOVE),
        Gap("area", 4, Lack.ONLY_OVER_HOURS),
        Gap("area", 5, Lack.NOBODY),
        Gap("market", 7, Lack.NOBODY),
    ]
    assert gaps(_about(3), [Champion(1, frozenset({3}), markets=frozenset({7}))], TREE) == []


def test_a_few_are_picked_so_that_all_areas_and_functions_are_heard() -> None:
    ranked = [
        Proposal(1, 0.9, (), frozenset({3}), frozenset({"sales"})),
        Proposal(2, 0.8, (), frozenset({3}), frozenset({"sales"})),
        Proposal(3, 0.5, (), frozenset({3}), frozenset({"support"})),
        Proposal(4, 0.3, (), frozenset({5}), frozenset({"sales"})),
    ]
    assert [one.champion for one in pick(ranked)] == [1, 3, 4]
    assert pick([]) == []


def test_in_a_year_equal_champions_are_asked_for_the_same_part_of_their_time() -> None:
    people = {
        number: Champion(number, frozenset({3}), agreed_minutes=360.0 * (1 + number % 2))
        for number in range(1, 7)
    }
    for _ask in range(300):
        first = rank(_about(3), list(people.values()), TREE)[0].champion
        people[first] = replace(people[first], asked_minutes=people[first].asked_minutes + 10)
    shares = [one.share_asked for one in people.values()]
    assert max(shares) - min(shares) <= 10 / 360 + 1e-9


def test_a_champion_for_everything_does_not_win_always() -> None:
    chance = random.Random(5)
    people = {area: Champion(area, frozenset({area}), agreed_minutes=360) for area in TREE.above}
    people[99] = Champion(99, EVERYTHING, agreed_minutes=360)
    won: Counter[int] = Counter()
    for _ask in range(200):
        first = rank(_about(chance.choice(list(TREE.above))), list(people.values()), TREE)[0].champion
        won[first] += 1
        people[first] = replace(people[first], asked_minutes=people[first].asked_minutes + 10)
    assert won[99] < 200 / 5
    assert all(won[area] > won[99] / 2 for area in TREE.above)


_PEOPLE = st.lists(
    st.builds(
        Champion,
        id=st.integers(1, 40),
        areas=st.frozensets(st.sampled_from(sorted(EVERYTHING))),
        markets=st.frozensets(st.integers(7, 9), max_size=2),
        functions=st.frozensets(st.sampled_from(["sales", "support"])),
        languages=st.frozensets(st.sampled_from(["fr", "en"])),
        agreed_minutes=st.none() | st.floats(0, 5000),
        asked_minutes=st.floats(0, 5000),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)
_QUESTIONS = st.builds(
    Question,
    areas=st.dictionaries(st.sampled_from(sorted(EVERYTHING)), st.floats(0.1, 1), max_size=4),
    markets=st.dictionaries(st.integers(7, 9), st.floats(0.1, 1), max_size=2),
    functions=st.frozensets(st.sampled_from(["sales", "support"]), max_size=1),
    language=st.sampled_from(["", "fr", "en"]),
)


@settings(max_examples=80, deadline=None)
@given(_QUESTIONS, _PEOPLE, st.randoms(use_true_random=False))
def test_the_order_in_which_people_are_given_changes_nothing(
    question: Question, people: list[Champion], chance: random.Random
) -> None:
    mixed = list(people)
    chance.shuffle(mixed)
    assert rank(question, people, TREE) == rank(question, mixed, TREE)
    assert gaps(question, people, TREE) == gaps(question, mixed, TREE)


@settings(max_examples=80, deadline=None)
@given(_QUESTIONS, _PEOPLE.filter(bool), st.floats(1, 1000))
def test_asking_somebody_never_moves_them_up(
    question: Question, people: list[Champion], minutes: float
) -> None:
    asked = people[0]
    before = _who(question, *people)
    after = _who(question, replace(asked, asked_minutes=asked.asked_minutes + minutes), *people[1:])
    if asked.id in after:
        assert asked.id in before
        assert after.index(asked.id) >= before.index(asked.id)


@settings(max_examples=80, deadline=None)
@given(_QUESTIONS, _PEOPLE)
def test_everybody_proposed_has_a_reason_that_is_about_what_is_asked(
    question: Question, people: list[Champion]
) -> None:
    for one in rank(question, people, TREE):
        assert one.score > 0
        assert _codes(one) & {Reason.AREA, Reason.AREA_ABOVE, Reason.AREA_BELOW, Reason.MARKET, Reason.UNIT}
        assert one.covers <= question.areas.keys()


@settings(max_examples=80, deadline=None)
@given(_QUESTIONS, _PEOPLE)
def test_an_area_is_a_gap_exactly_where_nobody_of_its_own_has_time(
    question: Question, people: list[Champion]
) -> None:
    lacking = {one.id for one in gaps(question, people, TREE) if one.kind == "area"}
    for area in question.areas:
        has_somebody = any(area in one.areas and one.share_asked < 1 for one in people)
        assert (area in lacking) is not has_somebody


def _named(kind: NameKind, number: int, called: str, described: str = "", **more: tuple[int, ...]) -> Name:
    return Name(
        kind, number, tuple(sorted(lemmas(called, "en"))), tuple(sorted(lemmas(described, "en"))), **more
    )


NAMES = Names(
    [
        _named("area", 2, "Payment", "cards, banks and invoices"),
        _named("area", 3, "Payment refunds"),
        _named("area", 4, "Delivery", "parcels and carriers"),
        _named("area", 5, "Boats"),
        _named("market", 7, "France"),
        _named("unit", 70, "Delivery team"),
        _named("feature", 9, "Instant return label", areas=(4,), markets=(7,)),
    ]
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Customers wait for their refunds after the payment failed.", [("area", 3)]),
        ("The payments do not work with cards.", [("area", 2)]),
        ("Nothing of all that.", []),
        ("", []),
        ("Cards and banks and invoices", []),
        ("How do boats come to France?", [("area", 5), ("market", 7)]),
        ("The instant return label prints twice", [("feature", 9)]),
    ],
)
def test_a_text_speaks_of_what_its_words_name(text: str, found: list[tuple[str, int]]) -> None:
    subjects = NAMES.spoken_of(lemmas(text, "en"))
    assert sorted((one.kind, one.id) for one in subjects) == found


def test_a_thing_under_way_leads_to_the_champions_of_its_area_and_market() -> None:
    people = [Champion(1, frozenset({4})), Champion(2, frozenset({5})), Champion(3, markets=frozenset({7}))]
    answer = whom(lemmas("The instant return label prints twice", "en"), NAMES, people, TREE)
    assert [one.champion for one in answer.proposals] == [1, 3]
    assert [one.id for one in answer.subjects] == [9]
    assert answer.gaps == ()


def test_of_a_text_that_speaks_of_nothing_known_nobody_is_told() -> None:
    answer = whom(lemmas("Good morning everybody", "en"), NAMES, [Champion(1, EVERYTHING)], TREE)
    assert (answer.proposals, answer.subjects, answer.gaps) == ((), (), ())


def test_four_hundred_things_and_two_hundred_and_twenty_champions_are_weighed_at_once() -> None:
    chance = random.Random(7)
    words = [f"word{number}" for number in range(900)]
    tree = Tree({area: tuple(up for up in (area // 5, area // 25) if up) for area in range(1, 400)})
    things = [
        Name(
            kind,
            number,
            tuple(chance.sample(words, 3)),
            tuple(chance.sample(words, 8)),
            (chance.randrange(1, 400),),
        )
        for kind in ("area", "unit", "feature")
        for number in range(1, 400)
    ]
    people = [
        Champion(number, frozenset(chance.sample(range(1, 400), 6)), asked_minutes=chance.random() * 400)
        for number in range(220)
    ]
    text = chance.sample(words, 300)
    began = time.process_time()
    answer = whom(text, Names(things), people, tree)
    assert time.process_time() - began < 0.3
    assert len(answer.proposals) == 12
