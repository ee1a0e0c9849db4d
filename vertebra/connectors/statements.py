"""Checking SQL that somebody wrote: one statement, that reads, and calls nothing that reaches outside."""

from __future__ import annotations

import re

from vertebra.connectors.faults import Fault, Trouble

LONGEST = 20_000
# Functions that act or look outside a query, whatever the rights of whoever runs it.
_FORBIDDEN = re.compile(
    r"(?:pg_(?:read|ls|stat_file|terminate|cancel|reload|rotate|sleep|advisory|try_advisory|notify|switch|create|drop"
    r"|promote|logical|replication|file)\w*|lo_\w+|dblink\w*|set_config|current_setting|query_to_xml\w*|database_to_xml\w*"
    r"|table_to_xml\w*|copy\w*|load_extension|readfile|writefile|edit|fts\d_tokenizer|getenv|read_\w+|glob|query|query_table"
    r"|sqlite_\w+|postgres_\w+|mysql_\w+|parquet_\w+|sniff_csv|which_secret|duckdb_secrets|nextval|setval)",
    re.IGNORECASE,
)


def check_statement(text: str, dialect: str) -> str:
    """The statement without what ends it, once it is known to be one that only reads."""
    try:
        import sqlglot
        from sqlglot import exp
        from sqlglot.errors import SqlglotError
    except ImportError as error:  # pragma: no cover - sqlglot comes with the product
        raise Trouble(Fault.LIBRARY_MISSING, name="sqlglot") from error
    if len(text) > LONGEST or "\x00" in text:
        raise Trouble(Fault.STATEMENT_UNREADABLE, detail=str(LONGEST))
    try:
        found = [one for one in sqlglot.parse(text, read=dialect or None) if one is not None]
    except (SqlglotError, RecursionError) as error:
        detail = re.sub(r"\x1b\[\d+m", "", str(error)).splitlines()[:1] or [""]
        raise Trouble(Fault.STATEMENT_UNREADABLE, detail=detail[0][:200]) from error
    if len(found) != 1 or not isinstance(found[0], exp.Query):
        raise Trouble(Fault.STATEMENT_NOT_READING)
    acting = (exp.DDL, exp.DML, exp.Into, exp.Lock, exp.Command, exp.Pragma, exp.Set, exp.Attach)
    for node in found[0].walk():
        if isinstance(node, exp.Query):
            continue
        if isinstance(node, acting):
            raise Trouble(Fault.STATEMENT_NOT_READING)
        if isinstance(node, exp.Func):
            name = node.name if isinstance(node, exp.Anonymous) else node.sql_name()
            if _FORBIDDEN.fullmatch(name):
                raise Trouble(Fault.STATEMENT_FORBIDDEN, name=name.lower())
    return text.strip().rstrip(";").rstrip()
