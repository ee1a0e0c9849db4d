"""Fixtures for tests of whole instances."""

import fcntl
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.operate.instances import Instance, drop_database, own_database

NewInstance = Callable[[], Instance]
ADMIN_URL = os.environ.get("DATABASE_URL", "")


@pytest.fixture(scope="session")
def made_ready(kept: Path) -> Instance:
    """An empty instance whose database is up to date, made once in a run, to be copied."""
    ready, made = Instance(kept / "ready" / "data"), kept / "ready.made"
    with open(kept / "ready.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            ready.database = own_database(ADMIN_URL) if ADMIN_URL else ""
            done = ready.run("migrate")
            assert done.returncode == 0, done.stderr
            made.write_text(ready.database)
    ready.database = made.read_text()
    return ready


@contextmanager
def instances(ready: Instance, folder: Path) -> Iterator[NewInstance]:
    """Makes empty instances, on the database that the tests run on, and stops what ran on them."""
    made: list[Instance] = []

    def make() -> Instance:
        own = folder / f"instance{len(made)}" / "data"
        shutil.copytree(ready.folder, own)
        own.chmod(0o700)
        database = own_database(ADMIN_URL, urlsplit(ready.database).path[1:]) if ADMIN_URL else ""
        made.append(Instance(own, database))
        return made[-1]

    yield make
    for instance in made:
        for process in instance.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
        if instance.database:
            drop_database(ADMIN_URL, instance.database)


@pytest.fixture
def new_instance(made_ready: Instance, tmp_path: Path) -> Iterator[NewInstance]:
    """Makes empty instances for one test."""
    with instances(made_ready, tmp_path) as make:
        yield make


@pytest.fixture(scope="module")
def shared_instances(made_ready: Instance, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewInstance]:
    """Makes instances for all tests of a file that do each other no harm: to start one takes longer than most of them."""
    with instances(made_ready, tmp_path_factory.mktemp("shared")) as make:
        yield make


@pytest.fixture
def instance(new_instance: NewInstance) -> Instance:
    """One empty instance."""
    return new_instance()
