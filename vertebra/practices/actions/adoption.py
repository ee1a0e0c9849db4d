"""What a team says of its practices: where it stands, and that its tools show it wrongly."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit import clock
from vertebra.org.models import Person, Unit, UnitVersion
from vertebra.practices.actions.adoption_rows import Placed, place
from vertebra.practices.labels.adoption import AdoptionSource, AdoptionState
from vertebra.practices.models import ObservationDoubt


class NotAState(Refusal):
    """A team stands in one of four places."""


class NoAnswer(Refusal):
    """Whoever doubted is told what was done."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a team says of one practice; `is_doubted` if it says that its tools show it wrongly, and how."""

    practice: int
    state: str
    is_willing: bool = False
    is_doubted: bool = False
    doubt: str = ""


@transaction.atomic
def say_adoption(
    *,
    actor: User | None,
    person: Person,
    unit: Unit,
    said: Sequence[Said],
    language: str,
    now: dt.datetime,
) -> AuditEntry:
    """Write down where a team says that it stands with its practices, and what its tools got wrong.

    The entry names neither practices nor states: what a team says is its own for two weeks.
    """
    tracker = audit.Tracker()
    write_said(tracker, person, unit, said, language, now)
    if not tracker.changes:
        raise NothingChanges(_("Nothing changes: it is so already."))
    return audit.record(
        actor=actor,
        verb="say_adoption",
        kind=Kind.UNIT,
        object_id=unit.pk,
        object_name=name_of(unit, now),
        now=now,
        rows=tracker.changes,
    )


def write_said(
    tracker: audit.Tracker, person: Person, unit: Unit, said: Sequence[Said], language: str, now: dt.datetime
) -> None:
    """Write what a team says, in the entry of the action that takes it."""
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


@transaction.atomic
def answer_doubt(
    *,
    actor: User,
    doubt: ObservationDoubt,
    person: Person | None,
    is_mended: bool,
    answer: str,
    now: dt.datetime,
) -> AuditEntry:
    """Say what was done about a tool that a team finds wrong; the tools are listened to again from then on."""
    row = ObservationDoubt.objects.select_for_update(of=("self",)).select_related("practice").get(pk=doubt.pk)
    if row.answered_at:
        raise NothingChanges(_("This was answered already."))
    if not answer.strip():
        raise NoAnswer(_("Say in a line what was done, or why it stays: the team reads it."))
    tracker = audit.Tracker()
    tracker.change(
        row, answer=answer.strip()[:2000], is_mended=is_mended, answered_by=person, answered_at=now
    )
    return audit.record(
        actor=actor,
        verb="answer_doubt",
        kind=Kind.PRACTICE,
        object_id=row.practice_id,
        object_name=row.practice.name,
        now=now,
        rows=tracker.changes,
    )


def name_of(unit: Unit, now: dt.datetime) -> str:
    """What a unit is called today."""
    names = UnitVersion.objects.as_of(clock.today(now)).filter(unit=unit).values_list("name", flat=True)
    return names.first() or ""
