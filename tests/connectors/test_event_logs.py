"""Tables of events become items: one per case, each event a step, in whatever order they come."""

from pathlib import Path

import pytest

from tests.connectors.tracker_files import at, items_of, opened, told
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.trail import Change
from vertebra.connectors.trail_files import guess_mapping, headings_of

LOG = """Case;When;Activity;Who;Team
c2;2026-01-02 10:00;Accepted;p3;Red
c1;2026-01-01 09:00;Accepted;p1;Red
c1;2026-01-03 09:00;Closed;p2;Blue
c1;2026-01-02 09:00;Accepted;p1;Red
c2;2026-01-02 10:00;Queued;;
"""
CLOSED = "Clôturé après vérification de la réponse reçue par l'équipe dédiée à la clientèle"
MAPPING = {"case": "Case", "at": "when", "activity": "Activity", "resource": "Who", "team": "Team"}


def test_every_event_is_a_step_and_other_columns_are_fields(tmp_path: Path) -> None:
    second, first = items_of(tmp_path, LOG, "events", MAPPING)
    assert first.changes == [
        Change(at("2026-01-01T09:00"), "status", "", "Accepted", "p1"),
        Change(at("2026-01-02T09:00"), "status", "Accepted", "Accepted", "p1"),
        Change(at("2026-01-03T09:00"), "status", "Accepted", "Closed", "p2"),
        Change(at("2026-01-03T09:00"), "team", "Red", "Blue", "p2"),
    ]
    assert (first.key, first.external_id, first.status, first.category) == ("c1", "c1", "Closed", "")
    assert (first.created_at, first.updated_at) == (at("2026-01-01T09:00"), at("2026-01-03T09:00"))
    assert first.fields == {"team": "Blue"}
    assert [(change.field, change.before, change.after) for change in second.changes] == [
        ("status", "", "Accepted"),
        ("status", "Accepted", "Queued"),
        ("team", "Red", ""),
    ]


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8", ","), ("cp1252", "\t"), ("utf-16", ";"), ("utf-8-sig", "|")]
)
def test_tables_of_any_kind_are_read(tmp_path: Path, encoding: str, separator: str) -> None:
    content = LOG.replace(";", separator).replace("Queued", CLOSED).encode(encoding)
    assert items_of(tmp_path, content, "events", MAPPING)[0].status == CLOSED


def test_where_status_and_activity_are_both_told_the_status_is_the_step(tmp_path: Path) -> None:
    content = "id,time,status,activity\n1,2026-01-01,New,open\n1,2026-01-02,Done,fix\n1,2026-01-03,Done,fix\n"
    mapping = {"case": "id", "at": "time", "status": "status", "activity": "activity"}
    (item,) = items_of(tmp_path, content, "events", mapping)
    assert [(change.field, change.before, change.after) for change in item.changes] == [
        ("status", "", "New"),
        ("status", "New", "Done"),
        ("activity", "open", "fix"),
        ("status", "Done", "Done"),
    ]


def test_an_event_with_a_beginning_and_an_end_is_a_step_at_its_end(tmp_path: Path) -> None:
    content = "case,start,end,step\n1,2026-01-01 08:00,2026-01-01 10:00,Test\n1,2026-01-01 09:00,,Look\n"
    mapping = {"case": "case", "at": "start", "end": "end", "activity": "step"}
    (item,) = items_of(tmp_path, content, "events", mapping)
    assert [(change.at.hour, change.field, change.after) for change in item.changes] == [
        (8, "lifecycle", "Test:start"),
        (9, "status", "Look"),
        (10, "status", "Test"),
    ]


def test_parts_of_items_and_people_are_not_fields(tmp_path: Path) -> None:
    content = "id,at,status,what,who\n1,2026-01-01,New,Fix it,p9\n1,2026-01-02,Done,Fix it,p8\n"
    mapping = {"case": "id", "at": "at", "status": "status", "title": "what", "assignee": "who"}
    (item,) = items_of(tmp_path, content, "events", mapping)
    assert (item.title, item.assignee, item.fields) == ("Fix it", "p8", {})
    assert [change.field for change in item.changes] == ["status", "status", "assignee"]


def test_people_told_by_events_are_nowhere_in_the_fields(tmp_path: Path) -> None:
    content = (
        "id,at,status,who,by,team\n1,2026-01-01,New,Ada Lund,Ben Okri,Red\n1,2026-01-02,Done,,Ben Okri,Red\n"
    )
    mapping = {"case": "id", "at": "at", "status": "status", "assignee": "who", "reporter": "by", "team": "team"}  # fmt: skip
    (item,) = items_of(tmp_path, content, "events", mapping)
    assert (item.assignee, item.reporter, item.fields) == ("", "Ben Okri", {"team": "Red"})


@pytest.mark.parametrize(
    ("odd", "month"), [("N/A", 3), ("", 3), ("soon", 3), ("2026-03-01", 4), ("1 March 2026", 4), ("1772323200", 4)]
)  # fmt: skip
def test_an_odd_cell_does_not_hide_that_the_month_comes_first(tmp_path: Path, odd: str, month: int) -> None:
    content = f"case,at,activity\n0,{odd},a\n1,3/4/2026 9:00,a\n2,3/25/2026 9:00,a\n"
    items = {item.key: item for item in items_of(tmp_path, content, "events")}
    assert items["1"].created_at.month == month


def test_events_that_lack_something_are_left_out_and_told(tmp_path: Path) -> None:
    file = opened(
        tmp_path,
        LOG + ";2026-01-01;a;;\nc3;soon;a;;\nc3;2026-01-01;;;\nc9;2031-01-01;a;;\n",
        "events",
        MAPPING,
    )
    assert [item.key for item in file.items()] == ["c2", "c1", "c9"]
    assert told(file) == [
        ("event_without", 7, {"what": "case", "key": ""}),
        ("event_without", 8, {"what": "at", "key": "c3"}),
        ("event_without", 9, {"what": "activity", "key": "c3"}),
        ("created_in_future", 10, {"key": "c9"}),
        ("change_in_future", 10, {"key": "c9", "count": "1"}),
    ]


def test_a_log_without_a_column_says_which_it_has(tmp_path: Path) -> None:
    for content, what in (
        ("when,activity\n1,2\n", "case"),
        ("case id,activity\n1,2\n", "at"),
        ("case id,date\n1,2026-01-01\n", "activity"),
    ):
        with pytest.raises(Trouble) as raised:
            items_of(tmp_path, content, "events")
        assert raised.value.fault is Fault.COLUMN_MISSING
        columns = content.splitlines()[0].replace(",", ", ")
        assert raised.value.particulars == {"file": "file", "what": what, "columns": columns}
    with pytest.raises(Trouble) as raised:
        items_of(tmp_path, LOG, "events", {**MAPPING, "team": "Squad"})
    assert raised.value.fault is Fault.COLUMN_UNKNOWN
    assert raised.value.particulars["columns"] == "Case, When, Activity, Who, Team"


@pytest.mark.parametrize(
    ("headings", "guessed"),
    [
        (
            "case:concept:name,concept:name,time:timestamp,org:resource,lifecycle:transition,case:Amount",
            "case:concept:name,time:timestamp,activity=concept:name,org:resource,lifecycle:transition",
        ),
        (
            "SR Number,Change Date+Time,Status,Sub Status,Activity,Involved ST,SR Latest Impact,Product,Resource",
            "SR Number,Change Date+Time,status=Status,Resource,Sub Status,Involved ST,SR Latest Impact",
        ),
        ("Case ID,Activity,Resource,Start Timestamp,Complete Timestamp", "Case ID,Start Timestamp,Complete Timestamp,Activity,Resource"),
        ("Case ID,Activity,Complete Timestamp", "Case ID,Complete Timestamp,Activity"),
        ("Numéro de dossier,Étape,Date et heure,Équipe,Intervenant", "Numéro de dossier,Date et heure,Étape,Intervenant,Équipe"),
        ("a,b,", ""),
    ],
)  # fmt: skip
def test_a_mapping_is_guessed_from_headings(headings: str, guessed: str) -> None:
    found = guess_mapping(headings.split(","))
    wanted = [one.rpartition("=") for one in guessed.split(",") if one]
    assert set(found.values()) == {heading for _part, _sign, heading in wanted}
    assert all(found[part] == heading for part, _sign, heading in wanted if part)


def test_headings_are_shown_to_choose_from(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(LOG)
    assert headings_of(tmp_path / "log.csv", "log.csv") == ("Case", "When", "Activity", "Who", "Team")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("1262340000", "2010-01-01T10:00"),
        ("1262340000500", "2010-01-01T10:00:00.5"),
        ("1262340000500000", "2010-01-01T10:00:00.5"),
        ("2010/03/31 15:59:42.123", "2010-03-31T15:59:42.123"),
        ("31-03-2010 15:59:42", "2010-03-31T15:59:42"),
        ("2010-03-31T15:59:42+01:00", "2010-03-31T14:59:42"),
        ("2010-03-31 15:59:42 UTC", "2010-03-31T15:59:42"),
        ("31.03.2010 15:59 +0200", "2010-03-31T13:59"),
        ("20100331", "2010-03-31T00:00"),
        ("31/Mar/2010", "2010-03-31T00:00"),
    ],
)
def test_moments_are_read_in_many_forms(tmp_path: Path, written: str, moment: str) -> None:
    (item,) = items_of(tmp_path, f"case,at,activity\n1,{written},a\n", "events")
    assert item.created_at == at(moment)
