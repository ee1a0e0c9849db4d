"""The pages of empty spaces answer first, filter, export, keep to the rights of whoever looks, and survive any text."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from tests.org.company import LONG_AGO, Company, person, small
from vertebra.accounts.models import AuditEntry, User
from vertebra.org.actions.empty_spaces import Said, explain_space, merge_spaces, report_space
from vertebra.org.actions.findings import refresh_findings
from vertebra.org.empty_spaces import Neighbour
from vertebra.org.labels import SpaceState
from vertebra.org.models import EmptySpace, Ownership

pytestmark = pytest.mark.django_db
HTML = "<script>alert(1)</script>"


@pytest.fixture
def here() -> Company:
    company = small()
    refresh_findings(actor=None, now=world.NOW)
    return company


def inside(user: User) -> Client:
    client = Client()
    client.force_login(user)
    user.language = "en"
    user.save()
    return client


def report(here: Company, actor: User, sentence: str = "Refunds after a dispute") -> EmptySpace:
    between = [Neighbour("unit", here.billing.pk, "Billing"), Neighbour("unit", here.cash.pk, "Cash desk")]
    entry = report_space(actor=actor, said=Said(sentence, between, "en"), now=world.NOW)
    return EmptySpace.objects.get(pk=entry.object_id or 0)


def list_page(client: Client, **asked: str) -> str:
    return client.get(reverse("org:empty-space-list"), asked).content.decode()


def test_the_list_answers_first_and_says_which_is_most_reported(here: Company) -> None:
    space = report(here, world.lea())
    text = list_page(inside(world.karim()))
    assert "have nobody to take care of them" in text or "has nobody to take care of it" in text
    assert "Refunds after a dispute</a> (between Billing · Cash desk)." in text
    assert reverse("org:empty-space-show", args=(space.pk,)) in text


def test_an_empty_list_teaches_what_an_empty_space_is() -> None:
    text = list_page(inside(world.lea()))
    assert "No empty space is known" in text
    assert reverse("org:empty-space-report") in text


def test_the_filters_narrow_the_list(here: Company) -> None:
    lea = world.lea()
    space = report(here, lea)
    explain_space(actor=world.ines(), space=space, reason="The bank does it.", now=world.NOW)
    client = inside(lea)
    link = reverse("org:empty-space-show", args=(space.pk,))
    for asked, is_there in (
        ({"state": "explained"}, True),
        ({"state": "open"}, False),
        ({"origin": "reported"}, True),
        ({"origin": "found"}, False),
        ({"owner": "nobody"}, True),
        ({"owner": "me"}, False),
        ({"unit": str(here.payments.pk)}, True),
        ({"rule": "two_own"}, False),
        ({"q": "REFUNDS"}, True),
        ({"q": "holidays"}, False),
        ({"state": "nonsense"}, True),
    ):
        assert (f'href="{link}"' in list_page(client, **asked)) == is_there, asked


def test_the_list_is_a_file_with_the_same_filters(here: Company) -> None:
    report(here, world.lea(), "=cmd|' /C calc'!A0")
    client = inside(world.karim())
    answer = client.get(reverse("org:empty-space-list"), {"format": "csv", "origin": "reported"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][0] == "'=cmd|' /C calc'!A0"
    assert rows[1][1] == "Billing · Cash desk"
    assert len(rows) == 2


def test_a_page_shows_what_was_found_between_whom_and_why(here: Company) -> None:
    Ownership.objects.create(unit=here.cash, area=here.refunds, starts_on=LONG_AGO)
    refresh_findings(actor=None, now=world.NOW)
    space = EmptySpace.objects.get(area=here.first_month)
    text = inside(world.lea()).get(reverse("org:empty-space-show", args=(space.pk,))).content.decode()
    assert "Nobody sees the customer journey “The first month of a customer” through to its end" in text
    assert "No unit is recorded as its owner." in text
    for neighbour in (here.billing, here.cash):
        assert reverse("org:unit-show", args=(neighbour.pk,)) in text
    assert reverse("org:area-show", args=(here.first_month.pk,)) in text


def test_html_in_a_sentence_a_reason_or_a_name_stays_text(here: Company) -> None:
    space = report(here, world.lea(), HTML)
    explain_space(actor=world.ines(), space=space, reason=HTML, now=world.NOW)
    client = inside(world.karim())
    for url in (reverse("org:empty-space-list"), reverse("org:empty-space-show", args=(space.pk,))):
        text = client.get(url).content.decode()
        assert HTML not in text
        assert "&lt;script&gt;" in text


def test_a_merged_one_leads_to_the_one_that_was_kept(here: Company) -> None:
    kept, other = report(here, world.lea(), "One"), report(here, world.karim(), "Another thing")
    merge_spaces(actor=world.ines(), kept=kept, duplicate=other, now=world.NOW)
    answer = inside(world.ada()).get(reverse("org:empty-space-show", args=(other.pk,)))
    assert answer.headers["Location"] == reverse("org:empty-space-show", args=(kept.pk,))


def test_a_reader_reports_and_does_not_settle(here: Company) -> None:
    lea = world.lea()
    space = report(here, world.karim())
    client = inside(lea)
    for name in ("taking", "proposal", "start", "filling", "explanation", "reopening", "sentence"):
        assert client.post(reverse(f"org:empty-space-{name}", args=(space.pk,))).status_code == 403, name
    assert client.get(reverse("org:empty-space-merge", args=(space.pk,))).status_code == 403
    assert client.get(reverse("org:report-link-list")).status_code == 403
    space.refresh_from_db()
    assert space.state == SpaceState.OPEN


def test_whoever_was_proposed_may_say_yes_whatever_their_role(here: Company) -> None:
    lea = world.lea()
    here.lea.user = lea
    here.lea.save()
    space = report(here, world.karim())
    inside(world.ines()).post(reverse("org:empty-space-proposal", args=(space.pk,)), {"person": "léa ROUX"})
    space.refresh_from_db()
    assert space.owner == here.lea
    inside(lea).post(reverse("org:empty-space-start", args=(space.pk,)))
    space.refresh_from_db()
    assert space.state == SpaceState.BEING_FILLED


def test_a_get_changes_nothing(here: Company) -> None:
    space = report(here, world.karim())
    client = inside(world.ines())
    before = AuditEntry.objects.count()
    for name in ("taking", "proposal", "start", "filling", "explanation", "reopening", "sentence"):
        assert client.get(reverse(f"org:empty-space-{name}", args=(space.pk,))).status_code == 405, name
    assert AuditEntry.objects.count() == before


def test_a_refusal_is_said_and_changes_nothing(here: Company) -> None:
    space = report(here, world.karim())
    client = inside(world.ines())
    page = reverse("org:empty-space-show", args=(space.pk,))
    answer = client.post(
        reverse("org:empty-space-explanation", args=(space.pk,)), {"reason": " "}, follow=True
    )
    assert answer.redirect_chain[-1][0] == page
    assert "others will read it" in answer.content.decode()
    person("Léa Roux", email="other@example.org")
    answer = client.post(
        reverse("org:empty-space-proposal", args=(space.pk,)), {"person": "Lea Roux"}, follow=True
    )
    assert "Several people are called that" in answer.content.decode()


def test_a_report_is_made_in_one_form_and_what_was_said_before_is_offered(here: Company) -> None:
    client = inside(world.lea())
    url = reverse("org:empty-space-report")
    asked = {"between_1": "billing", "between_2": "The shop floor", "sentence": "Refunds after a dispute"}
    answer = client.post(url, asked)
    space = EmptySpace.objects.get(report_count=1)
    assert answer.headers["Location"] == reverse("org:empty-space-show", args=(space.pk,))
    assert sorted((row.unit_id or 0, row.name) for row in space.neighbours.all()) == [
        (0, "The shop floor"),
        (here.billing.pk, ""),
    ]
    again = inside(world.karim())
    asked["sentence"] = "refunds after disputes"
    text = again.post(url, asked).content.decode()
    assert "Is it one of these, said before?" in text
    assert EmptySpace.objects.filter(report_count__gt=0).count() == 1
    again.post(url, asked | {"same_as": str(space.pk)})
    space.refresh_from_db()
    assert space.report_count == 2
    inside(world.ada()).post(url, asked | {"same_as": "new"})
    assert EmptySpace.objects.filter(report_count__gt=0).count() == 2


def test_neighbours_are_suggested_while_one_types(here: Company) -> None:
    client = inside(world.lea())
    url = reverse("org:empty-space-neighbours")
    assert client.get(url, {"between_2": "CASH"}).content.decode().count("<option") == 1
    assert 'value="Cash desk"' in client.get(url, {"between_1": "desk"}).content.decode()
    assert 'value="Germany"' in client.get(url, {"between_1": "germ"}).content.decode()
    assert "<option" not in client.get(url, {"between_1": "nowhere"}).content.decode()
    assert "<option" not in client.get(url).content.decode()


def test_one_press_says_that_one_sees_it_too_and_counts_once(here: Company) -> None:
    space = report(here, world.karim())
    client = inside(world.lea())
    url = reverse("org:empty-space-agreement", args=(space.pk,))
    assert client.get(url).status_code == 405
    for _again in range(2):
        client.post(url)
    space.refresh_from_db()
    assert space.report_count == 2


def test_a_report_that_lacks_something_says_what(here: Company) -> None:
    client = inside(world.lea())
    answer = client.post(
        reverse("org:empty-space-report"), {"between_1": "Billing", "between_2": "billing", "sentence": ""}
    )
    assert answer.status_code == 422
    assert "lies between two or more" in answer.content.decode()
    assert not EmptySpace.objects.filter(report_count__gt=0).exists()


def test_the_form_knows_where_one_comes_from(here: Company) -> None:
    url = reverse("org:empty-space-report")
    text = inside(world.lea()).get(url, {"near": f"unit:{here.billing.pk}"}).content.decode()
    assert 'value="Billing"' in text
    assert inside(world.karim()).get(url, {"near": "unit:999999999999999999999"}).status_code == 200
    assert inside(world.ada()).get(url, {"near": "nonsense"}).status_code == 200


def test_the_pages_keep_to_their_budget_of_queries(here: Company, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    space = report(here, world.lea())
    client = inside(world.karim())
    pages = (
        reverse("org:empty-space-list"),
        reverse("org:empty-space-show", args=(space.pk,)),
        reverse("org:empty-space-report"),
    )
    for page in pages:
        with django_assert_max_num_queries(12):
            assert client.get(page).status_code == 200
