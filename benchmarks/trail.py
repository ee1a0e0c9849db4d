"""Work items from files: issues as a large tracker exports them, the first time, the same again, a few changed."""

import datetime as dt
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
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


def write(path: Path, issues: Iterator[dict[str, Any]]) -> int:
    """Write a file of issues, one on each line; gives how many changes they tell of."""
    changes = 0
    with path.open("w", encoding="utf-8") as file:
        for one in issues:
            changes += len(one["changelog"]["histories"])
            file.write(json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n")
    return changes


def bring(data: Path, file: Path) -> tuple[float, float]:
    """Seconds and megabytes that bringing in a file takes, start of the program included."""
    start = time.perf_counter()
    words = (
        sys.executable,
        "-m",
        "vertebra.cli",
        "import",
        "trail",
        str(file),
        "--format",
        "jira",
        "--source",
        "Jira",
    )
    process = subprocess.Popen(
        words,
        env={**os.environ, "VERTEBRA_DATA": str(data)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"vertebra import trail {file.name} ended with {process.returncode}")
    return time.perf_counter() - start, used.ru_maxrss / 1024


def run() -> Iterable[Figure]:
    """Bring the issues in, then the same file, then a thousand of them changed."""
    with tempfile.TemporaryDirectory(prefix="vertebra-bench-") as folder:
        data, file, later = Path(folder) / "data", Path(folder) / "issues.jsonl", Path(folder) / "later.jsonl"
        changes = write(file, (issue(number) for number in range(ISSUES)))
        write(later, (issue(number, 1) for number in range(0, ISSUES, max(1, ISSUES // CHANGED))))
        environment = {**os.environ, "VERTEBRA_DATA": str(data)}
        subprocess.run(
            [sys.executable, "-m", "vertebra.cli", "migrate"],
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        seconds, megabytes = bring(data, file)
        again, _megabytes = bring(data, file)
        changed, _megabytes = bring(data, later)
    size = f"{ISSUES:,} issues".replace(",", " ")
    yield Figure(
        f"trail: {size}, {changes} changes from files",
        seconds,
        "s",
        180.0 if ISSUES >= LARGE else None,
    )
    yield Figure(
        "trail: issues a second, start included", ISSUES / seconds, "issues/s", 3_000.0, is_lower_better=False
    )
    yield Figure(
        "trail: changes a second, start included",
        changes / seconds,
        "changes/s",
        35_000.0,
        is_lower_better=False,
    )
    yield Figure(
        "trail: the same files again, times faster", seconds / again, "times", 3.0, is_lower_better=False
    )
    yield Figure("trail: a thousand issues changed", changed, "s", 3.0 if ISSUES >= LARGE else None)
    yield Figure("trail: peak of memory", megabytes, "MB", 2_048.0)
