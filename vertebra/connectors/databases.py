"""Rows of a query on a database: SQLite and DuckDB files, PostgreSQL, and through Ibis a warehouse; read, never written."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.statements import check_statement
from vertebra.connectors.web_json import Reach, resolve

FILES = ("sqlite", "duckdb")
POSTGRES = ("postgres", "postgresql")
# Reached through Ibis; “ibis+” asks for it where we could do without.
WAREHOUSES = ("bigquery", "snowflake", "databricks", "trino", "clickhouse", "mysql", "athena")
_WITH_HOSTS = {"databricks": 443, "trino": 8080, "clickhouse": 9000, "mysql": 3306, "postgres": 5432}
_LONGEST_VALUE = 1_000_000


@dataclass(frozen=True)
class Allowance:
    """What a query may take: time, rows, and where its database may stand."""

    folder: Path
    reach: Reach = field(default_factory=Reach)
    seconds: float = 30
    rows: int = 100_000


@dataclass(frozen=True, slots=True)
class Rows:
    """A heading and rows."""

    header: list[str]
    rows: Sequence[Sequence[Any]]


def read_rows(address: str, query: str, allowance: Allowance) -> Rows:
    """The rows of a query on the database at an address; refuses what writes, never ends or gives too much."""
    try:
        place = urlsplit(address)
        _port = place.port
    except ValueError as error:
        raise Trouble(Fault.DATABASE_UNKNOWN, name=address.partition(":")[0][:40]) from error
    kind = place.scheme.removeprefix("ibis+")
    is_ibis = place.scheme.startswith("ibis+") or kind in WAREHOUSES
    if kind not in (*FILES, *POSTGRES, *WAREHOUSES):
        raise Trouble(Fault.DATABASE_UNKNOWN, name=kind[:40])
    statement = check_statement(query, "postgres" if kind in POSTGRES else kind)
    wanted = f"SELECT * FROM ({statement}\n) AS wanted LIMIT {allowance.rows + 1}"  # noqa: S608 (checked above)
    if is_ibis:
        found = _through_ibis(place, kind, statement, allowance)
    elif kind == "sqlite":
        found = _sqlite(_file(place, allowance.folder), wanted, allowance)
    elif kind == "duckdb":
        found = _duckdb(_file(place, allowance.folder), wanted, allowance)
    else:
        found = _postgres(place, wanted, allowance)
    if len(found.rows) > allowance.rows:
        raise Trouble(Fault.TOO_MANY_ROWS, limit=allowance.rows)
    return found


def _file(place: SplitResult, folder: Path) -> Path:
    """The file of a database, which lies in the folder that was opened for this."""
    name = (place.netloc + place.path).lstrip("/")
    path = (folder / name).resolve()
    if not name or not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise Trouble(Fault.DATABASE_MISSING, name=name[:200], folder=str(folder))
    return path


def _failed(error: Exception) -> Trouble:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return Trouble(Fault.QUERY_FAILED, detail=lines[0][:300])


def _sqlite(path: Path, wanted: str, allowance: Allowance) -> Rows:
    import sqlite3

    reading = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
    until = time.monotonic() + allowance.seconds
    try:
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=5)
    except sqlite3.Error as error:
        raise Trouble(Fault.DATABASE_CLOSED, detail=str(error)[:200]) from error
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        connection.set_progress_handler(lambda: int(time.monotonic() > until), 20_000)
        connection.set_authorizer(
            lambda action, *_more: sqlite3.SQLITE_OK if action in reading else sqlite3.SQLITE_DENY
        )
        cursor = connection.execute(wanted)
        return Rows([one[0] for one in cursor.description], list(cursor))
    except sqlite3.Error as error:
        if time.monotonic() > until:
            raise Trouble(Fault.TOO_SLOW, host=path.name, seconds=int(allowance.seconds)) from error
        raise _failed(error) from error
    finally:
        connection.close()


def _duckdb(path: Path, wanted: str, allowance: Allowance) -> Rows:
    try:
        import duckdb
    except ImportError as error:
        raise Trouble(Fault.LIBRARY_MISSING, name="duckdb") from error
    config: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": "false", "autoload_known_extensions": "false",
        "autoinstall_known_extensions": "false", "memory_limit": "512MB", "threads": "1",
        "lock_configuration": "true",
    }  # fmt: skip
    try:
        connection = duckdb.connect(str(path), read_only=True, config=config)
    except duckdb.Error as error:
        raise Trouble(Fault.DATABASE_CLOSED, detail=str(error).splitlines()[0][:200]) from error
    watch = threading.Timer(allowance.seconds, connection.interrupt)
    watch.start()
    try:
        cursor = connection.execute(wanted)
        header = [str(one[0]) for one in cursor.description or ()]
        return Rows(header, cursor.fetchall())
    except duckdb.InterruptException as error:
        raise Trouble(Fault.TOO_SLOW, host=path.name, seconds=int(allowance.seconds)) from error
    except duckdb.Error as error:
        raise _failed(error) from error
    finally:
        watch.cancel()
        connection.close()


def _postgres(place: SplitResult, wanted: str, allowance: Allowance) -> Rows:
    import psycopg

    host = place.hostname or ""
    addresses = _reached(place, 5432, allowance.reach)
    milliseconds = int(allowance.seconds * 1000)
    options = f"-c default_transaction_read_only=on -c statement_timeout={milliseconds}"
    try:
        connection = psycopg.connect(
            place._replace(scheme="postgresql").geturl(),
            options=options,
            hostaddr=addresses[0] if addresses else "",
            connect_timeout=10,
        )
    except (psycopg.Error, ValueError, UnicodeError) as error:
        raise Trouble(Fault.DATABASE_CLOSED, detail=_without_secrets(str(error), place)) from error
    try:
        with connection, connection.cursor() as cursor:
            connection.read_only = True
            # A prepared statement is one statement, whatever its text says.
            cursor.execute(wanted.encode(), prepare=True)
            return Rows([one.name for one in cursor.description or ()], cursor.fetchall())
    except psycopg.errors.QueryCanceled as error:
        raise Trouble(Fault.TOO_SLOW, host=host, seconds=int(allowance.seconds)) from error
    except psycopg.Error as error:
        raise _failed(error) from error
    finally:
        connection.close()


def _reached(place: SplitResult, port: int, reach: Reach) -> list[str]:
    """The addresses at which the server of a database is asked; a local socket is a private address too."""
    # Drivers decode the names of parameters too.
    host, asked = place.hostname or "", unquote(place.query)
    if not host or host.startswith("/") or "%2f" in host.lower() or "host" in asked or "service" in asked:
        raise Trouble(Fault.ADDRESS_PRIVATE, host=host or "localhost")
    return resolve(host, place.port or port, reach)


def _without_secrets(text: str, place: SplitResult) -> str:
    said = (text.strip().splitlines() or [""])[0][:300]
    return said.replace(place.password, "…") if place.password else said


def _through_ibis(place: SplitResult, kind: str, statement: str, allowance: Allowance) -> Rows:
    """Ask in a process of its own, which is ended when it takes too long."""
    address = place._replace(scheme=kind).geturl()
    if kind in FILES:
        address = f"{kind}://{_file(place, allowance.folder)}"
    elif kind in POSTGRES:
        address = place._replace(scheme="postgres").geturl()
    if kind in _WITH_HOSTS or kind in POSTGRES:
        _reached(place, _WITH_HOSTS.get(kind, 5432), allowance.reach)
    asked = {"address": address, "kind": kind, "statement": statement, "rows": allowance.rows + 1}
    command = [sys.executable, "-m", "vertebra.connectors.warehouse"]
    try:
        ended = subprocess.run(  # noqa: S603 (our own program; what was typed goes in as data)
            command, input=json.dumps(asked), capture_output=True, text=True, check=False,
            timeout=allowance.seconds + 15,
        )  # fmt: skip
        answer = json.loads(ended.stdout.strip().splitlines()[-1])
    except subprocess.TimeoutExpired as error:
        raise Trouble(Fault.TOO_SLOW, host=kind, seconds=int(allowance.seconds)) from error
    except (ValueError, IndexError) as error:
        raise Trouble(Fault.QUERY_FAILED, detail=kind) from error
    if "missing" in answer:
        raise Trouble(Fault.LIBRARY_MISSING, name=str(answer["missing"]))
    if "failed" in answer:
        raise Trouble(Fault.QUERY_FAILED, detail=_without_secrets(str(answer["failed"]), place))
    return Rows(answer["header"], answer["rows"])
