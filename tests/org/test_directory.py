"""The directory answers every question one asks of it, as of any day, and comes along as a file."""

import datetime as dt

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from tests import world
from tests.org import company as cast
from tests.org.test_map import body, signed_in
from vertebra.accounts.models import User
from vertebra.org.models import Membership, Person
from vertebra.org.queries.people import language_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def tournesol() -> cast.Company:
    return cast.small()


@pytest.fixture
def lea(tournesol: cast.Company) -> Client:
    return signed_in(world.lea())


def found(client: Client, **asked: object) -> list[str]:
    """Names that the directory lists, read from its CSV, in order."""
    answer = client.get(
        reverse("org:person-list"), {**{k: str(v) for k, v in asked.items()}, "format": "csv"}
    )
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    return [line.split(",")[0] for line in lines[1:]]


def test_everybody_is_listed_by_name(lea: Client) -> None:
    assert found(lea) == [
        "Ana <b>Lima</b>",
        "Jean-Noël Bœuf",
        "Karim Diallo",
        "Léa Roux",
        "Noor Haddad",
        "Sofia Marín",
        "Zoë Ångström",
    ]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"q": "lea"}, ["Léa Roux"]),
        ({"q": "boeuf"}, ["Jean-Noël Bœuf"]),
        ({"q": "angstrom zoe"}, ["Zoë Ångström"]),
        ({"q": "karim@example"}, ["Karim Diallo"]),
        ({"q": "Dialo Karym"}, ["Karim Diallo"]),
        ({"q": "nobody like that"}, []),
        ({"function": "product"}, ["Karim Diallo"]),
        ({"role": "champion"}, ["Léa Roux"]),
        ({"country": "Allemagne"}, ["Léa Roux"]),
        ({"without": "unit"}, ["Noor Haddad"]),
        ({"state": "left"}, []),
        ({"sort": "-name", "country": "France"}, ["Karim Diallo"]),
    ],
)
def test_each_filter_keeps_whom_it_says(lea: Client, asked: dict[str, str], names: list[str]) -> None:
    assert found(lea, **asked) == names


def test_places_filter_by_what_is_inside_them(lea: Client, tournesol: cast.Company) -> None:
    assert len(found(lea, unit=tournesol.payments.pk)) == 6
    assert found(lea, unit=tournesol.cash.pk) == ["Ana <b>Lima</b>", "Léa Roux"]
    assert found(lea, unit=tournesol.payments.pk, function="sales") == ["Léa Roux"]
    assert found(lea, market=tournesol.germany.pk) == ["Ana <b>Lima</b>", "Léa Roux"]
    assert "Karim Diallo" in found(lea, area=tournesol.invoices.pk)


def test_a_function_is_asked_of_the_unit_asked(lea: Client, tournesol: cast.Company) -> None:
    Membership.objects.create(
        person=tournesol.karim, unit=tournesol.cash, function="support", share=20, starts_on=cast.LONG_AGO
    )
    assert found(lea, unit=tournesol.cash.pk, function="product") == []
    assert found(lea, unit=tournesol.cash.pk, function="support") == ["Karim Diallo"]


def test_who_left_is_listed_on_the_days_before(lea: Client, tournesol: cast.Company) -> None:
    Person.objects.filter(pk=tournesol.karim.pk).update(left_on=dt.date(2026, 6, 1))
    assert "Karim Diallo" not in found(lea)
    assert "Karim Diallo" in found(lea, as_of="2026-05-31")
    assert found(lea, state="left") == ["Karim Diallo"]
    assert found(lea, state="left", as_of="2026-05-31") == []


def test_who_joined_since_a_day(lea: Client, tournesol: cast.Company) -> None:
    Person.objects.filter(pk=tournesol.karim.pk).update(joined_on=dt.date(2026, 6, 1))
    assert found(lea, since="2026-06-01") == ["Karim Diallo"]
    assert "Karim Diallo" not in found(lea, as_of="2026-05-31")


def test_pages_follow_each_other_without_losing_anybody(lea: Client) -> None:
    for number in range(120):
        cast.person(f"Person {number:03}")
    seen: list[str] = []
    address = reverse("org:person-list")
    for _ in range(4):
        listing = lea.get(address).context["listing"]
        seen += [row.name for row in listing.rows]
        address = listing.next_url
        if not address:
            break
    assert seen == found(lea)


def test_a_list_shows_where_people_work_and_what_they_answer_for(
    lea: Client, tournesol: cast.Company
) -> None:
    page = body(lea, reverse("org:person-list") + "?q=karim")
    row = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert f"/organisation/units/{tournesol.billing.pk}/" in row
    assert "Product manager" in row


@pytest.mark.parametrize(
    "asked", ["unit=99999999999999999999", "area=x", "market=-1", "sort=nothing", "after=broken"]
)
def test_what_nobody_offers_is_ignored(lea: Client, asked: str) -> None:
    assert "Karim Diallo" in body(lea, reverse("org:person-list") + f"?{asked}")


@pytest.mark.parametrize(
    ("account", "directory", "instead", "spoken"),
    [
        ("fr", "en", "en", "fr"),
        ("", "en-GB", "fr", "en"),
        ("", "de", "en", "en"),
        ("", "", "", "fr"),
        ("", "de", "", "fr"),
    ],
)
def test_people_are_written_to_in_their_own_language_where_vertebra_speaks_it(
    account: str, directory: str, instead: str, spoken: str, settings: LazySettings
) -> None:
    settings.LANGUAGE_CODE = "fr-FR"
    person = Person(name="Max", language=directory, user=User(language=account) if account else None)
    assert language_for(person, instead) == spoken
