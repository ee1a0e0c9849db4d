"""Logs in XES become items, with what is nested passed over and what does harm refused."""

import gzip
from pathlib import Path

import pytest

from tests.connectors.tracker_files import at, items_of, opened, told
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.trail import Change
from vertebra.kit.files.problems import Code


def event(step: str, moment: str, *more: str) -> str:
    """One event of a trace."""
    values = [
        f'<string key="concept:name" value="{step}"/>',
        f'<date key="time:timestamp" value="{moment}"/>',
        *more,
    ]
    return f"<event>{''.join(values)}</event>\n"


def text(key: str, value: str) -> str:
    """One text of an event or a trace."""
    return f'<string key="{key}" value="{value}"/>'


def trace(name: str, *inside: str) -> str:
    """One trace."""
    return f"<trace>{text('concept:name', name)}{''.join(inside)}</trace>\n"


HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- made for tests -->
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<global scope="event"><string key="concept:name" value="__INVALID__"/></global>
<classifier name="Activity" keys="concept:name"/>
<string key="concept:name" value="the log"/>
"""
TRACE = trace(
    "42",
    text("product", "PROD1"),
    event("Accepted", "2026-01-01T10:00:00+01:00", text("org:resource", "ada"), text("org:group", "Red")),
    event("Closed", "2026-01-02T10:00:00.000Z", text("org:resource", "ben"), text("org:group", "Blue")),
)


def log(*traces: str) -> str:
    """A whole log."""
    return HEAD + "".join(traces) + "</log>"


def test_a_trace_is_an_item_and_its_events_are_steps(tmp_path: Path) -> None:
    for content in (
        log(TRACE).encode(),
        gzip.compress(log(TRACE).encode()),
        log(TRACE).replace("UTF-8", "utf-16").encode("utf-16"),
    ):
        (item,) = items_of(tmp_path, content, "xes", {"product": "product"})
        assert (item.key, item.status, item.created_at) == ("42", "Closed", at("2026-01-01T09:00"))
        assert item.changes == [
            Change(at("2026-01-01T09:00"), "status", "", "Accepted", "ada"),
            Change(at("2026-01-02T10:00"), "status", "Accepted", "Closed", "ben"),
            Change(at("2026-01-02T10:00"), "team", "Red", "Blue", "ben"),
        ]
        assert item.fields == {"product": "PROD1", "team": "Blue"}


def test_only_what_is_complete_is_a_step(tmp_path: Path) -> None:
    stage = "lifecycle:transition"
    made = trace(
        "1",
        event("Test", "2026-01-01T10:00:00Z", text(stage, "SCHEDULE")),
        event("Test", "2026-01-01T11:00:00Z", text(stage, "start")),
        event("Test", "2026-01-01T12:00:00Z", text(stage, "COMPLETE")),
        event("Ship", "2026-01-01T13:00:00Z", text(stage, "In Progress")),
    )
    (item,) = items_of(tmp_path, log(made), "xes")
    assert [(change.field, change.before, change.after) for change in item.changes] == [
        ("lifecycle", "", "Test:SCHEDULE"),
        ("lifecycle", "Test:SCHEDULE", "Test:start"),
        ("status", "", "Test"),
        ("status", "Test", "Ship"),
    ]


def test_a_trace_that_never_completes_a_step_is_told(tmp_path: Path) -> None:
    file = opened(
        tmp_path,
        log(trace("1", event("A", "2026-01-01T10:00:00Z", text("lifecycle:transition", "start")))),
        "xes",
    )
    assert [item.status for item in file.items()] == [""]
    assert [code for code, _line, _particulars in told(file)] == ["case_without_step"]


def test_nested_lists_and_containers_are_passed_over(tmp_path: Path) -> None:
    inner = text("concept:name", "WRONG")
    made = trace(
        "1",
        f'<list key="l"><values>{inner}<list key="m"><values>{inner}</values></list></values></list>',
        f'<container key="c">{inner}<container key="d">{inner}</container></container>',
        f'<string key="note" value="x">{inner}</string>',
        event("A", "2026-01-01T10:00:00Z", f'<list key="l"><values>{inner}</values></list>', f'<string key="n" value="v">{inner}</string>'),
    )  # fmt: skip
    (item,) = items_of(tmp_path, log(made), "xes", {"n": "n", "note": "note"})
    assert (item.key, item.status, item.fields) == ("1", "A", {"note": "x", "n": "v", "team": ""})


def test_any_attribute_may_play_a_part(tmp_path: Path) -> None:
    made = trace(
        "1",
        text("id", "C-9"),
        event("A", "2026-01-01T10:00:00Z", text("state", "Open"), '<boolean key="late" value="true"/>'),
    )
    mapping = {"case": "id", "status": "state", "late": "late", "title": "concept:name"}
    (item,) = items_of(tmp_path, log(made), "xes", mapping)
    assert (item.key, item.status, item.title, item.fields["late"]) == ("C-9", "Open", "1", "true")


def test_people_told_by_the_trace_and_by_events_are_nowhere_in_the_fields(tmp_path: Path) -> None:
    made = trace(
        "1",
        text("owner", "Ada Lund"),
        text("by", "Ben Okri"),
        event("A", "2026-01-01T10:00:00Z", text("owner", "Ada Lund"), text("by", "Cy Zed")),
    )
    (item,) = items_of(tmp_path, log(made), "xes", {"assignee": "owner", "reporter": "by"})
    assert (item.assignee, item.reporter, item.fields) == ("Ada Lund", "Ben Okri", {"team": ""})


def test_events_and_traces_that_lack_something_are_told(tmp_path: Path) -> None:
    file = opened(
        tmp_path,
        log("<trace></trace>\n", trace("2"), trace("3", event("", "2026-01-01T10:00:00Z"), event("A", "soon"), event("B", "2026-01-01T10:00:00Z"))),
        "xes",
    )  # fmt: skip
    assert [item.key for item in file.items()] == ["3"]
    assert told(file) == [
        ("item_without", 8, {"what": "case", "key": ""}),
        ("item_without", 9, {"what": "events", "key": "2"}),
        ("event_without", 10, {"what": "activity", "key": "3"}),
        ("event_without", 11, {"what": "at", "key": "3"}),
    ]


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "declared",
    [
        f'<!DOCTYPE log [<!ENTITY l0 "ha">{LAUGHS}]>\n<log><trace><string key="a" value="&l9;"/></trace></log>',
        '<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/passwd">]><log>&x;</log>',
        '<!DOCTYPE log [<!ENTITY % x SYSTEM "http://127.0.0.1/x.dtd"> %x;]><log></log>',
    ],
)
def test_entities_are_refused(tmp_path: Path, declared: str) -> None:
    with pytest.raises(Trouble) as raised:
        items_of(tmp_path, declared, "xes")
    assert raised.value.fault is Fault.ENTITIES_REFUSED
    assert raised.value.particulars == {"file": "file", "line": 1}


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (log(TRACE)[:-6], Code.TRUNCATED, 11),
        (log(TRACE)[:-30], Code.TRUNCATED, 9),
        (HEAD, Code.TRUNCATED, 8),
        (log(TRACE).replace("</trace>", "</tracs>"), Code.SYNTAX, 10),
        ("case;at\n", Code.SYNTAX, 1),
        ("<log>" + "<list>" * 2000, Code.TOO_DEEP, 1),
    ],
)
def test_a_log_that_is_cut_or_broken_is_refused_on_its_line(
    tmp_path: Path, content: str, code: Code, line: int
) -> None:
    with pytest.raises(Trouble) as raised:
        items_of(tmp_path, content, "xes")
    assert (raised.value.particulars["code"], raised.value.particulars["line"]) == (code, line)


def test_xml_that_is_no_log_is_said(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as raised:
        items_of(tmp_path, "<html><body/></html>", "xes")
    assert raised.value.fault is Fault.FORM_STRANGE
