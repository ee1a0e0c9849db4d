"""Tools read and tell the roadmap: filters of the pages, what a hand changed kept, twice without effect."""

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client

from tests import world
from tests.org.company import person, unit
from tests.roadmap.undertaken import started, undertaken
from tests.web.test_api import caller, post
from vertebra.accounts.models import AuditEntry, User
from vertebra.roadmap.actions.initiatives import change_initiative
from vertebra.roadmap.models import Initiative, MonthlyWord, Revision

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = world.NOW


@pytest.fixture
def ines() -> User:
    return world.english(world.ines())


@pytest.fixture
def tool(ines: User) -> Client:
    return caller(ines, "read", "write", "import")


def told(at: int = 1, **values: Any) -> dict[str, Any]:
    given = {
        "title": f"Initiative {at}",
        "state": "planned",
        "due_on": "2026-12-24",
        "stage": "beta",
    } | values
    return {"kind": "initiative", "external_id": f"I-{at}", "values": given}


def tell(client: Client, *records: dict[str, Any], **options: Any) -> Any:
    return post(client, "/bulk/initiatives", {"source": "Tracker", "records": list(records), **options})


def patch(client: Client, row_id: int, **body: Any) -> Any:
    return client.patch(f"/api/v1/initiatives/{row_id}", json.dumps(body), content_type="application/json")


def titles(client: Client, **asked: Any) -> list[str]:
    answer = client.get("/api/v1/initiatives", asked)
    assert answer.status_code == 200, answer.content
    return [one["title"] for one in answer.json()["items"]]


def test_a_roadmap_told_twice_is_there_once(tool: Client) -> None:
    sales = unit("Sales")
    person("Zoe Petit", sales, "sales", email="zoe@example.org")
    rows = [
        told(1, lead={"email": "zoe@example.org"}, owner_unit={"name": "Sales"}, milestones={"beta": "v1.2"}),
        told(2, see_also=["I-1"]),
        {"kind": "release", "external_id": "v1.2", "values": {"name": "v1.2", "on": "2026-12-20"}},
    ]
    first = tell(tool, *rows)
    assert first.status_code == 200, first.content
    assert first.json()["counts"]["initiative"]["created"] == 2
    assert first.json()["unknown"] == []
    again = tell(tool, *rows)
    assert again.json()["entry"] is None
    assert (Initiative.objects.count(), Revision.objects.count()) == (2, 2)
    one = tool.get(f"/api/v1/initiatives/{Initiative.objects.get(external_id='I-1').pk}").json()
    assert (one["source"], one["external_id"], one["unit"], one["due_on"]) == (
        "Tracker", "I-1", sales.pk, "2026-12-24",
    )  # fmt: skip


def test_what_a_hand_changed_stays_until_the_tool_tells_otherwise(tool: Client, ines: User) -> None:
    tell(tool, told())
    row = Initiative.objects.get()
    change_initiative(actor=ines, initiative=row, changes={"title": "Say it better"}, now=world.NOW)
    assert tell(tool, told()).json()["entry"] is None
    assert titles(tool) == ["Say it better"]
    tell(tool, told(title="Told otherwise"))
    assert titles(tool) == ["Told otherwise"]


def test_history_is_told_and_read_as_of_a_day(tool: Client) -> None:
    def moment(number: int, at: str, state: str) -> dict[str, Any]:
        values = {"initiative": "I-1", "at": at, "state": state, "due_on": f"2026-0{number}-01"}
        return {"kind": "revision", "external_id": f"r{number}", "values": values}

    rows = [
        told(state="started"),
        moment(5, "2026-01-10T09:00:00+01:00", "idea"),
        moment(7, "2026-03-10T09:00:00+01:00", "planned"),
    ]
    assert tell(tool, *rows).json()["counts"]["revision"]["created"] == 2
    assert tell(tool, *rows).json()["entry"] is None
    [past] = tool.get("/api/v1/initiatives", {"as_of": "2026-02-01"}).json()["items"]
    assert (past["state"], past["due_on"], past["lead"]) == ("idea", "2026-05-01", None)
    assert titles(tool, as_of="2026-02-01", state="planned") == []
    assert titles(tool, as_of="2025-12-01") == []
    assert tool.get("/api/v1/initiatives", {"as_of": "2026-02-01", "baseline": "with"}).status_code == 422
    assert Initiative.objects.get().slip_count == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"due_on": "soon"}, "records.1.values.due_on"),
        ({"state": "flying"}, "records.1.values.state"),
        ({"title": ""}, "records.1.values.title"),
        ({"colour": "red"}, "records.1.values.colour"),
        ({"milestones": "v1"}, "records.1.values.milestones"),
        ({"lead": ["a"]}, "records.1.values.lead"),
    ],
)
def test_a_wrong_record_is_told_with_its_row_and_a_remedy_and_keeps_all_from_being_written(
    tool: Client, values: dict[str, Any], field: str
) -> None:
    refused = tell(tool, told(1), told(2, **values))
    assert refused.status_code == 422, refused.content
    [error] = refused.json()["errors"]
    assert error["field"] == field
    assert error["message"] and error["remedy"]
    assert not Initiative.objects.exists()


def test_what_is_no_longer_told_is_archived_only_when_the_number_is_confirmed(tool: Client) -> None:
    tell(tool, *(told(at) for at in range(5)))
    dry = tell(tool, told(0), full=True, dry_run=True)
    assert dry.json()["counts"]["initiative"]["closed"] == 4
    assert tell(tool, told(0), full=True).status_code == 409
    assert len(titles(tool)) == 5
    assert tell(tool, told(0), full=True, confirm_closing=4).status_code == 200
    assert titles(tool) == ["Initiative 0"]


def test_lists_narrow_as_the_pages_do(tool: Client, ines: User) -> None:
    company = unit("Company")
    sales = unit("Sales", company)
    lead = person("Zoe Petit", sales, "sales")
    undertaken(ines, "Late", owner_unit=sales, lead=lead, due_on=world.TODAY - dt.timedelta(days=1))
    started(ines, "Under way", kind="quick_win")
    tell(tool, told(1, due_on="2026-11-10"))
    assert titles(tool, due="late") == ["Late"]
    assert titles(tool, due="month") == ["Initiative 1"]
    assert titles(tool, unit=company.pk) == ["Late"]
    assert titles(tool, lead=lead.pk) == ["Late"]
    assert titles(tool, lead=0) == ["Under way", "Initiative 1"]
    assert titles(tool, kind="quick_win") == ["Under way"]
    assert titles(tool, baseline="without") == ["Under way"]
    assert titles(tool, origin="tool") == ["Initiative 1"]
    assert titles(tool, state="open", q="way") == ["Under way"]
    assert tool.get("/api/v1/initiatives", {"status": "open"}).status_code == 422


def test_pages_stay_whole_while_initiatives_change(tool: Client) -> None:
    tell(tool, *(told(at) for at in range(25)))
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = tool.get(f"/api/v1/initiatives?limit=10&cursor={cursor}").json()
        seen += [one["external_id"] for one in page["items"]]
        cursor = page["next"]
        tell(tool, told(0, title=f"Changed {len(seen)}"))
    assert seen == [f"I-{at}" for at in range(25)]


def test_a_contributor_writes_down_and_changes(ines: User) -> None:
    client = caller(world.karim(), "read", "write", "import")
    made = post(client, "/initiatives", {"title": "Post each release", "kind": "quick_win", "effort_days": 2})
    assert made.status_code == 201
    row_id = made.json()["id"]
    assert AuditEntry.objects.get(pk=made.json()["entry"]).object_id == row_id
    assert patch(client, row_id, due_on="2026-12-01").status_code == 200
    assert client.get(f"/api/v1/initiatives/{row_id}").json()["due_on"] == "2026-12-01"
    assert patch(client, row_id, effort_days=9).status_code == 409
    assert patch(client, row_id, lead=10**9).status_code == 422
    assert patch(client, row_id).status_code == 422
    assert patch(client, row_id, title=None).status_code == 422
    assert tell(client, told()).status_code == 403


def test_a_reader_speaks_of_what_they_lead_and_of_nothing_else(ines: User) -> None:
    lea = world.lea()
    lead = person("Lea Roux", unit("Shop"), "sales", email=lea.email)
    lead.user = lea
    lead.save()
    own, other = started(ines, "Hers", lead=lead), started(ines, "Not hers")
    reader = caller(lea, "read", "write")
    word = {"pace": "at_risk", "line": "The printer is late"}
    assert post(reader, f"/initiatives/{own.pk}/words", word).status_code == 201
    assert MonthlyWord.objects.get().said_by == lead
    assert post(reader, f"/initiatives/{own.pk}/words", word).status_code == 409
    assert post(reader, f"/initiatives/{other.pk}/words", word).status_code == 403
    assert patch(reader, other.pk, title="Mine now").status_code == 403
    assert post(reader, "/initiatives", {"title": "Another"}).status_code == 403
    read = reader.get(f"/api/v1/initiatives/{own.pk}").json()
    assert (read["pace"], read["words"][0]["line"]) == ("at_risk", "The printer is late")
    only_reading = caller(lea, "read")
    assert post(only_reading, f"/initiatives/{own.pk}/words", word).status_code == 403
