"""The light migrations of the tests make the tables that an installation makes."""

import pytest
from django.db import connection

from tests.operate.instances import Instance

TABLES = {
    "sqlite": "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",
    "postgresql": """
        SELECT concat_ws(' ', table_name, column_name, data_type, character_maximum_length, is_nullable, column_default)
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    """,
}
READ = """
import json
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute(%r)
    print(json.dumps([line for line, in cursor.fetchall()]))
"""


@pytest.mark.deep
@pytest.mark.postgres
@pytest.mark.django_db
def test_an_installation_has_the_tables_that_are_tested(instance: Instance) -> None:
    asked = TABLES[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(asked)
        tested = {line for (line,) in cursor.fetchall()}
    assert len(tested) > 300
    assert set(instance.python(READ % asked)) == tested
