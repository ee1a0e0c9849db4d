"""Rules over histories: what each finds, counted a second way in plain Python over random histories."""

import csv
import datetime as dt
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vertebra.analysis.conformance import rules
from vertebra.analysis.conformance.histories import Histories, histories
from vertebra.analysis.conformance.suggesting import suggest
from vertebra.analysis.conformance.variants import directly_follows, durations, variants

DAY = rules.DAY
# Arrow is loaded at the first example.
CALM = settings(deadline=None)
STEPS = ("open", "doing", "review", "done")
EVENTS = st.lists(
    st.tuples(st.sampled_from("abcd"), st.integers(0, 40), st.sampled_from(STEPS), st.sampled_from("vwxyz")),
    max_size=40,
)
Told = list[tuple[str, int, str, str]]


def made(events: Told) -> Histories:
    """Histories of events told as item, day, step, who."""
    return histories(
        [one[0] for one in events],
        np.array([one[1] for one in events], np.int64) * DAY,
        [one[2] for one in events],
        [one[3] for one in events],
    )


def by_item(events: Told) -> dict[str, list[tuple[int, str, str]]]:
    """The events of each item, in the order of time."""
    found: dict[str, list[tuple[int, str, str]]] = {}
    for item, day, step, who in sorted(events, key=lambda one: one[1]):
        found.setdefault(item, []).append((day, step, who))
    return found


def split(events: Told, rule: rules.Rule, **more: object) -> tuple[set[str], set[str], set[str]]:
    """The items that kept to a rule, did not, cannot be told yet."""
    told = made(events)
    verdict = rules.judge(rule, told, **more)  # type: ignore[arg-type]
    return tuple(
        {told.items[int(at)] for at in part} for part in (verdict.agreed, verdict.departed, verdict.waiting)
    )  # type: ignore[return-value]


@CALM
@given(EVENTS)
def test_a_step_before_another(events: Told) -> None:
    agreed, departed, _waiting = split(events, rules.StepBefore("review", "done"))
    for item, steps in by_item(events).items():
        names = [step for _day, step, _who in steps]
        if "done" not in names:
            assert item not in agreed | departed
        else:
            assert (item in agreed) == ("review" in names[: names.index("done")])
            assert (item in departed) == (item not in agreed)


@CALM
@given(EVENTS)
def test_what_must_not_follow(events: Told) -> None:
    agreed, departed, _waiting = split(events, rules.NeverAfter("done", "doing"))
    for item, steps in by_item(events).items():
        names = [step for _day, step, _who in steps]
        follows = "done" in names and "doing" in names[names.index("done") :]
        assert (item in departed) == follows
        assert (item in agreed) == ("done" in names and not follows)


@CALM
@given(EVENTS)
def test_phases_in_order(events: Told) -> None:
    phases = ("open", "review", "done")
    agreed, departed, _waiting = split(events, rules.PhasesInOrder(phases))
    for item, steps in by_item(events).items():
        ranks = [phases.index(step) for _day, step, _who in steps if step in phases]
        is_back = any(after < before for before, after in pairwise(ranks))
        assert (item in departed) == is_back
        assert (item in agreed) == (not is_back and len(set(ranks)) > 1)


@CALM
@given(EVENTS, st.integers(0, 5))
def test_an_answer_within_working_days(events: Told, days: int) -> None:
    until = 45 * DAY
    agreed, departed, waiting = split(
        events, rules.AnswerWithin("open", ("review", "done"), days), until=until
    )
    for item, steps in by_item(events).items():
        verdicts = [
            _answered(steps, at, days) for at, (_day, step, _who) in enumerate(steps) if step == "open"
        ]
        assert (item in departed) == ("late" in verdicts)
        assert (item in waiting) == ("late" not in verdicts and "open" in verdicts)
        assert (item in agreed) == (bool(verdicts) and set(verdicts) == {"in time"})


def _answered(steps: list[tuple[int, str, str]], at: int, days: int) -> str:
    # 1 January 1970 was a Thursday.
    day, left = dt.date(1970, 1, 1) + dt.timedelta(days=steps[at][0]), days
    while day.weekday() > 4:
        day -= dt.timedelta(days=1)
    while left:
        day += dt.timedelta(days=1)
        left -= day.weekday() < 5
    limit = (day - dt.date(1970, 1, 1)).days
    answer = next((when for when, step, _who in steps[at + 1 :] if step in {"review", "done"}), None)
    if answer is None:
        return "late" if limit < 44 else "open"
    return "in time" if answer <= limit else "late"


def test_days_off_are_no_working_days() -> None:
    calendar = rules.Calendar(off=(dt.date(1970, 1, 2),))
    events = [("a", 0, "open", "v"), ("a", 4, "done", "w")]
    rule = rules.AnswerWithin("open", ("done",), 1)
    assert split(events, rule, until=50 * DAY)[1] == {"a"}
    assert split(events, rule, until=50 * DAY, calendar=calendar)[0] == {"a"}


CHANGED = st.lists(
    st.tuples(st.sampled_from("abcd"), st.integers(0, 40), st.booleans(), st.booleans()), max_size=20
)


@CALM
@given(EVENTS, CHANGED, st.sets(st.sampled_from("abcd")))
def test_a_field_that_is_there_when_a_step_is_reached(
    events: Told, changed: list[tuple[str, int, bool, bool]], held: set[str]
) -> None:
    told = made(events)
    place = {item: at for at, item in enumerate(told.items)}
    rows = [one for one in changed if one[0] in place]
    presence = rules.Presence(
        np.array([place[one[0]] for one in rows], np.int32),
        np.array([one[1] for one in rows], np.int64) * DAY,
        np.array([one[2] for one in rows], np.bool_),
        np.array([one[3] for one in rows], np.bool_),
        np.array([item in held for item in told.items], np.bool_),
    )
    _agreed, departed, _waiting = split(events, rules.PresentAt("done", "estimate"), presence=presence)
    for item, steps in by_item(events).items():
        missing = False
        for day, step, _who in steps:
            if step == "done":
                mine = sorted((one for one in rows if one[0] == item), key=lambda one: one[1])
                until = [one for one in mine if one[1] <= day]
                later = [one for one in mine if one[1] > day]
                there = until[-1][2] if until else later[0][3] if later else item in held
                missing = missing or not there
        assert (item in departed) == missing


@CALM
@given(EVENTS)
def test_two_people_are_told_of_five_together_or_not_at_all(events: Told) -> None:
    told = rules.two_people(rules.FourEyes("doing", "review"), made(events))
    pairs, people = [], set()
    for steps in by_item(events).values():
        at = next((at for at, one in enumerate(steps) if one[1] == "review"), None)
        before = [one[2] for one in steps[: at or 0] if one[1] == "doing"]
        if at is not None and before:
            pairs.append(before[-1] != steps[at][2])
            people |= {who for _day, step, who in steps if step in {"doing", "review"}}
    if len(people) < 5:
        assert told == rules.TwoPeople(None, None)
    else:
        assert told.count == len(pairs)
        assert told.share == pytest.approx(sum(pairs) / len(pairs))


@CALM
@given(EVENTS)
def test_ways_through_and_what_follows_what(events: Told) -> None:
    told, items = made(events), by_item(events)
    ways = Counter(tuple(step for _day, step, _who in steps) for steps in items.values())
    assert {one.steps: one.count for one in variants(told)} == dict(ways)
    counts = [one.count for one in variants(told)]
    assert counts == sorted(counts, reverse=True)
    follows = Counter(pair for way, times in ways.items() for pair in list(pairwise(way)) * times)
    assert directly_follows(told) == dict(follows)
    lasted = {told.items[at]: int(took) // DAY for at, took in enumerate(durations(told))}
    assert lasted == {item: steps[-1][0] - steps[0][0] for item, steps in items.items()}


@settings(max_examples=80, deadline=None)
@given(EVENTS, st.lists(st.integers(-1, 50), min_size=1, max_size=4))
def test_every_moment_of_the_past_is_told_from_one_look(events: Told, days: list[int]) -> None:
    told = made(events)
    for rule in (
        rules.PhasesInOrder(("open", "review", "done")),
        rules.StepBefore("review", "done"),
        rules.AnswerWithin("open", ("review", "done"), 2),
        rules.NeverAfter("done", "doing"),
        rules.FourEyes("doing", "review"),
    ):
        course = rules.course(rule, told)
        for day in days:
            then = made([one for one in events if one[1] <= day])
            alone = rules.judge(rule, then, until=day * DAY)
            whole = course.at(day * DAY)
            for one, other in (
                (whole.agreed, alone.agreed),
                (whole.departed, alone.departed),
                (whole.waiting, alone.waiting),
            ):
                assert {told.items[int(at)] for at in one} == {then.items[int(at)] for at in other}


def test_habits_are_offered_with_what_departed_from_them() -> None:
    events = []
    for number in range(40):
        item = f"item-{number}"
        events += [(item, 1, "open", "v"), (item, 2, "doing", "w")]
        events += [(item, 3, "review", "x")] if number >= 4 else []
        events += [(item, 4, "done", "y")]
    found = {one.rule: one for one in suggest(made(events))}
    habit = found[rules.StepBefore("review", "done")]
    assert (habit.count, habit.share) == (40, 0.9)
    assert set(habit.examples) == {f"item-{number}" for number in range(4)}
    assert rules.StepBefore("done", "open") not in found
    assert suggest(made(events[:60])) == []


def test_nothing_is_told_of_nothing() -> None:
    told = made([])
    for rule in (
        rules.StepBefore("a", "b"),
        rules.PhasesInOrder(("a", "b")),
        rules.AnswerWithin("a", ("b",), 1),
    ):
        assert rules.judge(rule, told).share is None
    assert (variants(told), directly_follows(told), len(durations(told))) == ([], {}, 0)


@pytest.mark.real_data
def test_the_real_log_comes_out_as_counted_by_hand(real_data: Path) -> None:
    rows: dict[str, list[tuple[dt.datetime, str]]] = {}
    path = real_data / "process-volvo" / "vinst_events.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            at = dt.datetime.fromisoformat(row["Change Date+Time"])
            rows.setdefault(row["SR Number"], []).append((at, row["Activity"]))
    told = histories(
        [case for case, events in rows.items() for _event in events],
        np.array([int(at.timestamp() * 1_000_000) for events in rows.values() for at, _step in events]),
        [step for events in rows.values() for _at, step in events],
    )
    for events in rows.values():
        events.sort(key=lambda one: one[0])
    ways = Counter(tuple(step for _at, step in events) for events in rows.values())
    assert (len(told.items), len(told.steps)) == (7_554, 65_533)
    assert {one.steps: one.count for one in variants(told)} == dict(ways)
    follows = Counter(pair for way, times in ways.items() for pair in list(pairwise(way)) * times)
    assert directly_follows(told) == dict(follows)
    lasted = sum((events[-1][0] - events[0][0]).total_seconds() for events in rows.values())
    assert durations(told).sum() / 1_000_000 == pytest.approx(lasted)
    verdict = rules.judge(rules.NeverAfter("Completed-Closed", "Accepted-In Progress"), told)
    closed = [way for way in ways.elements() if "Completed-Closed" in way]
    back = [way for way in closed if "Accepted-In Progress" in way[way.index("Completed-Closed") :]]
    assert (verdict.count, len(verdict.departed)) == (len(closed), len(back))
