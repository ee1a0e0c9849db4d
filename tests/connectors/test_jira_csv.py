"""Jira's export to CSV: repeated columns, English and French headings, its ways to write a moment."""

import csv
import datetime as dt
import gzip
import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.connectors.tracker_files import at, items_of, opened, told
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.trail import Sprint, Tie

ENGLISH = (
    "Summary", "Issue key", "Issue id", "Issue Type", "Status", "Status Category", "Project key", "Priority",
    "Resolution", "Assignee", "Assignee Id", "Reporter", "Created", "Updated", "Resolved", "Due date", "Component/s",
    "Component/s", "Fix Version/s", "Labels", "Labels", "Labels", "Sprint", "Sprint", "Custom field (Story Points)",
    "Custom field (Status)", "Inward issue link (Blocks)", "Outward issue link (Blocks)", "Parent key", "Comment",
    "Comment", "Description",
)  # fmt: skip
FRENCH = (
    "Résumé", "Clé de ticket", "ID de ticket", "Type de ticket", "État", "Catégorie d’état", "Clé de projet",
    "Priorité", "Résolution", "Responsable", "ID du responsable", "Rapporteur", "Création", "Mise à jour", "Résolu",
    "Date d'échéance", "Composants", "Composants", "Versions corrigées", "Étiquettes", "Étiquettes", "Étiquettes",
    "Sprint", "Sprint", "Champs personnalisés (Story Points)", "Champs personnalisés (État)",
    "Lien de ticket entrant (Blocks)", "Lien de ticket sortant (Blocks)", "Clé parent", "Commentaire", "Commentaire",
    "Description",
)  # fmt: skip
ROW = (
    "VAT is wrong\nsince May", "BIL-7", "20007", "Bug", "In Review", "In Progress", "BIL", "High", "Unresolved",
    "Ben Okri", "712020:ben", "ada", "05/Jan/26 9:00 AM", "01/Feb/26 4:30 PM", "", "15/Mar/26 12:00 AM", "Billing",
    "API", "2026.3", "vat", "", "été", "Sprint 11", "Sprint 12", "3.0", "odd", "OPS-2", "BIL-9", "BIL-1",
    "06/Jan/26 9:00 AM;ada;Call Ben", "second", "long",
)  # fmt: skip


def table(*rows: Sequence[str], separator: str = ",") -> str:
    """A table as Jira writes it."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize("headings", [ENGLISH, FRENCH], ids=["English", "French"])
def test_an_export_tells_all_that_is_kept(tmp_path: Path, headings: tuple[str, ...]) -> None:
    (item,) = items_of(tmp_path, table(headings, ROW))
    assert (item.external_id, item.key, item.project, item.kind) == ("20007", "BIL-7", "BIL", "Bug")
    assert (item.title, item.status, item.category) == ("VAT is wrong\nsince May", "In Review", "doing")
    assert (item.created_at, item.updated_at) == (at("2026-01-05T09:00"), at("2026-02-01T16:30"))
    assert (item.resolved_at, item.resolution, item.due_on) == (None, "", dt.date(2026, 3, 15))
    assert (item.labels, item.components, item.versions) == (("vat", "été"), ("Billing", "API"), ("2026.3",))
    assert (item.assignee, item.reporter, item.comments, item.points) == ("712020:ben", "ada", 2, 3.0)
    assert item.sprints == [Sprint("Sprint 11", "Sprint 11"), Sprint("Sprint 12", "Sprint 12")]
    assert item.ties == [Tie("Blocks (inward)", "OPS-2"), Tie("Blocks", "BIL-9")]
    assert (item.parent, item.changes, item.fields) == ("BIL-1", [], {})


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("15/May/12 9:56 PM", "2012-05-15T21:56"),
        ("07/déc./25 10:51", "2025-12-07T10:51"),
        ("1/févr./26 12:05", "2026-02-01T12:05"),
        ("15/May/12 12:05 AM", "2012-05-15T00:05"),
        ("2012-05-16 07:56", "2012-05-16T07:56"),
        ("2012-05-16T07:56:13.250+0200", "2012-05-16T05:56:13.250"),
        ("16.05.2012 07:56", "2012-05-16T07:56"),
        ("16/05/2012 07:56:30", "2012-05-16T07:56:30"),
        ("6/21/2025 16:14", "2025-06-21T16:14"),
        ("May 16, 2012 7:56 AM", "2012-05-16T07:56"),
        ("16 mai 2012 à 7h56", None),
        ("16 mai 2012 7h56", "2012-05-16T07:56"),
    ],
)
def test_moments_are_read_as_jira_writes_them(tmp_path: Path, written: str, moment: str | None) -> None:
    found = items_of(tmp_path, table(("Issue key", "Created"), ("A-1", written)))
    assert [item.created_at for item in found] == ([at(moment)] if moment else [])


def test_a_day_over_twelve_further_down_tells_how_days_are_written(tmp_path: Path) -> None:
    rows = (("Key", "Created"), ("A-1", "3/4/2026 10:00"), ("A-2", ""), ("A-3", "3/14/2026 10:00"))
    assert [item.created_at for item in items_of(tmp_path, table(*rows))] == [
        at("2026-03-04T10:00"),
        at("2026-03-14T10:00"),
    ]
    assert items_of(tmp_path, table(*rows[:2]))[0].created_at == at("2026-04-03T10:00")


def test_times_are_those_of_the_zone_that_is_named(tmp_path: Path) -> None:
    content = table(("Issue key", "Created", "Due date"), ("A-1", "15/Jul/25 9:00 AM", "16/Jul/25 12:00 AM"))
    (item,) = items_of(tmp_path, content, mapping={"zone": "Europe/Paris"})
    assert (item.created_at, item.due_on) == (at("2025-07-15T07:00"), dt.date(2025, 7, 16))
    with pytest.raises(Trouble) as raised:
        items_of(tmp_path, content, mapping={"zone": "Atlantis"})
    assert raised.value.fault is Fault.CHOICE_UNKNOWN


@pytest.mark.parametrize(("encoding", "separator"), [("cp1252", ";"), ("utf-16", "\t"), ("utf-8-sig", ",")])
def test_an_export_saved_again_by_a_spreadsheet_is_read(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    content = table(FRENCH, ROW, separator=separator).encode(encoding)
    assert items_of(tmp_path, content)[0].labels == ("vat", "été")


def test_columns_of_ones_own_are_named_in_a_mapping(tmp_path: Path) -> None:
    content = table((*ENGLISH, "Custom field (Team)", "Custom field (Team)"), (*ROW, "Red", "Blue"))
    (item,) = items_of(tmp_path, content, mapping={"team": "team", "points": "Issue id"})
    assert (item.fields, item.points) == ({"team": "Red, Blue"}, 20007.0)
    with pytest.raises(Trouble) as raised:
        items_of(tmp_path, content, mapping={"team": "Squad"})
    assert raised.value.fault is Fault.COLUMN_UNKNOWN
    assert raised.value.particulars["column"] == "Squad"


def test_an_export_without_keys_or_moments_says_which_columns_there_are(tmp_path: Path) -> None:
    for headings, what in ((("Summary", "Created"), "key"), (("Key", "Summary"), "created")):
        with pytest.raises(Trouble) as raised:
            items_of(tmp_path, table(headings, ("a", "b")))
        assert raised.value.fault is Fault.COLUMN_MISSING
        assert raised.value.particulars == {"file": "file", "what": what, "columns": ", ".join(headings)}


def test_rows_without_key_or_moment_are_left_out_and_told(tmp_path: Path) -> None:
    file = opened(
        tmp_path, table(("Key", "Created"), ("", "2026-01-01"), ("A-2", "soon"), ("A-3", "2026-01-01"))
    )
    assert [item.key for item in file.items()] == ["A-3"]
    assert told(file) == [
        ("item_without", 2, {"what": "key", "key": ""}),
        ("item_without", 3, {"what": "created", "key": "A-2"}),
    ]


def test_a_quote_that_never_ends_and_a_packed_table_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as raised:
        items_of(tmp_path, table(ENGLISH, ROW) + '"Half')
    assert (raised.value.particulars["code"], raised.value.particulars["line"]) == ("quote_unclosed", 4)
    with pytest.raises(Trouble) as raised:
        items_of(tmp_path, gzip.compress(table(ENGLISH, ROW).encode()))
    assert raised.value.fault is Fault.PACKED_TABLE
