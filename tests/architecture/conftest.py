"""The demo company with an account of each role, to be walked through."""

import pytest

from tests.architecture.samples import Samples, accounts
from tests.architecture.walking import Walk
from vertebra.demo.load import Summary


@pytest.fixture(scope="module")
def walk(demo_small: Summary) -> Walk:
    users = accounts()
    return Walk(users, Samples(users))
