"""Time asked of each role by an initiative, and time given back to it."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.models import AuditEntry, User
from vertebra.analysis.privacy import FEWEST
from vertebra.org.labels import Function
from vertebra.roadmap.actions.standing import locked, written
from vertebra.roadmap.labels.results import TimeKind
from vertebra.roadmap.models import Initiative, RoleTime

LONGEST_MINUTES = 60 * 24 * 22
MOST_PEOPLE = 1_000_000


class NoTime(Refusal):
    """Time is said in minutes a month for so many people of one function, and how we know."""


class TooFewMeasured(Refusal):
    """Nobody’s hours are measured: fewer than five people are estimated."""


class SaidAlready(Refusal):
    """The time of a role is said once from a day on."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Minutes a month of each of so many people of a function, from a day until another, and how we know."""

    kind: str
    function: str
    minutes: int
    people: int
    how: str
    from_on: dt.date
    until_on: dt.date | None = None
    is_measured: bool = False


@transaction.atomic
def add_role_time(
    *, actor: User | None, initiative: Initiative, spent: Spent, now: dt.datetime
) -> AuditEntry:
    """Say how much time an initiative asks of the people of a function, or gives back to them."""
    row = locked(initiative)
    _check(spent)
    tracker = audit.Tracker()
    same = row.role_times.filter(kind=spent.kind, function=spent.function, from_on=spent.from_on)
    if same.exists():
        raise SaidAlready(_("This was said already from that day: take it away first, or give another day."))
    tracker.create(
        RoleTime(
            initiative=row, kind=spent.kind, function=spent.function, minutes=spent.minutes, people=spent.people,
            how=" ".join(spent.how.split())[:300], is_measured=spent.is_measured, from_on=spent.from_on,
            until_on=spent.until_on,
        )
    )  # fmt: skip
    return written("weigh_time", row, tracker, now, actor=actor, role=spent.function)


@transaction.atomic
def remove_role_time(*, actor: User | None, role_time: RoleTime, now: dt.datetime) -> AuditEntry:
    """Take away what was said of the time of a role."""
    row = locked(role_time.initiative)
    found = RoleTime.objects.select_for_update().filter(pk=role_time.pk).first()
    if found is None:
        raise NothingChanges(_("Somebody took this away meanwhile."))
    tracker = audit.Tracker()
    tracker.delete(found)
    return written("weigh_time", row, tracker, now, actor=actor, role=found.function)


def _check(spent: Spent) -> None:
    is_known = spent.kind in TimeKind.values and spent.function in Function.values
    if not is_known or not 1 <= spent.minutes <= LONGEST_MINUTES or not 1 <= spent.people <= MOST_PEOPLE:
        raise NoTime(_("Say how many minutes a month, and of how many people."))
    if not spent.how.strip():
        raise NoTime(_("Say how we know: counted, asked, or estimated by whom."))
    if spent.until_on and spent.until_on <= spent.from_on:
        raise NoTime(_("It ends before it begins."))
    if spent.is_measured and spent.people < FEWEST:
        raise TooFewMeasured(
            _("The hours of fewer than five people are not measured: say that it is an estimate.")
        )
