"""Quick wins: proposing one in a minute, starting it with a due date, delivering it, dropping it with a reason."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit as trail
from vertebra.accounts import search
from vertebra.accounts.actions.thread import tie
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import AuditEntry, User
from vertebra.accounts.permissions import Right
from vertebra.discovery.actions.follow_up import plan_asking
from vertebra.discovery.labels import Moment, QuickWinState
from vertebra.discovery.models import Audit, PainPoint, QuickWin
from vertebra.kit import clock
from vertebra.org.models import Person

MOST_DAYS = 20
WITHIN = dt.timedelta(days=30)


class NoTitle(Refusal):
    """A quick win says in one sentence what is done."""


class TooLong(Refusal):
    """A quick win takes a few days, and is delivered within thirty."""


class NotThatState(Refusal):
    """A quick win is proposed, then started, then delivered or dropped."""


class NoReason(Refusal):
    """Dropping a quick win needs a reason that those who hoped for it can read."""


@transaction.atomic
def propose_quick_win(
    *,
    actor: User | None,
    pain_point: PainPoint,
    title: str,
    days: int,
    language: str,
    owner: Person | None = None,
    audit: Audit | None = None,
    now: dt.datetime,
) -> QuickWin:
    """Propose something small that relieves a pain point soon."""
    title = " ".join(title.split())
    if not title:
        raise NoTitle(_("Say in one sentence what would be done."))
    if not 1 <= days <= MOST_DAYS:
        raise TooLong(_("A quick win takes between one and %(count)d days of work.") % {"count": MOST_DAYS})
    row = QuickWin(
        pain_point=pain_point, audit=audit, title=title[:200], language=language, days=days, owner=owner,
        created_at=now,
    )  # fmt: skip
    tracker = trail.Tracker()
    tracker.create(row)
    hurts = (Kind.PAIN_POINT, pain_point.pk)
    tie(tracker, (Kind.QUICK_WIN, row.pk), Relation.ANSWERS, hurts, by=actor, now=now)
    _index(row, now)
    _record(actor, "create", row, tracker, now)
    return row


@transaction.atomic
def change_quick_win(
    *, actor: User, quick_win: QuickWin, title: str, days: int, owner: Person | None, now: dt.datetime
) -> AuditEntry:
    """Say better what is done, how long it takes, or who does it."""
    row = _locked(quick_win)
    title = " ".join(title.split())
    if not title:
        raise NoTitle(_("Say in one sentence what would be done."))
    if not 1 <= days <= MOST_DAYS:
        raise TooLong(_("A quick win takes between one and %(count)d days of work.") % {"count": MOST_DAYS})
    tracker = trail.Tracker()
    if not tracker.change(row, title=title[:200], days=days, owner=owner):
        raise NothingChanges(_("It is written like this already."))
    _index(row, now)
    return _record(actor, "change", row, tracker, now)


@transaction.atomic
def start_quick_win(
    *, actor: User, quick_win: QuickWin, due_on: dt.date | None = None, now: dt.datetime
) -> AuditEntry:
    """Start a quick win, due within thirty days."""
    row = _locked(quick_win)
    today = clock.today(now)
    due = due_on or today + WITHIN
    if row.state not in {QuickWinState.PROPOSED, QuickWinState.DROPPED}:
        raise NotThatState(_("This quick win was started before."))
    if not today <= due <= today + WITHIN:
        raise TooLong(_("A quick win is delivered within thirty days: choose a day until then."))
    return _settle(
        actor,
        "take",
        row,
        now,
        state=QuickWinState.STARTED,
        started_on=today,
        due_on=due,
        ended_on=None,
        reason="",
    )


@transaction.atomic
def deliver_quick_win(*, actor: User, quick_win: QuickWin, now: dt.datetime) -> AuditEntry:
    """Say that a quick win is done; those it relieves are asked again how much it still costs them."""
    row = _locked(quick_win)
    if row.state != QuickWinState.STARTED:
        raise NotThatState(_("Start this quick win before you say that it is done."))
    return _settle(actor, "fill", row, now, state=QuickWinState.DELIVERED, ended_on=clock.today(now))


@transaction.atomic
def drop_quick_win(*, actor: User, quick_win: QuickWin, reason: str, now: dt.datetime) -> AuditEntry:
    """Drop a quick win, with the reason."""
    row = _locked(quick_win)
    if row.state not in {QuickWinState.PROPOSED, QuickWinState.STARTED}:
        raise NotThatState(_("Only what is proposed or under way can be dropped."))
    if not reason.strip():
        raise NoReason(_("Say why: those who hoped for it will read it."))
    return _settle(
        actor,
        "dismiss",
        row,
        now,
        state=QuickWinState.DROPPED,
        ended_on=clock.today(now),
        reason=reason.strip(),
    )


def _locked(quick_win: QuickWin) -> QuickWin:
    return QuickWin.objects.select_for_update().get(pk=quick_win.pk)


def _settle(actor: User, verb: str, row: QuickWin, now: dt.datetime, **values: Any) -> AuditEntry:
    tracker = trail.Tracker()
    tracker.change(row, **values)
    if row.state == QuickWinState.DELIVERED:
        plan_asking(tracker, row.pain_point, Moment.DELIVERY, clock.today(now))
    _index(row, now)
    return _record(actor, verb, row, tracker, now)


def _index(row: QuickWin, now: dt.datetime) -> None:
    # What readers find is what an audit published; the rest is Product Ops' alone until it is started.
    right = Right.PRODUCT_OPS if row.state == QuickWinState.PROPOSED else Right.READ
    entry = search.Entry(Kind.QUICK_WIN, row.pk, row.title, "", row.reason, row.language, right)
    search.index(entry, now=now)


def _record(
    actor: User | None, verb: str, row: QuickWin, tracker: trail.Tracker, now: dt.datetime
) -> AuditEntry:
    return trail.record(
        actor=actor, verb=verb, kind=Kind.QUICK_WIN, object_id=row.pk, object_name=row.title,
        particulars={"reason": row.reason} if row.reason else {}, now=now, rows=tracker.changes,
    )  # fmt: skip
