"""Every page keeps to its budget at the size of a real company: twelve queries, 150 kB."""

from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.architecture.addresses import addresses
from tests.architecture.samples import Samples, accounts, browser, undone
from vertebra.accounts.labels import Role
from vertebra.accounts.models import User
from vertebra.demo.load import Summary

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
MOST_BYTES = 150_000
TRANSACTION = ("SAVEPOINT", "RELEASE SAVEPOINT", "BEGIN", "ROLLBACK TO")


@dataclass(frozen=True, order=True)
class Cost:
    """What one page asks of the database and of the network."""

    queries: int
    size: int
    path: str

    @property
    def is_too_much(self) -> bool:
        return self.queries > MOST_QUERIES or self.size > MOST_BYTES

    def __str__(self) -> str:
        return f"{self.queries:3} queries {self.size / 1000:6.1f} kB  {self.path}"


@pytest.fixture(scope="module")
def samples(demo_scale_up: Summary) -> Samples:
    return Samples(accounts())


def cost(client: Client, path: str) -> Cost | None:
    """The cost of a page, or nothing where the address gives no page."""
    with (
        undone(),
        CaptureQueriesContext(
            connection,
        ) as captured,
    ):
        response = client.get(path)
        if response.status_code >= 400 or response.streaming:
            return None
    queries = [each for each in captured if not each["sql"].startswith(TRANSACTION)]
    return Cost(len(queries), len(response.content), path)


def costs(client: Client, samples: Samples, user: User) -> list[Cost]:
    found = (cost(client, samples.path(address, user)) for address in addresses())
    return sorted((each for each in found if each), reverse=True)


@pytest.mark.parametrize("role", [Role.PRODUCT_OPS, Role.ADMINISTRATOR])
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
