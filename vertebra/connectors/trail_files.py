"""The one door to files of work items: Jira's own files, event logs as tables, event logs in XES."""

from __future__ import annotations

import codecs
import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, get_args

from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.histories.event_logs import EventLogFile, guess_mapping
from vertebra.connectors.histories.jira_csv import JiraCsvFile
from vertebra.connectors.histories.jira_json import JiraJsonFile
from vertebra.connectors.histories.packed import PackedFile
from vertebra.connectors.histories.rows import Rows
from vertebra.connectors.histories.xes_logs import XesFile
from vertebra.connectors.trail import TrailFile
from vertebra.kit import clock

Form = Literal["jira", "events", "xes"]
FORMS: tuple[Form, ...] = get_args(Form)

__all__ = ["FORMS", "Form", "guess_mapping", "headings_of", "open_trail"]


def open_trail(
    path: Path,
    name: str,
    form: Form,
    mapping: Mapping[str, str] | None = None,
    *,
    now: dt.datetime | None = None,
) -> TrailFile:
    """A file of work items ready to be read; `name` is what people call it, `now` tells what lies in the future.

    A mapping says what plays which part: for Jira `points`, `sprint`, `epic` and fields of one's own, by the names
    or numbers of custom fields; for tables `case`, `at`, `status` or `activity`, and if wanted `end`, `resource`,
    `lifecycle`, `title`, `kind`, `project`, `priority` and fields of one's own, by columns; for XES the same, by keys
    of attributes. `zone` names the time zone of times that have none, which is else UTC.
    """
    file = PackedFile(path, name)
    mapping = {str(part): str(told) for part, told in (mapping or {}).items()}
    now = now or clock.now()
    if form == "xes":
        return XesFile(file, mapping, now)
    if form == "events":
        return EventLogFile(file, mapping, now)
    if form != "jira":
        raise Trouble(Fault.CHOICE_UNKNOWN, value=str(form)[:100], choices=", ".join(FORMS))
    return _jira(file, mapping, now)


def headings_of(path: Path, name: str) -> tuple[str, ...]:
    """The headings of a table, to choose a mapping from."""
    return Rows(PackedFile(path, name)).headings


def _jira(file: PackedFile, mapping: Mapping[str, str], now: dt.datetime) -> TrailFile:
    """Jira's JSON begins with a bracket or a brace; what begins a page of the web is none of its files."""
    head = next(file.text(), b"").removeprefix(codecs.BOM_UTF8).lstrip()
    if head.startswith((b"{", b"[")):
        return JiraJsonFile(file, {part: told for part, told in mapping.items() if part != "zone"}, now)
    if head.startswith(b"<"):
        raise Trouble(Fault.FORM_STRANGE, file=file.name, form="jira")
    return JiraCsvFile(file, mapping, now)
