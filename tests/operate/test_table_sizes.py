"""What is learnt of the sizes of tables is learnt by every connection that is open."""

import os

import pytest

from tests.operate.instances import Instance

READ = """
import json, sqlite3
from django.conf import settings
from vertebra.kit.database import learn_sizes
reader = sqlite3.connect(settings.DATABASES["default"]["NAME"])
reader.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, one INTEGER, other INTEGER)")
for name in ("one", "other"):
    reader.execute(f"CREATE INDEX by_{name} ON thing ({name})")
def plan(when):
    reader.execute("SELECT COUNT(*) FROM thing WHERE one = 1").fetchall()
    return str(reader.execute(f"EXPLAIN QUERY PLAN SELECT * FROM thing WHERE one = 1 AND other = 1 -- {when}").fetchall())
def fill(one, other):
    reader.execute("DELETE FROM thing")
    reader.executemany(f"INSERT INTO thing (one, other) VALUES ({one}, {other})", [(each,) for each in range(3000)])
    reader.commit()
    learn_sizes()
fill("?", "1")
before = plan("before")
fill("1", "?")
print(json.dumps([before, plan("after")]))
"""


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="PostgreSQL keeps what it knows for all connections")
def test_whoever_reads_already_learns_it_too(instance: Instance) -> None:
    before, after = instance.python(READ)
    assert "by_one" in before
    assert "by_other" in after
