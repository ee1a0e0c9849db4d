"""What the objects of the organisation are called elsewhere, and who may know."""

import pytest

from tests import world
from tests.org import company as cast
from vertebra.accounts.labels import Kind
from vertebra.accounts.together import card_of, cards_of
from vertebra.org.models import UnitVersion
from vertebra.org.thread import resolve

pytestmark = pytest.mark.django_db


def test_each_kind_is_named_and_opens() -> None:
    tournesol, lea = cast.small(), world.lea()
    for kind, pk, name in (
        (Kind.UNIT, tournesol.billing.pk, "Billing"),
        (Kind.PERSON, tournesol.karim.pk, "Karim Diallo"),
        (Kind.AREA, tournesol.invoices.pk, "Invoices"),
        (Kind.MARKET, tournesol.germany.pk, "Germany"),
    ):
        card = card_of(lea, kind, pk)
        assert card is not None
        assert (card.title, card.url) == (name, f"/organisation/{_folder(kind)}/{pk}/")


def _folder(kind: str) -> str:
    return {"person": "people"}.get(kind, f"{kind}s")


def test_a_closed_unit_keeps_its_latest_name() -> None:
    tournesol = cast.small()
    UnitVersion.objects.all_time().filter(unit=tournesol.billing).update(ends_on=world.TODAY)
    assert resolve(world.lea(), Kind.UNIT, [tournesol.billing.pk])[tournesol.billing.pk].title == "Billing"


def test_what_is_not_there_or_not_open_has_no_card() -> None:
    tournesol, lea = cast.small(), world.lea()
    assert cards_of(lea, Kind.UNIT, [10**9]) == {}
    assert resolve(lea, Kind.JOB, [1]) == {}
    lea.is_active = False
    assert resolve(lea, Kind.UNIT, [tournesol.billing.pk]) == {}
