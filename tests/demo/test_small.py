"""The company of sixty."""

import pytest

from tests.demo.rules import faults, ours
from vertebra.demo.fixture import DAY
from vertebra.demo.load import Summary
from vertebra.org.models import Membership, Person, UnitVersion
from vertebra.sources.models import Source

pytestmark = pytest.mark.django_db


def test_the_small_company_has_sixty_people_and_nothing_connected(demo_small: Summary) -> None:
    assert Person.objects.present_on(DAY).count() == demo_small.people == 60
    assert demo_small.product_managers == 12
    assert (
        Membership.objects.as_of(DAY)
        .filter(unit__in=UnitVersion.objects.as_of(DAY).filter(name="Product Ops").values("unit"))
        .count()
        == 1
    )
    assert not Source.objects.exists()


def test_every_row_of_the_small_company_passes_its_models_rules(demo_small: Summary) -> None:
    for model in ours():
        assert faults(list(model._default_manager.all()), whole=True) == []
