"""Writing a trail again without those who were erased: who did what is told of nobody in their place."""

from collections.abc import Iterable
from pathlib import Path

from vertebra.evidence.trail.columns import SCHEMAS
from vertebra.evidence.trail.merging import Files, Merged, engine, every_item, literal, rows_of

# Columns in which a pseudonym may stand.
_PEOPLE = {"items": ("reporter", "assignee"), "changes": ("before", "after", "author")}


def rewrite(stored: Files, folder: Path, forgotten: Iterable[str]) -> Merged:
    """The tables that name any of these pseudonyms, written again without them; the others stay."""
    gone = ", ".join(literal(one) for one in sorted(forgotten)) or "''"
    merged = Merged()
    with engine(folder) as sql:
        for name in SCHEMAS:
            paths, columns = list(stored.get(name, [])), _PEOPLE.get(name, ())
            rows = rows_of(paths, name)
            # Who is named only by what was superseded is named in a file all the same.
            held = every_item(paths) if paths and name == "items" else rows
            named = " OR ".join(f"{column} IN ({gone}) AND {column} <> ''" for column in columns) or "false"
            found = sql.execute(f"SELECT count(*) FROM {held} WHERE {named}").fetchone()
            count = int(found[0]) if found else 0
            merged.counts[name] = {"created": 0, "changed": count, "unchanged": 0}
            if not count:
                merged.kept[name] = paths
                continue
            without = ", ".join(
                f"CASE WHEN {one} IN ({gone}) THEN '' ELSE {one} END AS {one}" for one in columns
            )
            merged.made[name] = folder / f"{name}.parquet"
            sql.execute(
                f"COPY (SELECT * REPLACE ({without}) FROM {rows}) TO {literal(str(merged.made[name]))}"
                " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)"
            )
    return merged
