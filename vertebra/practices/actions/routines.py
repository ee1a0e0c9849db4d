"""Routines: made, from a practice or not, changed, put away and taken out again."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.models import AuditEntry, User
from vertebra.org.labels import Function, MandateRole
from vertebra.org.models import Person, Unit
from vertebra.practices.actions.routine_standing import locked, written
from vertebra.practices.labels.routines import LONGEST_MINUTES, MOST_PARTICIPANTS, Rhythm
from vertebra.practices.models import Participant, Routine

EDITABLE = frozenset(
    {
        "title", "practice", "lead", "rhythm", "starts_on", "ends_on", "at", "zone", "minutes", "place", "agenda",
        "language",
    }
)  # fmt: skip
# What calendars show: they are told whenever one of these changes.
IN_CALENDARS = frozenset({"title", "rhythm", "starts_on", "ends_on", "at", "zone", "minutes", "place"})


class NoTitle(Refusal):
    """A routine is called something."""


class WrongTime(Refusal):
    """A routine begins on a day, at an hour of a place, and lasts some minutes."""


class NobodyMeant(Refusal):
    """A participant is a person, or those of a unit, a function or a mandate."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Who takes part: one person, or whoever is of a unit, of a function, and holds a mandate, as far as given."""

    person: Person | None = None
    unit: Unit | None = None
    function: str = ""
    role: str = ""


@transaction.atomic
def create_routine(
    *, actor: User | None, title: str, language: str, guests: Sequence[Guest] = (), now: dt.datetime,
    **said: Any,
) -> Routine:  # fmt: skip
    """Have a moment come back: when, for how long, for whom, led by whom, on what agenda."""
    row = Routine(
        title=_titled(title), language=language, made_by=actor, created_at=now, changed_at=now,
        **{name: value for name, value in said.items() if name in EDITABLE},
    )  # fmt: skip
    _check(row)
    tracker = audit.Tracker()
    tracker.create(row)
    tracker.create_all(_participants(row, guests))
    written("create", row, tracker, now, actor=actor)
    return row


@transaction.atomic
def change_routine(
    *, actor: User, routine: Routine, changes: Mapping[str, Any], guests: Sequence[Guest] | None = None,
    now: dt.datetime,
) -> AuditEntry:  # fmt: skip
    """Change a routine; calendars that hold it take a change of its day, hour or place."""
    row = locked(routine)
    values = {name: value for name, value in changes.items() if name in EDITABLE}
    if "title" in values:
        values["title"] = _titled(values["title"])
    tracker = audit.Tracker()
    touched = tracker.change(row, **values)
    _check(row)
    if guests is not None and _replace(tracker, row, guests):
        touched.append("participants")
    if not touched:
        raise NothingChanges(_("It is written like this already."))
    tracker.change(row, changed_at=now, sequence=row.sequence + bool(IN_CALENDARS & set(touched)))
    return written("change", row, tracker, now, actor=actor, fields=touched)


@transaction.atomic
def archive_routine(*, actor: User, routine: Routine, now: dt.datetime) -> AuditEntry:
    """Hold a routine no more; what was noted and decided stays."""
    row = locked(routine)
    if row.archived_at:
        raise NothingChanges(_("It is archived already."))
    tracker = audit.Tracker()
    tracker.change(row, archived_at=now, changed_at=now, sequence=row.sequence + 1)
    return written("archive", row, tracker, now, actor=actor)


@transaction.atomic
def restore_routine(*, actor: User, routine: Routine, now: dt.datetime) -> AuditEntry:
    """Hold a routine again."""
    row = locked(routine)
    if row.archived_at is None:
        raise NothingChanges(_("It is in use."))
    tracker = audit.Tracker()
    tracker.change(row, archived_at=None, changed_at=now, sequence=row.sequence + 1)
    return written("restore", row, tracker, now, actor=actor)


def _titled(title: str) -> str:
    title = " ".join(title.split())[:200]
    if not title:
        raise NoTitle(_("Say what the routine is called."))
    return title


def _check(row: Routine) -> None:
    try:
        ZoneInfo(row.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as wrong:
        raise WrongTime(_("Name the time zone as Europe/Paris does.")) from wrong
    if row.rhythm not in Rhythm.values or not 1 <= (row.minutes or 0) <= LONGEST_MINUTES:
        raise WrongTime(_("Say how often it comes back, and how many minutes it lasts."))
    if row.ends_on and row.ends_on < row.starts_on:
        raise WrongTime(_("It ends before it begins."))


def _participants(row: Routine, guests: Sequence[Guest]) -> list[Participant]:
    found = []
    for one in dict.fromkeys(guests[:MOST_PARTICIPANTS]):
        is_rule = bool(one.unit or one.function or one.role)
        is_known = one.function in {"", *Function.values} and one.role in {"", *MandateRole.values}
        if bool(one.person) == is_rule or not is_known:
            raise NobodyMeant(_("Give for each line a person, or else a unit, a function or a mandate."))
        found.append(
            Participant(routine=row, person=one.person, unit=one.unit, function=one.function, role=one.role)
        )
    return found


def _replace(tracker: audit.Tracker, row: Routine, guests: Sequence[Guest]) -> bool:
    """Have these take part and nobody else; whether that is new."""
    wanted = _participants(row, guests)
    held = {_key(one): one for one in row.participants.all()}
    for key in held.keys() - {_key(one) for one in wanted}:
        tracker.delete(held[key])
    new = [one for one in wanted if _key(one) not in held]
    tracker.create_all(new)
    return bool(new) or len(wanted) != len(held)


def _key(one: Participant) -> tuple[int | None, int | None, str, str]:
    return one.person_id, one.unit_id, one.function, one.role
