"""What the database knows of how much it holds."""

import pytest
from django.db import connection

from tests import world
from vertebra.kit import database
from vertebra.kit.jobs.upkeep import count_tables
from vertebra.org.models import Market

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_a_table_that_has_grown_is_counted_again_and_then_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "ENOUGH", 5)
    database.learn_sizes()
    assert not database.has_outgrown()
    Market.objects.bulk_create(Market(name=f"Market {number}", created_at=world.NOW) for number in range(40))
    assert database.has_outgrown() is (connection.vendor == "sqlite")
    count_tables.call()
    assert not database.has_outgrown()


def test_numbers_of_rows_that_are_gone_are_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "ENOUGH", 5)
    Market.objects.bulk_create(Market(name=f"Market {number}", created_at=world.NOW) for number in range(40))
    last = Market.objects.order_by("-pk")[0].pk
    database.learn_sizes()
    Market.objects.exclude(pk=last).delete()
    database.learn_sizes()
    assert not database.has_outgrown()
