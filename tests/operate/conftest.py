"""Fixtures for tests of whole instances."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.operate.instances import Instance, drop_database, own_database

ADMIN_URL = os.environ.get("DATABASE_URL", "")


@pytest.fixture(scope="session")
def made_ready(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    """An empty instance whose database is up to date, to be copied."""
    ready = Instance(tmp_path_factory.mktemp("ready") / "data")
    if ADMIN_URL:
        ready.database = own_database(ADMIN_URL)
    done = ready.run("migrate")
    assert done.returncode == 0, done.stderr
    return ready


@pytest.fixture
def new_instance(made_ready: Instance, tmp_path: Path) -> Iterator[Callable[[], Instance]]:
    """Makes empty instances, on the database that the tests run on, and stops what ran on them."""
    made: list[Instance] = []

    def make() -> Instance:
        folder = tmp_path / f"instance{len(made)}" / "data"
        shutil.copytree(made_ready.folder, folder)
        folder.chmod(0o700)
        database = own_database(ADMIN_URL, urlsplit(made_ready.database).path[1:]) if ADMIN_URL else ""
        made.append(Instance(folder, database))
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
def instance(new_instance: Callable[[], Instance]) -> Instance:
    """One empty instance."""
    return new_instance()
