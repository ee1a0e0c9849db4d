"""A real Vertebra for the browser: the demo company, served by the product's own command on a free port."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.ports import free_port

NOW = "2026-11-02T09:00:00+01:00"
DAY = "2026-11-02"


@dataclass
class Site:
    """One instance in a folder of its own."""

    folder: Path
    port: int
    database: str = ""
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What its commands are given."""
        given = {name: value for name, value in os.environ.items() if not name.startswith("VERTEBRA_")}
        given.pop("DATABASE_URL", None)
        given |= {"DATABASE_URL": self.database} if self.database else {}
        return given | {
            "VERTEBRA_DATA": str(self.folder),
            "VERTEBRA_NOW": NOW,
            "VERTEBRA_TIME_ZONE": "Europe/Paris",
            "PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": "vertebra.settings",
        }

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run one command of the product in this instance."""
        command = [sys.executable, "-m", "vertebra.cli", *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=300)
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def inside(self, words: str) -> None:
        """Run some lines of Python in this instance."""
        command = [sys.executable, "-c", f"import django; django.setup(); {words}"]
        subprocess.run(command, env=self.environment, check=True, timeout=300)

    def start(self, *options: str) -> None:
        """Serve, and wait until the first page answers."""
        command = [sys.executable, "-m", "vertebra.cli", "serve", *options]
        self.log = open(self.folder / "serve.log", "w")  # noqa: SIM115
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=self.log, stderr=subprocess.STDOUT, text=True
        )
        until = time.monotonic() + 150
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=2)
                return
            except OSError:
                assert self.process.poll() is None, (self.folder / "serve.log").read_text()
                time.sleep(0.1)
        raise AssertionError((self.folder / "serve.log").read_text())

    def stop(self) -> int:
        """Stop serving as Ctrl-C does, and give the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=90)


def new_site() -> Site:
    """An empty instance; where a PostgreSQL is given, on a database of its own there."""
    folder = Path(tempfile.mkdtemp(prefix="vertebra-site-"))
    return Site(folder, free_port(), _new_database(os.environ.get("DATABASE_URL", ""), folder.name))


def demo_site(profile: str, kept: Path) -> Site:
    """An instance with a demo company: made once in a folder that all tests of a run share, copied for each."""
    folder, server = kept / f"demo-{profile}", os.environ.get("DATABASE_URL", "")
    with open(kept / f"demo-{profile}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / "database"
        if not done.exists():
            folder.mkdir(exist_ok=True)
            made = Site(
                folder / "data", free_port(), _new_database(server, f"{kept.name}{profile}{os.getpid()}")
            )
            made.run("demo", "--profile", profile, "--until", DAY)
            # What it leaves to a job, here and now: else each of the sites would make it again while it is looked at.
            made.inside("from vertebra.demo.jobs import make_work_items; make_work_items.func()")
            # Looking back at checks takes longer than all of that, and no page waits for it.
            made.inside("from django_tasks_db.models import DBTaskResult as Job; Job.objects.all().delete()")
            done.write_text(made.database)
        copied = Path(tempfile.mkdtemp(prefix="site-", dir=kept))
        shutil.copytree(folder / "data", copied, dirs_exist_ok=True)
        return Site(copied, free_port(), _new_database(server, copied.name, done.read_text()))


def _new_database(server: str, folder: str, copied: str = "") -> str:
    if not server.startswith("postgres"):
        return ""
    name = "site_" + "".join(letter for letter in folder.lower() if letter.isalnum())
    like = urlsplit(copied).path.strip("/") or "template1"
    with psycopg.connect(server, autocommit=True) as connection:
        words = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(words.format(sql.Identifier(name), sql.Identifier(like)))
    return urlsplit(server)._replace(path=f"/{name}").geturl()
