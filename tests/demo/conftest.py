"""The demo company, loaded once for a file of tests and taken back afterwards."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from vertebra.demo.fixture import scale_up_company, small_company
from vertebra.demo.load import Summary


@pytest.fixture(scope="module")
def scale_up(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Summary]:
    """The company of eighteen hundred."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield scale_up_company()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def small(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Summary]:
    """The company of sixty."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield small_company()
        transaction.set_rollback(True)
