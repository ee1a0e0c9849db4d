"""Trails in a Spark cluster, of which the same questions are asked as of DuckDB where one machine is too small.

Needs the extra `spark` and a Java; `docs/operate/install.md` says how to point at one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
from ibis.backends.pyspark import Backend

from vertebra.evidence.trail.columns import SCHEMAS

_NAMED = "map<string, string>"


def from_json(_text: str, _kind: str) -> None:
    """Spark's own way from JSON to names and values: its casts know none."""


_from_json = ibis.udf.scalar.builtin(from_json, signature=((str, str), _NAMED))


class _Spark(Backend):  # type: ignore[misc]
    """Ibis over Spark; a table that is kept may be made of small ones that only this process knows."""

    def _create_cached_table(self, name: str, expr: Any) -> Any:
        # Ibis hands those over before it answers, but not before it keeps (`cache`), and nothing public makes it. Read in
        # Ibis 12.0.0; `tests/evidence/test_trail_spark.py` says when it does.
        self._run_pre_execute_hooks(expr)
        return super()._create_cached_table(name, expr)


def over(session: Any, zone: str = "UTC") -> Any:
    """Ibis over a session of its own in the cluster of another; days are those of the zone.

    Flow reckons in UTC, checks in the company's own.
    """
    own = session.newSession()
    _Spark.register_options()
    engine = _Spark().connect(own)
    # Ibis itself says UTC when it connects.
    own.conf.set("spark.sql.session.timeZone", zone)
    return engine


def opened(engine: Any, source: int, files: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The tables of the trail of a source by name, of files that the cluster reads: as its jobs open them.

    Without what was deleted in its tool and all that tells of it; each row with the number of the source.
    """
    number = ibis.literal(source, "int64")
    found = {name: _read(engine, name, files.get(name, ())).mutate(source=number) for name in SCHEMAS}
    items = found["items"]
    gone = items.filter(items.gone_at.notnull()).select(gone="external_id")
    found["items"] = items.filter(items.gone_at.isnull())
    for name in ("changes", "links"):
        found[name] = found[name].anti_join(gone, [("item", "gone")])
    return found


def _read(engine: Any, name: str, paths: Sequence[str]) -> Any:
    """One table of several files; those written before anybody knew what is gone lack that column."""
    parts = [engine.read_parquet(path) for path in paths] or [ibis.memtable(SCHEMAS[name].empty_table())]
    if name == "items":
        parts = [
            part if "gone_at" in part.columns else part.mutate(gone_at=ibis.null(part.created_at.type()))
            for part in parts
        ]
    told = [part.select(SCHEMAS[name].names) for part in parts]
    if name != "items":
        return ibis.union(*told) if len(told) > 1 else told[0]
    rows = told[0]
    for newer in told[1:]:  # supersedes what earlier files tell of the same items
        rows = newer.union(rows.anti_join(newer, "external_id"))
    return rows.mutate(fields=_from_json(rows.fields, _NAMED))
