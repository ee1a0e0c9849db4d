"""Releases of the tests, made by the actions."""

import datetime as dt
from typing import Any

from tests import world
from tests.org.company import LONG_AGO, person
from vertebra.accounts.models import User
from vertebra.org.labels import MandateRole
from vertebra.org.models import Area, Mandate, Market, Person
from vertebra.releases.actions.releases import create_release
from vertebra.releases.actions.tiers import ensure_tiers
from vertebra.releases.models import Release, Tier


def tier(slug: str) -> Tier:
    """A tier that ships."""
    ensure_tiers(actor=None, now=world.NOW)
    return Tier.objects.get(slug=slug)


def planned(actor: User, title: str = "Refunds in one click", **given: Any) -> Release:
    """A release that is still to come; a minor one unless told otherwise."""
    given = {"language": "en", "now": world.NOW, **given}
    return create_release(actor=actor, title=title, **given)


def major(actor: User, title: str = "Invoices in the app", **given: Any) -> Release:
    """A release that requires everything."""
    given = {"planned_on": world.TODAY + dt.timedelta(days=30), **given}
    return planned(actor, title, tier=tier("major"), **given)


def champion(
    name: str, function: str, *, area: Area | None = None, market: Market | None = None, **fields: Any
) -> Person:
    """A Product Champion of a function for an area or a market."""
    made = person(name, **fields)
    Mandate.objects.create(
        person=made,
        role=MandateRole.CHAMPION,
        function=function,
        area=area,
        market=market,
        starts_on=LONG_AGO,
    )
    return made
