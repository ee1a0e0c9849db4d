"""The symptom test concludes by written rules: symptoms first, then size and pace, and says when it knows too little."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vertebra.analysis.diagnosis import (
    BY_CODE,
    DOMAINS,
    FEWEST_ANSWERED,
    STRONG,
    SYMPTOMS,
    Figures,
    Population,
    Reason,
    called_for,
    conclude,
    gaps_of,
    moved,
)

SMALL = Figures(people=20, makers=18, teams=3, growth_12=0.0)
LARGE = Figures(people=1800, makers=700, teams=40, growth_12=0.35, field_per_pm=9.5)


def answered(name: str = "self", rest: float = 1, **strong: float) -> Population:
    return Population(name, {**dict.fromkeys(BY_CODE, rest), **strong})


def test_few_answers_say_too_little_and_draw_nothing() -> None:
    few = {symptom.code: 5.0 for symptom in SYMPTOMS[: FEWEST_ANSWERED - 1]}
    said = conclude([Population("self", few)], LARGE)
    assert (said.verdict, said.shape, said.reasons) == ("too_little", "", ())
    enough = {symptom.code: 5.0 for symptom in SYMPTOMS[:FEWEST_ANSWERED]}
    assert conclude([Population("self", enough)], LARGE).verdict == "yes"


def test_nothing_that_hurts_in_a_small_calm_company_is_not_yet() -> None:
    said = conclude([answered()], SMALL)
    assert (said.verdict, said.shape, said.people_needed) == ("not_yet", "watch", 0)


def test_two_symptoms_that_name_the_need_are_enough_whatever_the_size() -> None:
    assert conclude([answered(culture_change=5, product_design=5)], SMALL).verdict == "yes"
    assert conclude([answered(onboarding=5, several_truths=5)], SMALL).verdict == "soon"
    assert conclude([answered(onboarding=5)], SMALL).verdict == "not_yet"


def test_size_and_pace_bring_it_closer_but_alone_do_not_warrant_it() -> None:
    assert conclude([answered()], LARGE).verdict == "not_yet"
    assert conclude([answered(onboarding=5)], LARGE).verdict == "soon"
    assert conclude([answered(onboarding=5, several_truths=5, dependencies=4)], LARGE).verdict == "yes"
    assert conclude([answered(onboarding=5, several_truths=5, dependencies=4)], SMALL).verdict == "soon"
    assert conclude([answered()], Figures(makers=30, teams=4, growth_12=0.8)).verdict == "soon"


def test_the_border_of_strong_is_three_and_a_half() -> None:
    assert conclude([answered(pm_time=3.5, oral_mode=3.5)], SMALL).verdict == "yes"
    assert conclude([answered(pm_time=3.49, oral_mode=3.49)], SMALL).verdict == "not_yet"


@pytest.mark.parametrize(
    ("teams", "makers", "strong", "shape", "people"),
    [
        (3, 18, {"pm_time": 5, "oral_mode": 5}, "part_time", 1),
        (3, 18, {"pm_time": 5, "culture_change": 5}, "right_hand", 1),
        (3, 18, {"pm_time": 5, "growth": 5, "directors_glue": 5}, "right_hand", 1),
        (8, 60, {"pm_time": 5, "oral_mode": 5}, "right_hand", 1),
        (20, 200, {"pm_time": 5, "oral_mode": 5}, "small_team", 2),
        (40, 700, {"pm_time": 5, "oral_mode": 5}, "centre", 5),
    ],
)
def test_the_shape_follows_the_number_of_teams(
    teams: int, makers: int, strong: dict[str, float], shape: str, people: int
) -> None:
    said = conclude([answered("self", 1, **strong)], Figures(teams=teams, makers=makers))
    assert (said.verdict, said.shape, said.people_needed) == ("yes", shape, people)


def test_the_reasons_name_the_symptoms_then_the_figures_that_press() -> None:
    said = conclude([answered(pm_time=5, oral_mode=4)], LARGE)
    assert [(one.code, one.symptom) for one in said.reasons[:2]] == [
        ("symptom", "pm_time"),
        ("symptom", "oral_mode"),
    ]
    assert Reason("growth_12", 0.35) in said.reasons
    assert Reason("field_per_pm", 9.5) in said.reasons


ALONE = {domain: (domain,) for domain in DOMAINS}


def test_the_domains_that_hurt_most_come_first_with_what_calls_for_them() -> None:
    said = conclude([answered(field_uninformed=5, whom_to_tell=5, several_truths=4)], SMALL)
    called = called_for(said.strengths, ALONE)
    assert called[0].name == "knowledge"
    assert called[0].because == ("field_uninformed", "whom_to_tell", "several_truths")
    assert called[-1].because == ()


def test_a_part_made_of_two_domains_counts_a_symptom_of_both_once() -> None:
    strengths = {"growth": 1.0, "onboarding": 0.5, "dependencies": 0.25}
    (one,) = called_for(strengths, {"people and process": ("talent", "process")})
    assert one.strength == pytest.approx((2 * 1.0 + 2 * 0.5 + 2 * 0.25) / 6)
    assert called_for(strengths, {"nothing of it": ("impact",), "empty": ()}) == ()


def test_a_small_population_weighs_as_much_as_a_large_one() -> None:
    said = conclude([answered("pms", 5), answered("field", 1)], SMALL)
    assert set(said.strengths.values()) == {0.5}
    assert not said.is_one_view


def test_populations_that_differ_by_a_point_are_told_and_by_less_are_not() -> None:
    one, other = answered("leaders", 2, pm_time=1, oral_mode=2), answered("pms", 2, pm_time=5, oral_mode=3)
    assert [(gap.symptom, gap.higher, gap.lower, gap.difference) for gap in gaps_of([one, other])] == [
        ("pm_time", "pms", "leaders", 1.0),
        ("oral_mode", "pms", "leaders", 0.25),
    ]
    assert gaps_of([answered("a", 2), answered("b", 2.9)]) == ()
    assert gaps_of([answered("a", 5)]) == ()


def test_what_moved_since_last_time_is_told_by_half_a_point() -> None:
    before, now = {"pm_time": 1.0, "growth": 0.5, "oral_mode": 0.5}, {"pm_time": 0.5, "growth": 0.6}
    assert [(one.symptom, one.is_better) for one in moved(before, now)] == [("pm_time", True)]


means = st.dictionaries(st.sampled_from(sorted(BY_CODE)), st.floats(1, 5))


@given(st.lists(means, max_size=5), st.integers(0, 200))
def test_more_pain_never_makes_it_less_warranted(said: list[dict[str, float]], teams: int) -> None:
    order = ["too_little", "not_yet", "soon", "yes"]
    figures = Figures(teams=teams, makers=teams * 9)
    before = conclude([Population(str(at), one) for at, one in enumerate(said)], figures)
    worse = [{code: min(5.0, value + 1) for code, value in one.items()} for one in said]
    after = conclude([Population(str(at), one) for at, one in enumerate(worse)], figures)
    assert order.index(after.verdict) >= order.index(before.verdict)
    assert all(0 <= value <= 1 for value in before.strengths.values())
    assert all(
        before.strengths[code] >= STRONG
        for one in called_for(before.strengths, ALONE)
        for code in one.because
    )
