"""What all tests share."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management.commands.migrate import Command
from django.utils import translation
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker

from tests.companies import company
from tools.browser import CHROMIUM_OPTIONS, chromium_path
from vertebra.demo.fixture import scale_up_company, small_company
from vertebra.demo.load import Summary
from vertebra.kit import new_database
from vertebra.org.queries import remembered

# What tests are made of stays to the end, and of what they leave most is no ring: looked for rarely, it costs little.
YOUNG_OBJECTS = 50_000


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Collect without looking for rings among what stays: no later search goes through it either."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(YOUNG_OBJECTS)
        gc.enable()


# One of them leads to every use of a database: pytest-django refuses what names none, and what starts an instance
# or a site asks for it here.
DATABASES = frozenset({"django_db_setup", "made_ready", "site"})


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, leave out what touches no database: on SQLite it showed all that it can show."""
    if "DATABASE_URL" not in os.environ:
        return
    left_out = [item for item in items if not touches_a_database(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if touches_a_database(item)]


def touches_a_database(item: pytest.Item) -> bool:
    """Whether a test uses a database in any way; what starts processes may, by the address it hands on."""
    assert isinstance(item, pytest.Function)
    is_marked = any(item.get_closest_marker(name) for name in ("django_db", "postgres", "browser"))
    return is_marked or not DATABASES.isdisjoint(item.fixturenames) or hasattr(item.module, "subprocess")


@pytest.fixture(scope="session")
def light_migrations() -> Iterator[pytest.MonkeyPatch]:
    """The tables of the tests, made as an installation makes its own (tests/operate/test_same_tables.py)."""
    by_django = Command.handle

    def handle(command: Command, *arguments: str, **options: Any) -> None:
        if new_database.is_empty():
            new_database.make_tables()
        else:
            by_django(command, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Command, "handle", handle)
        yield patch


@pytest.fixture(scope="session")
def django_db_setup(light_migrations: pytest.MonkeyPatch, django_db_setup: None) -> None:
    """The database of this process; what migrates later does as it would anywhere."""
    light_migrations.undo()


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """Forget what pages read of another test's company, whose rows had the same numbers."""
    yield
    remembered._kept.clear()


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Say in English what is said outside a page, whatever language the page of an earlier test left behind."""
    with translation.override("en"):
        yield


@pytest.fixture
def real_data() -> Path:
    """The folder of real data, or a skip that says so."""
    folder = os.environ.get("VERTEBRA_REAL_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("VERTEBRA_REAL_DATA names no folder: real data not tested")
    return Path(folder)


@pytest.fixture(scope="module")
def demo_small(django_db_setup: None, django_db_blocker: DjangoDbBlocker, kept: Path) -> Iterator[Summary]:
    """The demo company of sixty, loaded once for a file of tests and taken back afterwards."""
    with company(small_company, django_db_blocker, kept) as summary:
        yield summary


@pytest.fixture(scope="module")
def demo_scale_up(django_db_setup: None, django_db_blocker: DjangoDbBlocker, kept: Path) -> Iterator[Summary]:
    """The demo company of eighteen hundred, loaded once for a file of tests and taken back afterwards."""
    with company(scale_up_company, django_db_blocker, kept) as summary:
        yield summary


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of one run of the tests share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of this process: Playwright starts once."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(CHROMIUM_OPTIONS))
        yield browser
        browser.close()
