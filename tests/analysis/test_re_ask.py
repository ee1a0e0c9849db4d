"""What the answers to the one question of a pain point say."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vertebra.analysis.re_ask import Reading, Verdict, months_later, still_hurts, verdict

BEFORE = Reading(30, 7.0, 6.4, 7.6)


@pytest.mark.parametrize(
    ("reading", "before", "said"),
    [
        (None, BEFORE, Verdict.TOO_FEW),
        (Reading(4, 9.0, 8.0, 10.0), BEFORE, Verdict.TOO_FEW),
        (Reading(20, 6.0, 5.0, 7.0), None, Verdict.COSTLY),
        (Reading(20, 5.9, 5.2, 6.6), None, Verdict.UNCLEAR),
        (Reading(20, 3.4, 2.6, 4.2), BEFORE, Verdict.BETTER),
        (Reading(20, 5.5, 4.9, 6.1), BEFORE, Verdict.UNCLEAR),
        (Reading(20, 3.9, 3.5, 4.3), Reading(12, 4.2, 3.1, 5.3), Verdict.NO_BETTER),
        (Reading(20, 5.0, 4.0, 6.0), Reading(4, 9.0, 9.0, 9.0), Verdict.UNCLEAR),
    ],
)
def test_an_asking_says_what_the_rule_says(
    reading: Reading | None, before: Reading | None, said: Verdict
) -> None:
    assert verdict(reading, before) == said


def test_the_first_asking_is_only_noted() -> None:
    assert verdict(Reading(20, 9.0, 8.5, 9.5), None, is_baseline=True) == Verdict.NOTED


@given(st.floats(0, 10), st.floats(0, 3), st.integers(0, 4))
def test_fewer_than_five_answers_never_open_anything_again(mean: float, half: float, count: int) -> None:
    assert not still_hurts(Reading(count, mean, mean - half, mean + half), BEFORE)


@given(st.floats(0, 10), st.floats(0, 3), st.floats(0, 10), st.floats(0.01, 3))
def test_a_worse_answer_never_reads_better(mean: float, half: float, base: float, more: float) -> None:
    before = Reading(10, base, base - half, base + half)
    reading = Reading(10, mean, mean - half, mean + half)
    worse = Reading(10, mean + more, mean + more - half, mean + more + half)
    assert still_hurts(worse, before) or not still_hurts(reading, before)


def test_six_months_later_is_a_day_of_the_calendar() -> None:
    assert months_later(dt.date(2026, 8, 31)) == dt.date(2027, 2, 28)
    assert months_later(dt.date(2026, 11, 22)) == dt.date(2027, 5, 22)
