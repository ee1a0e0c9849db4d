"""What a team says of its practices: where it stands, and that its tools show it wrongly."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.org.models import Person, Unit
from vertebra.practices.actions.adoption_rows import Said, name_of, write_said
from vertebra.practices.models import ObservationDoubt


class NoAnswer(Refusal):
    """Whoever doubted is told what was done."""


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
