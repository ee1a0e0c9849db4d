"""Newer work items lie beside the older ones until they are many: all that is promised of a trail holds for both."""

import datetime as dt
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from tests.evidence.trail_world import NOW, bring, current, issue, rows, told_by_name, write
from vertebra.evidence.importing import jobs
from vertebra.evidence.personal import HOLDING
from vertebra.evidence.trail import places
from vertebra.evidence.trail.missing import mark
from vertebra.kit.personal import Subject
from vertebra.org.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data")]
MANY = 60


def paths(table: str = "items") -> list[Path]:
    """The files of a table of the trail as it stands."""
    return places.paths_of(current().source_id, current().files, table)


def test_few_newer_items_lie_beside_the_older_until_they_are_many(tmp_path: Path) -> None:
    told = [write(tmp_path / "all.jsonl", [issue(n) for n in range(MANY)])]
    bring(*told)
    (older,) = paths()
    # So many newer ones come each time: 2, 4, 6 of 60, then 8 are too many; 3, 5 of 64, then 7.
    for number, files in enumerate((2, 2, 2, 1, 2, 2, 1)):
        more = [issue(number, steps=5 + number), issue(0, steps=9 + number), issue(MANY + number)]
        told.append(write(tmp_path / f"{number}.jsonl", more))
        bring(told[-1])
        bring(*told, source=f"At once {number}")
        assert told_by_name() == told_by_name(f"At once {number}")
        assert current().counts == current(f"At once {number}").counts
        assert (len(paths()), paths()[0] == older) == (files, files == 2)
        older = paths()[0]


def test_a_title_that_became_confidential_stays_in_no_file(tmp_path: Path) -> None:
    bring(write(tmp_path / "all.jsonl", [issue(n, summary="Layoffs in Lyon") for n in range(MANY)]))
    bring(write(tmp_path / "newer.jsonl", [issue(0, steps=4, summary="…")]))
    (path,) = paths()
    assert pq.read_table(path)["title"].to_pylist().count("…") == 1


def test_a_newer_file_holds_nothing_that_is_as_it_was(tmp_path: Path) -> None:
    bring(write(tmp_path / "all.jsonl", [issue(n) for n in range(MANY)]))
    again = [issue(n, steps=4 if n == 7 else 3) for n in range(MANY)]
    bring(write(tmp_path / "again.jsonl", again))
    assert [pq.read_metadata(path).num_rows for path in paths()] == [MANY, 1]
    assert bring(write(tmp_path / "again.jsonl", reversed(again))).version is None


def test_who_is_named_by_a_superseded_item_only_is_taken_out_of_it(tmp_path: Path, data: Path) -> None:
    all_of_them = [issue(n, steps=0, reporter=None, assignee=None) for n in range(MANY)]
    all_of_them[0]["fields"]["assignee"] = {"name": "zoe-quist", "displayName": "Zoe Quist"}
    bring(write(tmp_path / "all.jsonl", all_of_them))
    moved = issue(0, steps=0, reporter=None, assignee=None, updated="2025-02-03T09:00:00.000+0000")
    bring(write(tmp_path / "moved.jsonl", [moved]))
    assert len(paths()) == 2
    assert {row[0] for row in rows("items", columns="assignee")} == {""}
    erase("Zoe Quist")
    assert jobs.forget_in_trails.call() == 1
    left = [str(path) for path in data.rglob("items.parquet")]
    assert duckdb.read_parquet(left).filter("assignee <> ''").fetchall() == []
    assert len(rows("items")) == MANY


def erase(name: str) -> None:
    """Erase somebody whom the tool calls by that name."""
    person = Person.objects.create(
        name=name, name_folded=name.casefold(), handle=name.replace(" ", "-"), email="z@example.org", created_at=NOW
    )  # fmt: skip
    HOLDING.erase(Subject(person.pk, None, person.name, person.email, "Somebody 1"), NOW)


def test_what_is_deleted_in_the_tool_is_gone_from_both(tmp_path: Path) -> None:
    bring(write(tmp_path / "all.jsonl", [issue(n) for n in range(MANY)]))
    bring(write(tmp_path / "newer.jsonl", [issue(3, steps=4), issue(MANY)]))
    folder = tmp_path / "made"
    folder.mkdir()
    there = [str(1000 + n) for n in range(1, MANY)]
    merged = mark({"items": paths()}, folder, there, ["SHOP"], NOW + dt.timedelta(days=1))
    assert merged.counts["items"] == {"created": 0, "changed": 2, "unchanged": MANY - 1, "gone": 2}
    told = duckdb.read_parquet(str(merged.made["items"])).filter("gone_at IS NOT NULL")
    assert sorted(told.project("external_id").fetchall()) == [("1000",), (str(1000 + MANY),)]


def test_older_and_newer_files_are_kept_from_the_sweeping(tmp_path: Path) -> None:
    bring(write(tmp_path / "all.jsonl", [issue(n) for n in range(MANY)]))
    bring(write(tmp_path / "first.jsonl", [issue(3, steps=4)]))
    superseded = paths()[1]
    bring(write(tmp_path / "second.jsonl", [issue(3, steps=5)]))
    needed = {current().source_id: {name for names in current().files.values() for name in names}}
    places.sweep(needed, NOW, kept=dt.timedelta(days=-365_000))
    assert not superseded.exists()
    assert len(rows("items")) == MANY and ("SHOP-3", "Done") in rows("items", columns="key, status")
