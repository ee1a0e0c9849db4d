"""An import of work items that is killed leaves nothing half seen, and made again ends as if nothing had been."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.code import ROOT

POINTS = ["read", "written", "merged", "counted", "settled", "moved", "recorded", "committed"]


def run(folder: Path, points: list[str], at_random: int) -> None:
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "vertebra.settings", "VERTEBRA_DATA": str(folder / "data"),
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    environment.pop("DATABASE_URL", None)
    (folder / "data").mkdir()
    ended = subprocess.run(
        [sys.executable, "-m", "tests.evidence.trail_kills", str(folder), json.dumps(points), str(at_random)],
        env=environment, capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr[-4000:]


@pytest.mark.deep
def test_two_at_once_lose_nothing_and_killed_at_any_step_nothing_is_half_there(tmp_path: Path) -> None:
    run(tmp_path, POINTS, 0)


@pytest.mark.deep
@pytest.mark.timeout(1200)
def test_killed_at_two_hundred_moments_nothing_is_half_there(tmp_path: Path) -> None:
    run(tmp_path, [], 200)
