"""Tools read and tell the catalogue and its values: within rights, twice without effect, corrections kept."""

from typing import Any

import pytest
from django.test import Client

from tests import world
from tests.measures.measured import metric, monthly
from tests.org.company import person, unit
from tests.web.test_api import caller, post
from vertebra.accounts.models import AuditEntry, User
from vertebra.measures.models import Measurement, Metric

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


def tell(client: Client, *rows: dict[str, Any], **options: Any) -> Any:
    return post(client, "/bulk/values", {"values": list(rows), **options})


def value(on: str, number: Any, name: Any = "orders-collected-in-time", **more: Any) -> dict[str, Any]:
    return {"metric": name, "on": on, "value": number, **more}


def known(row: Metric) -> list[tuple[str, float]]:
    rows = Measurement.objects.filter(metric=row, superseded_at=None).order_by("on")
    return [(on.isoformat(), number) for on, number in rows.values_list("on", "value")]


def test_a_catalogue_told_twice_is_there_once(tool: Client) -> None:
    company = unit("Sales")
    person("Zoe Petit", company, "sales", email="zoe@example.org")
    rows: list[dict[str, Any]] = [
        {
            "slug": "nps",
            "name": "NPS",
            "unit": "score",
            "owner": "zoe@example.org",
            "of_unit": "Sales",
            "target": 8,
        },
        {"slug": "churn", "name": "Churn", "direction": "down"},
    ]
    first = post(tool, "/bulk/metrics", {"source": "BI", "metrics": rows})
    assert first.status_code == 200, first.content
    assert first.json()["created"] == 2
    assert AuditEntry.objects.get(pk=first.json()["entry"]).object_name == "BI"
    nps = Metric.objects.get(slug="nps")
    assert (nps.owner.name, nps.of_unit_id) == ("Zoe Petit", company.pk)  # type: ignore[union-attr]
    again = post(tool, "/bulk/metrics", {"source": "BI", "metrics": rows})
    assert again.json() == {"created": 0, "changed": 0, "unchanged": 2, "entry": None}
    assert Metric.objects.count() == 2
    rows[1]["definition"] = "Customers who leave"
    assert post(tool, "/bulk/metrics", {"source": "BI", "metrics": rows}).json()["changed"] == 1


def test_a_dry_run_writes_nothing(tool: Client, ines: User) -> None:
    body = {"source": "BI", "metrics": [{"slug": "nps", "name": "NPS"}], "dry_run": True}
    assert post(tool, "/bulk/metrics", body).json()["created"] == 1
    assert not Metric.objects.exists()
    row = metric(ines)
    assert tell(tool, value("2026-09", 80), dry_run=True).json()["created"] == 1
    assert known(row) == []


def test_values_told_twice_change_nothing_and_late_or_other_ones_correct(tool: Client, ines: User) -> None:
    row = metric(ines)
    told = [value("2026-08-31", 80), value("2026-09", "81,5", row.pk), value("2026-10", 82, behind=40)]
    assert tell(tool, *told).json() == {"created": 3, "changed": 0, "unchanged": 0}
    entries = AuditEntry.objects.count()
    assert tell(tool, *told).json() == {"created": 0, "changed": 0, "unchanged": 3}
    assert (Measurement.objects.count(), AuditEntry.objects.count()) == (3, entries)
    assert tell(tool, value("2026-09", 79), value("2026-07", 70)).json()["changed"] == 1
    assert known(row) == [("2026-07-01", 70), ("2026-08-01", 80), ("2026-09-01", 79), ("2026-10-01", 82)]
    row.refresh_from_db()
    assert (row.latest_value, row.before_value) == (82, 79)


def test_what_was_corrected_is_read_with_the_history(tool: Client, ines: User, settings: Any) -> None:
    row = metric(ines)
    tell(tool, value("2026-09", 80))
    settings.FIXED_NOW = world.NOW.replace(hour=15)
    tell(tool, value("2026-09", 79))

    def read(**asked: Any) -> list[float]:
        found = tool.get("/api/v1/values", {"metric": row.pk, **asked}).json()["items"]
        return [one["value"] for one in found]

    assert read() == [79]
    assert read(history="true") == [80, 79]
    assert read(known_at=world.NOW.replace(hour=12).isoformat()) == [80]
    assert read(since="2026-10-01") == []
    assert (
        tool.get("/api/v1/values", {"history": "true", "known_at": world.NOW.isoformat()}).status_code == 422
    )


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (value("2026-09", "many"), "values.1.value"),
        (value("yesterday", 3), "values.1.on"),
        (value("2027-01", 3), "values.1.on"),
        (value("2026-09", 3, "nobody-knows-it"), "values.1.metric"),
        (value("2026-09", 3, 10**9), "values.1.metric"),
        (value("2026-08", 99), "values.1.value"),
        (value("2026-09", 3, part="x" * 150), "values.1.value"),
    ],
)
def test_a_wrong_value_is_told_with_its_row_and_a_remedy_and_keeps_all_from_being_written(
    tool: Client, ines: User, wrong: dict[str, Any], field: str
) -> None:
    metric(ines)
    refused = tell(tool, value("2026-08", 80), wrong)
    assert refused.status_code == 422, refused.content
    [error] = refused.json()["errors"]
    assert error["field"] == field
    assert error["message"] and error["remedy"]
    assert not Measurement.objects.exists()


def test_a_wrong_metric_is_told_with_its_row_and_a_remedy(tool: Client) -> None:
    rows = [
        {"slug": "nps", "name": "NPS"},
        {"slug": "cost", "name": "Cost", "unit": "money", "owner": "Nobody"},
    ]
    refused = post(tool, "/bulk/metrics", {"source": "BI", "metrics": rows})
    assert [one["field"] for one in refused.json()["errors"]] == ["metrics.1.currency", "metrics.1.owner"]
    assert all(one["remedy"] for one in refused.json()["errors"])
    assert not Metric.objects.exists()


def test_a_reader_tells_values_of_their_own_metrics_only(ines: User) -> None:
    lea = world.english(world.lea())
    own = person("Lea Roux", unit("Shop"), "sales", email=lea.email)
    own.user = lea
    own.save()
    metric(ines, "Mine", owner=own)
    metric(ines, "Yours")
    reader = caller(lea, "read", "write", "import")
    assert tell(reader, value("2026-09", 3, "mine")).status_code == 200
    refused = tell(reader, value("2026-09", 3, "mine"), value("2026-09", 3, "yours"))
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "values.1.metric"
    assert post(reader, "/metrics", {"name": "Another"}).status_code == 403
    assert post(reader, "/bulk/metrics", {"source": "BI", "metrics": []}).status_code == 403
    assert reader.get("/api/v1/metrics").status_code == 200


def test_a_metric_is_made_and_read_back_with_its_targets(tool: Client) -> None:
    made = post(tool, "/metrics", {"name": "Lead time", "unit": "days", "direction": "down"})
    assert made.status_code == 201
    assert AuditEntry.objects.get(pk=made.json()["entry"]).object_id == made.json()["id"]
    read = tool.get(f"/api/v1/metrics/{made.json()['id']}").json()
    assert (read["slug"], read["state"], read["targets"]) == ("lead-time", "draft", [])
    refused = post(tool, "/metrics", {"name": "Cost", "unit": "money"})
    assert refused.status_code == 409
    assert "currency" in refused.json()["detail"]


def test_lists_narrow_and_refuse_what_they_do_not_know(tool: Client, ines: User) -> None:
    monthly(metric(ines), 1.0, 2.0)
    metric(ines, "Weekly", grain="week")

    def names(**asked: Any) -> list[str]:
        return [one["name"] for one in tool.get("/api/v1/metrics", asked).json()["items"]]

    assert names(grain="week") == ["Weekly"]
    assert names(q="collected") == ["Orders collected in time"]
    assert names(state="verified") == []
    assert tool.get("/api/v1/metrics", {"gain": "week"}).status_code == 422
    assert tool.get("/api/v1/values", {"metrics": 1}).status_code == 422


def test_pages_of_values_stay_whole_while_values_come_in(tool: Client, ines: User) -> None:
    row = monthly(metric(ines), *(float(at) for at in range(25)))
    seen: list[float] = []
    cursor: str | None = ""
    while cursor is not None:
        page = tool.get(f"/api/v1/values?metric={row.pk}&limit=10&cursor={cursor}").json()
        seen += [one["value"] for one in page["items"]]
        cursor = page["next"]
        tell(tool, value(f"20{10 + len(seen) // 10}-01", 5))
    assert seen[:25] == [float(at) for at in range(25)]
    assert len(seen) == len(set(seen)) + seen.count(5.0) - 1
