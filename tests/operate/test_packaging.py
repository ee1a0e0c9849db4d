"""What cannot be run here (containers) at least says commands and variables that exist."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from tests.operate.instances import ROOT
from tools import environment
from vertebra.cli import app
from vertebra.demo.command import NEEDED
from vertebra.kit.text import lemma

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


def known_variables() -> set[str]:
    code = "".join(path.read_text() for path in (ROOT / "vertebra").rglob("*.py"))
    return set(re.findall(r"\"(VERTEBRA_[A-Z_]+|DATABASE_URL|PORT)\"", code))


def container_commands() -> list[list[str]]:
    said = [service["command"] for service in COMPOSE["services"].values() if "command" in service]
    return [*said, json.loads(re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)[-1])]


@pytest.mark.parametrize("command", container_commands(), ids=shlex.join)
def test_a_container_runs_a_command_that_exists(command: list[str]) -> None:
    program, name, *options = command
    assert program == "vertebra"
    group: Any = get_command(app)
    group.commands[name].make_context(name, options)


def test_containers_set_only_variables_that_exist() -> None:
    for name in ("web", "worker"):
        assert set(COMPOSE["services"][name]["environment"]) <= known_variables()
    assert set(re.findall(r"VERTEBRA_[A-Z_]+", DOCKERFILE)) <= known_variables()


def test_the_image_holds_what_it_copies() -> None:
    for source in re.findall(r"^COPY (\S+) ", DOCKERFILE, re.MULTILINE):
        assert (ROOT / source).exists(), source


def test_pages_and_worker_share_database_and_data() -> None:
    web, worker = COMPOSE["services"]["web"], COMPOSE["services"]["worker"]
    assert web["environment"] == worker["environment"]
    assert web["volumes"] == worker["volumes"] == ["data:/data"]
    assert "database" in web["depends_on"]


def test_every_tool_that_make_calls_exists() -> None:
    for tool in re.findall(r"tools/\w+\.py", MAKEFILE):
        assert (ROOT / tool).exists(), tool


@pytest.mark.parametrize("goal", ["run", "test", "test-deep", "test-quick", "bench", "lint", "clean"])
def test_make_knows_its_goals(goal: str) -> None:
    done = subprocess.run(["make", "-n", goal], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_an_old_python_is_told_what_is_needed(tmp_path: Path) -> None:
    program = (
        "import sys, runpy; sys.argv = ['environment.py', 'run']; sys.version_info = (3, 9, 2);"
        f"runpy.run_path({str(ROOT / 'tools' / 'environment.py')!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert "Traceback" not in done.stderr


def test_make_run_installs_what_work_items_need_beside_the_core() -> None:
    named = re.compile(r"^[a-z0-9-]+==\S+", re.MULTILINE)
    core = set(named.findall((ROOT / "requirements" / "run.txt").read_text()))
    whole = set(named.findall(environment.requirements("run").read_text()))
    assert core < whole
    assert {one.partition("==")[0] for one in whole - core} >= {*NEEDED, "ibis-framework"}


def test_what_the_product_never_reads_is_taken_out_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "run", lambda command: None)
    words = "simplemma/strategies/dictionaries/data"
    kept = ["numpy/core.py", "numpy/testing/utils.py", "django/test/client.py", "django/conf/locale/__init__.py",
            "django/conf/locale/fr/formats.py", "allauth/locale/en/x.mo", f"{words}/fr.plzma"]  # fmt: skip
    gone = ["numpy/lib/tests/test_io.py", "icalendar/tests/a.ics", "django/conf/locale/de/formats.py",
            "allauth/locale/zh_Hans/x.mo", f"{words}/de.plzma", "pip/_vendor/__pycache__/x.pyc"]  # fmt: skip
    for name in (*kept, *gone):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    environment.trim(tmp_path)
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == set(kept)


def test_a_language_without_dictionary_is_read_by_those_that_are_installed() -> None:
    assert lemma("meetings", "de") == lemma("meetings", "en") == "meeting"
