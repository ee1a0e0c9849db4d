"""SQL that somebody wrote is one statement that reads, or it is not run."""

import pytest

from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.statements import check_statement

GOOD = (
    "SELECT 1",
    "select month as on, count(*) as value from orders group by 1 order by 1;",
    "WITH one AS (SELECT 1 AS a) SELECT a FROM one UNION ALL SELECT 2",
    "SELECT a FROM t WHERE note = '; DROP TABLE t; --'",
    "SELECT * FROM (SELECT 1) AS t -- a comment",
    "SELECT CASE WHEN a GLOB 'x*' THEN 1 ELSE 0 END FROM t",
)
WRITING = (
    "DELETE FROM orders",
    "INSERT INTO orders VALUES (1)",
    "UPDATE orders SET a = 1",
    "DROP TABLE orders",
    "CREATE TABLE a AS SELECT 1",
    "SELECT 1; DROP TABLE orders",
    "SELECT 1; SELECT 2",
    "SELECT * INTO stolen FROM orders",
    "SELECT * FROM orders FOR UPDATE",
    "WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone",
    "COPY orders TO '/tmp/stolen'",
    "VACUUM",
    "SET statement_timeout = 0",
    "EXPLAIN ANALYZE DELETE FROM orders",
    "CALL something()",
    "",
    "-- nothing",
)
REACHING = (
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_sleep(1000)",
    "SELECT lo_import('/etc/passwd')",
    "SELECT * FROM dblink('host=elsewhere', 'select 1') AS t(a int)",
    "SELECT set_config('default_transaction_read_only', 'off', false)",
    "SELECT pg_terminate_backend(1)",
    "SELECT load_extension('evil')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT nextval('orders_id_seq')",
)


@pytest.mark.parametrize("text", GOOD)
def test_what_reads_passes(text: str) -> None:
    assert check_statement(text, "postgres").startswith(text[:6])


@pytest.mark.parametrize("dialect", ["postgres", "sqlite", "duckdb"])
@pytest.mark.parametrize("text", WRITING)
def test_what_writes_or_is_several_is_refused(text: str, dialect: str) -> None:
    with pytest.raises(Trouble) as trouble:
        check_statement(text, dialect)
    assert trouble.value.fault in {Fault.STATEMENT_NOT_READING, Fault.STATEMENT_UNREADABLE}
    assert trouble.value.is_permanent


@pytest.mark.parametrize("text", REACHING)
def test_what_reaches_outside_is_refused(text: str) -> None:
    with pytest.raises(Trouble) as trouble:
        check_statement(text, "postgres")
    assert trouble.value.fault == Fault.STATEMENT_FORBIDDEN


def test_what_is_no_sql_is_said() -> None:
    with pytest.raises(Trouble) as trouble:
        check_statement("SELEC month FRM (", "postgres")
    assert trouble.value.fault in {Fault.STATEMENT_UNREADABLE, Fault.STATEMENT_NOT_READING}


def test_what_is_endless_is_refused() -> None:
    with pytest.raises(Trouble):
        check_statement("SELECT " + "(" * 9000 + "1" + ")" * 9000, "postgres")
