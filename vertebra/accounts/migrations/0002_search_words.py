from django.db import migrations

SQLITE = (
    """CREATE VIRTUAL TABLE search_words USING fts5(
        lemmas, content='accounts_searchentry', content_rowid='id', prefix='2 3 4', tokenize='ascii')""",
    """CREATE TRIGGER search_words_after_insert AFTER INSERT ON accounts_searchentry BEGIN
        INSERT INTO search_words(rowid, lemmas) VALUES (new.id, new.lemmas); END""",
    """CREATE TRIGGER search_words_after_delete AFTER DELETE ON accounts_searchentry BEGIN
        INSERT INTO search_words(search_words, rowid, lemmas) VALUES ('delete', old.id, old.lemmas); END""",
    """CREATE TRIGGER search_words_after_update AFTER UPDATE OF lemmas ON accounts_searchentry BEGIN
        INSERT INTO search_words(search_words, rowid, lemmas) VALUES ('delete', old.id, old.lemmas);
        INSERT INTO search_words(rowid, lemmas) VALUES (new.id, new.lemmas); END""",
)
POSTGRESQL = (
    """CREATE INDEX search_words ON accounts_searchentry
        USING gin (array_to_tsvector(string_to_array(lemmas, ' ')))""",
)


def create(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in ("insert", "delete", "update"):
            schema_editor.execute(f"DROP TRIGGER search_words_after_{name}")
        schema_editor.execute("DROP TABLE search_words")
    else:
        schema_editor.execute("DROP INDEX search_words")


class Migration(migrations.Migration):
    dependencies = (("accounts", "0001_initial"),)
    operations = (migrations.RunPython(create, drop),)
