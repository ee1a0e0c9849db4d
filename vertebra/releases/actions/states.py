"""Where a release stands: its day moves, it is put to be checked, it comes out, it is withdrawn."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit import clock
from vertebra.org.models import Person
from vertebra.releases.actions.announcing_letters import withdraw_announcements
from vertebra.releases.actions.consultation_letters import asks_of, leave_in_peace
from vertebra.releases.actions.releases import PlannedInThePast
from vertebra.releases.actions.standing import locked, written
from vertebra.releases.labels.briefs import BriefState
from vertebra.releases.labels.releases import UPCOMING, GoVerdict, ReleaseState
from vertebra.releases.models import GoDecision, MovedDate, Release
from vertebra.releases.queries.freezes import freezes_of
from vertebra.releases.queries.requirements import Requirement, held_by, missing, requirements


class NotThatState(Refusal):
    """What is out or withdrawn is not planned any more."""


class Frozen(Refusal):
    """Nothing comes out on the days of a freeze, unless somebody says why."""


class NotReady(Refusal):
    """What the tier requires is not there, and nobody said why it comes out without it."""


class NotYet(Refusal):
    """Nothing came out on a day that is still to come."""


class NoReason(Refusal):
    """A withdrawal has a reason: those who were told read it."""


@transaction.atomic
def move_release(
    *, actor: User | None, release: Release, planned_on: dt.date | None, why: str = "", now: dt.datetime
) -> AuditEntry:
    """Plan a release for another day; what is due before it moves along, and the day that was stays readable."""
    row = locked(release)
    day, why = clock.today(now), why.strip()
    if row.state not in UPCOMING:
        raise NotThatState(_("It is out or withdrawn: its day does not move any more."))
    if planned_on == row.planned_on:
        raise NothingChanges(_("It is planned for that day already."))
    if planned_on and planned_on < day:
        raise PlannedInThePast(_("That day is over: plan it for today or later, or say that it is out."))
    if planned_on and not why:
        _refuse_in_freeze(row, planned_on)
    tracker, was_on = audit.Tracker(), row.planned_on
    tracker.change(row, planned_on=planned_on)
    tracker.create(
        MovedDate(release=row, was_on=was_on, now_on=planned_on, why=why[:500], moved_by=actor, moved_at=now)
    )
    if was_on and planned_on:
        for brief in row.briefs.filter(due_on__isnull=False).exclude(state=BriefState.READY):
            due_on = (brief.due_on or was_on) + (planned_on - was_on)
            tracker.change(brief, due_on=max(day, due_on))
    return written("move", row, tracker, now, actor=actor, was=str(was_on or ""), why=why)


@transaction.atomic
def check_release(*, actor: User, release: Release, now: dt.datetime) -> AuditEntry:
    """Put a release to be checked: whoever has to agree or to be ready sees it."""
    row = locked(release)
    if row.state != ReleaseState.PLANNED:
        raise NothingChanges(_("It is being checked already, or over."))
    tracker = audit.Tracker()
    tracker.change(row, state=ReleaseState.CHECKING, checking_at=now)
    return written("check", row, tracker, now, actor=actor)


@transaction.atomic
def put_back(*, actor: User, release: Release, now: dt.datetime) -> AuditEntry:
    """Take a release back from being checked: it is planned again."""
    row = locked(release)
    if row.state != ReleaseState.CHECKING:
        raise NothingChanges(_("It is not being checked."))
    tracker = audit.Tracker()
    tracker.change(row, state=ReleaseState.PLANNED, checking_at=None)
    return written("reopen", row, tracker, now, actor=actor)


@transaction.atomic
def release_it(
    *,
    actor: User | None,
    release: Release,
    on: dt.date | None = None,
    why: str = "",
    person: Person | None = None,
    now: dt.datetime,
) -> AuditEntry:
    """Say that it is out; without something that its tier requires, or in a freeze, only with the reason."""
    row = locked(release)
    day, why = on or clock.today(now), why.strip()
    if row.state not in UPCOMING:
        raise NotThatState(_("It is out or withdrawn already."))
    if day > clock.today(now):
        raise NotYet(_("That day is still to come: plan the release for it instead."))
    left = missing(requirements(row, held_by(row)))
    if not why:
        _refuse_in_freeze(row, day)
        _refuse_unready(left)
    tracker = audit.Tracker()
    if left:
        known = {"missing": [f"{one.code}:{one.of}" for one in left]}
        tracker.create(
            GoDecision(
                release=row, verdict=GoVerdict.WITH_CONDITIONS, why=why, known=known, decided_by=person,
                made_by=actor, decided_at=now,
            )
        )  # fmt: skip
    tracker.change(row, state=ReleaseState.RELEASED, released_on=day, released_at=now)
    return written("release", row, tracker, now, actor=actor, why=why, missing=len(left))


@transaction.atomic
def withdraw_release(*, actor: User | None, release: Release, reason: str, now: dt.datetime) -> AuditEntry:
    """Withdraw a release, out or not: what is still being sent stops, and those who were told hear why."""
    row = locked(release)
    reason = reason.strip()
    if not reason:
        raise NoReason(_("Say in one sentence why it is withdrawn: those who were told read it."))
    if row.state == ReleaseState.WITHDRAWN:
        raise NothingChanges(_("It is withdrawn already."))
    tracker = audit.Tracker()
    told = withdraw_announcements(tracker, row, reason, now)
    leave_in_peace(asks_of(row))
    tracker.change(row, state=ReleaseState.WITHDRAWN, withdrawn_at=now, withdrawn_reason=reason[:2000])
    return written("withdraw", row, tracker, now, actor=actor, reason=reason, mailed=bool(told))


def _refuse_in_freeze(row: Release, day: dt.date) -> None:
    if freezes := freezes_of(row, day):
        raise Frozen(
            _("Nothing comes out that day: %(freeze)s. Choose another day, or say why it cannot wait.")
            % {"freeze": ", ".join(one.title for one in freezes)}
        )


def _refuse_unready(left: list[Requirement]) -> None:
    if left:
        text = ngettext(
            "Its tier requires one thing more: %(what)s. Do it, or say why it comes out without it.",
            "Its tier requires %(count)d things more: %(what)s… Do them, or say why it comes out without them.",
            len(left),
        )
        what = ", ".join(one.sentence for one in left[:3])
        raise NotReady(text % {"count": len(left), "what": what})
