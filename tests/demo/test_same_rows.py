"""The same seed and day give the same rows, whatever the process."""

import datetime as dt
import hashlib
import os
import subprocess
import sys

import pytest
from django.apps import apps

from vertebra.demo.fixture import DAY
from vertebra.demo.load import OURS, load
from vertebra.evidence.models import Response

PLAN = """
import datetime, hashlib, os, django
django.setup()
from vertebra.demo.book import Book
from vertebra.demo.load import plan
from vertebra.demo.profiles import profile
from vertebra.demo.rows import write_company
book = Book()
write_company(plan(profile("scale-up"), datetime.date(2026, 11, 2)), book, {})
print(hashlib.sha256(repr([(m.__name__, rows) for m, rows in book.pages.items()]).encode()).hexdigest())
"""


def tables() -> dict[str, str]:
    """A digest of every row, table by table."""
    found = {}
    for label in OURS:
        for model in apps.get_app_config(label).get_models():
            rows = list(model._default_manager.order_by("pk").values_list())
            if model is Response:  # a response has a key of chance, so that nothing tells who gave it
                rows = sorted((row[1:] for row in rows), key=repr)
            found[model.__name__] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("profile", ["small", pytest.param("scale-up", marks=pytest.mark.deep)])
def test_loading_twice_gives_the_same_tables(profile: str) -> None:
    # From the same numbers on: PostgreSQL does not give those back that an earlier test took.
    load(profile=profile, until=DAY, reset=True)
    first = tables()
    load(profile=profile, until=DAY, reset=True)
    second = tables()
    assert [name for name in first if first[name] != second[name]] == []


@pytest.mark.deep
@pytest.mark.django_db
def test_another_day_gives_other_rows() -> None:
    load(profile="small", until=DAY)
    first = tables()
    load(profile="small", until=DAY + dt.timedelta(days=40), reset=True)
    second = tables()
    assert all(first[name] != second[name] for name in ("Person", "Membership", "UnitVersion", "AuditEntry"))


def test_no_order_of_a_set_decides_anything() -> None:
    digests = set()
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        done = subprocess.run(
            [sys.executable, "-c", PLAN], env=environment, capture_output=True, text=True, check=True
        )
        digests.add(done.stdout.strip())
    assert len(digests) == 1
