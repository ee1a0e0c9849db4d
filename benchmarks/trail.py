"""Work items from files: issues as a large tracker exports them, the first time, the same again, a few changed."""

import datetime as dt
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from functools import partial
from multiprocessing import Pool
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure

# As many as a minute allows; ISSUES=1000000 for the size that goals are set for (8.5 GB of files, written beforehand).
ISSUES = int(os.environ.get("ISSUES", "30000"))
LARGE = 1_000_000
CHANGED = 1_000
SEED = 20261102
STATUSES = (
    ("To do", "new"),
    ("Ready", "new"),
    ("In progress", "indeterminate"),
    ("Review", "indeterminate"),
    ("Done", "done"),
)
PRIORITIES = ("Lowest", "Low", "Medium", "High", "Highest")
WORDS = ["invoice", "calendar", "refund", "login", "export", "room", "till", "order", "sync", "shop", "stock", "label", "drawer", "bank", "rule", "partner", "gift", "queue", "caisse", "facture", "agenda", "commande", "client", "rayon", "livraison", "remise", "paiement", "relance", "stock", "magasin", "retour", "colis"]  # fmt: skip
PEOPLE, STEPS, COMMENTS = 400, 11.4, 3
BEGAN = dt.datetime(2023, 1, 2, 8, tzinfo=dt.UTC)
A_FILE = 50_000


def words(chance: random.Random, count: int) -> str:
    """So many words of a shop."""
    return " ".join(chance.choices(WORDS, k=count))


def person(number: int) -> dict[str, Any]:
    """Somebody as Jira tells of them."""
    return {
        "self": f"https://tracker.example.org/rest/api/2/user?accountId=a{number}", "accountId": f"a{number}",
        "emailAddress": f"p{number}@example.org", "displayName": f"Person {number}", "active": True,
        "timeZone": "Europe/Paris",
    }  # fmt: skip


def stamp(at: dt.datetime) -> str:
    """A time as Jira writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def step(chance: random.Random, held: dict[str, int]) -> dict[str, Any]:
    """One field that somebody changed."""
    name = chance.choices(("status", "assignee", "priority", "summary"), (45, 25, 10, 20))[0]
    if name == "status":
        was, held["status"] = held["status"], (held["status"] + chance.choice((1, 1, 1, 4))) % 5
        before, after = STATUSES[was][0], STATUSES[held["status"]][0]
        return {
            "field": name,
            "fieldtype": "jira",
            "from": str(was),
            "fromString": before,
            "to": str(held["status"]),
            "toString": after,
        }
    if name == "assignee":
        was, held["assignee"] = held["assignee"], chance.randrange(PEOPLE)
        return {"field": name, "fieldtype": "jira", "from": f"a{was}", "fromString": f"Person {was}",
                "to": f"a{held['assignee']}", "toString": f"Person {held['assignee']}"}  # fmt: skip
    said = (
        (chance.choice(PRIORITIES), chance.choice(PRIORITIES))
        if name == "priority"
        else (words(chance, 6), words(chance, 6))
    )
    return {
        "field": name,
        "fieldtype": "jira",
        "from": None,
        "fromString": said[0],
        "to": None,
        "toString": said[1],
    }


def issue(number: int, more: int = 0) -> dict[str, Any]:
    """One issue of 8.3 kB: eleven changes and three comments on average; `more` happened since."""
    chance = random.Random(SEED + number)
    at = created = BEGAN + dt.timedelta(minutes=number % 1_000_000)
    held, histories = {"status": 0, "assignee": number % PEOPLE}, []
    for place in range(max(1, round(chance.gauss(STEPS, 4))) + more):
        at += dt.timedelta(minutes=chance.expovariate(1 / 2_000))
        histories.append({"id": f"{number}{place:03}", "author": person(chance.randrange(PEOPLE)), "created": stamp(at),
                          "items": [step(chance, held)]})  # fmt: skip
    status, category = STATUSES[held["status"]]
    comments = [
        {"id": f"{number}{place}", "author": person(chance.randrange(PEOPLE)), "body": words(chance, 40),
         "created": stamp(created + dt.timedelta(hours=place + 1))}
        for place in range(COMMENTS)
    ]  # fmt: skip
    fields = {
        "summary": words(chance, 7), "description": words(chance, 215), "project": {"key": f"P{number % 12}"},
        "issuetype": {"name": chance.choice(("Story", "Bug", "Task"))},
        "status": {"name": status, "statusCategory": {"key": category}}, "priority": {"name": chance.choice(PRIORITIES)},
        "created": stamp(created), "updated": stamp(at), "assignee": person(held["assignee"]),
        "reporter": person(number % PEOPLE), "labels": [f"l{number % 50}"], "components": [{"name": f"c{number % 20}"}],
        "fixVersions": [{"name": f"v{number % 30}"}], "comment": {"total": COMMENTS, "comments": comments},
    }  # fmt: skip
    return {
        "id": str(100_000 + number), "key": f"P{number % 12}-{number}", "fields": fields,
        "changelog": {"total": len(histories), "histories": histories},
    }  # fmt: skip


def write(folder: Path, name: str, more: int, numbers: range) -> tuple[Path, int]:
    """Write a file of issues, one on each line; gives how many changes they tell of."""
    path, changes = folder / f"{name}-{numbers.start}.jsonl", 0
    with path.open("w", encoding="utf-8") as file:
        for number in numbers:
            one = issue(number, more)
            changes += len(one["changelog"]["histories"])
            file.write(json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n")
    return path, changes


def write_all(folder: Path, name: str, numbers: range, more: int = 0) -> tuple[list[Path], int]:
    """Write issues as several files at the same time; gives the files, and how many changes they tell of."""
    parts = [numbers[start : start + A_FILE] for start in range(0, len(numbers), A_FILE)]
    with Pool() as pool:
        made = pool.map(partial(write, folder, name, more), parts)
    return [path for path, _changes in made], sum(changes for _path, changes in made)


def ended(words: list[str], environment: dict[str, str]) -> tuple[float, float, str]:
    """Seconds and megabytes that a program takes, its start included, and what it says."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    said = process.stdout.read()
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(words)[:200]} ended with {process.returncode}")
    return time.perf_counter() - start, used.ru_maxrss / 1024, said


def bring(files: list[Path], environment: dict[str, str]) -> tuple[float, float]:
    """Seconds and megabytes that bringing in files takes."""
    words = [
        "-m",
        "vertebra.cli",
        "import",
        "trail",
        *map(str, files),
        "--format",
        "jira",
        "--source",
        "Jira",
    ]
    return ended(words, environment)[:2]


def parse_alone() -> float:
    """Issues a second when files are read and nothing is kept of them."""
    from vertebra.connectors.trail_files import open_trail
    from vertebra.kit.memory import many_objects

    count, start = 0, time.perf_counter()
    with many_objects():
        for name in json.loads(os.environ["TRAIL_FILES"]):
            count += sum(1 for _item in open_trail(Path(name), name, "jira").items())
    return count / (time.perf_counter() - start)


def columns_alone() -> float:
    """Changes a second when columns that are in memory already are written as a file: what storing cannot go below."""
    import pyarrow.parquet as pq
    from django.conf import settings

    count, took = 0, 0.0
    with tempfile.TemporaryDirectory(dir=settings.DATA) as folder:
        for path in (Path(settings.DATA) / "trail").rglob("changes.parquet"):
            told = pq.ParquetFile(path)
            with pq.ParquetWriter(
                f"{folder}/{path.parent.name}", told.schema_arrow, compression="zstd"
            ) as file:
                for batch in told.iter_batches(100_000):
                    start = time.perf_counter()
                    file.write_batch(batch)
                    took += time.perf_counter() - start
                    count += batch.num_rows
    return count / took


def floor(name: str, files: list[Path], environment: dict[str, str]) -> float:
    """One of the floors, measured in a process of its own."""
    given = {**environment, "TRAIL_FILES": json.dumps([str(path) for path in files])}
    return float(ended(["-m", "benchmarks.inside", f"trail.{name}"], given)[2].splitlines()[-1])


def run() -> Iterable[Figure]:
    """Bring the issues in, then the same files, then a thousand of them changed; floors of the same machine beside."""
    with tempfile.TemporaryDirectory(prefix="vertebra-bench-") as name:
        folder = Path(name)
        files, changes = write_all(folder, "issues", range(ISSUES))
        later, _changes = write_all(folder, "later", range(0, ISSUES, max(1, ISSUES // CHANGED)), more=1)
        environment = {**os.environ, "VERTEBRA_DATA": str(folder / "data")}
        ended(["-m", "vertebra.cli", "migrate"], environment)
        seconds, megabytes = bring(files, environment)
        again, _megabytes = bring(files, environment)
        columns = floor("columns_alone", files, environment)
        changed, _megabytes = bring(later, environment)
        parsed = floor("parse_alone", files, environment)
    size, is_large = f"{ISSUES:,} issues".replace(",", " "), ISSUES >= LARGE
    yield Figure(f"trail: {size}, {changes} changes from files", seconds, "s", 180.0 if is_large else None)
    for what, count, goal in (("issues", ISSUES, 3_000.0), ("changes", changes, 35_000.0)):
        yield Figure(
            f"trail: {what} a second, start included",
            count / seconds,
            f"{what}/s",
            goal,
            is_lower_better=False,
        )
    yield Figure("trail: floor: read and forgotten", parsed, "issues/s", is_lower_better=False)
    yield Figure("trail: floor: columns written", columns, "changes/s", is_lower_better=False)
    least = ISSUES / parsed + changes / columns
    yield Figure("trail: times both floors together", seconds / least, "times")
    yield Figure(
        "trail: the same files again, times faster", seconds / again, "times", 3.0, is_lower_better=False
    )
    yield Figure("trail: a thousand issues changed", changed, "s", 3.0 if is_large else None)
    yield Figure("trail: peak of memory", megabytes, "MB", 2_048.0)
    # It takes its issues from here.
    from benchmarks import trail_network

    yield from trail_network.run()
