"""The demo company for files of tests: made once in a run, put back row by row for every further file and process."""

import datetime as dt
import fcntl
import pickle
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from django.apps import apps
from django.db import connection, models, transaction
from pytest_django import DjangoDbBlocker

from vertebra.demo.book import BATCH, set_sequences
from vertebra.demo.load import Summary
from vertebra.kit.bulk import insert_rows
from vertebra.kit.database import learn_sizes

Rows = list[tuple[Any, ...]]
Make = Callable[[], Summary]


@dataclass(frozen=True)
class Kept:
    """What loading a company gave: its summary, and by the label of its model the rows of each table it wrote to."""

    summary: Summary
    tables: dict[str, Rows]


KEPT: dict[str, Kept] = {}


@contextmanager
def company(make: Make, blocker: DjangoDbBlocker, folder: Path) -> Iterator[Summary]:
    """A company as its rules make it, taken back at the end; the folder is shared by the processes of a run."""
    with blocker.unblock(), transaction.atomic():
        kept = KEPT.get(make.__name__)
        if kept is None:
            kept = KEPT[make.__name__] = _made_once(make, folder / f"{make.__name__}.rows")
        else:
            _put_back(kept)
        yield kept.summary
        transaction.set_rollback(True)


def _made_once(make: Make, file: Path) -> Kept:
    """Make the company, unless another process has: what it wrote is put here."""
    with open(file.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            kept = _made(make)
            file.write_bytes(pickle.dumps(kept))
            return kept
    found: Kept = pickle.loads(file.read_bytes())
    _put_back(found)
    return found


def _made(make: Make) -> Kept:
    before = {model: _rows(model) for model in _tables()}
    with _sizes_unknown():
        summary = make()
    after = {model: _rows(model) for model in _tables()}
    written = {model._meta.label: rows for model, rows in after.items() if rows != before[model]}
    return Kept(summary, written)


@contextmanager
def _sizes_unknown() -> Iterator[None]:
    """Keep SQLite from noting sizes: that changes its schema, read anew after whatever is taken back from then on."""
    with ExitStack() as kept_from:
        for module in ("load", "understood") if connection.vendor == "sqlite" else ():
            kept_from.enter_context(mock.patch(f"vertebra.demo.{module}.learn_sizes"))
        yield


def _put_back(kept: Kept) -> None:
    tables = {apps.get_model(label): rows for label, rows in kept.tables.items()}
    for model, rows in tables.items():
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")
        for start in range(0, len(rows), BATCH):
            insert_rows(model, _columns(model), list(map(_as_written, rows[start : start + BATCH])))
    set_sequences(list(tables))
    if connection.vendor == "postgresql":
        # Nobody else counts what a test wrote, and from outside its tables look empty.
        learn_sizes()


def _as_written(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row as it is given to the database: SQLite reads hours of the day, and takes them as text only."""
    return tuple(value.isoformat() if isinstance(value, dt.time) else value for value in row)


def _tables() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def _columns(model: type[models.Model]) -> list[str]:
    return [str(field.column) for field in model._meta.concrete_fields]


def _rows(model: type[models.Model]) -> Rows:
    names = ", ".join(map(connection.ops.quote_name, _columns(model)))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {connection.ops.quote_name(model._meta.db_table)}")
        return list(cursor.fetchall())
