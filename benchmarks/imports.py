"""Import of the people of a large company: the first time, again with no change, with one change in a hundred."""

import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from benchmarks.figures import Figure

SEED = 20261102
FIRST = (
    "Ada",
    "Béatrice",
    "Chloé",
    "Diego",
    "Élodie",
    "Farid",
    "Grâce",
    "Hugo",
    "Inès",
    "Jonas",
    "Karim",
    "Léa",
)
LAST = (
    "Martin",
    "Nguyen",
    "Øster",
    "Petit",
    "Quéré",
    "Roux",
    "Silva",
    "Traoré",
    "Urban",
    "Vidal",
    "Weiß",
    "Zidi",
)
FUNCTIONS = ("product", "design", "engineering", "data", "sales", "support")


def write_files(folder: Path, people: int, *, changed: int = 0) -> None:
    """Units, people and memberships of a company of that size; `changed` people have another title."""
    random.seed(SEED)
    teams = max(1, people // 50)
    with (folder / "units.csv").open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["id", "name", "kind", "parent"])
        out.writerow(["company", "Company", "company", ""])
        for number in range(teams // 10 + 1):
            out.writerow([f"tribe-{number}", f"Tribe {number}", "tribe", "company"])
        for number in range(teams):
            out.writerow([f"team-{number}", f"Team {number}", "team", f"tribe-{number // 10}"])
    with (folder / "people.csv").open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["id", "name", "email", "title", "manager", "joined_on", "country"])
        for number in range(people):
            name = f"{random.choice(FIRST)} {random.choice(LAST)} {number}"
            title = "Principal" if number < changed else "Senior"
            joined = f"20{10 + number % 16}-{1 + number % 12:02}-15"
            manager = f"p{number // 8}" if number else ""
            mail = f"person.{number}@example.org"
            out.writerow([f"p{number}", name, mail, f"{title} {number % 40}", manager, joined, "France"])
    with (folder / "memberships.csv").open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["id", "person", "unit", "function", "share"])
        for number in range(people):
            function = FUNCTIONS[number % len(FUNCTIONS)]
            out.writerow([f"m{number}", f"p{number}", f"team-{number % teams}", function, "100"])


def command(data: Path, *words: str) -> float:
    """Seconds that the command takes, start of the program included."""
    environment = {**os.environ, "VERTEBRA_DATA": str(data)}
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "vertebra.cli", *words], env=environment, check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - start


def run(profile: str = "scale-10") -> Iterable[Figure]:
    """Import into an empty instance, three times the same files but for what each step says."""
    people = 20_000 if profile == "scale-10" else 1_800
    with tempfile.TemporaryDirectory() as folder:
        data, files = Path(folder, "data"), Path(folder, "files")
        files.mkdir()
        write_files(files, people)
        command(data, "migrate")
        words = ("import", "org", str(files), "--recipe", "csv-kit")
        floor = command(data, "migrate")
        first = command(data, *words)
        again = command(data, *words)
        write_files(files, people, changed=people // 100)
        changed = command(data, *words)
    yield Figure("imports: start of the program", floor, "s")
    yield Figure(f"imports: {people} people and their teams", first, "s", 10.0)
    yield Figure("imports: the same again, nothing to change", again, "s", first / 3)
    yield Figure("imports: again, one in a hundred changed", changed, "s")


if __name__ == "__main__":
    for figure in run(*sys.argv[1:]):
        print(f"{figure.name}: {figure.value:.2f} {figure.unit} (goal {figure.goal or '-'})")
