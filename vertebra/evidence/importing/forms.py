"""What files of work items look like, told by how they begin: known to pages without loading what reads them whole."""

import bz2
import csv
import gzip
import lzma
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

JIRA, EVENTS, XES = "jira", "events", "xes"
FORMS = {
    JIRA: _("Work items of Jira (JSON of its REST interface, or its CSV export)"),
    EVENTS: _("An event log as a table"),
    XES: _("An event log (XES)"),
}
PACKED = frozenset({".gz", ".xz", ".zst"})
SUFFIXES = frozenset({".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".xes", *PACKED})
_LOOKED_AT = 20_000
# A table with one of these headings is Jira's own export.
_JIRA_HEADINGS = frozenset({"issue key", "issue id", "clé de ticket", "clé du ticket"})


def form_of(path: Path) -> str:
    """What a file is, or nothing where it looks like none of them."""
    start = _start(path)
    if start.startswith("<"):
        return XES
    if start.startswith(("{", "[")):
        return JIRA
    headings = {heading.strip().casefold() for heading in _headings(start)}
    if len(headings) < 2:
        return XES if ".xes" in path.suffixes else ""
    return JIRA if headings & _JIRA_HEADINGS else EVENTS


def guess(paths: Sequence[Path]) -> str:
    """What the files are, where all are the same."""
    found = {form_of(path) for path in paths}
    return found.pop() if len(found) == 1 else ""


def _start(path: Path) -> str:
    openers: dict[str, Any] = {".gz": gzip.open, ".xz": lzma.open, ".bz2": bz2.open}
    try:
        with openers.get(path.suffix.lower(), open)(path, "rb") as file:
            found = file.read(_LOOKED_AT)
    except (OSError, EOFError, lzma.LZMAError):
        return ""
    return bytes(found).decode("utf-8-sig", "replace").lstrip()


def _headings(start: str) -> list[str]:
    line = start.splitlines()[0] if start else ""
    separator = max(",;\t", key=line.count)
    return next(csv.reader([line], delimiter=separator), []) if separator in line else []
