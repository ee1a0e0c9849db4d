"""The demo company that a test names, loaded once and taken back before the other comes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests.companies import company
from vertebra.demo.fixture import scale_up_company, small_company
from vertebra.demo.load import Summary

COMPANIES = {"small": small_company, "scale-up": scale_up_company}


@pytest.fixture(scope="module")
def loaded(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker, kept: Path
) -> Iterator[Summary]:
    """The company that the test names, taken back before the other comes."""
    # Without it there is a database only where another file of the same run asks for one.
    assert request.node.get_closest_marker("django_db"), (
        "say `pytestmark = pytest.mark.django_db` in this file"
    )
    with company(COMPANIES[request.param], django_db_blocker, kept) as summary:
        yield summary


@pytest.fixture
def small_here(db: None, django_db_blocker: DjangoDbBlocker, kept: Path) -> Iterator[Summary]:
    """The company of sixty for one test, in a file where others begin with nothing."""
    with company(small_company, django_db_blocker, kept) as summary:
        yield summary
