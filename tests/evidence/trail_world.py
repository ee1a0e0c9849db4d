"""Work items as Jira would export them: made up, with people whose names must be found nowhere afterwards."""

import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from vertebra.accounts.models import User
from vertebra.evidence.importing.trail import Form, Outcome, Told, bring_in
from vertebra.evidence.models import TrailVersion
from vertebra.evidence.trail import places
from vertebra.evidence.trail.merging import rows_of
from vertebra.evidence.trail.pseudonyms import key_of, pseudonym
from vertebra.sources.models import ImportRun, Source

NOW = dt.datetime(2026, 11, 2, 8, 0, tzinfo=dt.UTC)
STATUSES = (("Open", "new"), ("In Progress", "indeterminate"), ("Done", "done"))
PEOPLE = ("zoe-quist", "yann-orsel", "xavier-lund", "wanda-miro", "victor-sol")


def issue(number: int, *, steps: int = 3, project: str = "SHOP", **fields: Any) -> dict[str, Any]:
    """One issue whose status went a step further each day, each time by somebody else."""
    began = dt.datetime(2025, 1, 6, 9, tzinfo=dt.UTC) + dt.timedelta(hours=number)
    histories = [
        {
            "created": stamp(began + dt.timedelta(days=step + 1)),
            "author": person(number + step),
            "items": [
                {"field": "status", "fieldtype": "jira", "fromString": STATUSES[step % 3][0], "toString": STATUSES[(step + 1) % 3][0]},
                {"field": "assignee", "fieldtype": "jira", "from": PEOPLE[step % 5], "to": PEOPLE[(step + 1) % 5],
                 "fromString": name(step % 5), "toString": name((step + 1) % 5)},
            ],
        }
        for step in range(steps)
    ]  # fmt: skip
    status, category = STATUSES[steps % 3]
    told = {
        "summary": f"Work item {number}",
        "description": "A secret text that nobody keeps",
        "project": {"key": project},
        "issuetype": {"name": "Story" if number % 3 else "Bug"},
        "status": {"name": status, "statusCategory": {"key": category}},
        "created": stamp(began),
        "updated": stamp(began + dt.timedelta(days=steps)),
        "reporter": person(number),
        "assignee": person(steps),
        "comment": {"total": 2, "comments": [{"author": person(1), "body": "A secret word"}] * 2},
        "issuelinks": [{"type": {"name": "Blocks", "outward": "blocks"}, "outwardIssue": {"key": f"{project}-{number + 1}"}}],
        **fields,
    }  # fmt: skip
    return {"id": str(1000 + number), "key": f"{project}-{number}", "fields": told,
            "changelog": {"total": len(histories), "histories": histories}}  # fmt: skip


def stamp(at: dt.datetime) -> str:
    """A time as Jira writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def name(number: int) -> str:
    """What somebody is called on a screen."""
    return PEOPLE[number % 5].replace("-", " ").title()


def person(number: int) -> dict[str, str]:
    """Somebody as Jira tells of them."""
    who = PEOPLE[number % 5]
    return {"key": who, "name": who, "displayName": name(number), "emailAddress": f"{who}@example.org"}


def write(path: Path, issues: Iterable[dict[str, Any]]) -> Path:
    """A file of issues, one on each line."""
    path.write_text("".join(json.dumps(one) + "\n" for one in issues), encoding="utf-8")
    return path


def bring(
    *paths: Path, source: str = "Tracker", actor: User | None = None, form: Form = "jira", **mapping: str
) -> Outcome:
    """Bring files in, as the command does."""
    run = ImportRun(target="trail", recipe=form, files=[{"name": one.name} for one in paths], made_at=NOW)
    told = Told(list(paths), form, mapping or None)
    return bring_in(actor=actor, told=told, source=source, run=run, now=NOW, progress=lambda count: None)


def current(source: str = "Tracker") -> TrailVersion:
    """The trail of a source as it stands."""
    return TrailVersion.objects.get(source__name=source, superseded_at=None)


def rows(table: str, source: str = "Tracker", columns: str = "*") -> list[tuple[Any, ...]]:
    """The rows of a table of a trail, in order."""
    version = current(source)
    paths = places.paths_of(version.source_id, version.files, table)
    return sorted(duckdb.sql(f"SELECT {columns} FROM {rows_of(paths, table)}").fetchall(), key=repr)


def told_by_name(source: str = "Tracker") -> list[list[tuple[Any, ...]]]:
    """Everything that a trail holds, in order, with the people of this world under their names."""
    key = key_of(Source.objects.get(name=source))
    assert key is not None
    known = {pseudonym(key, one): one for one in PEOPLE}
    return [
        sorted((tuple(known.get(value, value) if isinstance(value, str) else value for value in row) for row in rows(table, source)), key=repr)
        for table in places.TABLES
    ]  # fmt: skip
