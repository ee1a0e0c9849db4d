"""Doing otherwise: a team adapts a practice, or does without, for a reason and until a day; it ends by itself."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.discovery.queries.audit_readings import can_be_reached
from vertebra.kit import clock
from vertebra.org.models import Person, Unit
from vertebra.practices.actions.adoption_letters import write_adaptation_over
from vertebra.practices.actions.adoption_rows import hold, name_of
from vertebra.practices.labels.adoption import AdaptationKind
from vertebra.practices.models import Adaptation, Practice
from vertebra.practices.queries.adoption_cards import leaders_of


class NoReason(Refusal):
    """Doing otherwise has a reason: those who build the practice learn from it."""


class NoEnd(Refusal):
    """Doing otherwise ends on a day, and is thought over then."""


@transaction.atomic
def adapt_practice(
    *,
    actor: User,
    person: Person,
    practice: Practice,
    unit: Unit,
    kind: str,
    reason: str,
    ends_on: dt.date | None,
    language: str,
    now: dt.datetime,
) -> AuditEntry:
    """Say that a team does a practice another way, or without it, why, and until when; the same again moves that day."""
    day = clock.today(now)
    if kind not in AdaptationKind.values:
        raise NoReason(_("Say whether you do it another way or without."))
    if not reason.strip():
        raise NoReason(_("Say why: it is information for those who build the practice, not a fault."))
    if ends_on is None or ends_on <= day:
        raise NoEnd(_("Name the day, after today, on which you think it over."))
    tracker = audit.Tracker()
    held = _locked(practice, unit, day)
    if held and (held.kind, held.reason, held.ends_on) == (kind, reason.strip(), ends_on):
        raise NothingChanges(_("Nothing changes: it is so already."))
    if held:
        # What takes its place tells of its own end.
        tracker.change(held, ends_on=day, told_at=now)
    row = Adaptation(
        practice=practice, unit=unit, kind=kind, reason=reason.strip()[:2000], language=language, said_by=person,
        starts_on=day, ends_on=ends_on, created_at=now,
    )  # fmt: skip
    tracker.create(row)
    return _entry(actor, "adapt", row, tracker, now)


@transaction.atomic
def end_adaptation(*, actor: User, adaptation: Adaptation, now: dt.datetime) -> AuditEntry:
    """Do a practice again as it is written, before the day that was named."""
    day = clock.today(now)
    held = _locked(adaptation.practice, adaptation.unit, day)
    if held is None or held.pk != adaptation.pk:
        raise NothingChanges(_("It is over already."))
    tracker = audit.Tracker()
    tracker.change(held, ends_on=day, told_at=now)
    return _entry(actor, "close", held, tracker, now)


@transaction.atomic
def tell_adaptations_over(*, actor: User | None, now: dt.datetime) -> AuditEntry | None:
    """Tell each team once that what it did otherwise came to its end; nothing else happens."""
    day = clock.today(now)
    rows = Adaptation.objects.select_for_update(of=("self",), skip_locked=True).filter(
        ends_on__lte=day, told_at=None
    )
    over = list(rows.select_related("practice", "unit").order_by("pk"))
    leaders = leaders_of([row.unit_id for row in over], day)
    for row in over:
        person = next((one for one in leaders.get(row.unit_id, []) if can_be_reached(one)), None)
        if person is not None:
            write_adaptation_over(row, name_of(row.unit, now), person, now)
        row.told_at = now
        row.save(update_fields=["told_at"])
    if not over:
        return None
    told = {"count": len(over), "mailed": True}
    return audit.record(actor=actor, verb="expire", kind=Kind.ADAPTATION, now=now, particulars=told)


def _locked(practice: Practice, unit: Unit, day: dt.date) -> Adaptation | None:
    hold(unit.pk)
    rows = Adaptation.objects.select_for_update(of=("self",)).filter(
        practice=practice, unit=unit, ends_on__gt=day
    )
    return rows.order_by("-pk").first()


def _entry(
    actor: User | None, verb: str, row: Adaptation, tracker: audit.Tracker, now: dt.datetime
) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.ADAPTATION,
        object_id=row.pk,
        object_name=row.practice.name,
        now=now,
        rows=tracker.changes,
    )
