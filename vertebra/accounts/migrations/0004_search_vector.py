from django.db import migrations

# The words of each entry as PostgreSQL searches them, made when they are written: making them again at each search
# took ten times as long as searching, and PostgreSQL thought so little of it that it left the index aside.
CREATE = (
    "DROP INDEX search_words",
    """ALTER TABLE accounts_searchentry ADD COLUMN words tsvector
        GENERATED ALWAYS AS (array_to_tsvector(string_to_array(lemmas, ' '))) STORED""",
    "CREATE INDEX search_words ON accounts_searchentry USING gin (words)",
)
DROP = (
    "DROP INDEX search_words",
    "ALTER TABLE accounts_searchentry DROP COLUMN words",
    """CREATE INDEX search_words ON accounts_searchentry
        USING gin (array_to_tsvector(string_to_array(lemmas, ' ')))""",
)


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in CREATE:
            schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in DROP:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = (("accounts", "0003_kept_answers"),)
    operations = (migrations.RunPython(create, drop),)
