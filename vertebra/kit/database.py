"""Making the database ready: its tables, and the cache's."""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder


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
        call_command("migrate", interactive=False, verbosity=0)
    if is_behind or cache_table not in connection.introspection.table_names():
        call_command("createcachetable", verbosity=0)
        return True
    return False
