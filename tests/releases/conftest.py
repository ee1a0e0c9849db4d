"""What the tests of releases share: the day it is, and the two who act most."""

from typing import Any

import pytest

from tests import world
from vertebra.accounts.models import User


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    """The day of the tests."""
    settings.FIXED_NOW = world.NOW


@pytest.fixture
def ines() -> User:
    """Inès, Product Ops."""
    return world.ines()


@pytest.fixture
def karim() -> User:
    """Karim, a contributor who leads a team."""
    return world.karim()
