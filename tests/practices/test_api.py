"""Tools read ways of working and take part in them, with the rights of their owner."""

import json
from typing import Any

import pytest

from tests import world
from tests.org.company import unit
from tests.practices.made import NOW, built, idea, somebody
from tests.web.test_api import caller, post
from vertebra.org.models import Membership
from vertebra.practices.actions.practices import register_practice
from vertebra.practices.labels.practices import PracticeState
from vertebra.practices.models import Practice

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = NOW


def test_practices_are_listed_filtered_and_read() -> None:
    karim, carrier = somebody("Karim")
    row = built(karim, carrier)
    tribe = unit("Payments", None, "tribe")
    register_practice(actor=karim, name="Weekly", language="en", units=[tribe], carrier=carrier, now=NOW)
    client = caller(world.lea(), "read")
    items = client.get("/api/v1/practices").json()["items"]
    assert [one["name"] for one in items] == ["Demos on Fridays", "Weekly"]
    assert items[1]["reaches"] == [
        {"unit": tribe.pk, "reach": "standard", "starts_on": "2026-11-02", "ends_on": None}
    ]
    for asked, names in (
        ({"state": "co_built"}, ["Demos on Fridays"]), ({"unit": tribe.pk}, ["Weekly"]), ({"reach": "standard"}, ["Weekly"]),
    ):  # fmt: skip
        assert [one["name"] for one in client.get("/api/v1/practices", asked).json()["items"]] == names
    told = client.get(f"/api/v1/practices/{row.pk}").json()
    assert told["version"] == 1 and told["texts"][0]["steps"].startswith("1. Show it")
    assert told["costs"] == [{"function": "product", "minutes": 60}] and len(told["co_authors"]) == 1
    assert client.get("/api/v1/practices/999999").status_code == 404


def test_a_tool_notes_tries_proposes_and_takes_part() -> None:
    karim, carrier = somebody("Karim")
    team = unit("Billing")
    Membership.objects.create(person=carrier, unit=team, function="product", starts_on=world.TODAY)
    client = caller(karim, "read", "write")
    made = post(client, "/practices", {"name": "Demos", "why": "To see."})
    assert made.status_code == 201, made.content
    row = Practice.objects.get(pk=made.json()["id"])
    changed = client.patch(
        f"/api/v1/practices/{row.pk}", json.dumps({"steps": "1. Show", "carrier": carrier.pk}),
        content_type="application/json",
    )  # fmt: skip
    assert changed.status_code == 200, changed.content
    assert post(client, f"/practices/{row.pk}/trials", {"unit": team.pk}).status_code == 201
    assert post(client, f"/practices/{row.pk}/proposal", {}).status_code == 201
    lea, _one = somebody("Lea")
    other = caller(lea, "read", "write")
    brought = post(other, f"/practices/{row.pk}/contributions", {"kind": "objection", "words": "No."})
    assert brought.status_code == 201
    row.refresh_from_db()
    assert row.state == PracticeState.CO_BUILT and row.carrier == carrier


def test_a_tool_has_no_more_rights_than_its_owner() -> None:
    karim, carrier = somebody("Karim")
    row = idea(karim, carrier=carrier)
    lea, _one = somebody("Lea")
    client = caller(lea, "read", "write")
    body = json.dumps({"why": "Mine."})
    assert (
        client.patch(f"/api/v1/practices/{row.pk}", body, content_type="application/json").status_code == 403
    )
    assert post(client, f"/practices/{row.pk}/proposal", {}).status_code == 403
    assert post(client, f"/practices/{row.pk}/trials", {"unit": unit("Billing").pk}).status_code == 403
    assert post(client, f"/practices/{row.pk}/trials", {"unit": 999}).status_code == 422
