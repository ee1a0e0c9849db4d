"""Saying for whom a practice is what keeps to the budget of a page, whoever says it, with all that it is weighed against."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from tests import world
from tests.architecture.samples import browser
from tests.architecture.test_budgets import MOST_QUERIES, cost
from tests.org.company import person, unit
from tests.practices.made import NOW, TODAY, director, somebody, validated
from vertebra.accounts.models import User
from vertebra.org.queries import remembered
from vertebra.practices.actions.reach import set_reach
from vertebra.practices.actions.time_ceilings import set_ceiling
from vertebra.practices.labels.practices import Reach

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["director", "carrier", "product_ops"])
def test_saying_for_whom_a_practice_is_what_keeps_to_its_budget(settings: Any, who: str) -> None:
    settings.FIXED_NOW = NOW
    (user, carrier), (diane, _one), team = somebody("Carrie"), director(), unit("Billing")
    person("Paule", team, "product")
    row = validated(user, diane, carrier, team)
    ines = world.ines()
    set_ceiling(actor=ines, function="product", minutes=10, now=NOW)
    set_reach(
        actor=user, practice=row, unit=team, reach=Reach.STANDARD, starts_on=None, reason="They asked.",
        over_reason="Two others end.", now=NOW,
    )  # fmt: skip
    settings.FIXED_NOW = NOW + dt.timedelta(days=40)
    accounts: dict[str, User] = {"director": diane, "carrier": user, "product_ops": ines}
    client = browser(accounts[who])
    client.get("/")
    remembered._kept.clear()  # as for the first who opens it
    found = cost(client, reverse("practices:reach-create", args=(row.pk,)))
    assert found is not None and row.reaches.as_of(TODAY + dt.timedelta(days=40)).exists()
    assert found.queries <= MOST_QUERIES, str(found)
