"""Whole instances for the tests: a data folder, a database of their own, and the real commands run as processes."""

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[2]
SETUP = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'vertebra.settings'; django.setup()\n"


def until(what: Callable[[], Any], seconds: float = 90) -> Any:
    """Wait for something to become true, and give it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s in vain")


@dataclass
class Instance:
    """One instance of Vertebra and the processes that a test starts on it."""

    folder: Path
    database: str = ""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("VERTEBRA_", "DJANGO_"))
        }
        kept.pop("DATABASE_URL", None)
        kept.update(
            VERTEBRA_DATA=str(self.folder), PYTHONPATH=str(ROOT), LANG="C.UTF-8", NO_COLOR="1", COLUMNS="200"
        )
        if self.database:
            kept["DATABASE_URL"] = self.database
        return kept

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start `vertebra …` beside the test."""
        started = subprocess.Popen(
            [sys.executable, "-m", "vertebra.cli", *arguments],
            env={**self.environment, **environment},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=(self.folder.parent / f"{uuid.uuid4().hex}.log").open("wb"),
            start_new_session=True,
        )
        self.processes.append(started)
        return started

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `vertebra …` to its end."""
        return subprocess.run(
            [sys.executable, "-m", "vertebra.cli", *arguments],
            env={**self.environment, **environment},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def answer(self, *arguments: str) -> Any:
        """What `vertebra … --json` says."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    def python(self, program: str) -> Any:
        """Run a program inside the instance; it prints JSON."""
        done = subprocess.run(
            [sys.executable, "-c", SETUP + program],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    def log(self) -> str:
        """What the processes wrote for their administrator."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.parent.glob("*.log")))


def own_database(admin_url: str, template: str = "") -> str:
    """A new database on the server of that address."""
    import psycopg

    name = f"vertebra_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(admin_url, autocommit=True) as connection:
        copied = f' TEMPLATE "{template}"' if template else ""
        connection.execute(f'CREATE DATABASE "{name}"{copied}'.encode())
    parts = urlsplit(admin_url)
    return urlunsplit(parts._replace(path=f"/{name}"))


def drop_database(admin_url: str, url: str) -> None:
    import psycopg

    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{urlsplit(url).path[1:]}" WITH (FORCE)'.encode())
