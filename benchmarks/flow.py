"""How work flows: all figures of all teams over the history of a large tracker, beside the least that a database does.

The floor is one pass of DuckDB that follows the statuses of every item, on the same files, in the same run.
"""

import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from benchmarks.figures import Figure

# As many as a minute allows; CHANGES=10000000 for the size that goals are set for.
CHANGES = int(os.environ.get("CHANGES", "1000000"))
LARGE = 10_000_000
STEPS, TEAMS, TRIBES, WEEKS, PEOPLE = 11, 60, 6, 150, 9
GOAL = 15.0
BEGAN = dt.date(2023, 1, 2)
MADE = """
COPY (
    SELECT 'i' || i AS external_id, 'P-' || i AS key, 'P' || (i % {teams}) AS project,
        ['Story', 'Bug', 'Task'][1 + (hash(i) % 3)::BIGINT] AS kind, '' AS title, 'Done' AS status, 'done' AS category,
        TIMESTAMPTZ '2023-01-02 08:00:00+00' + INTERVAL 1 MINUTE * (i * {minutes} // {items}) AS created_at,
        created_at AS updated_at, NULL::TIMESTAMPTZ AS resolved_at, NULL::DATE AS due_on, '' AS priority,
        '' AS resolution, '' AS parent, NULL::DOUBLE AS points, '' AS reporter,
        'a' || (i % {teams}) || '-' || (hash(i * 7) % {people}) AS assignee, 3::INTEGER AS comments,
        ['l' || (i % 50)] AS labels, ['c' || (i % 20)] AS components, []::VARCHAR[] AS versions,
        ['s' || (i % 30), 's' || (i % 30 + (hash(i * 3) % 2)::BIGINT)] AS sprints, '{{}}' AS fields
    FROM range({items}) AS t(i)
) TO '{folder}/items.parquet' (FORMAT parquet, COMPRESSION zstd);
COPY (
    SELECT 'i' || i AS item,
        TIMESTAMPTZ '2023-01-02 08:00:00+00' + INTERVAL 1 MINUTE * (i * {minutes} // {items})
            + INTERVAL 1 MINUTE * (step * 2000 + (hash(i * 11 + step) % 1900)::BIGINT) AS at,
        CASE WHEN step IN (0, 2, 4, 6, 7, 8) THEN 'status' WHEN step IN (1, 5) THEN 'assignee' ELSE 'summary' END AS field,
        CASE step WHEN 0 THEN 'To do' WHEN 2 THEN 'In progress' WHEN 4 THEN 'Waiting' WHEN 6 THEN 'In progress'
            WHEN 7 THEN 'Done' WHEN 8 THEN 'In progress' ELSE 'x' || (hash(i + step) % 5) END AS before,
        CASE step WHEN 0 THEN 'In progress' WHEN 2 THEN 'Waiting' WHEN 4 THEN 'In progress' WHEN 6 THEN 'Done'
            WHEN 7 THEN 'In progress' WHEN 8 THEN 'Done' ELSE 'x' || (hash(i * 5 + step) % 5) END AS after,
        'a' || (i % {teams}) || '-' || (hash(i * 13 + step) % {people}) AS author, 0::INTEGER AS nth
    FROM range({items}) AS t(i), range({steps}) AS u(step)
) TO '{folder}/changes.parquet' (FORMAT parquet, COMPRESSION zstd);
"""
FLOOR = """
SELECT status, count(*), sum(epoch(until) - epoch("at")) FROM (
    SELECT "after" AS status, "at", lead("at") OVER (PARTITION BY item ORDER BY "at") AS until
    FROM '{folder}/changes.parquet' WHERE field = 'status'
) GROUP BY status
"""


def make(folder: Path) -> None:
    """Write the files of a trail."""
    import duckdb

    items = CHANGES // STEPS
    text = MADE.format(
        folder=folder, items=items, steps=STEPS, teams=TEAMS, people=PEOPLE, minutes=WEEKS * 7 * 24 * 60
    )
    duckdb.sql(text)


def floor(folder: Path) -> None:
    """The least that a database does."""
    import duckdb

    duckdb.sql("SET threads = 2")
    duckdb.sql(FLOOR.format(folder=folder)).fetchall()


def figure(folder: Path) -> int:
    """All figures of all teams and what is around them; gives how many there are."""
    import ibis

    from vertebra.analysis.flow.facts import Tables, meanings_of, places_of
    from vertebra.analysis.flow.figures import figures
    from vertebra.analysis.flow.periods import months_of, week_number
    from vertebra.evidence.trail.merging import plain_moments, rows_there

    connection = ibis.duckdb.connect(memory_limit="768MB", threads=2, temp_directory=str(folder / "spilled"))
    connection.raw_sql("SET TimeZone = 'UTC'")
    connection.raw_sql("SET preserve_insertion_order = false")
    files = {name: [folder / f"{name}.parquet"] for name in ("items", "changes")}
    for name in files:
        rows = plain_moments(rows_there(files, name), name)
        connection.raw_sql(f"CREATE TEMP VIEW {name} AS FROM {rows}")
    items, changes = (connection.table(name).mutate(source=ibis.literal(1, "int64")) for name in files)
    means = {"To do": "todo", "In progress": "doing", "Waiting": "waiting", "Done": "done"}
    places = [(1, "project", f"P{team}", team + 1, 0, team) for team in range(TEAMS)]
    trail = Tables(items, changes, meanings_of([(1, *one) for one in means.items()]), places_of(places))
    parents = {f"u{team + 1}": f"u{1000 + team % TRIBES}" for team in range(TEAMS)}
    parents |= {f"u{1000 + tribe}": "u2000" for tribe in range(TRIBES)} | {"u2000": ""}
    first = week_number(BEGAN)
    flow = figures(trail, parents, set(parents), months_of(first - 4, first + WEEKS)[-36:])
    return len(flow.done) + len(flow.under_way)


def taken(name: str, folder: Path) -> tuple[float, float]:
    """Seconds and megabytes of one of these in a process of its own, start included."""
    program = (
        f"from pathlib import Path; from benchmarks.flow import {name}; print({name}(Path({str(folder)!r})))"
    )
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.DEVNULL)
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{name} ended with {process.returncode}")
    return time.perf_counter() - start, used.ru_maxrss / 1024


def run() -> Iterable[Figure]:
    """All figures over so many changes, cold, and the floor."""
    with tempfile.TemporaryDirectory(prefix="vertebra-bench-") as held:
        folder = Path(held)
        make(folder)
        least, _megabytes = taken("floor", folder)
        seconds, megabytes = taken("figure", folder)
    size = f"{CHANGES:,} changes".replace(",", " ")
    yield Figure(f"flow: one pass of DuckDB over {size} (floor)", least, "s")
    yield Figure(
        f"flow: all figures of {TEAMS} teams, {size}, cold", seconds, "s", GOAL if CHANGES >= LARGE else None
    )
    yield Figure("flow: beside the floor", seconds / least, "times")
    yield Figure("flow: peak of memory", megabytes, "MB", 2_048.0)
