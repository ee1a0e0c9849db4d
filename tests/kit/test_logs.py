"""Logs: one line per event, with its request, and no secret in it."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from django.conf import settings
from django.test import Client

from vertebra.kit import logs

SECRET = "Zk3jR8_vLq1-TmW5xYbN7cPd"


@pytest.fixture
def written(db: None) -> Iterator[io.StringIO]:
    """What is logged as JSON from now on."""
    logs.configure({"format": "json", "level": "INFO"})
    stream = io.StringIO()
    handler = logging.getLogger().handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    yield stream
    logs.configure(settings.LOGGING)
    structlog.reset_defaults()
    logs.configure(settings.LOGGING)


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_request_is_one_line_with_its_identifier(written: io.StringIO, client: Client) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": "from-the-proxy-1"})
    assert answer["X-Request-ID"] == "from-the-proxy-1"
    (line,) = [line for line in lines(written) if line["event"] == "request"]
    assert line["request_id"] == "from-the-proxy-1"
    assert (line["method"], line["view"], line["status"]) == ("GET", "web:health", 200)


@pytest.mark.parametrize("given", ["", "short", "a b c d e f g h", "x" * 41, "line\nbreak-line"])
def test_an_identifier_that_could_do_harm_is_replaced(client: Client, db: None, given: str) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": given})
    assert answer["X-Request-ID"] != given
    assert len(answer["X-Request-ID"]) == 32


def test_no_secret_of_an_address_is_written(written: io.StringIO, client: Client) -> None:
    client.get(f"/accounts/owner/{SECRET}/")
    client.get(f"/accounts/owner/{SECRET}/nowhere/?token={SECRET}")
    client.post("/accounts/login/", {"login": "a@example.org", "password": SECRET})
    logging.getLogger("django.request").error("Internal Server Error: /accounts/owner/%s/", SECRET)
    assert written.getvalue()
    assert SECRET not in written.getvalue()


def test_what_is_named_like_a_secret_is_hidden_at_any_depth(written: io.StringIO) -> None:
    structlog.get_logger("vertebra.x").info(
        "e", password="hunter2", inner={"api_token": ["hunter2"], "name": "Ann"}
    )
    assert "hunter2" not in written.getvalue()
    assert "Ann" in written.getvalue()


def test_a_traceback_hides_what_its_message_says(written: io.StringIO) -> None:
    try:
        raise RuntimeError(f"postgresql://vertebra:hunter2@host/db refused {SECRET}")
    except RuntimeError as error:
        structlog.get_logger("vertebra.x").error("broke", exc_info=error)
    assert "hunter2" not in written.getvalue()
    assert SECRET not in written.getvalue()
    assert "RuntimeError" in written.getvalue()


def test_identifiers_of_jobs_stay_readable() -> None:
    job = "3f2b8c1a-9d4e-4f6a-8b7c-1234567890ab"
    assert logs.without_secrets(f"job {job} of {SECRET}") == f"job {job} of {logs.HIDDEN}"
    assert (
        logs.without_secrets("vertebra.accounts.jobs.deliver_messages")
        == "vertebra.accounts.jobs.deliver_messages"
    )
