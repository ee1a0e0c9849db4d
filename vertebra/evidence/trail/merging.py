"""Putting what files tell beside what is stored: the newer item supersedes, a change is kept once, nothing is edited."""

from __future__ import annotations

import errno
import glob
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from vertebra.connectors.trail import SOMETHING
from vertebra.evidence.trail.columns import MOMENT, SCHEMAS, TURNS

Files = Mapping[str, Sequence[Path]]
MEMORY = "768MB"
# More files than this of one table are made into one: each reading opens all of them.
MOST_FILES = 12
# Newer items lie in a file beside the first until they are more than a tenth of it: then both are written as one.
MOST_NEWER = 10
# A title that became confidential is not to be kept beside what says so.
_HIDDEN = f"SELECT count(*) FROM winners AS a JOIN held AS b USING (external_id) WHERE a.title = '{SOMETHING}' AND b.title <> a.title"
# Quoted: some of them are words of SQL.
_SAME_CHANGE = 'item, "at", field, before, after, nth'
_COPY = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)"


@dataclass(slots=True)
class Merged:
    """What the files would do to a trail: new files, which of the stored ones stay, what is new, changed and the same."""

    made: dict[str, Path] = field(default_factory=dict)
    kept: dict[str, list[Path]] = field(default_factory=dict)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def changes_anything(self) -> bool:
        """Whether anything would be otherwise than it is stored."""
        return any(one["created"] or one["changed"] for one in self.counts.values())


@contextmanager
def engine(scratch: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB within bounds: what does not fit into memory goes to a folder that is thrown away."""
    connection = duckdb.connect(":memory:")
    try:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute(f"SET temp_directory = {literal(str(scratch / 'spilled'))}")
        connection.execute("SET preserve_insertion_order = false")
        connection.execute("SET threads = 2")
        connection.execute("SET TimeZone = 'UTC'")
        yield connection
    except duckdb.IOException as error:
        if "No space left" in str(error):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        raise
    finally:
        connection.close()


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _named(path: Path) -> str:
    """One file as SQL names it: a bracket or a star in a folder's name stands for itself."""
    return literal(glob.escape(str(path)))


def rows_of(paths: Sequence[Path], table: str, *, is_told: bool = False) -> str:
    """What to read a table from, in SQL: its files, or no rows of the same columns."""
    if paths and table == "items":
        return _newest(paths)
    if paths:
        return f"read_parquet([{', '.join(map(_named, paths))}])"
    types = {"string": "VARCHAR", "timestamp[us, tz=UTC]": "TIMESTAMPTZ", "date32[day]": "DATE", "double": "DOUBLE",
             "int32": "INTEGER"}  # fmt: skip
    columns = [f'NULL::{types.get(str(one.type), "VARCHAR[]")} AS "{one.name}"' for one in SCHEMAS[table]]
    if is_told:
        columns.append("NULL::BIGINT AS turn")
    return f"(SELECT {', '.join(columns)} WHERE false)"


def _newest(paths: Sequence[Path]) -> str:
    """The items of several files: what a later file tells of one supersedes what earlier ones tell of it."""
    rows = every_item(paths[:1])
    for path in paths[1:]:
        newer = every_item([path])
        rows = f"(FROM {newer} UNION ALL BY NAME FROM {rows} AS older ANTI JOIN {newer} AS newer USING (external_id))"
    return rows


def every_item(paths: Sequence[Path]) -> str:
    """All that files tell of items, in SQL, what was superseded too."""
    # Files that were written before anybody knew what is gone lack the column.
    files = f"read_parquet([{', '.join(map(_named, paths))}], union_by_name = true)"
    return f"(FROM {files} UNION ALL BY NAME SELECT NULL::TIMESTAMPTZ AS gone_at WHERE false)"


def rows_there(files: Files, table: str) -> str:
    """What to read a table from, in SQL, without what was deleted in its tool and all that tells of it."""
    rows, items = (rows_of(files.get(name, ()), name) for name in (table, "items"))
    if table == "items":
        return f"(FROM {items} WHERE gone_at IS NULL)"
    if table == "sprints":
        return rows
    gone = f"(SELECT external_id FROM {items} WHERE gone_at IS NOT NULL)"
    return f"(SELECT told.* FROM {rows} AS told ANTI JOIN {gone} AS gone ON gone.external_id = told.item)"


def plain_moments(rows: str, table: str) -> str:
    """The same rows with moments of UTC that do not say so: DuckDB reckons with them ten times faster."""
    named = [one.name for one in SCHEMAS[table] if one.type == MOMENT]
    plain = ", ".join(f'make_timestamp(epoch_us("{name}")) AS "{name}"' for name in named)
    return f"(SELECT * REPLACE ({plain}) FROM {rows})" if plain else rows


def merge(told: Files, stored: Files, folder: Path) -> Merged:
    """Merge what was told into what is stored, as new files in the folder; the stored files are only read."""
    merged = Merged()
    with engine(folder) as sql:
        for name in SCHEMAS:
            paths = told.get(name, ())
            # Of an item told twice all is looked at.
            is_items = name == "items" and paths
            rows = every_item(paths) if is_items else rows_of(paths, name, is_told=name in TURNS)
            sql.execute(f"CREATE VIEW told_{name} AS FROM {rows}")
            sql.execute(f"CREATE VIEW stored_{name} AS FROM {rows_of(stored.get(name, []), name)}")
        _find_touched(sql)
        _items(sql, stored, folder, merged)
        _changes(sql, told, stored, folder, merged)
        _links(sql, stored, folder, merged)
        _sprints(sql, stored, folder, merged)
    return merged


def _find_touched(sql: duckdb.DuckDBPyConnection) -> None:
    """Items told twice, or stored already; all others only have to be put beside the stored ones."""
    # Read once: looking for a few among a million takes as long as reading them all.
    sql.execute(
        "CREATE TABLE held AS SELECT * FROM stored_items WHERE external_id IN (SELECT external_id FROM told_items)"
    )
    sql.execute("CREATE TABLE known AS SELECT external_id AS id FROM held")
    sql.execute(
        "CREATE TABLE touched AS SELECT id FROM known UNION"
        " SELECT external_id AS id FROM told_items GROUP BY external_id HAVING count(*) > 1"
    )
    # The latest state of each; an item began when it was first heard of.
    sql.execute("""
        CREATE TABLE winners AS SELECT * EXCLUDE (place) FROM (
            SELECT * EXCLUDE (created_at), min(created_at) OVER (PARTITION BY external_id) AS created_at,
                row_number() OVER (PARTITION BY external_id ORDER BY updated_at DESC, turn DESC) AS place
            FROM (SELECT * FROM told_items WHERE external_id IN (FROM touched)
                  UNION ALL BY NAME
                  SELECT *, -1::BIGINT AS turn FROM held)
        ) WHERE place = 1
    """)


def _count(sql: duckdb.DuckDBPyConnection, statement: str) -> int:
    row = sql.execute(statement).fetchone()
    return int(row[0]) if row else 0


def _columns(name: str) -> str:
    return ", ".join(f'"{one.name}"' for one in SCHEMAS[name])


def _items(sql: duckdb.DuckDBPyConnection, stored: Files, folder: Path, merged: Merged) -> None:
    """What is new or otherwise lies beside the stored ones; once that is much of them, all are written anew."""
    columns = _columns("items")
    known = _count(sql, "SELECT count(*) FROM known")
    sql.execute(
        f"CREATE TABLE moved AS SELECT external_id AS id FROM (SELECT {columns} FROM winners) AS a"
        f" JOIN (SELECT {columns} FROM held) AS b USING (external_id) WHERE a IS DISTINCT FROM b"
    )
    changed = _count(sql, "SELECT count(*) FROM moved")
    created = _count(sql, "SELECT count(DISTINCT external_id) FROM told_items") - known
    merged.counts["items"] = {"created": created, "changed": changed, "unchanged": known - changed}
    paths = list(stored.get("items", []))
    merged.kept["items"] = paths
    if not created and not changed:
        return
    older = rows_of(paths[1:], "items")
    stays = "WHERE external_id NOT IN (FROM moved)"
    newer = created + changed + _count(sql, f"SELECT count(*) FROM {older} {stays}")
    first = _count(sql, f"SELECT count(*) FROM {rows_of(paths[:1], 'items')}")
    if newer * MOST_NEWER > first or _count(sql, _HIDDEN):
        older, merged.kept["items"] = "stored_items", []
    else:
        merged.kept["items"] = paths[:1]
    _write(
        sql, folder, "items", merged,
        f"SELECT {columns} FROM told_items WHERE external_id NOT IN (FROM touched) UNION ALL"
        f" SELECT {columns} FROM winners WHERE external_id NOT IN (FROM known) OR external_id IN (FROM moved) UNION ALL"
        f" SELECT {columns} FROM {older} {stays}",
    )  # fmt: skip


def _changes(
    sql: duckdb.DuckDBPyConnection, told: Files, stored: Files, folder: Path, merged: Merged
) -> None:
    """What was not stored yet is put into a file of its own beside the stored ones."""
    same = " AND ".join(f"a.{name} = b.{name}" for name in _SAME_CHANGE.split(", "))
    sql.execute(
        f"CREATE TABLE again AS SELECT a.* FROM (SELECT {_SAME_CHANGE}, max(author) AS author FROM told_changes"
        f" WHERE item IN (FROM touched) GROUP BY {_SAME_CHANGE}) AS a"
        f" ANTI JOIN (FROM stored_changes WHERE item IN (FROM known)) AS b ON {same}"
    )
    untouched = _count(sql, "SELECT count(*) FROM told_changes WHERE item NOT IN (FROM touched)")
    created = untouched + _count(sql, "SELECT count(*) FROM again")
    all_told = _count(
        sql,
        f"SELECT count(*) FROM (SELECT DISTINCT {_SAME_CHANGE} FROM told_changes WHERE item IN (FROM touched))",
    )
    merged.counts["changes"] = {"created": created, "changed": 0, "unchanged": all_told + untouched - created}
    merged.kept["changes"] = list(stored.get("changes", []))
    if not created:
        return
    is_all_new = len(told["changes"]) == 1 and not _count(sql, "SELECT count(*) FROM touched")
    if is_all_new and len(merged.kept["changes"]) < MOST_FILES:
        merged.made["changes"] = told["changes"][0].rename(folder / "changes.parquet")
        return
    columns = _columns("changes")
    new = f"SELECT {columns} FROM told_changes WHERE item NOT IN (FROM touched) UNION ALL SELECT {columns} FROM again"
    if len(merged.kept["changes"]) + 1 > MOST_FILES:
        merged.kept["changes"] = []
        new = f"{new} UNION ALL SELECT {columns} FROM stored_changes"
    _write(sql, folder, "changes", merged, new)


def _links(sql: duckdb.DuckDBPyConnection, stored: Files, folder: Path, merged: Merged) -> None:
    """Ties are those of the latest state of an item."""
    sql.execute("CREATE TABLE won AS SELECT external_id AS id, turn FROM winners WHERE turn >= 0")
    sql.execute(
        "CREATE TABLE ties AS SELECT DISTINCT item, relation, other FROM told_links AS told"
        " WHERE item NOT IN (FROM touched)"
        " OR EXISTS (FROM won WHERE won.id = told.item AND won.turn = told.turn)"
    )
    gone = "FROM stored_links WHERE item IN (SELECT id FROM won)"
    created = _count(sql, "SELECT count(*) FROM (FROM ties EXCEPT FROM stored_links)")
    changed = _count(sql, f"SELECT count(*) FROM ({gone} EXCEPT FROM ties)")
    total = _count(sql, "SELECT count(*) FROM ties")
    merged.counts["links"] = {"created": created, "changed": changed, "unchanged": total - created}
    if not created and not changed:
        merged.kept["links"] = list(stored.get("links", []))
        return
    _write(
        sql, folder, "links", merged,
        "SELECT * FROM ties UNION ALL SELECT * FROM stored_links WHERE item NOT IN (SELECT id FROM won)",
    )  # fmt: skip


def _sprints(sql: duckdb.DuckDBPyConnection, stored: Files, folder: Path, merged: Merged) -> None:
    """A sprint is as the item that was updated last tells it."""
    sql.execute("""
        CREATE TABLE sprints AS SELECT * EXCLUDE (place) FROM (
            SELECT *, row_number() OVER (PARTITION BY external_id ORDER BY told_at DESC, is_stored) AS place
            FROM (SELECT *, false AS is_stored FROM told_sprints UNION ALL SELECT *, true FROM stored_sprints)
        ) WHERE place = 1
    """)
    said = "(SELECT * EXCLUDE (told_at, is_stored) FROM sprints)"
    was = "(SELECT * EXCLUDE (told_at) FROM stored_sprints)"
    created = _count(sql, "SELECT count(*) FROM sprints ANTI JOIN stored_sprints USING (external_id)")
    moved = _count(
        sql,
        f"SELECT count(*) FROM {said} AS a JOIN {was} AS b USING (external_id) WHERE a IS DISTINCT FROM b",
    )
    told = _count(sql, "SELECT count(*) FROM told_sprints")
    merged.counts["sprints"] = {"created": created, "changed": moved, "unchanged": told - created - moved}
    if not created and not moved:
        merged.kept["sprints"] = list(stored.get("sprints", []))
        return
    _write(sql, folder, "sprints", merged, f"SELECT {_columns('sprints')} FROM sprints")


def _write(sql: duckdb.DuckDBPyConnection, folder: Path, name: str, merged: Merged, rows: str) -> None:
    path = folder / f"{name}.parquet"
    sql.execute(f"COPY ({rows}) TO {literal(str(path))} {_COPY}")
    if _count(sql, f"SELECT count(*) FROM read_parquet({_named(path)})"):
        merged.made[name] = path
    else:
        path.unlink()
