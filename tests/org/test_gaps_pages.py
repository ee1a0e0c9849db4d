"""The administrative list counts by rule, filters, exports, and leads to the place that mends each gap."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from tests.org.company import Company, person, small
from vertebra.accounts.models import User
from vertebra.org.actions.findings import refresh_findings
from vertebra.org.labels import GAP_REMEDIES, GAP_SENTENCES, GapRule, MandateRole
from vertebra.org.models import Gap, Mandate

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Company:
    company = small()
    Mandate.objects.create(
        role=MandateRole.PRODUCT_MANAGER,
        unit=company.cash,
        reference="Gabe <i>Weaver</i>",
        starts_on=world.TODAY,
    )
    for name in ("Ana", "Bea"):
        person(name, company.cash, manager_reference="hmason")
    refresh_findings(actor=None, now=world.NOW)
    return company


def inside(user: User) -> Client:
    user.language = "en"
    user.save()
    client = Client()
    client.force_login(user)
    return client


def test_the_list_answers_first_with_figures_that_lead_to_what_they_count(here: Company) -> None:
    client = inside(world.lea())
    text = client.get(reverse("org:gap-list")).content.decode()
    assert "1 team</a> names a product manager who is not in the directory" in text
    assert "1 manager</a>, named by 2 people, is not in the directory" in text
    assert "Gabe &lt;i&gt;Weaver&lt;/i&gt;, named as Product manager, is not in the directory" in text
    some = client.get(reverse("org:gap-list"), {"rule": "team_pm_unknown"}).content.decode()
    assert some.count("data-row ") == 1


def test_filters_and_search_narrow_the_list(here: Company) -> None:
    client = inside(world.lea())
    for asked, expected in (
        ({"q": "gabe"}, 1),
        ({"rule": "manager_unknown"}, 1),
        ({"role": "designer"}, 2),
        ({"unit": str(here.payments.pk), "rule": "unit_without_purpose"}, 3),
        ({"state": "ended"}, 0),
    ):
        text = client.get(reverse("org:gap-list"), asked).content.decode()
        assert text.count("data-row ") == expected, asked


def test_a_gap_leads_to_the_page_that_mends_it(here: Company) -> None:
    client = inside(world.lea())
    gap = Gap.objects.get(rule=GapRule.TEAM_PM_UNKNOWN)
    text = client.get(reverse("org:gap-show", args=(gap.pk,))).content.decode()
    assert reverse("org:unit-show", args=(here.cash.pk,)) in text
    assert "Add the person to the directory" in text
    gap = Gap.objects.get(rule=GapRule.MANAGER_UNKNOWN)
    text = client.get(reverse("org:gap-show", args=(gap.pk,))).content.decode()
    assert "2 people name “hmason” as manager, who is not in the directory" in text
    for one in gap.evidence["people"]:
        assert reverse("org:person-show", args=(one["id"],)) in text


def test_the_list_is_a_file(here: Company) -> None:
    answer = inside(world.lea()).get(reverse("org:gap-list"), {"format": "csv", "rule": "manager_unknown"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][:2] == ["hmason", "2 people name “hmason” as manager, who is not in the directory"]


def test_every_rule_has_a_remedy_and_words() -> None:
    assert set(GAP_REMEDIES) == set(GapRule.values)
    said = {GapRule.MANAGER_UNKNOWN, GapRule.HOLDER_UNKNOWN, GapRule.TEAM_PM_UNKNOWN}
    assert set(GAP_SENTENCES) | said == set(GapRule.values)


def test_when_nothing_is_missing_the_page_says_what_would_stand_there() -> None:
    assert "Nothing is missing" in inside(world.lea()).get(reverse("org:gap-list")).content.decode()


def test_the_pages_keep_to_their_budget_of_queries(here: Company, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    client = inside(world.lea())
    gap = Gap.objects.get(rule=GapRule.MANAGER_UNKNOWN)
    for page in (reverse("org:gap-list"), reverse("org:gap-show", args=(gap.pk,))):
        with django_assert_max_num_queries(12):
            assert client.get(page).status_code == 200
