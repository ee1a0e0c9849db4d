"""Issues as Jira tells of them, and files of them, for the tests of their readers."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vertebra.connectors.trail import Item, TrailFile
from vertebra.connectors.trail_files import Form, open_trail

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
ADA = {"accountId": "5b10:ada", "displayName": "Ada Lund", "emailAddress": "ada@example.org"}
BEN = {"name": "ben", "key": "JIRAUSER10200", "displayName": "Ben Okri"}


def at(text: str) -> dt.datetime:
    """A moment in UTC."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def step(field: str, before: str | None, after: str | None, **more: Any) -> dict[str, Any]:
    """One field that was changed."""
    return {"field": field, "fieldtype": "jira", "fromString": before, "toString": after, **more}


def history(created: str, *steps: dict[str, Any], author: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What somebody changed at one moment."""
    return {"id": "1", "author": author or BEN, "created": created, "items": list(steps)}


def issue(key: str = "BIL-7", *histories: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """An issue in progress, with what was changed of it."""
    known: dict[str, Any] = {
        "summary": "Invoices show the wrong VAT",
        "issuetype": {"name": "Bug", "subtask": False},
        "project": {"id": "10000", "key": key.rpartition("-")[0]},
        "status": {"name": "In Review", "statusCategory": {"key": "indeterminate"}},
        "created": "2026-01-05T09:00:00.000+0100",
        "updated": "2026-02-01T10:00:00.000+0100",
    }
    made: dict[str, Any] = {"id": "20007", "key": key, "fields": {**known, **fields}}
    if histories:
        made["changelog"] = {"total": len(histories), "histories": list(histories)}
    return made


def lines_of(*issues: Any) -> str:
    """One issue a line."""
    return "".join(json.dumps(one) + "\n" for one in issues)


def opened(
    tmp_path: Path,
    content: str | bytes,
    form: Form = "jira",
    mapping: Mapping[str, str] | None = None,
    name: str = "file",
) -> TrailFile:
    """A file with this content, opened."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return open_trail(path, name, form, mapping, now=NOW)


def items_of(
    tmp_path: Path, content: str | bytes, form: Form = "jira", mapping: Mapping[str, str] | None = None
) -> list[Item]:
    """The items of a file with this content."""
    return list(opened(tmp_path, content, form, mapping).items())


def told(file: TrailFile) -> list[tuple[str, int, dict[str, str]]]:
    """What is wrong with the items of a file that was read."""
    return [(flaw.code, flaw.line, flaw.particulars) for flaw in file.flaws]
