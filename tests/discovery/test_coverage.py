"""Who was heard, by function and unit: each figure counts people once and leads to them."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import world
from tests.discovery.listening import browser, campaign_of, rows_of
from tests.org import company
from vertebra.accounts.labels import Role
from vertebra.discovery.labels import InterviewState
from vertebra.discovery.models import Interview
from vertebra.discovery.queries.coverage import MOST_ROWS, coverage, latest_heard, months_before
from vertebra.org.labels import Function
from vertebra.org.models import Membership, Person

pytestmark = pytest.mark.django_db
TODAY = world.TODAY


@pytest.fixture(autouse=True)
def on_that_day(settings: LazySettings) -> Iterator[None]:
    settings.FIXED_NOW = world.NOW
    yield


def heard(person: Person, on: dt.date) -> Interview:
    return Interview.objects.create(
        person=person,
        state=InterviewState.HELD,
        held_on=on,
        language="fr",
        created_at=world.NOW,
        changed_at=world.NOW,
    )


def test_people_are_counted_once_in_each_cell_and_heard_in_the_period() -> None:
    made = company.small()
    Membership.objects.create(
        person=made.karim, unit=made.cash, function=Function.PRODUCT, starts_on=company.LONG_AGO, share=20
    )
    heard(made.karim, TODAY - dt.timedelta(days=20))
    heard(made.lea, TODAY - dt.timedelta(days=400))
    found = coverage(TODAY, 12)
    (row,) = found.rows
    assert row.node.name == "Payments"
    figures = dict(zip(found.functions, row.cells, strict=True))
    assert (figures[Function.PRODUCT].heard, figures[Function.PRODUCT].people) == (1, 1)
    assert (figures[Function.SALES].heard, figures[Function.SALES].people) == (0, 1)
    assert figures[Function.SALES].latest == TODAY - dt.timedelta(days=400)
    assert (found.total.heard, found.total.people) == (1, 6)
    assert Function.SALES in found.silent
    assert coverage(TODAY, 24).total.heard == 2


def test_a_unit_opens_into_its_parts() -> None:
    made = company.small()
    found = coverage(TODAY, 12, made.payments.pk)
    assert [row.node.name for row in found.rows] == ["Billing", "Cash desk"]
    assert [node.name for node in found.above] == ["Tournesol"]
    assert [row.node.name for row in coverage(TODAY, 12, None, 2).rows] == ["Billing", "Cash desk"]


def test_who_left_is_not_counted() -> None:
    made = company.small()
    Person.objects.filter(pk=made.karim.pk).update(left_on=TODAY)
    assert Function.PRODUCT not in coverage(TODAY, 12).functions


def test_a_conversation_that_was_cancelled_is_not_heard() -> None:
    made = company.small()
    talk = heard(made.karim, TODAY)
    Interview.objects.filter(pk=talk.pk).update(state=InterviewState.CANCELLED)
    assert made.karim.pk not in latest_heard()


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (dt.date(2026, 3, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2024, 3, 31), 1, dt.date(2024, 2, 29)),
        (dt.date(2026, 11, 2), 12, dt.date(2025, 11, 2)),
        (dt.date(2026, 1, 15), 3, dt.date(2025, 10, 15)),
    ],
)
def test_months_are_counted_by_the_calendar(day: dt.date, months: int, before: dt.date) -> None:
    assert months_before(day, months) == before


def test_the_page_leads_to_the_people_behind_each_figure() -> None:
    made = company.small()
    heard(made.karim, TODAY)
    client = browser(world.ines())
    page = client.get("/discovery/coverage/").content.decode()
    assert "1/1" in page
    address = f"/discovery/coverage/people/?months=12&unit={made.payments.pk}&function=product"
    assert address.replace("&", "&amp;") in page
    people = client.get(address).content.decode()
    assert "Karim Diallo" in people
    assert "Léa Roux" not in people
    assert "Karim" not in client.get("/discovery/coverage/people/?heard=never").content.decode()
    assert "Karim" in client.get("/discovery/coverage/people/?heard=recent").content.decode()
    csv = b"".join(client.get("/discovery/coverage/?format=csv")).decode()
    assert "2026-11-02" in csv


def test_those_not_heard_join_a_campaign_from_the_list() -> None:
    made = company.small()
    ines = world.ines()
    campaign = campaign_of(ines, [made.karim])
    answer = browser(ines).post(
        "/discovery/coverage/choice/",
        {"campaign": campaign.pk, "selected": [made.lea.pk, made.karim.pk]},
        follow=True,
    )
    assert answer.status_code == 200
    assert [row.person for row in rows_of(campaign)] == [made.karim, made.lea]


@pytest.mark.parametrize("role", [Role.READER, Role.CONTRIBUTOR, Role.ADMINISTRATOR])
def test_coverage_by_name_is_for_product_ops_alone(role: Role) -> None:
    company.small()
    client = browser(world.account("Somebody Else", role))
    for path in ("/discovery/coverage/", "/discovery/coverage/people/", "/discovery/campaigns/"):
        assert client.get(path).status_code == 403


def test_a_company_of_four_hundred_teams_stays_readable_and_light() -> None:
    root = company.large(400, 4_000)
    client = browser(world.ines())
    for path in (
        "/discovery/coverage/",
        "/discovery/coverage/?depth=3",
        f"/discovery/coverage/?unit={root.pk}",
    ):
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(path)
        assert len(captured) <= 12
        assert len(response.content) < 150_000
        assert len(response.context["rows"]) <= MOST_ROWS + 1
