"""Issues in Jira's own JSON become items, whatever wraps them."""

import datetime as dt
import gzip
import json
import lzma
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.tracker_files import (
    ADA,
    BEN,
    at,
    history,
    issue,
    items_of,
    lines_of,
    opened,
    step,
    told,
)
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.trail import SOMETHING, Change, Sprint, Tie
from vertebra.kit.files.problems import Code

RICH = issue(
    "BIL-7",
    history("2026-01-06T10:00:00.000+0000", step("status", "To Do", "In Progress")),
    history("2026-01-07T10:00:00.000+0000", step("status", "In Progress", "In Review"), author=ADA),
    priority={"name": "High"},
    resolution=None,
    duedate="2026-03-15",
    labels=["vat", "été"],
    components=[{"name": "Billing"}, {"name": "API"}],
    fixVersions=[{"name": "2026.3"}],
    versions=[{"name": "2026.1"}],
    reporter=ADA,
    assignee=BEN,
    comment={"total": 3, "comments": [{"body": "secret"}]},
    parent={"key": "BIL-1"},
    description={"type": "doc", "version": 1, "content": []},
    issuelinks=[
        {"type": {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"}, "outwardIssue": {"key": "BIL-9"}},
        {"type": {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"}, "inwardIssue": {"key": "OPS-2"}},
    ],
)  # fmt: skip


def test_an_issue_tells_all_that_is_kept_of_it(tmp_path: Path) -> None:
    (item,) = items_of(tmp_path, lines_of(RICH))
    assert (item.external_id, item.key, item.project, item.kind) == ("20007", "BIL-7", "BIL", "Bug")
    assert (item.status, item.category, item.priority, item.resolution) == ("In Review", "doing", "High", "")
    assert (item.created_at, item.updated_at) == (at("2026-01-05T08:00"), at("2026-02-01T09:00"))
    assert (item.resolved_at, item.due_on) == (None, dt.date(2026, 3, 15))
    assert (item.labels, item.components, item.versions) == (("vat", "été"), ("Billing", "API"), ("2026.3",))
    assert (item.reporter, item.assignee, item.comments) == ("5b10:ada", "JIRAUSER10200", 3)
    assert item.parent == "BIL-1"
    assert item.ties == [Tie("blocks", "BIL-9"), Tie("is blocked by", "OPS-2")]
    assert item.changes == [
        Change(at("2026-01-06T10:00"), "status", "To Do", "In Progress", "JIRAUSER10200"),
        Change(at("2026-01-07T10:00"), "status", "In Progress", "In Review", "5b10:ada"),
    ]


@pytest.mark.parametrize(
    ("key", "category"), [("new", "todo"), ("indeterminate", "doing"), ("done", "done"), ("undefined", "")]
)
def test_statuses_have_a_category(tmp_path: Path, key: str, category: str) -> None:
    status = {"name": "À valider", "statusCategory": {"key": key}}
    (item,) = items_of(tmp_path, lines_of(issue(status=status)))
    assert (item.status, item.category) == ("À valider", category)


ISSUES = [issue("A-1"), issue("A-2"), issue("B-3")]
ANSWER = {"expand": "names", "startAt": 0, "total": 3, "issues": ISSUES}
WRAPPED: dict[str, str] = {
    "one a line": lines_of(*ISSUES),
    "one a line, blank lines between": "\n\n" + lines_of(*ISSUES).replace("\n", "\r\n\r\n"),
    "no line end at the end": lines_of(*ISSUES).rstrip(),
    "a list": json.dumps(ISSUES),
    "a list over lines": json.dumps(ISSUES, indent=2),
    "a list, one a line": "[\n" + ",\n".join(json.dumps(one) for one in ISSUES) + "\n]\n",
    "a whole answer": json.dumps(ANSWER),
    "a whole answer over lines": json.dumps(ANSWER, indent=1),
    "an answer a line": lines_of({"issues": ISSUES[:2]}, {"issues": []}, {"issues": ISSUES[2:]}),
    "a list of answers": json.dumps([{"issues": ISSUES[:2]}, {"issues": ISSUES[2:]}]),
    "objects one after the other": "".join(json.dumps(one, indent=1) for one in ISSUES),
}


@pytest.mark.parametrize("wrapped", list(WRAPPED))
def test_issues_are_found_whatever_wraps_them(tmp_path: Path, wrapped: str) -> None:
    file = opened(tmp_path, WRAPPED[wrapped])
    assert [item.key for item in file.items()] == ["A-1", "A-2", "B-3"]
    assert file.flaws == []


def _zstandard(data: bytes) -> bytes:
    arrow: Any = pytest.importorskip("pyarrow")
    return bytes(arrow.compress(data, codec="zstd", asbytes=True))


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, _zstandard])
def test_packed_files_are_recognised_by_what_they_hold(tmp_path: Path, pack: Any) -> None:
    for content in (lines_of(*ISSUES), json.dumps(ANSWER)):
        file = opened(tmp_path, pack(content.encode()), name="export.txt")
        assert [item.key for item in file.items()] == ["A-1", "A-2", "B-3"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marks_of_encodings_are_understood(tmp_path: Path, encoding: str) -> None:
    assert items_of(tmp_path, lines_of(issue(labels=["été"])).encode(encoding))[0].labels == ("été",)


def test_a_single_issue_over_many_lines_is_one_item(tmp_path: Path) -> None:
    assert [item.key for item in items_of(tmp_path, json.dumps(RICH, indent=2))] == ["BIL-7"]


def test_an_answer_without_issues_is_no_item_and_no_fault(tmp_path: Path) -> None:
    file = opened(tmp_path, json.dumps({"issues": [], "total": 0}))
    assert (list(file.items()), file.flaws) == ([], [])


def test_changes_come_in_order_however_they_are_told(tmp_path: Path) -> None:
    days = ("03", "01", "02")
    mixed = [history(f"2026-02-{day}T10:00:00.000+0000", step("status", day, "x")) for day in days]
    (item,) = items_of(tmp_path, lines_of(issue("A-1", *mixed)))
    assert [change.before for change in item.changes] == ["01", "02", "03"]


def test_changes_of_one_moment_keep_their_order_when_the_newest_come_first(tmp_path: Path) -> None:
    later = history(
        "2026-02-02T10:00:00.000+0000", step("status", "b", "c"), step("resolution", None, "Done")
    )
    same = history("2026-02-01T10:00:00.000+0000", step("status", "a", "b"))
    first = history("2026-02-01T10:00:00.000+0000", step("status", "", "a"))
    (item,) = items_of(tmp_path, lines_of(issue("A-1", later, same, first)))
    assert [(change.field, change.before, change.after) for change in item.changes] == [
        ("status", "", "a"),
        ("status", "a", "b"),
        ("status", "b", "c"),
        ("resolution", "", "Done"),
    ]


def test_strange_times_are_kept_and_told(tmp_path: Path) -> None:
    file = opened(
        tmp_path,
        "\n"
        + lines_of(
            issue(
                "A-1",
                history("2020-01-01T00:00:00.000+0000", step("status", "a", "b")),
                history("2031-01-01T00:00:00.000+0000", step("status", "b", "c")),
                history("soon", step("status", "c", "d")),
            ),
            issue("A-2", created="2030-01-01T00:00:00.000+0000"),
        ),
    )
    first, _second = file.items()
    assert [change.after for change in first.changes] == ["b", "c"]
    assert told(file) == [
        ("change_without_time", 2, {"key": "A-1", "count": "1"}),
        ("change_in_future", 2, {"key": "A-1", "count": "1"}),
        ("change_before_creation", 2, {"key": "A-1", "count": "1"}),
        ("created_in_future", 3, {"key": "A-2"}),
    ]


def test_issues_without_what_makes_them_one_are_left_out_and_told(tmp_path: Path) -> None:
    bare: list[Any] = [
        {"id": "5", "key": "A-5"},
        {**issue(), "key": None},
        issue("A-6", created="yesterday"),
        42,
        {},
    ]
    for content in (lines_of(*bare, issue("A-9")), json.dumps([*bare, issue("A-9")], indent=1)):
        file = opened(tmp_path, content)
        assert [item.key for item in file.items()] == ["A-9"]
        assert [(code, particulars) for code, _line, particulars in told(file)] == [
            ("item_without", {"what": "fields", "key": "A-5"}),
            ("item_without", {"what": "key", "key": "20007"}),
            ("item_without", {"what": "created", "key": "A-6"}),
            ("not_an_item", {"key": ""}),
            ("not_an_item", {}),
        ]
    lines = [line for _code, line, _particulars in told(file)]
    assert [content.splitlines()[line - 1].strip() for line in lines] == ["{", "{", "{", "42,", "{},"]


def test_an_odd_value_is_left_out_and_the_issue_is_not(tmp_path: Path) -> None:
    odd = issue("A-1", history("2026-02-01T10:00:00.000+0000", step("status", "a", "b"), step("x", 1, "y")))  # type: ignore[arg-type]
    odd["fields"] |= {
        "summary": {"a": 1},
        "labels": ["good", 3, None],
        "priority": "High",
        "comment": {"total": "2"},
    }
    for content in (lines_of(odd), json.dumps([odd])):
        file = opened(tmp_path, content)
        (item,) = file.items()
        assert (item.title, item.labels, item.priority, item.comments) == ("", ("good",), "", 0)
        assert [(change.field, change.before) for change in item.changes] == [("status", "a"), ("x", "")]
        assert sorted(particulars["field"] for _code, _line, particulars in told(file)) == [
            "changelog.histories.….items.….fromString",
            "fields.comment.total",
            "fields.labels.…",
            "fields.labels.…",
            "fields.priority",
            "fields.summary",
        ]


def test_half_characters_and_zeros_are_replaced(tmp_path: Path) -> None:
    raw = json.dumps(issue("A-1", summary="@@ é", labels=["😀"])).replace("@@", "a\\ud83d b\\u0000 c")
    for content in (raw + "\n" + raw + "\n", f"[{raw}, {raw}]"):
        for item in items_of(tmp_path, content):
            assert (item.title, item.labels) == ("a? b  c é", ("😀",))


def test_a_history_that_was_cut_is_told(tmp_path: Path) -> None:
    cut = issue("A-1", history("2026-02-01T10:00:00.000+0000", step("status", "a", "b")))
    cut["changelog"]["total"] = 140
    file = opened(tmp_path, lines_of(cut))
    list(file.items())
    assert told(file) == [("history_cut", 1, {"key": "A-1", "told": "1", "total": "140"})]


def test_people_are_only_what_the_tool_calls_them(tmp_path: Path) -> None:
    when = "2026-02-01T10:00:00.000+0000"
    made = issue(
        "A-1",
        history(
            when, step("assignee", "Ben Okri", "Ada Lund", **{"from": "JIRAUSER10200", "to": "5b10:ada"})
        ),
        history(when, step("assignee", "Ada Lund", "Ben Okri")),
        history(when, step("Reviewer", None, "Ada Lund", fieldtype="custom")),
        history(when, step("Approvers", "X Y", "X Y, Z W", fieldtype="custom", tmpToAccountId="[1, 2]")),
        history(when, step("Pair", "Ada Lund, Cy Z", "", fieldtype="custom")),
        history(when, step("Tester", None, "Zed", fieldtype="custom", to="JIRAUSER10300")),
        history(when, step("Team", None, "Payments", fieldtype="custom")),
        assignee=ADA,
    )
    file = opened(tmp_path, lines_of(made), mapping={"watch": "customfield_1", "who": "assignee"})
    (item,) = file.items()
    assert [(change.field, change.before, change.after) for change in item.changes] == [
        ("assignee", "JIRAUSER10200", "5b10:ada"),
        ("assignee", "5b10:ada", "JIRAUSER10200"),
        ("Reviewer", "", "1"),
        ("Approvers", "1", "2"),
        ("Pair", "2", ""),
        ("Tester", "", "1"),
        ("Team", "", "Payments"),
    ]
    assert item.fields == {"watch": "", "who": "1"}
    assert "Ada" not in repr(item)


def test_people_of_custom_fields_are_counted_before_anybody_is_known(tmp_path: Path) -> None:
    when = "2026-02-01T10:00:00.000+0000"
    made = issue(
        "A-1",
        history(when, step("Reviewer", None, "Zoe Quist", fieldtype="custom", to="zquist")),
        history(when, step("Reviewer", "Zoe Quist", "Smith, Ann", fieldtype="custom", **{"from": "zquist", "to": "asmith"})),
        history(when, step("Pair", "Smith, Ann", None, fieldtype="custom", **{"from": "[asmith, zquist]", "to": "[]"})),
        history(when, step("Team", "Quist", "Quist, Red", fieldtype="custom", **{"from": "[101]", "to": "[101, 102]"})),
        history(when, step("Start date", None, "02/Feb/26", fieldtype="custom", to="2026-02-02")),
        history(when, step("Flagged", "Impediment", None, fieldtype="custom", **{"from": "[10000]", "to": "[]"})),
    )  # fmt: skip
    (item,) = items_of(tmp_path, lines_of(made))
    assert [(change.field, change.before, change.after) for change in item.changes] == [
        ("Reviewer", "", "1"),
        ("Reviewer", "1", "1"),
        ("Pair", "2", ""),
        ("Team", "Quist", "Quist, Red"),
        ("Start date", "", "02/Feb/26"),
        ("Flagged", "Impediment", ""),
    ]
    assert "Zoe" not in repr(item) and "Ann" not in repr(item)


def test_somebody_known_whose_name_has_a_comma_is_one_person(tmp_path: Path) -> None:
    when = "2026-02-01T10:00:00.000+0000"
    ann = {"name": "asmith", "displayName": "Smith, Ann"}
    made = issue(
        "A-1",
        history(when, step("Reviewer", None, "Smith, Ann", fieldtype="custom"), author=ann),
        history(when, step("Pair", "Smith, Ann", "Zed, Smith, Ann, Cy", fieldtype="custom"), author=ann),
    )
    (item,) = items_of(tmp_path, lines_of(made))
    assert [(change.before, change.after) for change in item.changes] == [("", "1"), ("1", "3")]


def test_long_texts_are_not_kept(tmp_path: Path) -> None:
    when = "2026-02-01T10:00:00.000+0000"
    made = issue(
        "A-1",
        history(when, step("description", "", "Call Ada Lund"), step("Comment", "old", ""), step("Plan", "a\nb", "x" * 501)),
        summary="s" * 900,
        comment={"comments": [{"body": "Call Ada"}, {"body": ""}]},
    )  # fmt: skip
    (item,) = items_of(tmp_path, lines_of(made))
    assert [(change.before, change.after) for change in item.changes] == [
        ("", SOMETHING),
        (SOMETHING, ""),
        (SOMETHING, SOMETHING),
    ]
    assert (len(item.title), item.comments) == (500, 2)


NEW_SPRINT = {
    "id": 12,
    "name": "Sprint 12",
    "state": "active",
    "boardId": 3,
    "startDate": "2026-02-02T08:00:00.000Z",
}
OLD_SPRINT = (
    "com.atlassian.greenhopper.service.sprint.Sprint@4f1[id=9,rapidViewId=3,state=CLOSED,name=Nine, the long,"
    "startDate=2026-01-05T09:00:00.000+01:00,endDate=2026-01-19T09:00:00.000+01:00,completeDate=<null>,sequence=9]"
)


@pytest.mark.parametrize("number", ["10020", "11900"])
def test_sprints_are_found_new_and_old(tmp_path: Path, number: str) -> None:
    made = issue("A-1", **{f"customfield_{number}": [OLD_SPRINT, NEW_SPRINT]})
    (item,) = items_of(tmp_path, lines_of(made, made))[:1]
    assert item.sprints == [
        Sprint("9", "Nine, the long", "closed", at("2026-01-05T08:00"), at("2026-01-19T08:00"), None),
        Sprint("12", "Sprint 12", "active", at("2026-02-02T08:00"), None, None),
    ]


def test_sprints_and_epics_of_the_agile_api_are_found(tmp_path: Path) -> None:
    made = issue("A-1", closedSprints=[{**NEW_SPRINT, "id": 11}], sprint=NEW_SPRINT, epic={"key": "A-100"})
    (item,) = items_of(tmp_path, lines_of(made))
    assert ([sprint.external_id for sprint in item.sprints], item.parent) == (["11", "12"], "A-100")


def test_custom_fields_are_found_by_name_or_by_number(tmp_path: Path) -> None:
    values = {
        "customfield_1": 5.0,
        "customfield_2": "A-50",
        "customfield_3": {"value": "Red", "child": {"value": "Dark"}},
    }
    made = issue("A-1", **values, customfield_4=[{"value": "x"}, {"name": "y"}, [1]], customfield_5=True)
    names = {
        "summary": "Summary", "customfield_1": "Story Points", "customfield_2": "Epic Link",
        "customfield_3": "Colour", "customfield_4": "Many", "customfield_5": "Flag",
    }  # fmt: skip
    mapping = {"colour": "colour", "many": "customfield_4", "flag": "Flag", "affects": "versions"}
    answer = {"issues": [made], "names": names}
    wrapped = (json.dumps(answer), json.dumps(answer, indent=1), lines_of({**made, "names": names}, made))
    for content in wrapped:
        item = items_of(tmp_path, content, mapping=mapping)[0]
        assert (item.points, item.parent) == (5.0, "A-50")
        assert item.fields == {"colour": "Red / Dark", "many": "x, y", "flag": "true", "affects": ""}
    (item,) = items_of(tmp_path, lines_of(made), mapping={"points": "customfield_1", "epic": "customfield_2"})
    assert (item.points, item.parent, item.fields) == (5.0, "A-50", {})


@pytest.mark.parametrize(
    ("value", "points"), [("3,5", 3.5), (2, 2.0), (True, None), ([1], None), ("many", None)]
)
def test_points_are_numbers(tmp_path: Path, value: Any, points: float | None) -> None:
    (item,) = items_of(tmp_path, lines_of(issue(customfield_1=value)), mapping={"points": "customfield_1"})
    assert item.points == points


def test_a_page_of_the_web_and_an_answer_of_errors_are_not_issues(tmp_path: Path) -> None:
    for content in ("<html>Log in</html>", '{"errorMessages": ["Not allowed"]}', "[1, 2]", '"x"'):
        with pytest.raises(Trouble) as raised:
            items_of(tmp_path, content)
        assert raised.value.fault in {Fault.FORM_STRANGE, Fault.COLUMN_MISSING}


def test_a_missing_or_empty_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as raised:
        items_of(tmp_path, "")
    assert raised.value.particulars == {"file": "file", "line": 1, "code": Code.FILE_EMPTY}
