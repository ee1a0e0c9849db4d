"""What came of initiatives: is the interval honest on series of which the truth is known, and how fast is it reckoned?"""

import dataclasses
import time
from collections.abc import Iterable, Iterator

from benchmarks.figures import Figure
from tests.analysis.simulated import Case, Score, made, scored, two_thousand
from vertebra.analysis.impact import estimate

RESULTS, WHOLE = 1000, 200
MEMORIES = (0.0, 0.2, 0.4, 0.6, 0.8)
LENGTHS = (18, 24, 36, 60, 104, 156)
EACH = 300
BESIDE = 1000


def run() -> Iterable[Figure]:
    """The simulation, the coverage by length and memory, the speed."""
    mixed = scored(two_thousand())
    yield from _honest("2,000 simulated series", mixed, is_held=True)
    yield from table()
    yield from beside_controls()
    yield from speed()


def _honest(name: str, score: Score, *, is_held: bool) -> Iterator[Figure]:
    yield Figure(f"results: {name}: cannot tell", (1 - score.told / score.many) * 100, "%")
    if not score.told:
        return
    cover = score.coverage * 100
    goal = 93.0 if is_held else None
    yield Figure(f"results: {name}: intervals that hold the truth", cover, "%", goal, is_lower_better=False)
    if is_held:
        yield Figure(f"results: {name}: the same, at most", cover, "%", 97.0)
        yield Figure(f"results: {name}: false alarms", score.false_alarms * 100, "%", 6.0)


def table() -> Iterator[Figure]:
    """How often the interval holds the truth, by how long one looked before and how long noise is remembered."""
    for before in LENGTHS:
        for memory in MEMORIES:
            cases = [
                Case(seed=10_000 + seed, before=before, after=12, memory=memory, trend=0.02, season=1.0)
                for seed in range(EACH)
            ]
            yield from _honest(f"{before} before, memory {memory:g}", scored(cases), is_held=False)


def beside_controls() -> Iterator[Figure]:
    """The same mixture beside others, the whole way: where these carry the common course, and where they do not."""
    for controls in (1, 2):
        cases = [dataclasses.replace(case, controls=controls) for case in two_thousand(BESIDE)]
        kinds = {
            "a course in common": [case for case in cases if case.trend == 0],
            "a trend of its own": [case for case in cases if case.trend > 0],
        }
        for kind, chosen in kinds.items():
            score = scored(chosen, is_quick=False)
            name = f"beside {controls}, {kind}"
            yield from _honest(name, score, is_held=False)
            yield Figure(f"results: {name}: false alarms", score.false_alarms * 100, "%")


def speed() -> Iterator[Figure]:
    """A thousand results, by the quick way and with placebos and the fuller noise."""
    cases = [
        Case(seed=seed, before=60 + seed % 60, after=12, memory=0.4, controls=2 if seed % 4 == 0 else 0)
        for seed in range(RESULTS)
    ]
    ready = [(case, *made(case)) for case in cases]
    start = time.perf_counter()
    for case, series, controls in ready:
        estimate(series, series[case.before][0], series[-1][0], controls, grain=case.grain, is_quick=True)
    yield Figure("results: 1,000 by the quick way", time.perf_counter() - start, "s", 2.0)
    start = time.perf_counter()
    for case, series, controls in ready[:WHOLE]:
        estimate(series, series[case.before][0], series[-1][0], controls, grain=case.grain)
    whole = (time.perf_counter() - start) * RESULTS / WHOLE
    yield Figure("results: 1,000 with placebos and the fuller noise", whole, "s", 60.0)
