"""Making the database ready: its tables, and the cache's; letting it know how much they hold."""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

# Entries that SQLite looks at in each index: enough for its choices, and a blink however much there is.
ENOUGH = 1_000
# A table is counted again once it holds so many times what was known of it.
TIMES = 4


def unapplied() -> list[str]:
    """The migrations that the database lacks, known from their file names alone."""
    applied = set(MigrationRecorder(connection).applied_migrations())
    return sorted(f"{app}.{name}" for app, name in on_disk() if (app, name) not in applied)


def on_disk() -> set[tuple[str, str]]:
    """Every migration of the installed applications, by file name."""
    return {
        (config.label, file.stem)
        for config in apps.get_app_configs()
        for file in (Path(config.path) / "migrations").glob("[0-9]*.py")
    }


def prepare() -> bool:
    """Bring the tables up to date and say whether anything had to be done."""
    cache_table = settings.CACHES["default"]["LOCATION"]
    is_behind = bool(unapplied())
    if is_behind:
        _bring_up_to_date()
    if is_behind or cache_table not in connection.introspection.table_names():
        call_command("createcachetable", verbosity=0)
        return True
    return False


def _bring_up_to_date() -> None:
    from vertebra.kit import new_database  # an instance that is up to date does without

    if new_database.is_empty():
        new_database.make_tables()
    else:
        call_command("migrate", interactive=False, verbosity=0)


@transaction.atomic
def learn_sizes() -> None:
    """Let the database know how much its tables hold, by which it chooses how to read them."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA analysis_limit = {ENOUGH}")
            cursor.execute("ANALYZE")
            # Connections that are open read what is known when tables come or go, and at no other time.
            cursor.execute("CREATE TABLE sizes_learned (id INTEGER)")
            cursor.execute("DROP TABLE sizes_learned")
            return
        # Its own tables alone: those that all databases of a server share are held until the transaction ends.
        for table in sorted(connection.introspection.django_table_names(only_existing=True)):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")


def has_outgrown() -> bool:
    """Whether a table of SQLite holds many times what is known of it; PostgreSQL looks after that by itself."""
    if connection.vendor != "sqlite":
        return False
    with connection.cursor() as cursor:
        known: dict[str, int] = {}
        if "sqlite_stat1" in connection.introspection.table_names(cursor):
            cursor.execute("SELECT tbl, MAX(CAST(stat AS INTEGER)) FROM sqlite_stat1 GROUP BY tbl")
            known = dict(cursor.fetchall())
    every = apps.get_models(include_auto_created=True)
    return any(_holds_more(each, known) for each in every if _is_counted(each))


def _holds_more(model: type[models.Model], known: dict[str, int]) -> bool:
    rows = model._base_manager.order_by()
    most = TIMES * (known.get(model._meta.db_table, 0) + ENOUGH)
    # The last number given is read at once, and is right but where rows were removed.
    last = rows.aggregate(last=models.Max("pk"))["last"] or 0
    return last > most and rows[most : most + 1].exists()


def _is_counted(model: type[models.Model]) -> bool:
    return model._meta.managed and not model._meta.proxy and isinstance(model._meta.pk, models.AutoField)
