"""Rules over ten million events, beside one pass of NumPy over the same columns; PM4Py on a real log, if it is there."""

import os
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np

from benchmarks import beside_pm4py
from benchmarks.figures import Figure
from vertebra.analysis.conformance import rules
from vertebra.analysis.conformance.histories import histories
from vertebra.analysis.conformance.variants import directly_follows, durations, variants

EVENTS = int(os.environ.get("EVENTS", "10000000"))
PER_ITEM, SEED = 10, 20261123
STEPS = ("To do", "Ready", "In progress", "Review", "Test", "Done", "Waiting", "Blocked")
DAY = rules.DAY
RULES: dict[str, rules.Rule] = {
    "phases in order": rules.PhasesInOrder(("To do", "Ready", "In progress", "Review", "Done")),
    "a step before another": rules.StepBefore("Review", "Done"),
    "an answer within working days": rules.AnswerWithin("Review", ("Test", "Done"), 3),
    "what must not follow": rules.NeverAfter("Done", "In progress"),
    "four eyes": rules.FourEyes("In progress", "Review"),
}
# On a machine faster than this one may be: beside it stands how many passes over the columns a rule takes.
GOAL = 5_000_000.0


def columns() -> tuple[Any, Any, Any, Any]:
    """Whose, when, which step, by whom: as a trail tells them, in no order."""
    chance = np.random.default_rng(SEED)
    items = chance.integers(0, EVENTS // PER_ITEM, EVENTS)
    at = chance.integers(0, 1000 * DAY, EVENTS)
    return items, at, chance.integers(0, len(STEPS), EVENTS), chance.integers(0, 400, EVENTS)


def named() -> tuple[Any, Any, Any, Any]:
    """The same with words, as the files of a trail hold them."""
    import pyarrow as pa

    items, at, steps, who = columns()
    words = pa.DictionaryArray.from_arrays(pa.array(steps.astype(np.int32)), pa.array(STEPS))
    return (
        pa.array(items).cast(pa.string()),
        at,
        words.cast(pa.string()),
        pa.array(who).cast(pa.string()),
    )


def timed(act: Callable[[], object]) -> float:
    """How many seconds something takes, the best of two."""
    taken = []
    for _turn in range(2):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return min(taken)


def run() -> Iterable[Figure]:
    """All of it in this process."""
    given = named()
    start = time.perf_counter()
    told = histories(*given)
    yield Figure(
        "conformance: events read, coded and put in order", EVENTS / (time.perf_counter() - start), "events/s"
    )
    floor = timed(lambda: (np.diff(told.at), np.bincount(told.steps), told.steps[1:] == told.steps[:-1]))
    yield Figure("conformance: floor: one pass over the columns", EVENTS / floor, "events/s")
    until, slowest = int(told.at.max()), 0.0
    for name, rule in RULES.items():
        took = timed(lambda rule=rule: rules.judge(rule, told, until=until))  # type: ignore[misc]
        slowest = max(slowest, took)
        yield Figure(f"conformance: {name}", EVENTS / took, "events/s", GOAL, is_lower_better=False)
    yield Figure("conformance: the slowest rule, times the floor", slowest / floor, "times", 40.0)
    for name, ask in (
        ("the thousand commonest ways", lambda of: variants(of, 1000)),
        ("directly-follows", directly_follows),
        ("durations", durations),
    ):
        yield Figure(
            f"conformance: {name}",
            EVENTS / timed(partial(ask, told)),
            "events/s",
            GOAL,
            is_lower_better=False,
        )
    yield from beside_pm4py.run()
