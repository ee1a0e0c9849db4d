"""What makes an empty database quickly makes what Django's own command makes, and what the tests are run on."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations import RunPython, RunSQL, operations
from django.db.migrations.loader import MigrationLoader

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
from django.db.migrations import RunPython, RunSQL, operations
from django.db.migrations.loader import MigrationLoader
with connection.cursor() as cursor:
    cursor.execute(%r)
    print(json.dumps([line for line, in cursor.fetchall()]))
"""
COLUMN = re.compile(r', (?="\w+" [a-z]|CONSTRAINT )')
# What libraries run for rows that are there already: an empty database has none.
FOR_ROWS = {
    "account 0006_emailaddress_lower",
    "account 0008_emailaddress_unique_primary_email_fixup",
    "auth 0011_update_proxy_permissions",
    "contenttypes 0002_remove_content_type_name",
    "django_tasks_database 0008_separate_results_field",
    "django_tasks_database 0011_rename_complete_status",
    "django_tasks_database 0013_separate_exception_fields",
    "django_tasks_database 0016_remove_dbtaskresult_django_task_new_ordering_idx_and_more",
    "django_tasks_database 0018_rename_succeeded_status",
}
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


def test_nothing_that_migrations_do_is_left_out_unseen() -> None:
    ran = set()
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        for operation in migration.operations:
            kind = type(operation)
            if isinstance(operation, RunPython | RunSQL):
                ran.add(f"{app} {name}" if not type(migration).__module__.startswith("vertebra.") else "")
            else:
                # Changes of models, all of which the models of today hold.
                is_known = kind.__name__ in operations.__all__ and kind.__name__ != "SeparateDatabaseAndState"
                assert is_known or kind.__name__ == "RenameIndexIfExists", f"{app} {name}: {kind.__name__}"
    assert ran - {""} == FOR_ROWS


# On PostgreSQL in `make test-deep`: most of a minute of making tables one after the other.
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
