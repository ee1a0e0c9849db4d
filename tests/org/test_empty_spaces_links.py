"""A link lets people without an account report, and nothing else: it ends, it is revoked, it shows nothing of ours."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse

from tests import world
from tests.org.company import Company, small
from vertebra.accounts.actions.shared_links import LinkTooLong, revoke_link, share_page
from vertebra.accounts.models import AuditEntry, SharedLink, User
from vertebra.org.actions.empty_spaces import Said, report_space
from vertebra.org.actions.report_links import (
    PER_HOUR,
    TooManyReports,
    report_through_link,
)
from vertebra.org.empty_spaces import WITH_UNITS, WITHOUT_NAMES, Neighbour, link_of
from vertebra.org.models import EmptySpace, EmptySpaceReport

pytestmark = pytest.mark.django_db
ASKED = {"between_1": "Billing", "between_2": "Cash desk", "sentence": "Refunds after a dispute"}


@pytest.fixture(autouse=True)
def _no_tries_before() -> None:
    cache.clear()


@pytest.fixture
def here() -> Company:
    return small()


def link(*, shows_units: bool = True, days: int = 30) -> str:
    """The address of a new link."""
    karim = world.karim()
    page = WITH_UNITS if shows_units else WITHOUT_NAMES
    _entry, token = share_page(actor=karim, page=page, name="Field", days=days, now=world.NOW)
    return reverse("org:report-by-link", args=(token,))


def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


def test_a_visitor_reports_through_the_link(here: Company) -> None:
    url = link()
    client = visitor()
    assert "What does nobody take care of?" in client.get(url).content.decode()
    assert not EmptySpace.objects.exists()
    assert "Thank you" in client.post(url, ASKED | {"reporter_name": "Zoë"}).content.decode()
    space = EmptySpace.objects.get()
    report = space.reports.get()
    assert (report.reporter_name, report.reported_by, report.link) == ("Zoë", None, SharedLink.objects.get())
    assert {row.unit_id for row in space.neighbours.all()} == {here.billing.pk, here.cash.pk}


def test_the_address_is_kept_as_a_digest_only(here: Company) -> None:
    token = link().rsplit("/", 2)[1]
    kept = SharedLink.objects.get()
    assert token not in str(vars(kept))
    assert link_of(token) == kept
    assert token not in " ".join(str(vars(entry)) for entry in AuditEntry.objects.all())


def test_the_page_shows_names_of_units_only_if_whoever_made_it_said_so(here: Company) -> None:
    lea = world.lea()
    said = Said("A secret worry", [Neighbour("word", 0, "One"), Neighbour("word", 0, "Two")], "en")
    report_space(actor=lea, said=said, now=world.NOW)
    shown = visitor().get(link()).content.decode()
    assert "Cash desk" in shown
    for hidden in ("A secret worry", "Karim", "Léa", "Invoices", "Germany"):
        assert hidden not in shown
    SharedLink.objects.all().delete()
    User.objects.filter(name="Karim Diallo").delete()
    assert "Cash desk" not in visitor().get(link(shows_units=False)).content.decode()


@pytest.mark.parametrize("how", ["expired", "revoked", "unknown", "of another page"])
def test_a_link_that_ended_opens_nothing_and_takes_nothing(here: Company, how: str) -> None:
    url = link()
    if how == "expired":
        SharedLink.objects.update(expires_at=world.NOW)
    elif how == "revoked":
        revoke_link(actor=world.ines(), link=SharedLink.objects.get(), now=world.NOW)
    elif how == "of another page":
        SharedLink.objects.update(page="something else")
    else:
        url = reverse("org:report-by-link", args=("x" * 43,))
    for answer in (visitor().get(url), visitor().post(url, ASKED)):
        assert answer.status_code in {404, 410}
        assert "Cash desk" not in answer.content.decode()
    assert not EmptySpace.objects.exists()


def test_the_same_words_sent_again_are_the_same_report(here: Company) -> None:
    url = link()
    client = visitor()
    for _again in range(3):
        assert client.post(url, ASKED).status_code == 200
    assert EmptySpaceReport.objects.count() == 1


def test_almost_the_same_beside_the_same_neighbours_adds_to_the_first(here: Company) -> None:
    url = link()
    visitor().post(url, ASKED)
    visitor().post(url, ASKED | {"sentence": "refunds, after a dispute"})
    visitor().post(
        url, ASKED | {"sentence": "Refunds after a dispute", "between_1": "Elsewhere", "between_2": "Far"}
    )
    assert EmptySpace.objects.get().report_count == 2
    visitor().post(url, ASKED | {"sentence": "The documentation of the public API"})
    assert EmptySpace.objects.count() == 2


def test_too_many_tries_from_one_place_are_refused(here: Company) -> None:
    url = link()
    client = visitor()
    answers = [
        client.post(url, ASKED | {"sentence": f"Thing number {n} of many"}).status_code for n in range(12)
    ]
    assert answers[-1] == 429
    assert EmptySpaceReport.objects.count() < 12


def test_too_many_reports_through_one_link_are_refused_wherever_they_come_from(here: Company) -> None:
    link()
    made = SharedLink.objects.get()
    words = [f"{a}{b} {b}{a}" for a in "abcdefgh" for b in "stuvwxyz"]
    near = [Neighbour("word", 0, "One"), Neighbour("word", 0, "Two")]
    with pytest.raises(TooManyReports):
        for word in words:
            report_through_link(actor=None, link=made, said=Said(word, near, "en"), now=world.NOW)
    assert EmptySpaceReport.objects.count() == PER_HOUR


def test_what_fills_every_field_is_thanked_and_not_heard(here: Company) -> None:
    answer = visitor().post(link(), ASKED | {"website": "https://example.org"})
    assert "Thank you" in answer.content.decode()
    assert not EmptySpace.objects.exists()


def test_a_post_from_another_site_is_refused(here: Company) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(link(), ASKED).status_code == 403
    assert not EmptySpace.objects.exists()


def test_a_post_from_the_page_itself_is_taken_as_browsers_send_it(here: Company) -> None:
    url = link()
    client = Client(enforce_csrf_checks=True)
    client.get(url)
    token = client.cookies["csrftoken"].value
    answer = client.post(
        url,
        ASKED | {"csrfmiddlewaretoken": token},
        headers={"origin": "http://testserver", "referer": f"http://testserver{url}"},
    )
    assert answer.status_code == 200
    assert EmptySpace.objects.count() == 1


def test_html_and_long_words_are_kept_as_words_or_refused(here: Company) -> None:
    url = link()
    html = "<img src=x onerror=alert(1)>"
    visitor().post(url, ASKED | {"sentence": html, "reporter_name": html, "between_1": html})
    space = EmptySpace.objects.get()
    client = Client()
    ines = world.ines()
    client.force_login(ines)
    text = client.get(reverse("org:empty-space-show", args=(space.pk,))).content.decode()
    assert html not in text
    assert "&lt;img" in text
    assert visitor().post(url, ASKED | {"sentence": "x" * 501}).status_code == 422
    assert visitor().post(url, ASKED | {"between_1": "x" * 101}).status_code == 422
    assert visitor().post(url, ASKED | {"sentence": "null \x00 byte"}).status_code == 422


def test_the_address_does_not_travel(here: Company) -> None:
    answer = visitor().get(link())
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_contributor_makes_a_link_told_once_and_revokes_it(here: Company) -> None:
    karim = world.karim()
    client = Client(headers={"accept-language": "en"})
    client.force_login(karim)
    page = reverse("org:report-link-list")
    told = client.post(page, {"name": "Partners’ day", "days": "7", "shows_units": "on"})
    made = SharedLink.objects.get()
    assert "/r/" in told.content.decode()
    assert "no-store" in told.headers["Cache-Control"]
    assert made.expires_at == world.NOW + dt.timedelta(days=7)
    token = told.content.decode().split("/r/")[1].split("/")[0].split('"')[0]
    assert len(token) > 20
    assert not [kept for kept in client.session.items() if token in str(kept)]
    assert "/r/" not in client.get(page).content.decode()
    client.post(reverse("org:report-link-revocation", args=(made.pk,)))
    made.refresh_from_db()
    assert made.revoked_at == world.NOW
    assert list(AuditEntry.objects.order_by("id").values_list("verb", flat=True)) == ["share", "revoke"]


def test_a_link_ends_within_a_year(here: Company) -> None:
    karim = world.karim()
    for days in (0, 366):
        with pytest.raises(LinkTooLong):
            share_page(actor=karim, page=WITH_UNITS, name="", days=days, now=world.NOW)


@override_settings(LANGUAGE_CODE="fr")
def test_a_visitor_is_answered_in_their_language(here: Company) -> None:
    assert 'lang="en"' in visitor().get(link()).content.decode()
