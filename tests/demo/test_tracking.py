"""When the history of the demo company's work is made, and when it is taken away."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks

from vertebra.demo import load as loading
from vertebra.demo.command import run_command
from vertebra.demo.fixture import DAY
from vertebra.demo.jobs import make_work_items
from vertebra.demo.load import Summary, clear
from vertebra.demo.rows import at
from vertebra.demo.tracked import track
from vertebra.evidence.models import TrailVersion
from vertebra.sources.models import Source

pytestmark = pytest.mark.django_db
NOW = at(DAY, 9)


@pytest.fixture(autouse=True)
def data(settings: LazySettings, tmp_path: Path) -> Path:
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    return Path(settings.DATA)


def test_without_the_company_nothing_is_made() -> None:
    assert track(NOW) == 0
    assert not Source.objects.exists()


def test_taking_the_company_back_takes_its_files_away(
    data: Path, small_here: Summary, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    track(NOW)
    assert list((data / "trail").rglob("*.parquet"))
    with django_capture_on_commit_callbacks(execute=True):
        clear()
    assert not list((data / "trail").rglob("*.parquet"))
    assert not TrailVersion.objects.exists()


@pytest.fixture
def loaded_already(small_here: Summary, monkeypatch: pytest.MonkeyPatch) -> Summary:
    """The company, there without being made once more: what the command does besides is looked at."""
    monkeypatch.setattr(loading, "load", lambda **_given: small_here)
    return small_here


@pytest.mark.usefixtures("loaded_already")
def test_the_command_leaves_it_to_a_job() -> None:
    run_command(profile="small", scale=1, until="2026-11-02", say=lambda _: None)
    waiting = [row.task_path for row in DBTaskResult.objects.ready()]
    assert waiting.count(make_work_items.module_path) == 1
    assert not TrailVersion.objects.exists()


@pytest.mark.usefixtures("loaded_already")
def test_without_duckdb_the_command_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vertebra.demo.command.NEEDED", ("a_library_that_nobody_has",))
    said: list[str] = []
    run_command(profile="small", scale=1, until="2026-11-02", say=said.append)
    assert "analytics" in said[-1]
    assert not DBTaskResult.objects.ready().filter(task_path=make_work_items.module_path).exists()
