"""Who is for and against: noted by team, of a person only with care, and erased when the subject closes."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import Refusal, Tracker
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.discovery.models import Stance
from vertebra.kit import clock
from vertebra.kit.cards import Card
from vertebra.org.models import Person, Unit

SUBJECTS = (Kind.PAIN_POINT, Kind.CAMPAIGN, Kind.AUDIT)


class NotASubject(Refusal):
    """A stance is towards a pain point, a campaign or an audit."""


class OneHolder(Refusal):
    """A stance is of one team, or of one person."""


@transaction.atomic
def note_stance(
    *,
    actor: User,
    subject: Card,
    level: int,
    unit: Unit | None = None,
    person: Person | None = None,
    note: str = "",
    now: dt.datetime,
) -> AuditEntry:
    """Note how a team (or, with care, a person) stands towards a subject today; what was noted before stays."""
    if subject.kind not in SUBJECTS:
        raise NotASubject(_("A stance is noted towards a pain point, a campaign or an audit."))
    if (unit is None) == (person is None):
        raise OneHolder(_("Name a team, or one person: not both."))
    tracker = Tracker()
    stance = Stance(
        kind=subject.kind, object_id=subject.id, unit=unit, person=person, level=level, note=note.strip(),
        noted_by=actor, noted_on=clock.today(now), created_at=now,
    )  # fmt: skip
    tracker.create(stance)
    # The entry names the subject, never who stands how: the audit is read by more people than stances are.
    return _record(actor, "note", subject.title, stance.pk, now, tracker)


@transaction.atomic
def take_back_stance(*, actor: User, stance: Stance, now: dt.datetime) -> AuditEntry:
    """Remove a stance that was noted by mistake; of a person, nothing of it is kept."""
    pk = stance.pk
    stance.delete()
    return _record(actor, "withdraw", "", pk, now, Tracker())


@transaction.atomic
def erase_stances(*, actor: User | None, stances: Iterable[Stance], now: dt.datetime) -> AuditEntry | None:
    """Forget whom notes on people were about, and what they said; nothing brings that back."""
    ids = [stance.pk for stance in stances if stance.person_id or (stance.note and stance.erased_at is None)]
    if not ids:
        return None
    # Not through the tracker: the audit would keep what is erased.
    Stance.objects.filter(pk__in=ids).update(person=None, note="", erased_at=now)
    return audit.record(actor=actor, verb="erase", kind=Kind.STANCE, now=now, particulars={"count": len(ids)})


def _record(actor: User, verb: str, name: str, pk: int, now: dt.datetime, tracker: Tracker) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.STANCE,
        object_id=pk,
        object_name=name,
        now=now,
        rows=tracker.changes,
    )
