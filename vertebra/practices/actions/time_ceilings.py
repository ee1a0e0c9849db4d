"""The most time that may be asked of each function: set, changed, taken away, each from a day on."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit import clock
from vertebra.org.labels import Function
from vertebra.practices.models import TimeCeiling

LONGEST_MINUTES = 60 * 24 * 22


class NoCeiling(Refusal):
    """A ceiling is a number of minutes a month of each person of one function."""


class SetMeanwhile(Refusal):
    """Somebody else set the ceiling of the same function at the same moment."""


@transaction.atomic
def set_ceiling(*, actor: User, function: str, minutes: int | None, now: dt.datetime) -> AuditEntry:
    """Say how many minutes a month all standards and routines may ask of each person of a function; none: as many as they do."""
    if function not in Function.values or (minutes is not None and not 1 <= minutes <= LONGEST_MINUTES):
        raise NoCeiling(_("Choose a function, and give the minutes a month as a number."))
    day = clock.today(now)
    held = TimeCeiling.objects.select_for_update().filter(function=function, ends_on=None).first()
    if (held.minutes if held else None) == minutes:
        raise NothingChanges(_("It is written like this already."))
    tracker = audit.Tracker()
    if held and held.starts_on == day:
        tracker.delete(held)
    elif held:
        tracker.change(held, ends_on=day)
    if minutes is not None:
        row = TimeCeiling(function=function, minutes=minutes, starts_on=day, made_by=actor, created_at=now)
        _place(tracker, row)
    return audit.record(
        actor=actor, verb="set_ceiling", kind=Kind.PRACTICE, object_name=str(Function(function).label),
        particulars={"minutes": minutes} if minutes else {}, now=now, rows=tracker.changes,
    )  # fmt: skip


def _place(tracker: audit.Tracker, row: TimeCeiling) -> None:
    """Write a ceiling, unless another came first: whoever waited for the row before does not see the one after it."""
    try:
        with transaction.atomic():
            tracker.create(row)
    except IntegrityError as error:
        raise SetMeanwhile(_("Somebody has just set it: look at what it says now.")) from error
