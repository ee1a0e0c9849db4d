"""What a trail gives away or holds up where something else is wrong: nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.evidence import trail_world as items
from tests.evidence.trail_world import bring, current, issue, rows, write
from vertebra.accounts.models import AuditEntry
from vertebra.evidence.importing import jobs
from vertebra.evidence.importing import trail as importing
from vertebra.evidence.trail import places, pseudonyms
from vertebra.kit.refusal import Refusal
from vertebra.sources.models import Source

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings: LazySettings, tmp_path: Path) -> Path:
    """A folder whose name would be a pattern, if it were read as one."""
    settings.DATA = tmp_path / "data [1]*"
    settings.DATA.mkdir()
    return Path(settings.DATA)


@pytest.fixture
def source(tmp_path: Path) -> Source:
    bring(write(tmp_path / "a.jsonl", [issue(n) for n in range(8)]))
    return Source.objects.get()


def test_a_folder_is_called_whatever_it_is_called(source: Source, tmp_path: Path) -> None:
    bring(write(tmp_path / "b.jsonl", [issue(n, steps=5) for n in range(10)]))
    assert len(rows("items")) == 10


def test_the_log_does_not_say_how_much_somebody_did(source: Source) -> None:
    pseudonyms.forget(source, ["Zoe-Quist"])
    assert importing.forget_people(actor=None, source=source, now=items.NOW)
    assert AuditEntry.objects.latest("pk").particulars == {}


def test_a_trail_that_cannot_be_written_holds_up_no_other(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(write(tmp_path / "b.jsonl", [issue(n) for n in range(8)]), source="Other")
    other = Source.objects.get(name="Other")
    for one in (source, other):
        pseudonyms.forget(one, ["Zoe-Quist"])
    asked, whole = list[object](), importing.forget_people

    def forget(**given: object) -> bool:
        asked.append(given["source"])
        if given["source"] == source:
            raise Refusal("Sealed with another key.", "Remove it.", 1)
        return whole(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(importing, "forget_people", forget)
    with pytest.raises(Refusal, match="Sealed"):
        jobs.forget_in_trails.call()
    assert asked == [source, other]


@pytest.mark.parametrize("name", ["../../secret.key", "/etc/passwd", "0123456789abcdef/people.parquet"])
def test_no_other_file_is_named(source: Source, name: str) -> None:
    with pytest.raises(ValueError, match="no file of work items"):
        places.drop(source.pk, [name])
    with pytest.raises(ValueError, match="no file of work items"):
        places.paths_of(source.pk, {"items": [name]}, "items")
    assert places.paths_of(source.pk, current().files, "items")[0].is_file()


def test_a_column_is_made_without_pandas_which_answers_whoever_asks_for_it() -> None:
    program = """
import sys
from vertebra.evidence.trail import merging, writing
import pyarrow as pa
made = writing._column(["a", None], pa.string())
assert made.to_pylist() == ["a", None] and "pandas" not in sys.modules
import importlib.util
assert importlib.util.find_spec("pandas") is None or list(pa.table({"a": made}).to_pandas().a)[0] == "a"
"""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "vertebra.settings"}
    subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{program}"], check=True, env=environment
    )
