"""What all tests share."""

import os
from pathlib import Path

import pytest


@pytest.fixture
def real_data() -> Path:
    """The folder of real data, or a skip that says so."""
    folder = os.environ.get("VERTEBRA_REAL_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("VERTEBRA_REAL_DATA names no folder: real data not tested")
    return Path(folder)
