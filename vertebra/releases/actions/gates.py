"""What stands between a release and its day: agreement, readiness by function, the go, freezes."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.org.labels import Function
from vertebra.org.models import Area, Market, Person
from vertebra.releases.actions.standing import locked, written
from vertebra.releases.labels.releases import UPCOMING, GoVerdict, ReadinessState, ValidationPart
from vertebra.releases.models import FreezeWindow, GoDecision, Readiness, Release, Validation
from vertebra.releases.queries.requirements import held_by, missing, requirements


class TooLate(Refusal):
    """What is out or withdrawn is not agreed to any more."""


class NoReason(Refusal):
    """A no, or a yes on conditions, says why."""


class NotThatWord(Refusal):
    """Agreement, readiness and the go have their own few words."""


class WrongDays(Refusal):
    """A freeze ends on the day it begins, or later."""


@transaction.atomic
def validate_release(
    *,
    actor: User,
    release: Release,
    part: str,
    is_agreed: bool,
    note: str = "",
    person: Person | None,
    now: dt.datetime,
) -> AuditEntry:
    """Agree to a release as its lead, a champion, Product Ops or a director, or say what keeps one from it."""
    row = _upcoming(release)
    if part not in ValidationPart.values:
        raise NotThatWord(_("Say as whom you agree."))
    if not is_agreed and not note.strip():
        raise NoReason(_("Say what keeps you from agreeing: whoever leads the release can mend it."))
    tracker = audit.Tracker()
    tracker.create(
        Validation(
            release=row, part=part, is_agreed=is_agreed, note=note.strip()[:2000], said_by=person, made_by=actor,
            said_at=now,
        )
    )  # fmt: skip
    return written("validate", row, tracker, now, actor=actor, part=part, agreed="yes" if is_agreed else "no")


@transaction.atomic
def say_ready(
    *,
    actor: User | None,
    release: Release,
    function: str,
    state: str,
    note: str = "",
    person: Person | None,
    now: dt.datetime,
) -> AuditEntry:
    """Say whether a function is ready for a release; said again, the earlier word stays."""
    row = _upcoming(release)
    if function not in Function.values or state not in ReadinessState.values:
        raise NotThatWord(_("A function is ready, ready with risks, or not ready."))
    if state != ReadinessState.READY and not note.strip():
        raise NoReason(_("Say in one sentence what is missing."))
    tracker = audit.Tracker()
    tracker.create(
        Readiness(
            release=row, function=function, state=state, note=note.strip()[:2000], said_by=person, said_at=now
        )
    )
    return written("say_ready", row, tracker, now, actor=actor, function=function, state=state)


@transaction.atomic
def decide_go(
    *, actor: User, release: Release, verdict: str, why: str = "", person: Person | None, now: dt.datetime
) -> AuditEntry:
    """Record the go or no-go for a release, with what was known and missing then."""
    row = _upcoming(release)
    if verdict not in GoVerdict.values:
        raise NotThatWord(_("It is a go, a go with conditions, or a no-go."))
    if verdict != GoVerdict.GO and not why.strip():
        raise NoReason(_("Say why, or on which conditions."))
    held = held_by(row)
    known = {
        "missing": [f"{one.code}:{one.of}" for one in missing(requirements(row, held)) if one.code != "go"],
        "readiness": {function: word.state for function, word in held.readiness.items()},
    }
    tracker = audit.Tracker()
    tracker.create(
        GoDecision(
            release=row, verdict=verdict, why=why.strip()[:4000], known=known, decided_by=person, made_by=actor,
            decided_at=now,
        )
    )  # fmt: skip
    return written("say_go", row, tracker, now, actor=actor, verdict=verdict)


@transaction.atomic
def add_freeze(
    *,
    actor: User,
    title: str,
    from_on: dt.date,
    until_on: dt.date,
    area: Area | None = None,
    market: Market | None = None,
    now: dt.datetime,
) -> AuditEntry:
    """Keep days, the last included, on which nothing comes out."""
    if until_on < from_on:
        raise WrongDays(_("A freeze ends on the day it begins, or later."))
    row = FreezeWindow(
        title=" ".join(title.split())[:120], from_on=from_on, until_on=until_on, area=area, market=market,
        made_by=actor, created_at=now,
    )  # fmt: skip
    tracker = audit.Tracker()
    tracker.create(row)
    return _recorded("create", row, actor, tracker, now)


@transaction.atomic
def lift_freeze(*, actor: User, freeze: FreezeWindow, now: dt.datetime) -> AuditEntry:
    """Say that a freeze does not hold after all."""
    row = FreezeWindow.objects.select_for_update().get(pk=freeze.pk)
    if row.archived_at:
        raise NothingChanges(_("It does not hold any more."))
    tracker = audit.Tracker()
    tracker.change(row, archived_at=now)
    return _recorded("archive", row, actor, tracker, now)


def _upcoming(release: Release) -> Release:
    row = locked(release)
    if row.state not in UPCOMING:
        raise TooLate(_("It is out or withdrawn: nothing is agreed to any more."))
    return row


def _recorded(
    verb: str, row: FreezeWindow, actor: User, tracker: audit.Tracker, now: dt.datetime
) -> AuditEntry:
    return audit.record(
        actor=actor, verb=verb, kind=Kind.FREEZE_WINDOW, object_id=row.pk, object_name=row.title, now=now,
        rows=tracker.changes,
    )  # fmt: skip
