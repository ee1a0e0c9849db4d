"""The search box and the command bar find what is decided, done and measured, each by those who may open it."""

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests import world
from tests.roadmap.table import topics, values
from tests.roadmap.undertaken import browser, later, undertaken
from vertebra.accounts import audit
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, SearchEntry, User
from vertebra.evidence.actions.incidents import IncidentValues, record_incident
from vertebra.measures.actions.boards import create_board
from vertebra.measures.actions.dashboards import register_dashboard
from vertebra.measures.actions.metrics import MetricValues, create_metric
from vertebra.measures.actions.requests import ask_data_team
from vertebra.org.models import Market
from vertebra.roadmap.actions import initiatives, launches, playbooks
from vertebra.roadmap.actions.cycles import open_cycle
from vertebra.roadmap.actions.decisions import decide
from vertebra.roadmap.actions.objectives import set_objective
from vertebra.roadmap.actions.reports import begin_report, freeze_report, publish_report, set_template
from vertebra.roadmap.models import Launch, Report
from vertebra.web.search import find

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
NOW = world.NOW


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = NOW
    cache.clear()


@pytest.fixture
def ines() -> User:
    return world.english(world.ines())


def everything(ines: User) -> list[tuple[str, int]]:
    """One of each kind that search should know, with the page that it opens."""
    return [*decided(ines), *measured(ines)]


def decided(ines: User) -> list[tuple[str, int]]:
    topic = topics(ines, ["Marmalade for the field"])[0]
    decision = decide(
        actor=ines,
        topic=topic,
        cycle=None,
        verdict="not_now",
        what="Wait",
        why="Later",
        language="en",
        now=NOW,
    )
    cycle = open_cycle(actor=ines, values=values(title="Marmalade Q1"), now=NOW)
    objective = set_objective(
        actor=ines, title="Everybody tastes marmalade", language="en", starts_on=world.TODAY,
        ends_on=world.TODAY + dt.timedelta(90), now=NOW,
    )  # fmt: skip
    project = undertaken(ines, "Marmalade everywhere", kind="transverse")
    book = playbooks.create_playbook(
        actor=ines, title="Open a marmalade country", shipped="open-country", language="en", now=NOW
    )
    report = drafted(ines, "Marmalade review")
    freeze_report(actor=ines, report=report, now=later(30))
    publish_report(actor=ines, report=report, units=[], now=later(30))
    return [
        ("roadmap:topic-show", topic.pk),
        ("roadmap:decision-show", decision.pk),
        ("roadmap:cycle-show", cycle.pk),
        ("roadmap:objective-show", objective.pk),
        ("roadmap:initiative-show", project.pk),
        ("roadmap:playbook-show", book.pk),
        ("roadmap:report-show", report.pk),
    ]


def drafted(ines: User, name: str) -> Report:
    template = {"name": name, "language": "en", "sections": ["headline"], "every_months": 1}
    return begin_report(
        actor=ines, template=set_template(actor=ines, values=template, now=NOW), now=later(30)
    )


def measured(ines: User) -> list[tuple[str, int]]:
    metric = create_metric(actor=ines, values=MetricValues(name="Marmalade sold", language="en"), now=NOW)
    dashboard = register_dashboard(
        actor=ines, name="Marmalade in figures", url="https://bi.example.org/1", language="en", now=NOW
    )
    asked = ask_data_team(actor=ines, question="How much marmalade?", language="en", now=NOW)
    incident = record_incident(
        actor=ines, values=IncidentValues(title="No marmalade left", started_at=NOW, language="en"), now=NOW
    )
    return [
        ("measures:metric-show", metric.pk),
        ("measures:dashboard-show", dashboard.pk),
        ("measures:request-show", asked.pk),
        ("evidence:incident-show", incident.pk),
    ]


def launch_in(ines: User, where: str, title: str = "") -> Launch:
    book = playbooks.create_playbook(actor=ines, title="", language="en", shipped="open-country", now=NOW)
    market = Market.objects.create(name=where, code=where[:2].upper(), created_at=NOW)
    return launches.start_launch(
        actor=ines, version=book.versions.exclude(published_at=None)[0], market=market, title=title,
        target_on=world.TODAY + dt.timedelta(days=120), language="en", now=NOW,
    )  # fmt: skip


def found(client: Client, query: str) -> str:
    page = client.get(reverse("web:search"), {"q": query})
    assert page.status_code == 200
    return page.content.decode()


def test_the_search_box_finds_each_kind_of_decision_action_and_measure(ines: User) -> None:
    pages = [reverse(name, args=(pk,)) for name, pk in everything(ines)]
    for client in (browser(ines), browser(world.lea())):
        body = found(client, "marmalade")
        assert [url for url in pages if f'href="{url}"' not in body] == []


def test_a_launch_is_found_once_by_its_market_and_opens_its_own_page(ines: User) -> None:
    launch = launch_in(ines, "Portugal", "Lisbon first")
    url = reverse("roadmap:launch-show", args=(launch.pk,))
    for query in ("Portugal", "Lisbon"):
        [one] = [f for f in find(ines, query) if f.kind != Kind.MARKET]
        assert (one.kind, one.title, one.detail, one.url) == (Kind.LAUNCH, "Lisbon first", "Portugal", url)
        bar = browser(ines).get(reverse("web:commands"), {"q": query}).content.decode()
        assert f'data-href="{url}"' in bar


def test_a_launch_is_found_as_it_is_called_now_and_not_once_it_is_put_away(ines: User) -> None:
    launch = launch_in(ines, "Portugal")
    initiatives.change_initiative(
        actor=ines, initiative=launch.initiative, changes={"title": "Porto first"}, now=later(1)
    )
    assert [one.title for one in find(ines, "Porto")] == ["Porto first"]
    initiatives.archive_initiative(actor=ines, initiative=launch.initiative, now=later(2))
    assert [one.kind for one in find(ines, "Porto")] == []
    initiatives.restore_initiative(actor=ines, initiative=launch.initiative, now=later(3))
    assert [one.kind for one in find(ines, "Porto")] == [Kind.LAUNCH]


def test_a_launch_taken_back_is_found_as_the_initiative_it_was(ines: User) -> None:
    launch = launch_in(ines, "Portugal", "Lisbon first")
    entry = AuditEntry.objects.filter(kind=Kind.INITIATIVE, particulars__launch="Portugal").get()
    audit.undo(actor=ines, entry=entry, now=later(0.1))
    assert not Launch.objects.filter(pk=launch.pk).exists()
    assert [(one.kind, one.object_id) for one in find(ines, "Lisbon")] == [
        (Kind.INITIATIVE, launch.initiative_id)
    ]


def test_what_is_not_published_or_not_shared_is_found_by_nobody_else(ines: User) -> None:
    drafted(ines, "Quince review")
    board = create_board(actor=ines, title="My quinces", language="en", now=NOW)
    lea = world.lea()
    assert find(lea, "quince") == []
    SearchEntry.objects.create(
        kind=Kind.BOARD, object_id=board.pk, title="My quinces", title_folded="my quinces", language="en",
        lemmas="quinces", right="read", updated_at=NOW,
    )  # fmt: skip
    assert [one.title for one in find(ines, "quinces")] == ["My quinces"]
    assert find(lea, "quinces") == []  # left over in the index, and still not theirs


def test_results_are_narrowed_by_the_kinds_that_were_found(ines: User) -> None:
    everything(ines)
    client = browser(ines)
    body = found(client, "marmalade")
    for kind in ("topic", "decision", "metric", "incident"):
        assert f"kind={kind}" in body
    assert "kind=unit" not in body
    narrowed = client.get(reverse("web:search"), {"q": "marmalade", "kind": "topic"}).content.decode()
    assert "<b>1 result</b>" in narrowed
    assert "kind=decision" in narrowed  # the way to the others stays
    assert client.get(reverse("web:search"), {"q": "marmalade", "kind": "nothing"}).status_code == 200


def test_a_decision_is_found_in_the_words_of_the_reader(ines: User) -> None:
    topic = topics(ines, ["Marmalade"])[0]
    decide(
        actor=ines,
        topic=topic,
        cycle=None,
        verdict="not_now",
        what="Wait",
        why="Later",
        language="en",
        now=NOW,
    )
    details = {one.kind: one.detail for one in find(ines, "marmalade")}
    assert details == {
        Kind.TOPIC: "",
        Kind.DECISION: "",
    }  # nothing stands there in the language of whoever wrote it
    assert {one.title for one in find(ines, "marmalade")} == {"Marmalade", "not now · Marmalade"}
