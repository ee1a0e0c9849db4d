"""What a tool sends twice with the same idempotency key is carried out once; the description is open to its token."""

import datetime as dt
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import close_old_connections, connection, connections, transaction
from django.test import Client

from tests import world
from tests.web.test_api import caller
from vertebra.accounts import api as calling
from vertebra.accounts.jobs import forget_old_answers
from vertebra.accounts.models import ApiToken, AuditEntry, KeptAnswer
from vertebra.kit import clock
from vertebra.kit.logs import SECRET_NAMES
from vertebra.org.models import Market, UnitVersion
from vertebra.web.api import api

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
KEY = "4f9c4a3e-1d0b-4f0e-9a55-0c1f6f0f6a11"


def send(client: Client, path: str, body: Any, key: str = KEY, verb: str = "post") -> Any:
    ask: Callable[..., Any] = getattr(client, verb)
    return ask(
        f"/api/v1{path}",
        json.dumps(body),
        content_type="application/json",
        headers={"Idempotency-Key": key},
    )


def problem(response: Any) -> str:
    assert response["Content-Type"] == "application/problem+json"
    return str(response.json()["type"].removeprefix("urn:vertebra:problem:"))


def test_the_same_again_is_not_carried_out_and_gets_the_same_answer() -> None:
    client = caller(world.karim(), "write")
    first = send(client, "/markets", {"name": "Italy"})
    entries = AuditEntry.objects.count()
    again = send(client, "/markets", {"name": "Italy"})
    assert (again.status_code, again.content) == (201, first.content)
    assert again["Content-Type"] == first["Content-Type"]
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert Market.objects.count() == 1
    assert AuditEntry.objects.count() == entries


def test_changing_twice_changes_once() -> None:
    client = caller(world.karim(), "write")
    unit = send(client, "/units", {"name": "Payments"}, "make").json()["id"]
    answers = [send(client, f"/units/{unit}", {"name": "Money"}, "change", "patch") for _try in range(2)]
    assert answers[0].json() == answers[1].json()
    assert UnitVersion.objects.all_time().filter(name="Money").count() == 1


@pytest.mark.parametrize(("path", "body"), [("/markets", {"name": "Spain"}), ("/areas", {"name": "Italy"})])
def test_a_key_that_came_with_another_request_is_refused(path: str, body: dict[str, str]) -> None:
    client = caller(world.karim(), "write")
    send(client, "/markets", {"name": "Italy"})
    refused = send(client, path, body)
    assert refused.status_code == 422
    assert problem(refused) == "key_used"
    assert Market.objects.count() == 1


def test_another_token_has_its_own_keys() -> None:
    karim = world.karim()
    for _tool in range(2):
        made = send(caller(karim, "write"), "/units", {"name": "Payments"})
        assert made.status_code == 201
        assert "Idempotency-Replayed" not in made
    assert KeptAnswer.objects.count() == 2


def test_what_was_refused_may_be_sent_again_with_its_key() -> None:
    client = caller(world.karim(), "write")
    body = {"unit": 1, "market": 1}
    assert send(client, "/ownerships", body).status_code == 422
    assert not KeptAnswer.objects.exists()
    unit = send(client, "/units", {"name": "Payments"}, "unit").json()["id"]
    market = send(client, "/markets", {"name": "Italy"}, "market").json()["id"]
    assert send(client, "/ownerships", {"unit": unit, "market": market}).status_code == 201


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 256])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    refused = send(caller(world.karim(), "write"), "/markets", {"name": "Italy"}, key)
    assert refused.status_code == 422
    assert problem(refused) == "bad_key"
    assert not Market.objects.exists()


def test_a_key_does_not_open_what_the_token_does_not() -> None:
    karim = world.karim()
    client = caller(karim, "write")
    send(client, "/markets", {"name": "Italy"})
    ApiToken.objects.filter(user=karim).update(revoked_at=world.NOW)
    assert send(client, "/markets", {"name": "Italy"}).status_code == 401


def test_a_key_is_free_again_after_a_day() -> None:
    client = caller(world.karim(), "write")
    send(client, "/units", {"name": "Payments"})
    KeptAnswer.objects.update(made_at=clock.machine() - dt.timedelta(hours=24))
    assert "Idempotency-Replayed" not in send(client, "/units", {"name": "Payments"})
    assert KeptAnswer.objects.count() == 1


def test_answers_are_forgotten_after_a_day() -> None:
    client = caller(world.karim(), "write")
    send(client, "/units", {"name": "Payments"}, "old")
    KeptAnswer.objects.update(made_at=clock.machine() - dt.timedelta(hours=25))
    send(client, "/units", {"name": "Cards"}, "new")
    forget_old_answers.call()
    assert list(KeptAnswer.objects.values_list("key", flat=True)) == ["new"]


def test_a_failure_in_the_middle_leaves_neither_rows_nor_key(monkeypatch: pytest.MonkeyPatch) -> None:
    client = caller(world.karim(), "write")
    client.raise_request_exception = False

    def break_down(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr(KeptAnswer, "save", break_down)
        assert send(client, "/markets", {"name": "Italy"}).status_code == 500
    assert not Market.objects.exists()
    assert send(client, "/markets", {"name": "Italy"}).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_whoever_waits_too_long_for_the_first_is_told_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite waits for the first, as for any writing")
    monkeypatch.setattr(calling, "WAIT_SECONDS", 1)
    client = caller(world.karim(), "write")
    token = ApiToken.objects.get()
    is_claimed, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                KeptAnswer.objects.create(token=token, key=KEY, asked="x", made_at=clock.machine())
                is_claimed.set()
                may_end.wait(30)
                transaction.set_rollback(True)
        finally:
            close_old_connections()
            connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    assert is_claimed.wait(30)
    try:
        refused = send(client, "/markets", {"name": "Italy"})
    finally:
        may_end.set()
        holder.join()
    assert refused.status_code == 409
    assert problem(refused) == "still_running"
    assert refused["Retry-After"] == "1"
    assert send(client, "/markets", {"name": "Italy"}).status_code == 201


def test_no_answer_that_is_kept_holds_a_secret() -> None:
    schema = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
    named = schema["components"]["schemas"]
    kept = [
        (path, name)
        for path, operations in schema["paths"].items()
        for verb, operation in operations.items()
        if verb != "get"
        for status, response in operation["responses"].items()
        if status.startswith("2")
        for content in response["content"].values()
        for name in named[content["schema"]["$ref"].rpartition("/")[2]]["properties"]
    ]
    assert len(kept) > 10
    assert [each for each in kept if SECRET_NAMES.search(each[1])] == []


def test_a_token_reads_the_description_of_the_api() -> None:
    tool = caller(world.lea(), "read")
    described = tool.get("/api/v1/openapi.json")
    assert described.status_code == 200
    post = described.json()["paths"]["/api/v1/markets"]["post"]
    assert "Idempotency-Key" in {each["name"] for each in post["parameters"]}
    assert b"swagger" in tool.get("/api/v1/docs").content


def test_a_token_that_does_not_open_gets_no_description() -> None:
    wrong = Client(headers={"authorization": "Bearer vtb_none"}).get("/api/v1/openapi.json")
    assert wrong.status_code == 401
    assert problem(wrong) == "token"
    assert caller(world.karim(), "write").get("/api/v1/docs").status_code == 403
    assert Client().get("/api/v1/docs").status_code == 302
