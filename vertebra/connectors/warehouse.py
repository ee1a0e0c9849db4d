"""A program that asks a warehouse one question through Ibis: what to ask comes in as JSON, the rows go out as JSON."""

from __future__ import annotations

import json
import os
import sys
from typing import Any


def ask(asked: dict[str, Any]) -> dict[str, Any]:
    """The rows of a statement, or why there are none."""
    try:
        import ibis
    except ImportError as error:
        return {"missing": error.name or "ibis"}
    options = {"read_only": True} if asked["kind"] == "duckdb" else {}
    try:
        connection = ibis.connect(asked["address"], **options)
        if asked["kind"] == "duckdb":
            connection.raw_sql("SET enable_external_access = false")
        found = connection.sql(asked["statement"]).limit(int(asked["rows"])).to_pyarrow()
    except ImportError as error:
        return {"missing": error.name or str(error)}
    except Exception as error:
        # Each warehouse has errors of its own; this process has no other duty than to tell them.
        return {"failed": f"{type(error).__name__}: {error}"}
    columns = [[_plain(value) for value in column.to_pylist()] for column in found.columns]
    return {"header": list(found.column_names), "rows": list(zip(*columns, strict=True))}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def main() -> None:
    """Answer on the last line of what is printed: libraries may print before."""
    asked = json.load(sys.stdin)
    if sys.platform == "linux":
        import resource

        limit = 4 * 2**30
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.stdout.write("\n" + json.dumps(ask(asked)) + "\n")


if __name__ == "__main__":
    main()
