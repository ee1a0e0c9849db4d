"""What becomes of pain points: confirmed, settled, dismissed, open again, put to the directors; one or many at once."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal, Tracker
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.discovery.actions.follow_up import (
    call_off_asking,
    follow_evidence,
    index_pain_points,
    plan_asking,
    recount,
    set_groups,
    tell_followers,
)
from vertebra.discovery.labels import PAIN_SETTLED, Moment, PainState
from vertebra.discovery.models import PainPoint
from vertebra.discovery.queries.hurting import Group
from vertebra.discovery.queries.pain_points import below, parents_now
from vertebra.kit import clock
from vertebra.org.models import Field


class NoReason(Refusal):
    """Dismissing a pain point needs a reason that others can read."""


class MergedAway(Refusal):
    """A pain point that was merged into another is worked on there."""


class Circle(Refusal):
    """A pain point would come to be part of itself."""


class StillRaised(Refusal):
    """Only what is worked on is put to the directors."""


class NothingLeft(Refusal):
    """A pain point without evidence is not confirmed."""


Act = Callable[[Tracker, PainPoint], dict[str, Any]]


def _for_each(
    actor: User | None, verb: str, pain_points: Sequence[PainPoint], now: dt.datetime, act: Act, **told: Any
) -> AuditEntry:
    """Do the same to each pain point under one entry; those for which nothing changes are left out."""
    tracker = Tracker()
    changed: list[PainPoint] = []
    changes: dict[str, list[object]] = {}
    ids = [one.pk for one in pain_points]
    for row in PainPoint.objects.select_for_update().filter(pk__in=ids).order_by("pk"):
        if row.archived_at:
            raise MergedAway(
                _("“%(title)s” was merged into another: work on that one.") % {"title": row.title}
            )
        before = {name: getattr(row, name) for name in ("state", "reason", "severity", "field", "title")}
        if not tracker.change(row, **act(tracker, row)):
            continue
        tracker.change(row, changed_at=now)
        changed.append(row)
        changes = {
            name: [_plain(was), _plain(getattr(row, name))]
            for name, was in before.items()
            if was != getattr(row, name)
        }
    if not changed:
        raise NothingChanges(_("Nothing changes: it is so already."))
    entry = _record(actor, verb, changed, tracker, now, changes=changes if len(changed) == 1 else {}, **told)
    if changes.get("state") or len(changed) > 1:
        for row in changed:
            tell_followers(row, entry=entry, actor=actor, now=now)
    index_pain_points([row.pk for row in changed], now)
    return entry


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, int | str) else str(value)


def _record(
    actor: User | None, verb: str, rows: Sequence[PainPoint], tracker: Tracker, now: dt.datetime, **told: Any
) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.PAIN_POINT,
        object_id=rows[0].pk if len(rows) == 1 else None,
        object_name=" · ".join(row.title for row in rows)[:300],
        particulars={name: value for name, value in told.items() if value},
        now=now,
        rows=tracker.changes,
    )


@transaction.atomic
def confirm_pain_points(*, actor: User, pain_points: Sequence[PainPoint], now: dt.datetime) -> AuditEntry:
    """Say that these hurt: readers see them, and those they hurt are asked what it costs them."""
    day = clock.today(now)

    def act(tracker: Tracker, row: PainPoint) -> dict[str, Any]:
        if not row.evidence_count:
            raise NothingLeft(_("“%(title)s” has no evidence: tie some before.") % {"title": row.title})
        if row.state != PainState.CONFIRMED:
            plan_asking(tracker, row, Moment.BEFORE, day)
        return {"state": PainState.CONFIRMED, "reason": ""}

    return _for_each(actor, "confirm", pain_points, now, act)


@transaction.atomic
def settle_pain_points(
    *, actor: User | None, pain_points: Sequence[PainPoint], now: dt.datetime, reason: str = ""
) -> AuditEntry:
    """Say that these hurt no more; those they hurt are asked whether that is so, now and in six months."""
    day = clock.today(now)

    def act(tracker: Tracker, row: PainPoint) -> dict[str, Any]:
        if row.state != PainState.SETTLED:
            plan_asking(tracker, row, Moment.DELIVERY, day)
        # What is settled is nothing to decide about any more.
        values = {"state": PainState.SETTLED, "reason": reason.strip(), "to_directors_on": None}
        return values | ({"settled_on": day} if row.state != PainState.SETTLED else {})

    return _for_each(actor, "settle", pain_points, now, act)


@transaction.atomic
def dismiss_pain_points(
    *, actor: User, pain_points: Sequence[PainPoint], reason: str, now: dt.datetime
) -> AuditEntry:
    """Say why nothing is done about these; they come back by themselves when they are heard of again."""
    if not reason.strip():
        raise NoReason(_("Say why nothing is done about it: those who raised it will read it."))

    def act(tracker: Tracker, row: PainPoint) -> dict[str, Any]:
        call_off_asking(tracker, row, now)
        return {
            "state": PainState.DISMISSED,
            "reason": reason.strip(),
            "settled_on": clock.today(now),
            "to_directors_on": None,
        }

    return _for_each(actor, "dismiss", pain_points, now, act)


@transaction.atomic
def reopen_pain_points(
    *, actor: User | None, pain_points: Sequence[PainPoint], now: dt.datetime, why: str = ""
) -> AuditEntry:
    """Say that these hurt after all."""

    def act(tracker: Tracker, row: PainPoint) -> dict[str, Any]:
        if row.state not in PAIN_SETTLED:
            return {}
        state = PainState.CONFIRMED if row.state == PainState.SETTLED else PainState.RAISED
        return {"state": state, "reason": ""}

    return _for_each(actor, "reopen", pain_points, now, act, why=why)


@transaction.atomic
def put_to_directors(*, actor: User, pain_points: Sequence[PainPoint], now: dt.datetime) -> AuditEntry:
    """Make these ready for the directors to rank; those they hurt are asked what it costs them before."""
    day = clock.today(now)

    def act(tracker: Tracker, row: PainPoint) -> dict[str, Any]:
        if row.state != PainState.CONFIRMED:
            raise StillRaised(_("Confirm “%(title)s” before the directors see it.") % {"title": row.title})
        plan_asking(tracker, row, Moment.BEFORE, day)
        return {"to_directors_on": row.to_directors_on or day}

    return _for_each(actor, "put", pain_points, now, act)


@transaction.atomic
def take_from_directors(*, actor: User, pain_points: Sequence[PainPoint], now: dt.datetime) -> AuditEntry:
    """Take these back from what is ready for the directors."""
    return _for_each(actor, "withdraw", pain_points, now, lambda tracker, row: {"to_directors_on": None})


@transaction.atomic
def set_field(
    *, actor: User, pain_points: Sequence[PainPoint], field: Field | None, now: dt.datetime
) -> AuditEntry:
    """Say to which field of action these belong."""
    return _for_each(actor, "change", pain_points, now, lambda tracker, row: {"field": field})


@transaction.atomic
def edit_pain_point(*, actor: User, pain_point: PainPoint, now: dt.datetime, **values: Any) -> AuditEntry:
    """Say a pain point more clearly: its title, description, severity, field of action."""
    if "title" in values:
        values["title"] = " ".join(values["title"].split())
        if not values["title"]:
            raise Refusal(_("Say in one sentence what hurts."))
    return _for_each(actor, "change", [pain_point], now, lambda tracker, row: values)


@transaction.atomic
def move_pain_point(
    *, actor: User, pain_point: PainPoint, parent: PainPoint | None, now: dt.datetime
) -> AuditEntry:
    """Say of which other pain point this one is a part."""
    inside = below(pain_point.pk, parents_now())
    if parent is not None and (parent.pk == pain_point.pk or parent.pk in inside):
        raise Circle(_("A pain point cannot be part of itself, nor of one of its parts."))
    if parent is not None and parent.archived_at:
        raise MergedAway(
            _("“%(title)s” was merged into another: work on that one.") % {"title": parent.title}
        )
    told = parent.title if parent else ""
    old = pain_point.parent
    entry = _for_each(actor, "move", [pain_point], now, lambda tracker, row: {"parent": parent}, to_name=told)
    recount([one for one in (pain_point, parent, old) if one], now)
    return entry


@transaction.atomic
def say_whom_it_hurts(
    *, actor: User, pain_point: PainPoint, groups: Sequence[Group], now: dt.datetime
) -> AuditEntry:
    """Say by hand whom a pain point hurts, and so who is asked; without any, it follows from the evidence again."""
    tracker = Tracker()
    row = PainPoint.objects.select_for_update().get(pk=pain_point.pk)
    tracker.change(row, has_own_groups=bool(groups))
    if groups:
        set_groups(tracker, row, groups, now)
    else:
        follow_evidence(tracker, row, now)
    if not tracker.changes:
        raise NothingChanges(_("Nothing changes: it is so already."))
    tracker.change(row, changed_at=now)
    return _record(actor, "change", [row], tracker, now)
