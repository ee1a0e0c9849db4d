"""Rows of SQLite and DuckDB files, of a real PostgreSQL and through Ibis: read, in time, not too many."""

import contextlib
import socket
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from psycopg.conninfo import conninfo_to_dict

from tools.with_postgres import postgres
from vertebra.connectors.databases import Allowance, read_rows
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.web_json import Reach

QUERY = 'SELECT month AS "on", SUM(many) AS value FROM orders GROUP BY month ORDER BY month'
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n"
BILLION = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT i FROM n"
)
ROWS = [("2026-09-01", 4), ("2026-09-01", 6), ("2026-10-01", 5)]


def allowance(folder: Path, **given: Any) -> Allowance:
    return Allowance(folder=folder, reach=Reach(private=["127.0.0.1", "localhost"]), **given)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "databases"
    place.mkdir()
    with sqlite3.connect(place / "shop.db") as database:
        database.execute("CREATE TABLE orders (month TEXT, many INTEGER)")
        database.executemany("INSERT INTO orders VALUES (?, ?)", ROWS)
    database.close()
    return place


@pytest.fixture
def duck(folder: Path) -> Path:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect(str(folder / "shop.duckdb")) as database:
        database.execute("CREATE TABLE orders (month DATE, many INTEGER)")
        database.executemany("INSERT INTO orders VALUES (?, ?)", ROWS)
    return folder


def through_network(address: str) -> str:
    """The address of a server that listens on a socket only, through a port of this machine."""
    found = conninfo_to_dict(address)
    if not str(found.get("host", "")).startswith("/"):
        return address
    place = f"{found['host']}/.s.PGSQL.{found.get('port') or 5432}"
    door = socket.create_server(("127.0.0.1", 0))

    def carry(one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while chunk := one.recv(65536):
                other.sendall(chunk)
            other.shutdown(socket.SHUT_WR)

    def serve() -> None:
        while True:
            outside, _peer = door.accept()
            inside = socket.socket(socket.AF_UNIX)
            inside.connect(place)
            for pair in ((outside, inside), (inside, outside)):
                threading.Thread(target=carry, args=pair, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    return (
        f"postgresql://{found['user']}@127.0.0.1:{door.getsockname()[1]}/{found.get('dbname') or 'postgres'}"
    )


def fault_of(address: str, query: str, allowed: Allowance) -> Fault:
    with pytest.raises(Trouble) as trouble:
        read_rows(address, query, allowed)
    return trouble.value.fault


def test_a_sqlite_file_is_read(folder: Path) -> None:
    found = read_rows("sqlite://shop.db", QUERY, allowance(folder))
    assert found.header == ["on", "value"]
    assert [tuple(row) for row in found.rows] == [("2026-09-01", 10), ("2026-10-01", 5)]


def test_a_sqlite_query_that_never_ends_is_stopped(folder: Path) -> None:
    begun = time.monotonic()
    assert fault_of("sqlite://shop.db", ENDLESS, allowance(folder, seconds=1)) == Fault.TOO_SLOW
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("address", ["sqlite://shop.db", "duckdb://shop.duckdb"])
def test_a_billion_rows_are_stopped(duck: Path, address: str) -> None:
    begun = time.monotonic()
    fault = fault_of(address, BILLION, allowance(duck, rows=1000, seconds=5))
    assert fault in {Fault.TOO_MANY_ROWS, Fault.TOO_SLOW}
    assert time.monotonic() - begun < 12


def test_a_sqlite_file_cannot_be_written_even_by_what_passes_the_check(folder: Path) -> None:
    assert (
        fault_of("sqlite://shop.db", "DELETE FROM orders", allowance(folder)) == Fault.STATEMENT_NOT_READING
    )
    for query in ("SELECT load_extension('x')", "SELECT * FROM pragma_table_info('orders')"):
        assert fault_of("sqlite://shop.db", query, allowance(folder)) in {
            Fault.STATEMENT_FORBIDDEN, Fault.QUERY_FAILED,
        }  # fmt: skip


@pytest.mark.parametrize("name", ["../outside.db", "/etc/passwd", "missing.db", "", "."])
def test_a_file_outside_the_folder_is_not_there(folder: Path, name: str) -> None:
    (folder.parent / "outside.db").touch()
    assert fault_of(f"sqlite://{name}", QUERY, allowance(folder)) == Fault.DATABASE_MISSING


def test_a_link_out_of_the_folder_is_not_followed(folder: Path) -> None:
    (folder.parent / "secret.db").touch()
    (folder / "link.db").symlink_to(folder.parent / "secret.db")
    assert fault_of("sqlite://link.db", QUERY, allowance(folder)) == Fault.DATABASE_MISSING


def test_a_duckdb_file_is_read(duck: Path) -> None:
    found = read_rows("duckdb://shop.duckdb", QUERY, allowance(duck))
    assert [int(row[1]) for row in found.rows] == [10, 5]


def test_duckdb_reads_no_other_file(duck: Path) -> None:
    (duck / "other.csv").write_text("a\n1\n")
    query = f"SELECT * FROM '{duck}/other.csv'"
    assert fault_of("duckdb://shop.duckdb", query, allowance(duck)) == Fault.QUERY_FAILED


def test_a_duckdb_query_that_never_ends_is_stopped(duck: Path) -> None:
    query = "SELECT COUNT(*) FROM range(10000000) a, range(10000000) b WHERE hash(a.range + b.range) = 1"
    begun = time.monotonic()
    assert fault_of("duckdb://shop.duckdb", query, allowance(duck, seconds=1)) == Fault.TOO_SLOW
    assert time.monotonic() - begun < 6


@pytest.mark.parametrize("address", ["ibis+sqlite://shop.db", "ibis+duckdb://shop.duckdb"])
def test_a_database_is_read_through_ibis(duck: Path, address: str) -> None:
    pytest.importorskip("ibis")
    found = read_rows(address, QUERY, allowance(duck))
    assert found.header == ["on", "value"]
    assert [int(row[1]) for row in found.rows] == [10, 5]


@pytest.mark.parametrize(
    "address", ["oracle://host/db", "file:///etc/passwd", "csv://x", "postgresql://[", ""]
)
def test_another_kind_of_database_is_refused(folder: Path, address: str) -> None:
    assert fault_of(address, QUERY, allowance(folder)) == Fault.DATABASE_UNKNOWN


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://127.0.0.1/shop", "postgresql:///shop", "postgresql://%2Ftmp/shop",
        "postgresql://example.org/shop?host=127.0.0.1", "postgresql://example.org/shop?service=mine",
        "ibis+postgresql://example.org/shop?h%6fst=127.0.0.1",
    ],
)  # fmt: skip
def test_a_server_on_the_private_network_is_refused_unless_allowed(folder: Path, address: str) -> None:
    assert fault_of(address, QUERY, Allowance(folder=folder)) == Fault.ADDRESS_PRIVATE


@pytest.mark.postgres
def test_a_real_postgresql_is_read_and_never_written(tmp_path: Path) -> None:
    import psycopg

    with postgres() as address:
        with psycopg.connect(address) as connection:
            connection.execute("CREATE TABLE orders (month date, many integer)")
            connection.cursor().executemany("INSERT INTO orders VALUES (%s, %s)", ROWS)
        connection.close()
        address = through_network(address)
        allowed = allowance(tmp_path, seconds=1)
        found = read_rows(address, QUERY, allowed)
        assert found.header == ["on", "value"]
        assert [int(row[1]) for row in found.rows] == [10, 5]
        assert fault_of(address, ENDLESS, allowed) == Fault.TOO_SLOW
        assert fault_of(address, BILLION, allowance(tmp_path, seconds=1, rows=100)) == Fault.TOO_MANY_ROWS
        assert fault_of(address, "SELECT nothing FROM orders", allowed) == Fault.QUERY_FAILED
        with psycopg.connect(address) as connection:
            connection.execute(
                "CREATE FUNCTION sneak() RETURNS int LANGUAGE sql AS 'DELETE FROM orders RETURNING 1'"
            )
        connection.close()
        assert fault_of(address, "SELECT sneak()", allowed) == Fault.QUERY_FAILED
        assert len(read_rows(address, "SELECT many AS value FROM orders", allowed).rows) == len(ROWS)


def test_a_server_that_is_not_there_says_so_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as trouble:
        read_rows("postgresql://me:hush-hush@127.0.0.1:9/shop", QUERY, allowance(tmp_path))
    assert trouble.value.fault == Fault.DATABASE_CLOSED
    assert not trouble.value.is_permanent
    assert "hush" not in str(trouble.value.particulars)
