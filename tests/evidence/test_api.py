"""Tools read and tell incidents: one while it goes on, many of another tool, twice without effect."""

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client

from tests import world
from tests.org.company import person, unit
from tests.web.test_api import caller, post
from vertebra.accounts.models import AuditEntry, User
from vertebra.evidence.actions.incidents import change_incident
from vertebra.evidence.models import FollowUpAction, Incident, IncidentMoment

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
BEGAN = world.NOW - dt.timedelta(days=3)


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
    return {
        "external_id": f"INC-{at}", "title": f"Payments fail {at}", "started_at": BEGAN.isoformat(), "severity": "sev1",
        "resolved_at": (BEGAN + dt.timedelta(hours=2)).isoformat(), "systems": ["payments"],
    } | values  # fmt: skip


def tell(client: Client, *rows: dict[str, Any]) -> Any:
    return post(client, "/bulk/incidents", {"source": "Status page", "incidents": list(rows)})


def patch(client: Client, row_id: int, **body: Any) -> Any:
    return client.patch(f"/api/v1/incidents/{row_id}", json.dumps(body), content_type="application/json")


def test_incidents_told_twice_are_there_once(tool: Client) -> None:
    person("Zoe Petit", unit("Shop"), "support", email="zoe@example.org")
    rows = [
        told(1, timeline=[{"at": BEGAN.isoformat(), "kind": "noticed", "text": "A customer calls"}]),
        told(
            2,
            follow_ups=[
                {"id": "a", "title": "Warn sooner", "owner": "zoe@example.org", "due_on": "2026-12-01"}
            ],
        ),
    ]
    first = tell(tool, *rows)
    assert first.status_code == 200, first.content
    assert first.json() == {"created": 2, "changed": 0, "unchanged": 0, "follow_ups": 1, "unknown_owners": []}
    entries = AuditEntry.objects.count()
    assert tell(tool, *rows).json()["unchanged"] == 2
    counts = (Incident.objects.count(), IncidentMoment.objects.count(), FollowUpAction.objects.count())
    assert (*counts, AuditEntry.objects.count()) == (2, 1, 1, entries)
    read = tool.get(f"/api/v1/incidents/{Incident.objects.get(external_id='INC-1').pk}").json()
    assert (read["severity"], read["source"], read["systems"]) == ("critical", "Status page", ["payments"])
    assert [one["text"] for one in read["timeline"]] == ["A customer calls"]


def test_what_a_hand_corrected_stays_until_the_tool_says_otherwise(tool: Client, ines: User) -> None:
    tell(tool, told())
    row = Incident.objects.get()
    change_incident(actor=ines, incident=row, now=world.NOW, title="Cards are refused")
    tell(tool, told())
    row.refresh_from_db()
    assert row.title == "Cards are refused"
    assert tell(tool, told(title="Payments fail in Spain")).json()["changed"] == 1
    row.refresh_from_db()
    assert row.title == "Payments fail in Spain"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"started_at": "yesterday"}, "incidents.1.started_at"),
        ({"severity": "dreadful"}, "incidents.1.severity"),
        ({"title": " "}, "incidents.1.title"),
        ({"resolved_at": "2020-01-01"}, "incidents.1.resolved_at"),
        ({"external_id": "INC-1"}, "incidents.1.external_id"),
        ({"timeline": [{"at": "soon"}]}, "incidents.1.timeline"),
    ],
)
def test_a_wrong_incident_is_told_with_its_row_and_a_remedy_and_keeps_all_from_being_written(
    tool: Client, wrong: dict[str, Any], field: str
) -> None:
    refused = tell(tool, told(1), told(2) | wrong)
    assert refused.status_code == 422, refused.content
    [error] = refused.json()["errors"]
    assert error["field"] == field
    assert error["message"] and error["remedy"]
    assert not Incident.objects.exists()


def test_a_tool_opens_an_incident_and_ends_it(tool: Client) -> None:
    made = post(tool, "/incidents", {"title": "Payments fail", "started_at": BEGAN.isoformat()})
    assert made.status_code == 201
    row_id = made.json()["id"]
    assert AuditEntry.objects.get(pk=made.json()["entry"]).object_id == row_id
    ended = patch(tool, row_id, resolved_at=(BEGAN + dt.timedelta(hours=1)).isoformat(), severity="minor")
    assert ended.status_code == 200
    read = tool.get(f"/api/v1/incidents/{row_id}").json()
    assert read["resolved_at"] and read["severity"] == "minor"
    early = patch(tool, row_id, resolved_at=(BEGAN - dt.timedelta(hours=1)).isoformat())
    assert early.status_code == 409
    assert patch(tool, row_id).status_code == 422
    assert patch(tool, row_id, title=None).status_code == 422
    assert patch(tool, row_id, started_at="2026-10-30T09:00:00").status_code == 422


def test_a_reader_writes_incidents_down_and_changes_their_own_only(tool: Client) -> None:
    reader = caller(world.lea(), "read", "write", "import")
    own = post(reader, "/incidents", {"title": "The till stops", "started_at": BEGAN.isoformat()}).json()[
        "id"
    ]
    assert patch(reader, own, severity="minor").status_code == 200
    other = post(tool, "/incidents", {"title": "Payments fail", "started_at": BEGAN.isoformat()}).json()["id"]
    assert patch(reader, other, severity="minor").status_code == 403
    assert tell(reader, told()).status_code == 403
    assert patch(reader, 10**9, severity="minor").status_code == 404


def test_lists_narrow_page_and_refuse_what_they_do_not_know(tool: Client) -> None:
    rows = [told(at, severity="minor" if at % 2 else "major") for at in range(1, 13)]
    tell(tool, *rows, told(13, resolved_at=""))

    def titles(**asked: Any) -> list[str]:
        return [one["external_id"] for one in tool.get("/api/v1/incidents", asked).json()["items"]]

    assert titles(state="going_on") == ["INC-13"]
    assert len(titles(severity="minor")) == 6
    assert titles(until=BEGAN.isoformat()) == []
    assert tool.get("/api/v1/incidents", {"status": "open"}).status_code == 422
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = tool.get(f"/api/v1/incidents?limit=5&cursor={cursor}").json()
        seen += [one["external_id"] for one in page["items"]]
        cursor = page["next"]
        tell(tool, told(1, title=f"Changed {len(seen)}"))
    assert seen == [f"INC-{at}" for at in range(1, 14)]
