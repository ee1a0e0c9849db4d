"""A reading of a tracker that is killed loses nothing and leaves nothing half there; read on, it ends as if nothing had been."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.fake_jira import serving
from tests.architecture.code import ROOT
from tests.evidence.reading_world import tracker

POINTS = ["written", "committed", "gone on", "listed"]
OTHERS = ["read", "merged", "moved", "recorded"]


def _run(folder: Path, points: list[str], at_random: int) -> None:
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "vertebra.settings", "VERTEBRA_DATA": str(folder / "data"),
        "PYTHONPATH": str(ROOT), "VERTEBRA_PRIVATE_HOSTS": "127.0.0.1",
    }  # fmt: skip
    environment.pop("DATABASE_URL", None)
    (folder / "data").mkdir()
    with serving(tracker(range(60), most=25)) as address:
        ended = subprocess.run(
            [sys.executable, "-m", "tests.evidence.reading_kills", str(folder), address, json.dumps(points), str(at_random)],
            env=environment, capture_output=True, text=True, check=False, cwd=ROOT,
        )  # fmt: skip
    assert ended.returncode == 0, ended.stderr[-4000:]


@pytest.mark.deep
def test_killed_at_any_step_a_reading_loses_nothing(tmp_path: Path) -> None:
    _run(tmp_path, POINTS, 0)


@pytest.mark.deep
@pytest.mark.timeout(1800)
def test_killed_at_two_hundred_moments_a_reading_loses_nothing(tmp_path: Path) -> None:
    _run(tmp_path, OTHERS, 200)
