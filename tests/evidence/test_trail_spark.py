"""The same questions of a trail in a cluster of Spark with two workers: the same answers as DuckDB gives."""

import datetime as dt
import json
import os
import random
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.analysis import flow_world, work_world
from tests.architecture.code import ROOT
from vertebra.analysis import hygiene, work
from vertebra.analysis.conformance import rules
from vertebra.analysis.conformance.reading import histories_of, presence_of
from vertebra.analysis.expressions.compiling import compiled
from vertebra.analysis.expressions.names import FIELDS, Type
from vertebra.analysis.expressions.parsing import parse
from vertebra.analysis.flow import figures, groups
from vertebra.analysis.flow.facts import Tables
from vertebra.analysis.flow.periods import months_of, week_number
from vertebra.evidence.models import TrailVersion
from vertebra.evidence.trail.columns import SCHEMAS
from vertebra.evidence.trail.merging import Files, rows_there
from vertebra.sources.models import Source

pytestmark = [pytest.mark.deep, pytest.mark.timeout(900)]
DAYS = (1, 8, 22, 30)
# Something to ask of each kind of field.
ASKED = {
    Type.TEXT: '{0} in ("doing", "a") or {0} contains "a" and length({0}) > 3',
    Type.NUMBER: "{0} >= 2 and {0} < 5.5 or {0} is empty",
    Type.DAY: "{0} < today - 3 or days_since({0}) > 10",
    Type.WORDS: 'count({0}) > 1 or {0} contains "x"',
    Type.YES: "not {0}",
}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A cluster of this machine: a master and two workers, each a process of its own."""
    spark = pytest.importorskip(
        "pyspark.sql", reason="no PySpark (`make environment-spark`): Spark not tested"
    )
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


def engines(cluster: Any, zone: str = "UTC") -> tuple[Any, Any]:
    """DuckDB, and Spark beside it, with the days of a zone."""
    from vertebra.evidence.trail import spark

    duck = ibis.duckdb.connect()
    duck.raw_sql(f"SET TimeZone = '{zone}'")
    return duck, spark.over(cluster, zone)


def written(folder: Path, **tables: Sequence[Mapping[str, Any]]) -> Files:
    """The files of a trail, each table in two of them; the older ones do not know yet what is gone, nor what is newer."""
    files: dict[str, list[Path]] = {}
    for name, rows in tables.items():
        half = len(rows) // 2 if len(rows) > 1 else 0
        older = [*rows[:half], {**rows[-1], "title": "As it was"}] if name == "items" else rows[:half]
        for part, some in enumerate((older, rows[half:])):
            table = pa.Table.from_pylist(some, SCHEMAS[name])
            if part == 0 and name == "items":
                table = table.drop(["gone_at"])
            path = folder / f"{name}-{part}.parquet"
            pq.write_table(table, path)
            files.setdefault(name, []).append(path)
    return files


def opened(engine: Any, files: Files) -> dict[str, Any]:
    """The tables of a trail as an engine reads its files."""
    from vertebra.evidence.trail import spark

    if engine.name == "pyspark":
        return spark.opened(engine, 1, {name: [str(path) for path in paths] for name, paths in files.items()})
    for name in SCHEMAS:
        engine.raw_sql(f"CREATE OR REPLACE TEMP VIEW {name} AS FROM {rows_there(files, name)}")
    return {name: engine.table(name).mutate(source=ibis.literal(1, "int64")) for name in SCHEMAS}


def trail(folder: Path) -> Files:
    """Work items to which anything happened, late in the evening, some of them deleted since."""
    chance = random.Random(20261123)
    later = dt.timedelta(hours=11, minutes=30, milliseconds=250)
    told = [work_world.moved(chance, number) for number in range(1, 81)]
    for one, _changes in told:
        one |= {
            name: chance.sample(["x", "Web", "doing"], chance.randrange(3)) for name in ("labels", "versions")
        }
        one |= {
            "fields": json.dumps({"Severity": chance.choice(["High", "low"]), "a.b": chance.choice("xy")})
        }
        one |= {
            "due_on": chance.choice([None, work_world.at(12).date()]),
            "sprints": chance.choice([[], ["7"]]),
        }
        one |= {name: one[name] + later for name in ("created_at", "updated_at")}
    changes = [each | {"at": each["at"] + later} for _one, some in told for each in some]
    for one, _changes in told[-10:]:
        one["gone_at"] = work_world.at(30)
    return written(
        folder, items=[one for one, _changes in told], changes=changes,
        links=[{"item": number, "relation": "blocks", "other": "A-9"} for number in ("1", "75")],
        sprints=[{"external_id": "7", "name": "Sprint 7", "state": "active"}],
    )  # fmt: skip


def work_of(engine: Any, files: Files) -> work.Tables:
    tables = opened(engine, files)
    return work.Tables(*(tables[name] for name in ("items", "changes", "links", "sprints")))


def moments(*days: int) -> list[work.Moment]:
    """Evenings, before anything of the day happens: at 23:30 in Greenwich, on the next day in Paris."""
    return [work_world.moment(work_world.at(day) + dt.timedelta(hours=8)) for day in days]


def test_items_as_they_stood(cluster: Any, tmp_path: Path) -> None:
    names = ("nth", "key", *work_world.COUNTED)
    found = []
    files = trail(tmp_path)
    for engine in engines(cluster):
        states = work.states(work_of(engine, files), moments(*DAYS), work_world.MEANINGS)
        rows = states.select(*names).to_pyarrow()
        # Spark tells moments of Greenwich without saying so.
        found.append(sorted(str([_moment(row[name]) for name in names]) for row in rows.to_pylist()))
    assert found[0] == found[1]
    assert len(found[0]) > 100


def _moment(value: Any) -> Any:
    return value.replace(tzinfo=None) if isinstance(value, dt.datetime) else value


def test_whatever_a_check_may_ask(cluster: Any, tmp_path: Path) -> None:
    asked = {name: ASKED[kind].format(name) for name, kind in FIELDS.items() if name != "category"}
    asked |= {"category": 'category = "doing"', "added": 'field("severity") = "high" or field("a.b") != "x"'}
    asked |= {"exactly": 'field("Severity") = "high" and not field("a.b") contains "x"'}
    found = []
    files = trail(tmp_path)
    for engine in engines(cluster, "Europe/Paris"):
        rows = work.states(work_of(engine, files), moments(8, 30), work_world.MEANINGS)
        told = {name: compiled(parse(text), rows).cast("int64").sum() for name, text in asked.items()}
        found.append(rows.group_by("nth").agg(**told).order_by("nth").to_pyarrow().to_pylist())
    assert found[0] == found[1]
    assert sum(0 < found[0][1][name] < 60 for name in asked) > 15


def test_what_checks_point_at(cluster: Any, tmp_path: Path) -> None:
    judged = [hygiene.Judged(1, ["1", "2", "3"], ["4", "5"])]
    found = []
    files = trail(tmp_path)
    for engine in engines(cluster):
        current = work.current(work_of(engine, files), moments(8, 22), work_world.MEANINGS)
        marked = hygiene.marked(current, parse('category = "doing"'), parse("days_since(updated) > 5"))
        found.append([hygiene.count(marked), hygiene.count(hygiene.marked_by(current, judged))])
    assert found[0] == found[1]
    assert all(some for some in found[0])


RULES: tuple[rules.Rule, ...] = (
    rules.PhasesInOrder(("Open", "Doing", "Done")),
    rules.StepBefore("Doing", "Done"),
    rules.AnswerWithin("Open", ("Doing", "Done"), 5),
    rules.NeverAfter("Done", "Open"),
    rules.FourEyes("Doing", "Done"),
    *(rules.PresentAt("Done", name) for name in ("Link", "Story Points", "labels", "Assignee", "Severity")),
)


def test_which_items_kept_to_rules(cluster: Any, tmp_path: Path) -> None:
    files = trail(tmp_path)
    found: list[list[Any]] = []
    for engine in engines(cluster):
        tables = work_of(engine, files)
        whole = histories_of(tables)
        told = [(rule, presence_of(tables, whole, rule.field)) if isinstance(rule, rules.PresentAt) else (rule, None) for rule in RULES]  # fmt: skip
        judged = [rules.judge(rule, whole, presence=presence) for rule, presence in told]
        parts = [one for each in judged for one in (each.agreed, each.departed, each.waiting)]
        columns = (whole.starts, whole.steps, whole.at, whole.who, *parts)
        found.append([whole.items, whole.names, *(None if one is None else one.tolist() for one in columns)])
    assert found[0] == found[1]
    assert all(one % 1_000_000 == 250_000 for one in found[0][4])
    assert sum(bool(departed) for departed in found[0][7::3]) > 5


def lively() -> list[flow_world.Work]:
    """Items that go their way, some with flags and between teams, in a tool that tells parts of seconds."""
    chance = random.Random(7)
    works = flow_world.by_chance(3, 400)
    for one in works:
        one.labels = chance.choice([(), ("pay",), ("pay", "blocked")])
        one.components = chance.choice([(), ("Till",), ("Till", "Web")])
        one.fields = {"team": chance.choice(["North", "South"])}
        if chance.random() < 0.3:
            one.steps += [(2.2, "Flagged", "", "Impediment", "x"), (9.9, "Flagged", "Impediment", "", "x")]
            one.steps += [(3.3, "team", "L1", "L2", "x"), (7.7, "team", "L2", "L1", "x")]
    return works


PLACES = [
    ("label", "pay", 1, 0),
    ("component", "Web", 2, 5),
    ("team", "North", 2, 0),
    ("project", "P1", 1, 0),
]


def flow_of(folder: Path) -> tuple[Files, Tables]:
    """The files of such a trail, and the same as tables."""
    made = flow_world.tables(lively(), PLACES)
    rows = {name: table.drop("source").to_pyarrow().to_pylist() for name, table in (("items", made.items), ("changes", made.changes))}  # fmt: skip
    return written(folder, **rows), made


def test_figures_of_flow(cluster: Any, tmp_path: Path) -> None:
    files, made = flow_of(tmp_path)
    first = week_number(flow_world.ZERO.date())
    parents = {"u1": "u9", "u2": "u9", "u9": ""}
    found = []
    for engine in engines(cluster):
        tables = opened(engine, files)
        asked = Tables(tables["items"], tables["changes"], made.meanings, made.places, made.ways)
        found.append(figures.figures(asked, parents, set(parents), months_of(first - 5, first + 16)))
    assert found[0] == found[1]
    assert len(found[0].done) > 10
    assert any(one.team_back and one.blocked and one.carried and one.late_days for one in found[0].done)


def test_who_hands_work_to_whom(cluster: Any, tmp_path: Path) -> None:
    files, _made = flow_of(tmp_path)
    found: list[list[groups.GroupsOf]] = []
    for engine in engines(cluster):
        tables = opened(engine, files)
        found.append([groups.look(tables["items"], tables["changes"], one, "status") for one in ("assignee", "team")])  # fmt: skip
    assert found[0] == found[1]
    assert all(one.hands and one.standings for one in found[0])


@pytest.mark.django_db
def test_what_the_page_for_operators_says(cluster: Any, tmp_path: Path) -> None:
    """Its lines as they are written, but for where the files lie and the name of a project."""
    files, _made = flow_of(tmp_path)
    now = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    source = Source.objects.create(pk=7, name="Tracker", made_at=now)
    named = {name: [path.name for path in some] for name, some in files.items()}
    TrailVersion.objects.create(source=source, number=1, files=named, counts={}, made_at=now)
    page = (ROOT / "docs/operate/install.md").read_text(encoding="utf-8")
    lines = "".join(re.findall(r"^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE))
    told: dict[str, Any] = {}
    exec(lines.replace("s3a://trail/7", str(tmp_path)).replace('"APP"', '"P1"'), told)
    assert told["pointed_at"][0].whole.count > 50
    assert told["flow"].done and told["hand_overs"].hands
    assert told["verdict"].count > 50


def test_ibis_alone_keeps_no_small_tables(cluster: Any) -> None:
    """When it does, ours need not hand them over itself any longer (`evidence.trail.spark`)."""
    engine = ibis.pyspark.connect(cluster)
    small = ibis.memtable({"alone": [1]})
    with pytest.raises(Exception, match="TABLE_OR_VIEW_NOT_FOUND"):
        engine.sql("SELECT 1 AS alone").join(small, "alone").cache()
