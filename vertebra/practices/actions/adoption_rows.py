"""Writing where a team stands, in the entry of another action: a new row takes the place of the one before."""

import datetime as dt
from dataclasses import dataclass

from vertebra.accounts import audit
from vertebra.kit import clock
from vertebra.org.models import Person
from vertebra.practices.labels.adoption import TEAM_FIRST
from vertebra.practices.models import Adoption


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a team stands with one practice from today on, and who says so."""

    practice: int
    state: str
    source: str
    is_willing: bool = False
    said_by: Person | None = None


def place(tracker: audit.Tracker, unit: int, placed: Placed, now: dt.datetime) -> bool:
    """Write where a team stands from today on, unless it says so already; gives whether it does.

    The outside goes on seeing the row before until the new one becomes visible.
    """
    day = clock.today(now)
    rows = Adoption.objects.select_for_update().filter(practice=placed.practice, unit=unit)
    held = rows.filter(ends_on=None).first()
    values = {"state": placed.state, "source": placed.source, "is_willing": placed.is_willing}
    if held and all(getattr(held, name) == value for name, value in values.items()):
        return False
    visible_from = day + TEAM_FIRST
    if held:
        tracker.change(held, ends_on=max(day, held.starts_on), visible_until=visible_from)
    tracker.create(
        Adoption(
            practice_id=placed.practice,
            unit_id=unit,
            starts_on=day,
            visible_from=visible_from,
            said_by=placed.said_by,
            created_at=now,
            **values,
        )
    )
    return True
