"""Figures of a real log by PM4Py, run by an interpreter that has it: what `beside_pm4py` compares ours with.

PM4Py is AGPL and no part of this project: whoever wants the comparison installs it, and names that interpreter.
"""

import json
import sys
import time
from itertools import permutations

import pandas as pd  # type: ignore[import-untyped,unused-ignore]
import pm4py  # type: ignore[import-not-found,unused-ignore]

from benchmarks.peak import megabytes


def main(path: str, case: str, step: str, at: str, *steps: str) -> None:
    """Read a log, tell its ways, what follows what, how long cases took, and how many depart from each rule."""
    before, start = megabytes(), time.perf_counter()
    log = pd.read_csv(path, usecols=[case, step, at], dtype=str)
    log["moment"] = pd.to_datetime(log[at], utc=True)
    log = log.sort_values([case, "moment"], kind="stable")
    log = pm4py.format_dataframe(log, case_id=case, activity_key=step, timestamp_key="moment")
    read, taken = time.perf_counter() - start, megabytes()
    ways = pm4py.get_variants(log)
    follows, _first, _last = pm4py.discover_dfg(log)
    lasted = pm4py.get_all_case_durations(log)
    held = {pair: {"support": 1, "confidence": 1} for pair in permutations(steps, 2)}
    told = pm4py.conformance_declare(log, {"precedence": held})
    # Its “nonsuccession” asks something else than whether one step ever comes after another.
    after = {pair: pm4py.filter_eventually_follows_relation(log, [pair]) for pair in permutations(steps, 2)}
    departed = {
        "|".join(("never", *pair)): int(some["case:concept:name"].nunique()) for pair, some in after.items()
    }
    seconds = time.perf_counter() - start - read
    own, whole = megabytes() - taken, megabytes() - before
    departed = {name: count for name, count in departed.items() if count}
    for one in told:
        for rule, pair in one["deviations"]:
            name = "|".join((rule, *pair))
            departed[name] = departed.get(name, 0) + 1
    counts = {way: len(some) if hasattr(some, "__len__") else some for way, some in ways.items()}
    figures = {
        "ways": sorted([list(way), count] for way, count in counts.items()),
        "follows": sorted([list(pair), int(count)] for pair, count in follows.items()),
        "lasted": sorted(float(one) for one in lasted),
        "departed": departed,
    }
    memory = {"log": taken - before, "own": own, "taken": whole, "peak": megabytes()}
    print(json.dumps({"read": read, "seconds": seconds, **memory, "figures": figures}))


if __name__ == "__main__":
    main(*sys.argv[1:])
