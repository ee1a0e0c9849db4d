"""Typed readers of the environment and of the data folder; the only code that settings import."""

import os
import re
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from environs import Env

env = Env()
ROOT = Path(__file__).resolve().parents[2]


def data_folder() -> Path:
    """The folder that holds everything Vertebra writes (0700, made at need)."""
    folder = Path(env.str("VERTEBRA_DATA", "vertebra-data")).expanduser().resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def secret_key(folder: Path) -> str:
    """The instance's secret: `VERTEBRA_SECRET_KEY`, else a file made once, readable by its owner only."""
    if given := env.str("VERTEBRA_SECRET_KEY", ""):
        return given
    path = folder / "secret.key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def version() -> str:
    """The version, read from the first heading of the changelog so that it is written once."""
    changelog = ROOT / "CHANGELOG.md"
    if not changelog.exists():
        changelog = Path(__file__).parent / "CHANGELOG.md"
    found = re.search(r"^## v(\S+)", changelog.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else "0"


def fixed_now() -> datetime | None:
    """The moment that `VERTEBRA_NOW` fixes, in the demo and in tests."""
    given = env.str("VERTEBRA_NOW", "")
    try:
        return datetime.fromisoformat(given).astimezone() if given else None
    except ValueError as error:
        raise ValueError(f"VERTEBRA_NOW is a moment such as 2026-11-02T09:00+01:00, not {given!r}") from error


def database(folder: Path) -> dict[str, Any]:
    """Django's description of the database: SQLite in the data folder, or the PostgreSQL of `DATABASE_URL`."""
    url = env.str("DATABASE_URL", "")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": folder / "db.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(
            f"DATABASE_URL must begin with postgresql://, not {parts.scheme}://. Unset it to use SQLite."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
