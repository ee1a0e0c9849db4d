"""Routines and standards of the tests, made by the actions."""

import datetime as dt
from typing import Any

from tests import world
from vertebra.accounts.models import User
from vertebra.org.models import Person, Unit
from vertebra.practices.actions.routines import Guest, create_routine
from vertebra.practices.labels.practices import PracticeState, Reach
from vertebra.practices.models import Practice, PracticeCost, PracticeReach, PracticeVersion, Routine

NOW, TODAY = world.NOW, world.TODAY


def routine(actor: User | None, *guests: Guest, **said: Any) -> Routine:
    """A weekly half hour on Tuesdays at ten in Paris, unless something else is said."""
    given: dict[str, Any] = {
        "title": "Product sync",
        "language": "en",
        "rhythm": "weekly",
        "starts_on": dt.date(2026, 9, 1),
        "at": dt.time(10),
        "zone": "Europe/Paris",
        "minutes": 30,
        "agenda": "## Since the last time",
        **said,
    }
    return create_routine(actor=actor, guests=guests, now=NOW, **given)


def standard(
    name: str, costs: dict[str, int], unit: Unit | None = None, carrier: Person | None = None
) -> PracticeVersion:
    """A practice that was in force before Vertebra came, as the standard of a unit, with its cost."""
    row = Practice.objects.create(
        name=name, language="en", state=PracticeState.IN_FORCE, is_validation_owed=True, carrier=carrier,
        next_review_on=TODAY + dt.timedelta(days=181),
        created_at=NOW, changed_at=NOW,
    )  # fmt: skip
    version = priced(row, costs)
    PracticeReach.objects.create(
        practice=row, unit=unit, reach=Reach.STANDARD, is_registered=True, starts_on=TODAY, created_at=NOW
    )
    return version


def priced(row: Practice, costs: dict[str, int], number: int = 1) -> PracticeVersion:
    """A published version of a practice with its cost."""
    version = PracticeVersion.objects.create(
        practice=row, number=number, published_at=NOW, created_at=NOW, changed_at=NOW
    )
    for function, minutes in costs.items():
        PracticeCost.objects.create(version=version, function=function, minutes=minutes)
    return version
