"""The same questions of a trail in a cluster of Spark with two workers: the same answers as DuckDB gives."""

import datetime as dt
import os
import random
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.analysis import flow_world, work_world
from vertebra.analysis import hygiene, work
from vertebra.analysis.expressions.parsing import parse
from vertebra.analysis.flow import groups

pytestmark = [pytest.mark.deep, pytest.mark.timeout(900)]
CHECKS = ("points is empty", "days_since(updated) > 5", "hand_overs > 1 or reopenings > 0", "due < today", "children > 0")  # fmt: skip
DAYS = (1, 8, 22, 30)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A cluster of this machine: a master and two workers, each a process of its own."""
    spark = pytest.importorskip("pyspark.sql", reason="the extra `spark` is not installed: Spark not tested")
    if shutil.which("java") is None:
        pytest.skip("no Java is installed: Spark not tested")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "PYSPARK_PYTHON", sys.executable)
        named = spark.SparkSession.builder.master("local-cluster[2,1,768]").appName("vertebra")
        for name, value in (
            ("executor.memory", "768m"), ("driver.host", "127.0.0.1"), ("driver.bindAddress", "127.0.0.1"),
            ("ui.enabled", "false"), ("sql.shuffle.partitions", "2"),
        ):  # fmt: skip
            named = named.config(f"spark.{name}", value)
        session = named.getOrCreate()
        try:
            session.sparkContext.setLogLevel("ERROR")
            session.range(10).count()
            yield session
        finally:
            session.stop()


@pytest.fixture(scope="module")
def engines(cluster: Any) -> tuple[Any, Any]:
    """DuckDB, and Spark beside it."""
    from vertebra.evidence.trail import spark

    duck = ibis.duckdb.connect()
    duck.raw_sql("SET TimeZone = 'UTC'")
    return duck, spark.over(cluster)


def stored(folder: Path, engine: Any, **tables: pa.Table) -> list[Any]:
    """Tables as files, as both engines read them."""
    found = []
    for name, table in tables.items():
        if not (folder / f"{name}.parquet").exists():
            pq.write_table(table, folder / f"{name}.parquet")
        found.append(engine.read_parquet(str(folder / f"{name}.parquet"), table_name=name))
    return found


def trail(folder: Path, engine: Any) -> work.Tables:
    """Work items to which anything happened."""
    chance = random.Random(20261123)
    told = [work_world.moved(chance, number) for number in range(1, 61)]
    rows: dict[str, tuple[list[dict[str, Any]], dict[str, str]]] = {
        "items": ([one for one, _changes in told], work_world.ITEMS),
        "changes": ([each for _one, some in told for each in some], work_world.CHANGES),
        "links": ([{"item": "1", "relation": "blocks", "other": "A-9"}], work_world.LINKS),
        "sprints": ([{"external_id": "7", "name": "Sprint 7", "state": "active"}], work_world.SPRINTS),
    }
    made = {
        name: pa.Table.from_pylist(some, ibis.schema(schema).to_pyarrow())
        for name, (some, schema) in rows.items()
    }
    return work.Tables(*stored(folder, engine, **made))


def test_items_as_they_stood_and_what_checks_point_at(engines: tuple[Any, Any], tmp_path: Path) -> None:
    moments = [work_world.moment(work_world.at(day)) for day in DAYS]
    names = ("nth", "key", *work_world.COUNTED)
    states, found = [], []
    for engine in engines:
        tables = trail(tmp_path, engine)
        rows = work.states(tables, moments, work_world.MEANINGS).to_pyarrow().to_pylist()
        # Spark tells moments of Greenwich without saying so.
        states.append(sorted(str([_moment(row[name]) for name in names]) for row in rows))
        current = work.current(tables, moments, work_world.MEANINGS)
        asked = [hygiene.marked(current, parse('category = "doing"'), parse(one)) for one in CHECKS]
        found.append([hygiene.count(one) for one in asked])
    assert states[0] == states[1]
    assert found[0] == found[1]
    assert len(states[0]) > 100
    assert all(one[3].whole.count for one in found[0])


def _moment(value: Any) -> Any:
    return value.replace(tzinfo=None) if isinstance(value, dt.datetime) else value


def test_who_hands_work_to_whom(engines: tuple[Any, Any], tmp_path: Path) -> None:
    made = flow_world.tables(flow_world.by_chance(3, 300))
    files = {
        "worked": made.items.drop("source").to_pyarrow(),
        "moved": made.changes.drop("source").to_pyarrow(),
    }
    found = []
    for engine in engines:
        items, changes = stored(tmp_path, engine, **files)
        found.append(groups.look(items, changes, "assignee", "status"))
    assert found[0] == found[1]
