"""What a trail holds, as pages tell it without opening a file: counts of the whole source, never of a person."""

import datetime as dt
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from vertebra.evidence.trail.columns import SCHEMAS
from vertebra.evidence.trail.merging import Files, engine, rows_of
from vertebra.evidence.trail.staged import MOST_PARTS, Told

# Of what has fewer items than this, only that it is there is told; nor can it be taken from the total.
LEAST = 5
# The statuses that changes name, kept with a version so that only what was added has to be read for the next one.
NAMED = "statuses_named"
MOST_NAMED = 1_000


def tell(
    files: Files, scratch: Path, *, named: Collection[str] | None = None, added: Sequence[Path] = ()
) -> Told:
    """Count what the files hold; `named` are the statuses that all changes but the `added` ones name, where known."""
    told = Told()
    with engine(scratch) as sql:
        _sum_up(sql, files)
        for name in SCHEMAS:
            counted = "sum(items)" if name == "items" else "count(*)"
            told.counts[name] = int(_one(sql, f"SELECT coalesce({counted}, 0) FROM {name}")[0])
        told.counts["comments"] = int(_one(sql, "SELECT coalesce(sum(comments), 0) FROM items")[0])
        told.earliest_at, told.latest_at = _span(sql, files.get("changes", []))
        for part, column, category in (
            ("projects", "project", "''"), ("kinds", "kind", "''"), ("statuses", "status", "max(category)"),
        ):  # fmt: skip
            rows = sql.execute(
                f"SELECT {column}, {category}, sum(items)::BIGINT FROM items GROUP BY 1 ORDER BY 3 DESC, 1"
            )
            told.parts[part] = parts_of(rows.fetchall())
        unread = files.get("changes", []) if named is None else added
        names = {*(named or ()), *_named(sql, rows_of(unread, "changes"))}
        if len(names) <= MOST_NAMED:
            told.parts[NAMED] = [{"name": name} for name in sorted(names)]
        told.parts["statuses"] += _of_the_past(sql, names, MOST_PARTS - len(told.parts["statuses"]))
    return told


def _sum_up(sql: Any, files: Files) -> None:
    """What is told of items, from one reading of them; the other tables as they lie."""
    sql.execute(
        "CREATE TABLE items AS SELECT project, kind, status, max(category) AS category, count(*) AS items,"
        " sum(comments) AS comments, min(created_at) AS first, max(updated_at) AS last"
        f" FROM {rows_of(files.get('items', []), 'items')} WHERE gone_at IS NULL GROUP BY project, kind, status"
    )
    for name in SCHEMAS.keys() - {"items"}:
        sql.execute(f"CREATE VIEW {name} AS FROM {rows_of(files.get(name, []), name)}")


def parts_of(rows: list[tuple[str, str, int]], most: int = MOST_PARTS) -> list[dict[str, Any]]:
    """The largest parts of a whole, given from the largest to the smallest; small ones without their count."""
    rare = [count for _name, _category, count in rows if count < LEAST]
    # One alone, or few items together, would be known by what is missing to the total: the next one keeps quiet too.
    is_given_away = bool(rare) and (len(rare) == 1 or sum(rare) < LEAST)
    told = len(rows) - len(rare) - is_given_away
    return [
        {"name": name[:200], "category": category, "count": count if place < told else None}
        for place, (name, category, count) in enumerate(rows[:most])
    ]


def _named(sql: Any, changes: str) -> set[str]:
    """The statuses that changes name."""
    rows = sql.execute(f'SELECT DISTINCT "before", "after" FROM {changes} WHERE lower(field) = \'status\'')
    return {name for pair in rows.fetchall() for name in pair if name}


def _of_the_past(sql: Any, names: Collection[str], most: int) -> list[dict[str, Any]]:
    """Statuses in which work items were and none is now: somebody has to say what they mean."""
    now = {status for (status,) in sql.execute("SELECT DISTINCT status FROM items").fetchall()}
    past = sorted({*names} - now)[: max(0, most)]
    return [{"name": name[:200], "category": "", "count": 0} for name in past]


def _one(sql: Any, statement: str) -> tuple[Any, ...]:
    return tuple(sql.execute(statement).fetchone())


def _span(sql: Any, changes: Sequence[Path]) -> tuple[dt.datetime | None, dt.datetime | None]:
    """From the first thing heard of to the last, in whole microseconds so that no zone is needed."""
    spans = ["SELECT min(first) AS first, max(last) AS last FROM items"]
    # File by file, since each knows its first and its last without being read.
    spans += [f'SELECT min("at"), max("at") FROM {rows_of([path], "changes")}' for path in changes]
    spanned = " UNION ALL ".join(spans)
    first, last = _one(sql, f"SELECT epoch_us(min(first)), epoch_us(max(last)) FROM ({spanned})")
    return _moment(first), _moment(last)


def _moment(microseconds: int | None) -> dt.datetime | None:
    if microseconds is None:
        return None
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=microseconds)
