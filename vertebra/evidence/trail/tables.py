"""The tables of trails as Ibis tables: the one place that knows in which engine questions are asked of them.

By default DuckDB reads the files of the data folder. Another engine that Ibis knows serves the same questions: give its
connection, with the same tables in it, to `analysis`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis

from vertebra.evidence.models import TrailVersion
from vertebra.evidence.trail import merging, places
from vertebra.evidence.trail.merging import MEMORY, plain_moments


@contextmanager
def engine(scratch: Path) -> Iterator[Any]:
    """DuckDB through Ibis within bounds; what does not fit into memory goes to a folder that is thrown away."""
    spilled = scratch / "spilled"
    connection = ibis.duckdb.connect(memory_limit=MEMORY, threads=2, temp_directory=str(spilled))
    try:
        connection.raw_sql("SET TimeZone = 'UTC'")
        connection.raw_sql("SET preserve_insertion_order = false")
        yield connection
    finally:
        connection.disconnect()


def rows_there(version: TrailVersion, name: str) -> str:
    """What to read a table of a trail from, in SQL, without what was deleted in its tool and all that tells of it."""
    files = {one: places.paths_of(version.source_id, version.files, one) for one in (name, "items")}
    return merging.rows_there(files, name)


def opened(connection: Any, versions: Iterable[TrailVersion], name: str) -> Any:
    """One table of several trails, each row with the number of its source; its moments are of UTC and do not say so."""
    found = None
    for version in versions:
        view = f"{name}_{version.source_id}"
        rows = plain_moments(rows_there(version, name), name)
        connection.raw_sql(f"CREATE OR REPLACE TEMP VIEW {view} AS FROM {rows}")
        table = connection.table(view).mutate(source=ibis.literal(version.source_id, "int64"))
        found = table if found is None else found.union(table)
    if found is None:
        raise ValueError("There is no trail to open.")
    return found
