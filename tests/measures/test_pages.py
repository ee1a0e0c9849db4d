"""Pages of measures: they open, keep to their budget, hand over files, and refuse what is not one's own."""

import datetime as dt

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import world
from tests.architecture.samples import browser
from tests.measures.measured import metric, monthly
from vertebra.accounts.models import User
from vertebra.measures.actions import boards, dashboards
from vertebra.measures.actions import metrics as metric_actions
from vertebra.measures.models import Board, Chart, DataRequest, Mark, Measurement, Metric

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


def signed_in(user: User) -> Client:
    user.language = "en"
    user.save()
    return browser(user)


def test_a_metric_says_where_it_stands_and_hands_over_its_picture_and_numbers() -> None:
    lea, row = world.lea(), monthly(metric(), 70, 72, 75)
    metric_actions.set_target(actor=lea, metric=row, value=85, by_on=dt.date(2026, 12, 31), now=world.NOW)
    client, url = signed_in(lea), reverse("measures:metric-show", args=(row.pk,))
    text = client.get(url).content.decode()
    assert "<b>75 %</b> (October 2026)" in text
    assert "Still 10 points to the target of 85 %" in text
    assert text.count("<svg xmlns") == 2
    picture = client.get(f"{url}?format=svg")
    assert picture["Content-Type"] == "image/svg+xml"
    body = picture.content.decode()
    assert "class=" not in body
    assert "style" not in body
    numbers = b"".join(client.get(f"{url}?format=csv"))
    assert b"2026-10-01,75" in numbers


def test_what_people_write_stays_text_in_the_picture() -> None:
    lea, row = world.lea(), monthly(metric(name='<script>alert("x")</script>'), 70, 72)
    client, url = signed_in(lea), reverse("measures:metric-show", args=(row.pk,))
    for address in (url, f"{url}?format=svg"):
        assert b"<script>alert" not in client.get(address).content


def test_a_reader_who_owns_nothing_records_nothing() -> None:
    row = metric()
    client = signed_in(world.lea())
    for name in ("value-create", "target-create", "mark-create", "metric-verification"):
        given = {
            "on": "2026-10-01",
            "value": "3",
            "by_on": "2026-12-01",
            "title": "x",
            "starts_on": "2026-10-01",
        }
        assert client.post(reverse(f"measures:{name}", args=(row.pk,)), given).status_code == 404
    assert not Measurement.objects.exists()


def test_a_contributor_records_a_value_by_hand_and_is_told_why_not() -> None:
    row = metric()
    client, url = signed_in(world.karim()), reverse("measures:value-create", args=(row.pk,))
    client.post(url, {"on": "2026-10-09", "value": "3.5", "part": ""})
    assert Measurement.objects.get().on == dt.date(2026, 10, 1)
    answer = client.post(url, {"on": "2099-10-09", "value": "3", "part": ""}, follow=True)
    assert "has not begun" in answer.content.decode()
    assert client.post(url, {"on": "x", "value": "y"}, follow=True).status_code == 200


def test_a_board_is_its_owner_s_alone_until_it_is_shared() -> None:
    ines, lea = world.ines(), world.lea()
    board = boards.create_board(actor=ines, title="Mondays", language="en", now=world.NOW)
    client, url = signed_in(lea), reverse("measures:board-show", args=(board.pk,))
    assert client.get(url).status_code == 404
    boards.change_board(actor=ines, board=board, is_shared=True, now=world.NOW)
    assert client.get(url).status_code == 200
    for name in ("board-edit", "board-sharing", "board-archiving"):
        assert client.post(reverse(f"measures:{name}", args=(board.pk,)), {"shared": "no"}).status_code == 404


def test_what_one_looks_at_is_kept_on_a_board_and_changed_there() -> None:
    lea, row = world.lea(), monthly(metric(), 1, 2, 3)
    client = signed_in(lea)
    shown = client.get(
        reverse("measures:chart-explore"),
        {"metric": str(row.pk), "months": "12", "comparison": "year_before"},
    )
    assert b"time-chart" in shown.content
    given = {"metric": str(row.pk), "months": "12", "kind": "bars", "title": "Mine", "comparison": "target"}
    client.post(reverse("measures:chart-create"), given)
    chart = Chart.objects.get()
    assert (Board.objects.get().owner, chart.kind, list(chart.metrics.all())) == (lea, "bars", [row])
    change = reverse("measures:chart-edit", args=(chart.board_id, chart.pk))
    client.post(change, {**given, "kind": "line"})
    chart.refresh_from_db()
    assert chart.kind == "line"
    client.post(change, {**given, "kind": "pie"})
    chart.refresh_from_db()
    assert chart.kind == "line"


def test_a_dashboard_stands_inside_only_where_an_administrator_allowed_it(settings: LazySettings) -> None:
    ines = world.ines()
    row = dashboards.register_dashboard(
        actor=ines, name="Shops", url="https://metabase.example.org/1", language="en", is_embedded=True,
        now=world.NOW,
    )  # fmt: skip
    assert row.tool == "metabase"
    client, url = signed_in(ines), reverse("measures:dashboard-show", args=(row.pk,))
    answer = client.get(url)
    assert b"<iframe" not in answer.content
    assert "metabase" not in answer["Content-Security-Policy"]
    settings.FRAME_ORIGINS = ["https://metabase.example.org"]
    answer = client.get(url)
    assert b"<iframe" in answer.content
    assert "frame-src https://metabase.example.org" in answer["Content-Security-Policy"]
    assert "metabase" not in client.get("/")["Content-Security-Policy"]


def test_a_question_looks_at_what_exists_before_the_data_team() -> None:
    ines, lea = world.ines(), world.lea()
    row = metric(ines, name="Shops with click and collect")
    client, url = signed_in(lea), reverse("measures:request-create")
    found = client.get(url, {"question": "How many shops use click and collect?"})
    assert row.name in found.content.decode()
    client.post(url, {"question": "How many shops?", "answers": f"metric:{row.pk}"})
    asked = DataRequest.objects.get()
    assert (asked.state, asked.metric) == ("self_served", row)


def test_the_catalogue_is_listed_filtered_and_handed_over() -> None:
    monthly(metric(name="Orders"), 1, 2)
    metric(name="Returns", definition="Sent back.")
    client, url = signed_in(world.lea()), reverse("measures:metric-list")
    assert "<b>2 metrics</b>" in client.get(url).content.decode()
    assert "Orders" not in client.get(f"{url}?empty=yes&owned=no").content.decode().split("</h1>")[1]
    assert b"Returns" in b"".join(client.get(f"{url}?format=csv"))
    assert Metric.objects.count() == 2


def test_a_holiday_is_marked_on_every_line_by_who_edits_the_organisation() -> None:
    row, other = monthly(metric(), 1, 2, 3), monthly(metric(name="Other"), 1, 2, 3)
    given = {
        "title": "Bank holiday",
        "starts_on": "2026-09-09",
        "ends_on": "",
        "kind": "holiday",
        "is_everywhere": "on",
    }
    client = signed_in(world.karim())
    client.post(reverse("measures:mark-create", args=(row.pk,)), given)
    mark = Mark.objects.get()
    assert (mark.kind, mark.metrics.count()) == ("holiday", 0)
    assert "Bank holiday" in client.get(reverse("measures:metric-show", args=(other.pk,))).content.decode()
    client.post(reverse("measures:mark-removal", args=(other.pk, mark.pk)))
    assert not Mark.objects.exists()


def test_a_full_board_keeps_to_the_budget_of_a_page() -> None:
    lea = world.lea()
    rows = [monthly(metric(name=f"Metric {number} of the whole company"), *range(30)) for number in range(12)]
    for row in rows[:3]:
        monthly(row, *range(30), part="France")
    board = boards.create_board(actor=lea, title="Everything", language="en", now=world.NOW)
    for at in range(boards.MOST_CHARTS):
        kind = ("line", "bars", "small_multiples")[at % 3]
        chosen = rows if kind == "small_multiples" else [rows[at]]
        boards.set_chart(
            actor=lea, board=board, chart=None, metrics=chosen, now=world.NOW, kind=kind, months=36,
            comparison="year_before", is_split=at == 0,
        )  # fmt: skip
    with pytest.raises(boards.TooManyCharts):
        boards.set_chart(actor=lea, board=board, chart=None, metrics=rows[:1], now=world.NOW)
    client, url = signed_in(lea), reverse("measures:board-show", args=(board.pk,))
    client.get("/")
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
    queries = [one for one in captured if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(queries) <= MOST_QUERIES
    assert len(answer.content) < 150_000
    assert b"Look at this chart" in answer.content


def test_boards_that_are_not_there_say_what_comes_next() -> None:
    ines = world.ines()
    client, url = signed_in(ines), reverse("measures:board-list")
    empty = client.get(url).content.decode()
    assert "No board yet" in empty and 'name="q" type="search"' not in empty
    boards.create_board(actor=world.lea(), title="What we look at", language="en", now=world.NOW)
    Board.objects.update(is_shared=True)
    page = client.get(url).content.decode()
    assert "1 is shared by others" in page and "0 boards" not in page
    assert "Nothing matches" in client.get(url, {"q": "zebra"}).content.decode()
