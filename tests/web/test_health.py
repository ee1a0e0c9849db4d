"""What machines ask."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from vertebra.kit.jobs import heartbeats
from vertebra.kit.loopback import PROXY_HEADERS
from vertebra.web.pages import health

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    health._seen_up_to_date.clear()
    yield
    health._seen_up_to_date.clear()


def test_the_process_answers_without_asking_the_database(client: Client) -> None:
    with connection.execute_wrapper(lambda *_given: pytest.fail("a query")):
        assert client.get("/healthz").content == b"ok"


def test_an_instance_with_a_worker_is_ready(client: Client) -> None:
    heartbeats.enter()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)


def test_an_instance_behind_its_code_is_not_ready(client: Client) -> None:
    heartbeats.enter()
    MigrationRecorder.Migration.objects.filter(app="kit").delete()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, "behind")


def test_the_absence_of_a_worker_can_be_left_out(client: Client) -> None:
    assert client.get("/readyz").status_code == 503
    assert client.get("/readyz", {"without": "worker"}).status_code == 200


def test_figures_name_nobody(client: Client) -> None:
    said = client.get("/metrics").content.decode()
    assert 'vertebra_jobs{state="failed"} 0.0' in said
    assert "vertebra_worker_seen_seconds NaN" in said
    assert "@" not in said


@pytest.mark.parametrize("address", ["10.0.0.1", "203.0.113.9", "", "nonsense"])
def test_figures_are_not_for_other_machines(client: Client, address: str) -> None:
    assert client.get("/metrics", REMOTE_ADDR=address).status_code == 404


@pytest.mark.parametrize("header", PROXY_HEADERS)
def test_figures_do_not_pass_through_a_proxy(client: Client, header: str) -> None:
    assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 404


def test_figures_with_a_token_ask_for_it_even_here(client: Client, settings: LazySettings) -> None:
    settings.METRICS_TOKEN = "é" * 20
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    settings.METRICS_TOKEN = "a" * 40
    answer = client.get(
        "/metrics", REMOTE_ADDR="203.0.113.9", headers={"Authorization": f"Bearer {'a' * 40}"}
    )
    assert answer.status_code == 200
