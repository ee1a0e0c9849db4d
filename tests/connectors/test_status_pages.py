"""Incidents as status pages, tables and JSON have them."""

import datetime as dt
from pathlib import Path

import pytest

from vertebra.connectors.status_pages import Found, files_in, read_incidents, read_moment
from vertebra.kit.files.problems import Code

PARIS = dt.timezone(dt.timedelta(hours=2))
PAGE = """---
title: Payments fail
date: 2026-03-02 09:00:00
resolved: true
resolvedWhen: "2026-03-02T011:30:00+01:00"
severity: down
affected:
  - API
  - Shop
section: issue
---
*Investigating* - Cards are refused. {{< track "2026-03-02 09:10:00" >}}

*Resolved* - A certificate had expired. {{< track "2026-03-02 10:30:00" >}}
"""


def read(folder: Path, **files: str) -> Found:
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return read_incidents(files_in([folder]), PARIS)


def test_a_page_tells_its_times_its_systems_and_its_updates(tmp_path: Path) -> None:
    found = read(tmp_path, payments__md=PAGE)
    assert not found.problems
    one = found.incidents["payments"]
    assert (one.title, one.severity, one.systems) == ("Payments fail", "critical", ["API", "Shop"])
    assert one.started_at == dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    assert one.resolved_at == dt.datetime(2026, 3, 2, 10, 30, tzinfo=dt.UTC)
    assert [(moment.kind, moment.at.hour) for moment in one.moments] == [("noticed", 9), ("resolved", 10)]


def test_a_front_matter_that_only_ends_is_read_with_its_own_lines(tmp_path: Path) -> None:
    found = read(tmp_path, a__md=PAGE.removeprefix("---\n").replace("severity: down", "severity: gone"))
    [problem] = found.problems
    assert (problem.code, problem.line) == (Code.CHOICE_UNKNOWN, 5)


def test_one_that_is_not_resolved_has_no_end(tmp_path: Path) -> None:
    found = read(tmp_path, a__md=PAGE.replace("resolved: true", "resolved: false"))
    assert found.incidents["a"].resolved_at is None


def test_one_that_ends_before_it_begins_is_told_with_its_line_and_refused(tmp_path: Path) -> None:
    found = read(tmp_path, a__md=PAGE.replace('"2026-03-02T011:30:00+01:00"', "2025-01-01"))
    assert not found.incidents, "without its end it would be going on"
    [problem] = found.problems
    assert (problem.file, problem.line, problem.code) == ("a.md", 5, Code.ENDS_BEFORE_START)


def test_a_table_may_add_follow_ups_in_more_rows(tmp_path: Path) -> None:
    table = (
        "id;titre;date;fin;gravite;follow_up;owner;due_on\n"
        "7;Panne;2026-03-02 09:00;02/03/2026 10:00;majeur;Renouveler;ines@example.org;2026-04-01\n"
        "7;;;;;Prévenir avant;;\n"
        "8;;2026-03-02;;;;;\n"
    )
    found = read(tmp_path, incidents__csv=table)
    one = found.incidents["7"]
    assert one.severity == "major"
    assert one.started_at == dt.datetime(2026, 3, 2, 9, tzinfo=PARIS)
    assert [action.title for action in one.follow_ups] == ["Renouveler", "Prévenir avant"]
    assert one.follow_ups[0].due_on == dt.date(2026, 4, 1)
    assert [(problem.line, problem.code, problem.column) for problem in found.problems] == [
        (4, Code.VALUE_MISSING, "title")
    ]


def test_nothing_of_a_row_that_is_refused_is_kept(tmp_path: Path) -> None:
    table = (
        "id,title,date,end,follow_up,due_on\n"
        "1,Down,2026-03-02 09:00,2026-03-01 09:00,Mend,\n"
        "1,,,,Tell,\n"
        "2,Slow,2026-03-02 09:00,soon,,\n"
        "3,Odd,2026-03-02 09:00,,Mend,soon\n"
        "4,Gone,2026-03-02 09:00,2026-03-02 10:00,Mend,2026-04-01\n"
        "4,,,,Tell,soon\n"
    )
    found = read(tmp_path, incidents__csv=table)
    assert list(found.incidents) == ["4"]
    assert [one.title for one in found.incidents["4"].follow_ups] == ["Mend"]
    assert [(one.line, one.code) for one in found.problems] == [
        (2, Code.ENDS_BEFORE_START), (4, Code.NOT_A_DATE), (5, Code.NOT_A_DATE), (7, Code.NOT_A_DATE),
    ]  # fmt: skip


def test_json_may_hold_its_list_under_any_name(tmp_path: Path) -> None:
    text = '{"incidents": [{"id": "a", "title": "Down", "started_at": "2026-03-02T09:00:00Z", "follow_ups": ["Mend", {"title": "Tell", "done_on": "2026-03-09"}]}, 7]}'
    found = read(tmp_path, all__json=text)
    actions = found.incidents["a"].follow_ups
    assert [(one.title, one.done_on) for one in actions] == [("Mend", None), ("Tell", dt.date(2026, 3, 9))]
    assert len(found.problems) == 1


def test_the_same_id_twice_is_told_and_the_first_stays(tmp_path: Path) -> None:
    line = '{"id": "a", "title": "%s", "date": "2026-03-02"}\n'
    found = read(tmp_path, all__jsonl=line % "First" + line % "Second")
    assert found.incidents["a"].title == "First"
    assert [problem.code for problem in found.problems] == [Code.RECORD_CONFLICT]


@pytest.mark.parametrize(
    "text", ["2026-02-30 10:00", "soon", "2026-01-01 25:00", "99999-01-01", "2026-01-01 10:00+99:99"]
)
def test_what_is_no_moment_is_none(text: str) -> None:
    assert read_moment(text, dt.UTC) is None


def test_every_incident_of_a_real_status_page_but_the_one_that_cannot_be_is_read(real_data: Path) -> None:
    found = read_incidents(files_in([real_data / "incidents-packit" / "issues"]), dt.UTC)
    assert len(found.incidents) == 107
    assert [(one.file, one.line, one.code) for one in found.problems] == [
        ("2023-09-05-copr-outage.md", 7, Code.ENDS_BEFORE_START)
    ]
    assert sum(1 for one in found.incidents.values() if one.severity == "critical") == 5


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-03-02T09:00:00.000+01:00", 8),
        ("2026-03-02 09:00:00 +0100", 8),
        ("2026-03-02T9:00Z", 9),
        ("02/03/2026 9h30", 9),
        ("2026-03-02", 0),
    ],
)
def test_moments_are_read_as_tools_write_them(text: str, hour: int) -> None:
    found = read_moment(text, dt.UTC)
    assert found is not None
    assert (found.date(), found.astimezone(dt.UTC).hour) == (dt.date(2026, 3, 2), hour)
