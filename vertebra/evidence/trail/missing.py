"""What was deleted in a tool: known to be gone from then on, and there again if it comes back; never taken out."""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from vertebra.evidence.trail.merging import Files, Merged, engine, literal, rows_of

BATCH = 100_000
_IDS = pa.schema([("id", pa.string())])


def mark(
    stored: Files, folder: Path, there: Iterable[str], projects: Sequence[str], now: dt.datetime
) -> Merged:
    """Work items of these projects that are there no longer, or again, written anew; the other tables stay."""
    listed = _listed(folder.parent / "there.parquet", there)
    merged = Merged(kept={name: list(paths) for name, paths in stored.items()})
    among = ", ".join(map(literal, projects)) or "NULL"
    with engine(folder) as sql:
        rows = rows_of(stored.get("items", []), "items")
        sql.execute(f"CREATE VIEW there AS SELECT DISTINCT id FROM read_parquet({literal(str(listed))})")
        is_there = "external_id IN (FROM there)"
        leaves = f"gone_at IS NULL AND project IN ({among}) AND NOT {is_there}"
        returns = f"gone_at IS NOT NULL AND {is_there}"
        found = sql.execute(
            f"SELECT count(*) FILTER (WHERE {leaves}), count(*) FILTER (WHERE {returns}), count(*) FROM {rows}"
        ).fetchone()
        gone, back, total = map(int, found or (0, 0, 0))
        merged.counts["items"] = {
            "created": 0,
            "changed": gone + back,
            "unchanged": total - gone - back,
            "gone": gone,
        }
        if gone or back:
            merged.made["items"], merged.kept["items"] = folder / "items.parquet", []
            since = f"TIMESTAMPTZ '{now.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S}+00'"
            state = f"CASE WHEN {leaves} THEN {since} WHEN {returns} THEN NULL ELSE gone_at END"
            sql.execute(
                f"COPY (SELECT * REPLACE ({state} AS gone_at) FROM {rows}) TO {literal(str(merged.made['items']))}"
                " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)"
            )
    return merged


def _listed(path: Path, there: Iterable[str]) -> Path:
    """The ids of what is there, in a file."""
    rest = iter(there)
    with pq.ParquetWriter(path, _IDS) as file:
        while some := list(islice(rest, BATCH)):
            file.write_table(pa.table({"id": some}, schema=_IDS))
    return path
