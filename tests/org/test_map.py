"""Every page of the organisation opens, as of any day, for whoever may, and stays within its budget."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import world
from tests.org import company as cast
from vertebra.accounts.models import User
from vertebra.org.models import Membership, Unit, UnitVersion

pytestmark = pytest.mark.django_db
MOST_QUERIES, MOST_BYTES = 12, 150_000


def signed_in(user: User) -> Client:
    user.language = "en"
    user.save(update_fields=["language"])
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def ines() -> Client:
    return signed_in(world.ines())


def body(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


LISTS = (
    "map",
    "unit-list",
    "person-list",
    "area-list",
    "area-matrix",
    "market-list",
    "change-list",
    "field-list",
)


@pytest.mark.parametrize("name", LISTS)
def test_a_page_teaches_the_next_step_when_there_is_nothing(ines: Client, name: str) -> None:
    page = body(ines, reverse(f"org:{name}"))
    assert 'class="empty"' in page


@pytest.mark.parametrize("name", LISTS)
def test_readers_see_pages_without_verbs(name: str) -> None:
    cast.small()
    reader = signed_in(world.lea())
    page = body(reader, reverse(f"org:{name}"))
    assert not re.search(r"/organisation/\w+/(new|\d+/(edit|closing|end))/", page)


def test_the_outline_names_every_unit_inside_its_parent(ines: Client) -> None:
    tournesol = cast.small()
    page = body(ines, reverse("org:map"))
    outline = page[page.index('class="outline"') :]
    positions = [outline.index(f">{name}<") for name in ("Tournesol", "Payments", "Billing", "Cash desk")]
    assert positions == sorted(positions)
    assert outline.count("<li>") == outline.count("</li>") == 4
    assert outline.count("<details") == outline.count("</details>") == 2
    assert f"/organisation/units/{tournesol.billing.pk}/" in outline


def test_the_map_counts_people_once(ines: Client) -> None:
    tournesol = cast.small()
    Membership.objects.create(
        person=tournesol.karim, unit=tournesol.cash, function="product", starts_on=cast.LONG_AGO
    )
    units = {unit["name"]: unit for unit in ines.get(reverse("org:map-data")).json()["units"]}
    assert units["Tournesol"]["people"] == 6
    assert units["Cash desk"]["people"] == 3
    assert units["Billing"]["parent"] == tournesol.payments.pk


def test_the_map_says_its_colours_in_words(ines: Client) -> None:
    cast.small()
    units = {
        unit["name"]: unit
        for unit in ines.get(reverse("org:map-data"), {"colour": "function"}).json()["units"]
    }
    assert units["Billing"]["shade"] == "Engineering"
    markets = {
        unit["name"]: unit["shade"]
        for unit in ines.get(reverse("org:map-data"), {"colour": "market"}).json()["units"]
    }
    assert markets["Payments"] == markets["Cash desk"] == "Germany"
    assert markets["Billing"] == ""
    assert "Germany" in body(ines, reverse("org:map") + "?colour=market")


def test_a_unit_is_found_whatever_its_accents(ines: Client) -> None:
    cast.unit("Équipe Trésorerie")
    assert "Found:" in body(ines, reverse("org:map") + "?find=tresor")
    assert "No unit of that day" in body(ines, reverse("org:map") + "?find=nothing")


def test_another_day_shows_what_was_and_keeps_the_day_in_links(ines: Client) -> None:
    tournesol = cast.small()
    UnitVersion.objects.all_time().filter(unit=tournesol.billing).update(ends_on=dt.date(2025, 6, 1))
    UnitVersion.objects.create(
        unit=tournesol.billing,
        name="Invoicing",
        kind=cast.kind("team"),
        parent=tournesol.payments,
        starts_on=dt.date(2025, 6, 1),
    )
    page = body(ines, reverse("org:map") + "?as_of=2025-03-01")
    assert ">Billing<" in page
    assert "Invoicing" not in page
    assert 'class="as-of"' in page
    assert f"/organisation/units/{tournesol.billing.pk}/?as_of=2025-03-01" in page
    assert "/organisation/units/new/" not in page
    unit = body(ines, reverse("org:unit-show", args=(tournesol.billing.pk,)) + "?as_of=2025-03-01")
    assert re.search(r"<h1>\s*Billing\s*</h1>", unit)
    assert "/edit/" not in unit


@pytest.mark.parametrize("day", ["nonsense", "2025-13-45", "0001-01-01", ""])
def test_a_day_that_is_none_shows_today(ines: Client, day: str) -> None:
    cast.small()
    assert 'class="as-of"' not in body(ines, reverse("org:map") + f"?as_of={day}")


def test_a_chain_of_a_thousand_units_is_drawn(ines: Client) -> None:
    made = Unit.objects.bulk_create([Unit(created_at=world.NOW) for _ in range(1000)])
    kind = cast.kind("team")
    UnitVersion.objects.bulk_create(
        [
            UnitVersion(
                unit=one,
                name=f"U{at}",
                kind=kind,
                parent=made[at - 1] if at else None,
                starts_on=cast.LONG_AGO,
            )
            for at, one in enumerate(made)
        ]
    )
    page = body(ines, reverse("org:map"))
    assert page.count("<details") >= 2
    assert "?from=" in page
    assert ines.get(reverse("org:map-data")).status_code == 200


def test_names_are_never_markup(ines: Client) -> None:
    evil = "<script>alert(1)</script>"
    unit = cast.unit(evil)
    person = cast.person(evil, unit)
    area = cast.area(evil)
    addresses = [reverse(f"org:{name}") for name in LISTS]
    addresses += [
        reverse("org:unit-show", args=(unit.pk,)),
        reverse("org:person-show", args=(person.pk,)),
        reverse("org:area-show", args=(area.pk,)),
        reverse("org:person-suggest") + "?person=script",
        reverse("org:change-list") + "?from=2023-01-01&to=2026-01-01",
    ]
    for address in addresses:
        assert evil not in body(ines, address), address


def test_pages_stay_within_their_budget_at_four_hundred_teams(ines: Client) -> None:
    tournesol = cast.small()
    company = cast.large()
    tribe = UnitVersion.objects.as_of(world.TODAY).get(name="Tribe 7").unit_id
    addresses = [reverse(f"org:{name}") for name in LISTS]
    addresses += [reverse("org:unit-show", args=(pk,)) for pk in (company.pk, tribe, tournesol.billing.pk)]
    addresses += [
        reverse("org:map") + "?colour=function",
        reverse("org:map") + "?colour=vacancy",
        reverse("org:map-data") + "?colour=function",
        reverse("org:person-show", args=(tournesol.karim.pk,)),
        reverse("org:area-show", args=(tournesol.invoices.pk,)),
        reverse("org:area-show", args=(tournesol.first_month.pk,)),
        reverse("org:market-show", args=(tournesol.germany.pk,)),
        reverse("org:person-list") + f"?unit={tribe}&function=product&q=anais",
        reverse("org:person-list") + "?q=anays+cloe",
        reverse("org:unit-list") + f"?inside={tribe}&sort=-own",
        reverse("org:change-list") + "?from=2023-01-01&to=2026-01-01",
        reverse("org:unit-create"),
        reverse("org:mandate-create"),
    ]
    over = []
    for address in addresses:
        with CaptureQueriesContext(connection) as queries:
            answer = ines.get(address)
        assert answer.status_code == 200, address
        if len(queries) > MOST_QUERIES or len(answer.content) > MOST_BYTES:
            over.append((address, len(queries), len(answer.content)))
    assert not over
