"""The figures of a real log beside those of PM4Py, each in a process of its own.

`PM4PY_PYTHON` names an interpreter that has PM4Py (AGPL: only where somebody installed it), VERTEBRA_REAL_DATA the logs.
"""

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from itertools import permutations
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure
from benchmarks.peak import megabytes
from vertebra.analysis.conformance import rules
from vertebra.analysis.conformance.histories import Histories, histories
from vertebra.analysis.conformance.variants import directly_follows, durations, variants

CASE, STEP, AT = "SR Number", "Activity", "Change Date+Time"
STEPS = (
    "Accepted-In Progress",
    "Queued-Awaiting Assignment",
    "Completed-Resolved",
    "Completed-Closed",
    "Accepted-Wait - User",
    "Accepted-Assigned",
)
ROUNDS = 3
PIECE = 1 << 19


def ours(path: str) -> dict[str, Any]:
    """Read the log, and tell what PM4Py tells of it."""
    import pyarrow as pa

    # Its own keeps far more than it gives out.
    pa.set_memory_pool(pa.system_memory_pool())
    # What libraries load at their first use is theirs, on both sides.
    _figures(_histories(_log(io.BytesIO(f"{CASE},{STEP},{AT}\na,b,2012-01-01T00:00:00Z\n".encode()))))
    before, start = megabytes(), time.perf_counter()
    with Path(path).open("rb") as file:
        table = _log(file)
    read, held = time.perf_counter() - start, megabytes()
    told = _histories(table)
    figures = _figures(told)
    seconds = time.perf_counter() - start - read
    return {
        "read": read,
        "seconds": seconds,
        "log": held - before,
        "own": megabytes() - held,
        "taken": megabytes() - before,
        "peak": megabytes(),
        "figures": figures,
    }


def _log(where: Any) -> Any:
    """A log in pieces, each word of it once a piece."""
    import pyarrow as pa
    from pyarrow import csv

    words = pa.dictionary(pa.int32(), pa.string())
    options = csv.ConvertOptions(
        include_columns=[CASE, STEP, AT],
        column_types={CASE: words, STEP: words, AT: pa.timestamp("us", "UTC")},
    )
    return csv.read_csv(where, csv.ReadOptions(use_threads=False, block_size=PIECE), convert_options=options)


def _histories(table: Any) -> Histories:
    return histories(table[CASE], table[AT], table[STEP])


def _figures(told: Histories) -> dict[str, Any]:
    """Ways, what follows what, how long items took, and how many depart from each rule."""
    ways, follows, lasted = variants(told), directly_follows(told), durations(told)
    departed = {}
    for one, other in permutations(STEPS, 2):
        departed[f"precedence|{one}|{other}"] = rules.judge(rules.StepBefore(one, other), told)
        departed[f"never|{one}|{other}"] = rules.judge(rules.NeverAfter(one, other), told)
    return {
        "ways": sorted([list(one.steps), one.count] for one in ways),
        "follows": sorted([list(pair), count] for pair, count in follows.items()),
        "lasted": sorted(float(one) / 1_000_000 for one in lasted),
        "departed": {name: len(one.departed) for name, one in departed.items() if len(one.departed)},
    }


def _said(words: list[str]) -> dict[str, Any]:
    """The best of a few runs of a program that ends with its figures; the least memory of them."""
    runs = []
    for _round in range(ROUNDS):
        said = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout
        runs.append(json.loads(said.splitlines()[-1]))
    best: dict[str, Any] = {
        name: min(one[name] for one in runs) for name in ("read", "seconds", "log", "own", "taken", "peak")
    }
    return {**best, "figures": runs[0]["figures"]}


def is_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two tell the same: ways, what follows what, departures to the last one, durations to the second."""
    if any(one[name] != other[name] for name in ("ways", "follows", "departed")):
        return False
    pairs = zip(one["lasted"], other["lasted"], strict=True)
    return len(one["lasted"]) == len(other["lasted"]) and all(abs(here - there) < 1 for here, there in pairs)


def run() -> Iterable[Figure]:
    """Both beside each other; nothing where no interpreter or no log is named."""
    interpreter, folder = os.environ.get("PM4PY_PYTHON"), os.environ.get("VERTEBRA_REAL_DATA")
    if not interpreter or not folder:
        print("PM4PY_PYTHON and VERTEBRA_REAL_DATA name no PM4Py and no log: not compared", file=sys.stderr)
        return
    path = str(Path(folder) / "process-volvo" / "vinst_events.csv")
    theirs = _said([interpreter, "-m", "benchmarks.pm4py_theirs", path, CASE, STEP, AT, *STEPS])
    mine = _said([sys.executable, "-m", "benchmarks.beside_pm4py", path])
    same = float(is_same(mine["figures"], theirs["figures"]))
    yield Figure("conformance: the same figures as PM4Py (1: equal)", same, "", 1.0, is_lower_better=False)
    for who, told in (("PM4Py", theirs), ("Vertebra", mine)):
        yield Figure(f"conformance: {who}, real log: figures", told["seconds"] * 1000, "ms")
        yield Figure(f"conformance: {who}, real log: read", told["read"] * 1000, "ms")
        yield Figure(f"conformance: {who}, memory that the figures take", told["own"], "MB")
        yield Figure(f"conformance: {who}, memory that the log takes", told["log"], "MB")
        yield Figure(f"conformance: {who}, memory with its libraries", told["peak"], "MB")
    faster, lighter = theirs["seconds"] / mine["seconds"], mine["own"] / theirs["own"]
    yield Figure("conformance: times faster than PM4Py", faster, "times", 25.0, is_lower_better=False)
    yield Figure("conformance: share of the memory that PM4Py takes for them", lighter, "", 0.1)
    yield Figure("conformance: share of it with the log", mine["taken"] / theirs["taken"], "")


if __name__ == "__main__":
    print(json.dumps(ours(sys.argv[1])))
