"""How often something is looked back at: set, changed, ended; the role of champions comes back by itself."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.analysis.privacy import FEWEST
from vertebra.kit import clock
from vertebra.org.labels import MandateRole
from vertebra.org.models import Mandate, Person
from vertebra.reviews.models import Cadence
from vertebra.reviews.queries.practices import ended_practices, first_review_of, to_look_back_at
from vertebra.reviews.queries.reviews import months_after

EDITABLE = frozenset({"title", "every_months", "next_on", "lead", "audience", "language"})
EVERY = 6
# A company that has just arrived is not asked to look back at once.
FIRST_AFTER = dt.timedelta(days=30)


class NotOneThing(Refusal):
    """A cadence is about one object or one role."""


class HasOne(Refusal):
    """A thing is looked back at in one rhythm."""


class InThePast(Refusal):
    """The next review is still to come."""


@transaction.atomic
def create_cadence(
    *,
    actor: User | None,
    title: str,
    language: str,
    kind: str = "",
    object_id: int | None = None,
    role: str = "",
    every_months: int = EVERY,
    next_on: dt.date | None = None,
    lead: Person | None = None,
    audience: Mapping[str, Any] | None = None,
    now: dt.datetime,
) -> Cadence:
    """Have something looked back at every so many months."""
    if bool(role) == bool(kind and object_id):
        raise NotOneThing(_("Choose what is looked back at: a role, or one object."))
    if Cadence.objects.filter(ended_at=None, kind=kind, object_id=object_id, role=role).exists():
        raise HasOne(_("It is looked back at already: change that rhythm."))
    day = clock.today(now)
    _refuse_past(next_on, day)
    row = Cadence(
        title=" ".join(title.split())[:200], language=language, kind=kind, object_id=object_id, role=role,
        every_months=every_months, next_on=next_on or months_after(day, every_months), lead=lead,
        audience=dict(audience or {}), made_by=actor, created_at=now,
    )  # fmt: skip
    tracker = audit.Tracker()
    tracker.create(row)
    _recorded("create", row, actor, tracker, now)
    return row


@transaction.atomic
def ensure_champions(*, actor: User | None, now: dt.datetime) -> Cadence | None:
    """Have the role of champions looked back at, six months after the first one began, once there are five of them."""
    if Cadence.objects.filter(role=MandateRole.CHAMPION).exists():
        return None
    day = clock.today(now)
    held = Mandate.objects.as_of(day).filter(role=MandateRole.CHAMPION, person__isnull=False)
    if held.values("person").distinct().count() < FEWEST:
        return None
    first = held.order_by("starts_on").values_list("starts_on", flat=True)[0]
    with translation.override(settings.LANGUAGE_CODE):
        title = _("The role of Product Champion")
    return create_cadence(
        actor=actor, title=title, language=settings.LANGUAGE_CODE[:2], role=MandateRole.CHAMPION,
        next_on=max(day + FIRST_AFTER, months_after(first, EVERY)), now=now,
    )  # fmt: skip


@transaction.atomic
def ensure_practices(*, actor: User | None, now: dt.datetime) -> int:
    """Have every practice that holds somewhere looked back at, and what was retired no more; how many begin."""
    day = clock.today(now)
    rows = list(Cadence.objects.filter(kind=Kind.PRACTICE, object_id__isnull=False))
    over = ended_practices([row.object_id for row in rows if row.ended_at is None and row.object_id])
    for row in rows:
        if row.ended_at is None and row.object_id in over:
            tracker = audit.Tracker()
            tracker.change(row, ended_at=now)
            _recorded("close", row, actor, tracker, now)
    begun = 0
    for practice in to_look_back_at(rows, day):
        create_cadence(
            actor=actor, title=practice.name, language=practice.language, kind=Kind.PRACTICE,
            object_id=practice.pk, lead=practice.carrier, next_on=max(day, first_review_of(practice, day)), now=now,
        )  # fmt: skip
        begun += 1
    return begun


@transaction.atomic
def change_cadence(
    *, actor: User, cadence: Cadence, changes: Mapping[str, Any], now: dt.datetime
) -> AuditEntry:
    """Change how often, from when, by whom and with whom something is looked back at."""
    row = Cadence.objects.select_for_update(of=("self",)).get(pk=cadence.pk)
    values = {name: value for name, value in changes.items() if name in EDITABLE}
    if values.get("next_on") != row.next_on:
        _refuse_past(values.get("next_on"), clock.today(now))
    tracker = audit.Tracker()
    touched = tracker.change(row, **values)
    if not touched:
        raise NothingChanges(_("It is written like this already."))
    return _recorded("change", row, actor, tracker, now, fields=touched)


@transaction.atomic
def end_cadence(*, actor: User, cadence: Cadence, now: dt.datetime) -> AuditEntry:
    """Look back at it no more; reviews that were held stay."""
    row = Cadence.objects.select_for_update(of=("self",)).get(pk=cadence.pk)
    if row.ended_at:
        raise NothingChanges(_("It has ended already."))
    tracker = audit.Tracker()
    tracker.change(row, ended_at=now)
    return _recorded("close", row, actor, tracker, now)


def _refuse_past(next_on: dt.date | None, day: dt.date) -> None:
    if next_on and next_on < day:
        raise InThePast(_("That day is over: choose one that is still to come."))


def _recorded(
    verb: str, row: Cadence, actor: User | None, tracker: audit.Tracker, now: dt.datetime, **told: Any
) -> AuditEntry:
    return audit.record(
        actor=actor, verb=verb, kind=Kind.CADENCE, object_id=row.pk, object_name=row.title, particulars=told, now=now,
        rows=tracker.changes,
    )  # fmt: skip
