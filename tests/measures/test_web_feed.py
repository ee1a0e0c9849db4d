"""A feed read over HTTP from a server that answers: from the form to the line of the metric, and when it goes wrong."""

import datetime as dt
import functools
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from tests import world
from tests.architecture.samples import browser
from tests.measures.measured import metric
from vertebra.accounts.models import Message, User
from vertebra.connectors import web_json
from vertebra.kit import clock
from vertebra.measures.actions import connections
from vertebra.measures.jobs.feeds import preview_feed, refresh_metrics
from vertebra.measures.models import Feed, FeedRun, Measurement, Metric
from vertebra.measures.queries.problems import all_said
from vertebra.measures.queries.series import series_of
from vertebra.sources.models import Source

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
PATH = "data.points[*].{on: month, value: share}"
AUGUST, SEPTEMBER, OCTOBER = (dt.date(2026, month, 1) for month in (8, 9, 10))


class Shop:
    """What the server answers next, and what it was asked with."""

    status: int
    body: str
    goes_to: str
    waits: float
    asked: list[tuple[str, str]]

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}/figures.json"
        self.answers()
        self.asked = []

    def answers(self, *points: tuple[str, float]) -> None:
        """Answer with these values from now on."""
        rows = [{"month": month, "share": share} for month, share in points]
        self.status, self.goes_to, self.waits = 200, "", 0
        self.body = json.dumps({"data": {"points": rows}})


@pytest.fixture
def shop() -> Iterator[Shop]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append((self.path, self.headers.get("Authorization", "")))
            time.sleep(made.waits)
            self.send_response(made.status)
            if made.goes_to:
                self.send_header("Location", made.goes_to)
            self.end_headers()
            self.wfile.write(made.body.encode())

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Shop(server.server_port)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def ines(settings: LazySettings) -> User:
    settings.PRIVATE_HOSTS = ["127.0.0.1"]
    settings.FIXED_NOW = world.NOW
    return world.english(world.ines())


def later(settings: LazySettings, days: int) -> None:
    settings.FIXED_NOW = world.NOW + dt.timedelta(days=days)


def page_of(row: Metric) -> str:
    return reverse("measures:feed-show", args=(row.pk,))


def said_in(client: Client, row: Metric) -> str:
    return " ".join(client.get(page_of(row)).content.decode().split())


def fed(client: Client, shop: Shop, **given: Any) -> Metric:
    """A metric whose values come from the server, set up by the form and looked at, not started."""
    row = metric(User.objects.get(pk=client.session["_auth_user_id"]))
    values = {"address": shop.address, "path": PATH, "every_hours": 24, **given}
    answer = client.post(reverse("measures:feed-edit", args=(row.pk, "http")), values)
    assert answer.status_code == 302, answer.content.decode()
    preview_feed.func(Feed.objects.get(metric=row).pk)
    return row


def started(client: Client, row: Metric) -> Metric:
    assert client.post(reverse("measures:feed-start", args=(row.pk,))).status_code == 302
    assert refresh_metrics.func() == {"read": 1, "failed": 0}
    return row


def test_values_come_from_the_web_once_somebody_has_seen_them(ines: User, shop: Shop) -> None:
    client = browser(ines)
    shop.answers(("2026-08", 71), ("2026-09", 72.5))
    row = fed(client, shop)
    page = said_in(client, row)
    assert "<b>2 values</b>; the latest:" in page and "72.5 %" in page and "September 2026" in page
    assert not Measurement.objects.exists()
    started(client, row)
    assert series_of(row) == [(AUGUST, 71), (SEPTEMBER, 72.5)]
    assert "2 read, 2 new, 0 corrected" in said_in(client, row)
    line = client.get(reverse("measures:metric-show", args=(row.pk,))).content.decode()
    assert "72.5 %</b> (September 2026)" in line


def test_late_and_corrected_values_keep_what_was_known_before(
    ines: User, shop: Shop, settings: LazySettings
) -> None:
    client = browser(ines)
    shop.answers(("2026-08", 71), ("2026-10", 75))
    row = started(client, fed(client, shop))
    before = clock.now()
    later(settings, 1)
    shop.answers(("2026-08", 70), ("2026-09", 72.5), ("2026-10", 75))
    assert refresh_metrics.func() == {"read": 1, "failed": 0}
    assert series_of(row) == [(AUGUST, 70), (SEPTEMBER, 72.5), (OCTOBER, 75)]
    assert series_of(row, known_at=before) == [(AUGUST, 71), (OCTOBER, 75)]
    assert "3 read, 1 new, 1 corrected" in said_in(client, row)
    behind = client.get(reverse("measures:metric-more", args=(row.pk,))).content.decode()
    assert "What was corrected" in behind and "<del>71 %</del>" in behind and "70 %" in behind
    later(settings, 2)
    assert refresh_metrics.func() == {"read": 1, "failed": 0}
    assert Measurement.objects.count() == 4


def test_an_answer_that_is_no_json_records_nothing_and_is_asked_again(
    ines: User, shop: Shop, settings: LazySettings
) -> None:
    client = browser(ines)
    shop.answers(("2026-08", 71))
    row = started(client, fed(client, shop))
    for day, status, body, words in (
        (1, 200, "<html>maintenance</html>", "is no JSON"),
        (2, 503, "", "answered with an error (503)"),
        (3, 200, '{"data": {"points": []}}', "finds nothing in the answer"),
    ):
        later(settings, day)
        shop.status, shop.body = status, body
        assert refresh_metrics.func() == {"read": 0, "failed": 1}
        assert words in said_in(client, row)
        feed = Feed.objects.get()
        assert feed.paused_at is None and feed.next_run_at is not None and feed.next_run_at > clock.now()
    shop.answers(("2026-08", 71), ("2026-09", 72))
    later(settings, 4)
    assert refresh_metrics.func() == {"read": 1, "failed": 0}
    assert series_of(row) == [(AUGUST, 71), (SEPTEMBER, 72)]


def test_wrong_lines_are_said_and_the_right_ones_are_taken(ines: User, shop: Shop) -> None:
    client = browser(ines)
    shop.body = json.dumps(
        {"data": {"points": [
            {"month": "2026-08", "share": 71}, {"month": "one day", "share": 3}, {"month": "2026-09", "share": "lots"},
            {"month": "2099-01", "share": 5},
        ]}}
    )  # fmt: skip
    row = fed(client, shop)
    page = said_in(client, row)
    for words in (
        "“one day” is not a day",
        "“lots” is not a number",
        "has not begun",
        "Record what can be read",
    ):
        assert words in page
    started(client, row)
    assert series_of(row) == [(AUGUST, 71)]


def test_a_server_that_takes_too_long_is_given_up(
    ines: User, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_json, "Reach", functools.partial(web_json.Reach, seconds=1))
    shop.waits = 2
    client = browser(ines)
    row = fed(client, shop)
    assert "took longer than 1 seconds and was stopped" in said_in(client, row)
    assert FeedRun.objects.get().sample == []


def test_the_private_network_is_refused_unless_it_is_named(
    ines: User, shop: Shop, settings: LazySettings
) -> None:
    settings.PRIVATE_HOSTS = []
    client = browser(ines)
    row = fed(client, shop)
    page = said_in(client, row)
    assert "“127.0.0.1” stands on a private network." in page and "VERTEBRA_PRIVATE_HOSTS" in page
    assert shop.asked == []
    assert client.post(reverse("measures:feed-start", args=(row.pk,)), follow=True).status_code == 200
    assert Feed.objects.get().started_at is None


def test_a_server_that_sends_on_to_a_private_place_pauses_the_feed_and_says_so(
    ines: User, shop: Shop, settings: LazySettings
) -> None:
    client = browser(ines)
    shop.answers(("2026-08", 71))
    row = started(client, fed(client, shop))
    later(settings, 1)
    shop.status, shop.goes_to = 302, "http://169.254.169.254/latest/meta-data/"
    assert refresh_metrics.func() == {"read": 0, "failed": 1}
    page = said_in(client, row)
    assert "<b>Nothing is read any more</b>: “169.254.169.254” stands on a private network." in page
    assert Message.objects.filter(template="feed_paused", to_user=ines).count() == 1
    assert series_of(row) == [(AUGUST, 71)]
    later(settings, 2)
    assert refresh_metrics.func() == {"read": 0, "failed": 0}
    shop.answers(("2026-08", 71), ("2026-09", 72))
    client.post(reverse("measures:feed-now", args=(row.pk,)))
    assert refresh_metrics.func() == {"read": 1, "failed": 0}
    assert series_of(row) == [(AUGUST, 71), (SEPTEMBER, 72)]


def test_the_token_of_a_connection_is_sent_and_shown_nowhere(ines: User, shop: Shop) -> None:
    connections.create_connection(
        actor=ines, name="Shop", kind="web", address=shop.address, token="Bearer abc", now=world.NOW
    )
    client = browser(ines)
    shop.answers(("2026-08", 71))
    row = started(client, fed(client, shop, source=Source.objects.get().pk))
    assert {token for _path, token in shop.asked} == {"Bearer abc"}
    assert "Bearer abc" not in said_in(client, row)
    assert all_said(FeedRun.objects.latest("pk").problems) == []
