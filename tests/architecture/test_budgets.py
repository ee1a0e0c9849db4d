"""Every page keeps to its budget at the size of a real company: twelve queries, 150 kB."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import world
from tests.architecture.addresses import addresses
from tests.architecture.samples import Samples, accounts, browser, undone
from vertebra.accounts.labels import Role
from vertebra.accounts.models import User
from vertebra.demo.load import Summary
from vertebra.org.models import AreaVersion, Mandate, Membership, Person, UnitVersion

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
MOST_BYTES = 150_000
# Pages that gather what hangs on one object and are still to be divided into parts that load by themselves.
GATHERING = {
    "practices:practice-show": 19,
    "practices:practice-routines": 17,
    "practices:routine-show": 18,
    "practices:reach-create": 16,
    "practices:check-show": 13,
    "practices:unit-checks": 13,
}
TRANSACTION = ("SAVEPOINT", "RELEASE SAVEPOINT", "BEGIN", "ROLLBACK TO")


@dataclass(frozen=True, order=True)
class Cost:
    """What one page asks of the database and of the network."""

    queries: int
    size: int
    path: str
    most: int = MOST_QUERIES

    @property
    def is_too_much(self) -> bool:
        return self.queries > self.most or self.size > MOST_BYTES

    def __str__(self) -> str:
        return f"{self.queries:3} queries {self.size / 1000:6.1f} kB  {self.path}"


@pytest.fixture(scope="module")
def samples(demo_scale_up: Summary) -> Samples:
    return Samples(accounts())


def cost(client: Client, path: str, most: int = MOST_QUERIES) -> Cost | None:
    """The cost of a page, or nothing where the address gives no page."""
    with (
        undone(),
        CaptureQueriesContext(
            connection,
        ) as captured,
    ):
        response = client.get(path)
        kind = response["Content-Type"]
        is_handed_over = "json" in kind and "attachment" in response.get("Content-Disposition", "")
        if response.status_code >= 400 or response.streaming or "text/plain" in kind or is_handed_over:
            return None
    queries = [each for each in captured if not each["sql"].startswith(TRANSACTION)]
    return Cost(len(queries), len(response.content), path, most)


def largest(rows: Any, key: str) -> int:
    """The id that most of the rows name."""
    found = rows.filter(**{f"{key}__isnull": False}).order_by().values(key).annotate(many=Count("pk"))
    return int(found.order_by("-many", key).values_list(key, flat=True)[0])


def heavy_paths() -> Iterator[str]:
    """The objects of which there is most to say, and lists as people narrow them."""
    units = UnitVersion.objects.as_of(world.TODAY)
    root = units.filter(parent=None).order_by("pk")[0].unit_id
    for unit in (root, largest(units, "parent"), largest(Membership.objects.as_of(world.TODAY), "unit")):
        yield reverse("org:unit-show", args=[unit])
    yield reverse("org:person-show", args=[largest(Person.objects.all(), "manager")])
    yield reverse("org:person-show", args=[largest(Mandate.objects.as_of(world.TODAY), "person")])
    yield reverse("org:area-show", args=[largest(AreaVersion.objects.as_of(world.TODAY), "parent")])
    yield reverse("org:market-show", args=[largest(Mandate.objects.as_of(world.TODAY), "market")])
    yield reverse("org:change-list") + "?from=2023-12-01&to=2026-11-02"
    yield reverse("org:person-list") + "?q=ma&sort=-name&as_of=2025-01-01"
    yield reverse("org:map") + "?as_of=2025-01-01"
    yield reverse("web:search") + "?q=facture"
    yield reverse("web:commands") + "?q=ma"


def costs(client: Client, samples: Samples, user: User) -> list[Cost]:
    asked = [(samples.path(one, user), GATHERING.get(one.name, MOST_QUERIES)) for one in addresses()]
    asked += [(path, MOST_QUERIES) for path in heavy_paths()]
    return sorted((found for path, most in asked if (found := cost(client, path, most))), reverse=True)


@pytest.mark.parametrize("role", [Role.PRODUCT_OPS, pytest.param(Role.ADMINISTRATOR, marks=pytest.mark.deep)])
def test_every_page_keeps_to_its_budget(
    samples: Samples, role: Role, capsys: pytest.CaptureFixture[str]
) -> None:
    user = samples.users[role]
    with undone():
        client = browser(user)
        cache.clear()
        client.get("/")  # what is remembered for the next page is asked once
        found = costs(client, samples, user)
    with capsys.disabled():
        print(f"\nThe most expensive pages for {role.label}:", *found[:6], sep="\n")
        print("The largest:", *sorted(found, key=lambda each: -each.size)[:4], sep="\n")
    assert len(found) > 40
    assert [str(each) for each in found if each.is_too_much] == []


def test_a_page_beyond_its_budget_is_seen() -> None:
    assert Cost(13, 10, "/").is_too_much
    assert Cost(1, 150_001, "/").is_too_much
    assert not Cost(12, 150_000, "/").is_too_much
