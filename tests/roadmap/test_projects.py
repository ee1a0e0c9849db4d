"""Transverse projects: workstreams, counts that supersede, when all will be done, gates."""

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests import world
from tests.roadmap.undertaken import browser, undertaken
from vertebra.accounts.models import User
from vertebra.roadmap.actions.counters import ImpossibleCount, add_counter, record_counts, remove_counter
from vertebra.roadmap.models import Count, Counter, Gate, Initiative, Workstream
from vertebra.roadmap.queries.count_files import CountRow, NoCounts, read_counts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = world.NOW
    cache.clear()


@pytest.fixture
def ines() -> User:
    return world.ines()


@pytest.fixture
def project(ines: User) -> Initiative:
    return undertaken(ines, "Renew the cards", kind="transverse")


@pytest.fixture
def client(ines: User) -> Client:
    return browser(ines)


def on(days_ago: int) -> dt.date:
    return world.TODAY - dt.timedelta(days=days_ago)


def cards(ines: User, project: Initiative) -> Counter:
    return add_counter(actor=ines, initiative=project, name="Cards", total=None, now=world.NOW)


def page(client: Client, project: Initiative) -> str:
    response = client.get(reverse("roadmap:project-show", args=(project.pk,)))
    assert response.status_code == 200
    return response.content.decode()


def test_a_count_corrected_supersedes_the_one_before(ines: User, project: Initiative) -> None:
    counter = cards(ines, project)
    record_counts(actor=ines, counter=counter, rows=[CountRow(on(3), 120, 400)], now=world.NOW)
    record_counts(actor=ines, counter=counter, rows=[CountRow(on(3), 110)], now=world.NOW)
    held = Count.objects.get(counter=counter, superseded_at=None)
    assert (held.done, held.total, Count.objects.count()) == (110, 400, 2)
    record_counts(actor=ines, counter=counter, rows=[CountRow(on(1), 130)], now=world.NOW)
    assert Count.objects.filter(superseded_at=None).count() == 2
    with pytest.raises(ImpossibleCount):
        remove_counter(actor=ines, counter=counter, now=world.NOW)


@pytest.mark.parametrize(
    "row",
    [
        CountRow(world.TODAY + dt.timedelta(days=1), 1, 10),
        CountRow(world.TODAY, 11, 10),
        CountRow(world.TODAY, -1, 10),
        CountRow(world.TODAY, 1, None),
    ],
)
def test_an_impossible_count_is_refused(ines: User, project: Initiative, row: CountRow) -> None:
    with pytest.raises(ImpossibleCount):
        record_counts(actor=ines, counter=cards(ines, project), rows=[row], now=world.NOW)
    assert not Count.objects.exists()


def test_tables_are_read_however_they_are_separated() -> None:
    rows = [CountRow(dt.date(2026, 3, 2), 120, 400), CountRow(dt.date(2026, 3, 9), 1300, 4000)]
    for text in (
        "day;done;in all\n2026-03-02;120;400\n2026-03-09;1 300;4 000\n",
        "2026-03-02,120,400\n09/03/2026,1300,4000",
        "\ufeff02/03/2026\t120\t400\n\n09.03.2026\t1300\t4000",
    ):
        assert read_counts(text) == rows
    assert read_counts("2026-03-02;7") == [CountRow(dt.date(2026, 3, 2), 7, None)]
    for wrong in (
        "",
        "day;done",
        "2026-03-02;x",
        "2026-03-02;-4",
        "2026-03-02",
        "2026-03-02;;400",
        "2026-03-02;1;2\n31/02/2026;1;2",
    ):
        with pytest.raises(NoCounts):
            read_counts(wrong)


def test_a_project_is_written_counted_and_forecast_on_one_page(client: Client, project: Initiative) -> None:
    assert "Count something" in page(client, project)

    def post(name: str, pk: int, /, **values: str) -> None:
        assert client.post(reverse(f"roadmap:{name}", args=(pk,)), values).status_code == 302

    post("counter-create", project.pk, name="Cards", total="400")
    counter = Counter.objects.get()
    rows = "\n".join(f"{on(7 * (5 - at))};{done}" for at, done in enumerate((0, 70, 110, 190, 230)))
    post("count-paste", counter.pk, rows=rows)
    post("count-create", counter.pk, done="280", total="400", on="")
    shown = page(client, project)
    assert "Cards: all by" in shown and "at the earliest on" in shown and "<svg" in shown
    assert "280" in shown
    file = client.get(reverse("roadmap:count-file", args=(counter.pk,))).content.decode()
    assert f"{world.TODAY},280,400" in file and len(read_counts(file)) == 6
    post("count-create", counter.pk, done="400", total="400", on="")
    assert "Cards: all done, since" in page(client, project)
    post("counter-edit", counter.pk, name="All cards", workstream="", due_on="2026-12-31")
    assert "Wanted by" in page(client, project)


def test_workstreams_and_gates_go_to_their_end(client: Client, project: Initiative) -> None:
    def post(name: str, pk: int, /, **values: str) -> None:
        assert client.post(reverse(f"roadmap:{name}", args=(pk,)), values).status_code == 302

    post("workstream-create", project.pk, title="Print", function="operations", due_on="2026-10-01")
    stream = Workstream.objects.get()
    assert "past its date" in page(client, project)
    post("workstream-edit", stream.pk, title="Print and post", function="operations", lead="", due_on="")
    post("workstream-ending", stream.pk)
    stream.refresh_from_db()
    assert stream.title == "Print and post" and stream.ended_on == world.TODAY
    post("gate-create", project.pk, title="Pilot is over", criteria="No call in a week", due_on="")
    gate = Gate.objects.get()
    post("gate-decision", gate.pk, state="refused", note="")
    gate.refresh_from_db()
    assert gate.state == "waiting"
    post("gate-decision", gate.pk, state="refused", note="Two calls")
    post("gate-decision", gate.pk, state="passed", note="")
    gate.refresh_from_db()
    assert (gate.state, gate.decided_on) == ("passed", world.TODAY)
    post("gate-edit", gate.pk, title="The pilot is over", criteria="", due_on="")
    post("gate-removal", gate.pk)
    post("workstream-removal", stream.pk)
    assert not Gate.objects.exists() and not Workstream.objects.exists()


def test_only_who_may_change_an_initiative_counts(project: Initiative, ines: User) -> None:
    counter = cards(ines, project)
    reader = browser(world.lea())
    url = reverse("roadmap:count-create", args=(counter.pk,))
    assert reader.post(url, {"done": "1", "total": "2"}).status_code == 403
    assert "Count something" not in page(reader, project)


def test_the_page_costs_few_questions(
    client: Client, ines: User, project: Initiative, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        counter = add_counter(actor=ines, initiative=project, name=f"Unit {number}", total=100, now=world.NOW)
        rows = [CountRow(on(40 - 5 * at), at * 10, 100) for at in range(8)]
        record_counts(actor=ines, counter=counter, rows=rows, now=world.NOW)
    page(client, project)
    with django_assert_max_num_queries(12):
        page(client, project)
