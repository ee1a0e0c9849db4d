"""Writing where a team stands, in the entry of another action: a new row takes the place of the one before."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import Refusal
from vertebra.kit import clock
from vertebra.org.models import Person, Unit, UnitVersion
from vertebra.practices.labels.adoption import TEAM_FIRST, AdoptionSource, AdoptionState
from vertebra.practices.models import Adoption, ObservationDoubt


class NotAState(Refusal):
    """A team stands in one of four places."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a team says of one practice; `is_doubted` if it says that its tools show it wrongly, and how."""

    practice: int
    state: str
    is_willing: bool = False
    is_doubted: bool = False
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a team stands with one practice from today on, and who says so."""

    practice: int
    state: str
    source: str
    is_willing: bool = False
    said_by: Person | None = None


def hold(unit: int) -> None:
    """Let nobody else say anything of a team until the end of the transaction."""
    # The row to lock may not exist yet, and whoever waited for the last one would not see what came after it.
    Unit.objects.select_for_update(no_key=True).values_list("pk").get(pk=unit)


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


def write_said(
    tracker: audit.Tracker, person: Person, unit: Unit, said: Sequence[Said], language: str, now: dt.datetime
) -> None:
    """Write what a team says, in the entry of the action that takes it."""
    hold(unit.pk)
    for one in said:
        if one.state not in AdoptionState.values:
            raise NotAState(_("Choose one of the four: not yet, trying, adopted, no longer."))
        is_willing = one.is_willing and one.state == AdoptionState.ADOPTED
        placed = Placed(one.practice, one.state, AdoptionSource.CONFIRMED, is_willing, person)
        place(tracker, unit.pk, placed, now)
        open_doubts = ObservationDoubt.objects.filter(practice=one.practice, unit=unit, answered_at=None)
        if one.is_doubted and not open_doubts.exists():
            tracker.create(
                ObservationDoubt(
                    practice_id=one.practice,
                    unit=unit,
                    words=one.doubt.strip()[:1000],
                    language=language,
                    said_by=person,
                    at=now,
                )
            )


def name_of(unit: Unit, now: dt.datetime) -> str:
    """What a unit is called today."""
    names = UnitVersion.objects.as_of(clock.today(now)).filter(unit=unit).values_list("name", flat=True)
    return names.first() or ""
