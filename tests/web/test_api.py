"""The API answers within the token's scopes and its owner's rights, by pages, with problem documents."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests import world
from vertebra.accounts import audit
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import ApiToken, AuditEntry, User
from vertebra.accounts.tokens import digest_of, new_secret
from vertebra.kit.api import Problem, alone
from vertebra.org.models import Mandate, Market, Person, UnitKind, UnitVersion

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def caller(user: User, *scopes: str) -> Client:
    raw = new_secret()
    ApiToken.objects.create(
        user=user,
        name="test",
        digest=digest_of(raw),
        hint=raw[-4:],
        scopes=list(scopes),
        created_at=world.NOW,
        expires_at=world.NOW + dt.timedelta(days=9),
    )
    return Client(headers={"authorization": f"Bearer {raw}"})


def post(client: Client, path: str, body: Any) -> Any:
    return client.post(f"/api/v1{path}", json.dumps(body), content_type="application/json")


def test_without_a_token_nothing_is_answered() -> None:
    response = Client().get("/api/v1/units")
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"


def test_a_token_that_only_reads_does_not_write() -> None:
    assert post(caller(world.karim(), "read"), "/markets", {"name": "Italy"}).status_code == 403


def test_a_token_has_no_more_rights_than_its_owner() -> None:
    response = post(caller(world.lea(), "read", "write"), "/markets", {"name": "Italy"})
    assert response.status_code == 403
    assert not Market.objects.exists()


def test_what_is_made_is_audited_and_read_back() -> None:
    client = caller(world.karim(), "read", "write")
    unit = post(client, "/units", {"name": "Payments", "kind": "team", "purpose": "Take the money"})
    assert unit.status_code == 201
    person = post(client, "/people", {"name": "Zoé Petit", "email": "zoe@example.org"})
    member = {"person": person.json()["id"], "unit": unit.json()["id"], "function": "product"}
    assert post(client, "/memberships", member).status_code == 201
    assert client.get(f"/api/v1/units/{unit.json()['id']}").json()["name"] == "Payments"
    assert (
        client.get(f"/api/v1/memberships?unit={unit.json()['id']}").json()["items"][0]["function"]
        == "product"
    )
    assert AuditEntry.objects.filter(actor_name="Karim Diallo").count() >= 3


def test_a_kind_of_unit_is_made_with_its_first_unit_only() -> None:
    client = caller(world.karim(), "read", "write")
    parent = post(client, "/units", {"name": "Payments", "kind": "team", "on": "2026-10-01"}).json()["id"]
    refused = post(client, "/units", {"name": "X", "kind": "squadron", "parent": parent, "on": "2026-01-01"})
    assert refused.status_code in (409, 422)
    assert not UnitKind.objects.filter(slug="squadron").exists()
    assert post(client, "/units", {"name": "X", "kind": "squadron", "parent": parent}).status_code == 201
    assert UnitKind.objects.filter(slug="squadron").count() == 1


def test_a_unit_of_another_day_is_what_it_was() -> None:
    client = caller(world.karim(), "read", "write")
    made = post(client, "/units", {"name": "Payments", "on": "2026-01-01"}).json()["id"]
    path = f"/api/v1/units/{made}"
    changed = client.patch(
        path, json.dumps({"name": "Money", "on": "2026-06-01"}), content_type="application/json"
    )
    assert changed.status_code == 200
    assert client.get(f"{path}?as_of=2026-03-01").json()["name"] == "Payments"
    assert client.get(path).json()["name"] == "Money"
    assert UnitVersion.objects.all_time().count() == 2


def test_pages_follow_each_other_without_losing_a_row() -> None:
    Person.objects.bulk_create(
        Person(name=f"P{at}", name_folded=f"p{at}", created_at=world.NOW) for at in range(25)
    )
    client, seen, cursor = caller(world.lea(), "read"), [], ""
    while cursor is not None:
        page = client.get(f"/api/v1/people?limit=10&cursor={cursor}").json()
        seen += [row["name"] for row in page["items"]]
        cursor = page["next"]
    assert seen == [f"P{at}" for at in range(25)]


def test_hours_agreed_are_read_by_whoever_agreed_to_them_and_by_product_ops_alone() -> None:
    market = Market.objects.create(name="Germany", created_at=world.NOW)
    own = world.lea()
    held = [
        Mandate.objects.create(
            person=Person.objects.create(name=name, email=email, created_at=world.NOW),
            market=market, role="champion", hours_per_month=7, starts_on=world.TODAY,
        )
        for name, email in (("Lea", own.email), ("Tom", "tom@example.org"))
    ]  # fmt: skip
    for user, told in ((own, [7, None]), (world.karim(), [None, None]), (world.ines(), [7, 7])):
        client = caller(user, "read")
        assert [row["hours_per_month"] for row in client.get("/api/v1/mandates").json()["items"]] == told
        one = [client.get(f"/api/v1/mandates/{row.pk}").json()["hours_per_month"] for row in held]
        assert one == told


def test_the_audit_read_by_tools_tells_no_hours_agreed() -> None:
    told = {"changes": {"hours_per_month": ["7", "6"], "title": ["", "Voice"]}}
    audit.record(actor=None, verb="change", kind=Kind.MANDATE, particulars=told, now=world.NOW)
    page = caller(world.ada(), "admin").get("/api/v1/audit?kind=mandate").json()
    assert page["items"][0]["particulars"] == {"changes": {"title": ["", "Voice"]}}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/people", {"name": ""}),
        ("/people", {"name": "x" * 10_000}),
        ("/people", {"name": "A\x00B"}),
        ("/people", {"name": "Zoé", "email": "nonsense"}),
        ("/units", {"name": "T", "parent": 99}),
        ("/mandates", {"role": "champion", "person": 1}),
        ("/mandates", {"role": "queen", "person": 1, "unit": 1}),
        ("/areas", {"name": "A", "kind": "journey", "steps": [7]}),
        ("/units", [1, 2]),
    ],
)
def test_what_cannot_be_is_refused_with_a_problem(path: str, body: Any) -> None:
    response = post(caller(world.karim(), "read", "write"), path, body)
    assert response.status_code in {409, 422}
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["detail"]


@pytest.mark.parametrize(
    "query", ["cursor=%00", "cursor=YWZ0ZXI6eA", "limit=0", "limit=9999", "as_of=nonsense", "market=3"]
)
def test_a_list_refuses_what_it_does_not_know(query: str) -> None:
    assert caller(world.lea(), "read").get(f"/api/v1/units?{query}").status_code == 422


def tell(client: Client, *records: dict[str, Any], **options: Any) -> Any:
    return post(client, "/records", {"source": "hr", "records": list(records), **options})


def person(at: int) -> dict[str, Any]:
    return {"kind": "person", "external_id": f"p{at}", "values": {"name": f"Person {at}", "manager": "p0"}}


def test_what_a_source_tells_twice_is_there_once() -> None:
    client = caller(world.ines(), "import")
    first = tell(client, *(person(at) for at in range(30)))
    assert first.json()["counts"]["person"]["created"] == 30
    again = tell(client, *(person(at) for at in range(30)))
    assert again.json()["entry"] is None
    assert Person.objects.count() == 30


def test_one_wrong_record_keeps_all_from_being_written() -> None:
    wrong = {
        "kind": "person",
        "external_id": "x",
        "values": {"name": "X", "joined_on": "yesterday", "shoe": 42},
    }
    response = tell(caller(world.ines(), "import"), person(0), wrong)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [
        "records.1.values.joined_on",
        "records.1.values.shoe",
    ]
    assert not Person.objects.exists()


def test_a_mention_that_no_database_keeps_is_refused() -> None:
    client = caller(world.ines(), "import")
    for mention in ("p\x000", {"name": "p\x000"}):
        told = person(1) | {"values": {"name": "A", "manager": mention}}
        response = tell(client, told)
        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == ["records.0.values.manager"]


def test_a_reader_tells_nothing() -> None:
    assert tell(caller(world.lea(), "import"), person(0)).status_code == 403


def test_guessing_tokens_is_refused_after_some_tries() -> None:
    tries = [
        Client(headers={"authorization": f"Bearer vtb_{at}"}).get("/api/v1/me").status_code
        for at in range(22)
    ]
    assert tries[0] == 401
    assert tries[-1] == 429


def test_a_body_too_large_is_refused_with_a_problem() -> None:
    for megabytes in (4.5, 9):
        rows = [{"title": "x" * 1000}] * int(megabytes * 1000)
        refused = post(caller(world.ines(), "import"), "/bulk/topics", {"source": "s", "topics": rows})
        assert refused.status_code == 413
        assert refused["Content-Type"] == "application/problem+json"
        User.objects.all().delete()


def test_rows_that_somebody_else_wrote_at_the_same_moment_are_to_be_sent_again() -> None:
    world.lea()
    with pytest.raises(Problem) as refused, alone(), transaction.atomic():
        world.lea()
    assert (refused.value.status, refused.value.retry_after) == (409, 1)
