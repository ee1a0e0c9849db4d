"""Fixtures for tests of work items."""

from pathlib import Path

import pytest
from django.conf import LazySettings


@pytest.fixture
def data(settings: LazySettings, tmp_path: Path) -> Path:
    """A data folder of the test's own."""
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    return Path(settings.DATA)
