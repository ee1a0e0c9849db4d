"""What the tests of accounts need: a resolver of objects, and rate limits that start afresh."""

from collections.abc import Iterator, Sequence

import pytest
from django.core.cache import cache
from pytest_django import Settings

from vertebra.accounts.models import User
from vertebra.kit.cards import Card
from vertebra.org.models import Market

HIDDEN = "Hidden market"


def resolve(user: User, kind: str, ids: Sequence[int]) -> dict[int, Card]:
    """Markets are open to everybody, except one."""
    if kind != "market":
        return {}
    found = Market.objects.filter(pk__in=ids).exclude(name=HIDDEN)
    return {market.pk: Card("market", market.pk, market.name, f"/markets/{market.pk}/") for market in found}


@pytest.fixture(autouse=True)
def afresh(settings: Settings, db: None) -> Iterator[None]:
    settings.THREAD = ["tests.accounts.conftest.resolve"]
    cache.clear()
    yield
    cache.clear()
