"""What makes an empty database quickly makes what Django's own command makes, and what the tests are run on."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.operate.instances import Instance, drop_database, own_database

TABLES = {
    "sqlite": "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",
    "postgresql": """
        SELECT concat_ws(' ', table_name, column_name, data_type, character_maximum_length,
            is_nullable, column_default, is_identity, generation_expression)
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    """,
}
ROWS = """
    SELECT app || ' ' || name FROM django_migrations
    UNION ALL SELECT app_label || ' ' || model || ' ' || COALESCE(codename, '') || ' ' || COALESCE(name, '')
    FROM django_content_type LEFT JOIN auth_permission ON content_type_id = django_content_type.id
"""
READ = """
import json
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute(%r)
    print(json.dumps([line for line, in cursor.fetchall()]))
"""
COLUMN = re.compile(r', (?="\w+" [a-z]|CONSTRAINT )')
BEGIN = "from django.core.management import call_command; call_command('migrate', 'accounts', verbosity=0)"


@pytest.fixture
def by_django(tmp_path: Path) -> Iterator[Instance]:
    """An instance whose tables are all made by Django's own command: those of one module, then what is missing."""
    address = os.environ.get("DATABASE_URL", "")
    made = Instance(tmp_path / "by-django" / "data", own_database(address) if address else "")
    made.python(BEGIN)
    assert len(made.answer("migrate")["applied"]) > 30
    yield made
    if made.database:
        drop_database(address, made.database)


@pytest.mark.deep
@pytest.mark.postgres
@pytest.mark.django_db
def test_a_new_database_is_what_every_migration_by_itself_makes(
    instance: Instance, by_django: Instance
) -> None:
    asked = TABLES[connection.vendor]
    expected = {whatever_the_order(line) for line in by_django.python(READ % asked)}
    assert len(expected) > 300
    assert {whatever_the_order(line) for line in instance.python(READ % asked)} == expected
    assert sorted(instance.python(READ % ROWS)) == sorted(by_django.python(READ % ROWS))
    with connection.cursor() as cursor:
        cursor.execute(asked)
        assert {whatever_the_order(line) for (line,) in cursor.fetchall()} == expected


def whatever_the_order(line: str) -> str:
    """A table of SQLite as its columns and constraints: those that changes added or touched stand elsewhere."""
    if not line.startswith("table "):
        return line
    return "\n".join(sorted(COLUMN.split(line.removesuffix(")"))))
