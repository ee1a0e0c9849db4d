"""One world for all tests: a data folder of their own, a fixed moment, and the cast."""

import os
import tempfile
from pathlib import Path

os.environ["VERTEBRA_DATA"] = tempfile.mkdtemp(prefix="vertebra-tests-")
os.environ.setdefault("VERTEBRA_NOW", "2026-11-02T09:00:00+01:00")
os.environ.setdefault("VERTEBRA_EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
os.environ["VERTEBRA_TIME_ZONE"] = "Europe/Paris"

import pytest  # noqa: E402


@pytest.fixture
def real_data() -> Path:
    """The folder of real data, or a skip that says so."""
    folder = os.environ.get("VERTEBRA_REAL_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("VERTEBRA_REAL_DATA names no folder: real data not tested")
    return Path(folder)
