"""The life of a practice: tried by teams, freely; proposed; validated under a name; retired for a reason, taken up again."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.models import AuditEntry, User
from vertebra.evidence.actions.flow_endings import end_openings
from vertebra.kit import clock
from vertebra.org.models import Unit
from vertebra.practices.actions.reach_letters import tell_retired
from vertebra.practices.actions.standing import locked, open_one, refuse_unfit, take_back, written
from vertebra.practices.labels.practices import TO_REOPEN, PracticeState
from vertebra.practices.models import Practice, PracticeValidation, Trial
from vertebra.practices.queries.contributions import is_built_together, unanswered
from vertebra.practices.queries.flow import flow_openings
from vertebra.practices.queries.reach import announced, to_hold
from vertebra.practices.queries.rights import validator_of
from vertebra.practices.queries.texts import review_after, versions_of

BEGINNINGS = frozenset({PracticeState.IDEA, PracticeState.TRIAL})
TO_VALIDATE = frozenset({PracticeState.PROPOSED, PracticeState.CO_BUILT, PracticeState.IN_FORCE})


class TriedAlready(Refusal):
    """A team tries a practice once at a time."""


class NothingLearnt(Refusal):
    """A trial ends with what it taught."""


class NotTheMoment(Refusal):
    """A practice takes its steps in order."""


class NobodyBuiltIt(Refusal):
    """No practice is of one person alone."""


class Unanswered(Refusal):
    """An objection is answered before anything is validated."""


class NotTheirs(Refusal):
    """A practice is validated by a director or by its carrier, outside Product Ops, under their own name."""


class NoReason(Refusal):
    """Whoever lives a practice reads why."""


@transaction.atomic
def start_trial(
    *, actor: User | None, practice: Practice, unit: Unit, language: str, now: dt.datetime
) -> AuditEntry:
    """A team tries a practice: no permission is needed."""
    row = open_one(practice)
    if row.trials.filter(unit=unit, ends_on=None).exists():
        raise TriedAlready(_("This team tries it already."))
    tracker = audit.Tracker()
    tracker.create(
        Trial(
            practice=row, unit=unit, starts_on=clock.today(now), language=language, made_by=actor, created_at=now
        )
    )  # fmt: skip
    if row.state == PracticeState.IDEA:
        tracker.change(row, state=PracticeState.TRIAL)
    return written("try", row, tracker, now, actor=actor, unit=unit.pk)


@transaction.atomic
def end_trial(*, actor: User | None, trial: Trial, learnt: str, now: dt.datetime) -> AuditEntry:
    """End a trial with what the team learnt: what it says helps the next team, whichever way it went."""
    row = locked(trial.practice)
    held = Trial.objects.select_for_update().get(pk=trial.pk)
    if held.ends_on:
        raise NothingChanges(_("This trial has ended already."))
    if not learnt.strip():
        raise NothingLearnt(_("Say in one sentence what the team learnt: the next one begins from there."))
    tracker = audit.Tracker()
    tracker.change(held, ends_on=max(held.starts_on, clock.today(now)), learnt=learnt.strip())
    return written("end_trial", row, tracker, now, actor=actor, unit=held.unit_id)


@transaction.atomic
def propose_practice(*, actor: User | None, practice: Practice, now: dt.datetime) -> AuditEntry:
    """Put a practice before everyone: what is written is published, and anyone may change it, support it, object."""
    row = open_one(practice)
    if row.state not in BEGINNINGS:
        raise NotTheMoment(_("It was proposed already."))
    known = versions_of(row)
    refuse_unfit(known.latest)
    tracker = audit.Tracker()
    if known.draft:
        tracker.change(known.draft, published_at=now)
    state = PracticeState.CO_BUILT if is_built_together(row) else PracticeState.PROPOSED
    tracker.change(row, state=state)
    return written("propose", row, tracker, now, actor=actor)


@transaction.atomic
def validate_practice(*, actor: User, practice: Practice, words: str, now: dt.datetime) -> AuditEntry:
    """Say under one's own name that a practice may go beyond the teams that tried it, and why."""
    row = open_one(practice)
    day = clock.today(now)
    person = validator_of(actor, row, day)
    if person is None:
        raise NotTheirs(
            _("A director, or whoever carries it outside Product Ops, validates it under their own name.")
        )
    if row.state not in TO_VALIDATE:
        raise NotTheMoment(_("It is validated once it was proposed and built together."))
    if not words.strip():
        raise NoReason(_("Say in one sentence why: those who will live it read that first."))
    known = versions_of(row)
    if known.draft is not None or not known.published:
        raise NotTheMoment(
            _("Something written is not published: publish it first, so that all know what is validated.")
        )
    _refuse_alone(row)
    tracker = audit.Tracker()
    validation = PracticeValidation(
        version=known.published[0], person=person, words=words.strip(), language=row.language, at=now
    )
    tracker.create(validation)
    tracker.change(
        row, state=PracticeState.VALIDATED, validation=validation, is_validation_owed=False,
        next_review_on=max(row.next_review_on or day, review_after(day)),
    )  # fmt: skip
    return written("validate", row, tracker, now, actor=actor, words=words.strip(), by=person.name)


def _refuse_alone(row: Practice) -> None:
    """Refuse what nobody else took part in, and what somebody objects to without an answer."""
    if row.state != PracticeState.IN_FORCE and not is_built_together(row):
        raise NobodyBuiltIt(
            _("Nobody has taken part yet: name a co-author, or wait for a first contribution.")
        )
    waiting = unanswered(row).count()
    if waiting:
        raise Unanswered(_("An objection waits for an answer: answer it first, whichever way."))


@transaction.atomic
def reopen_practice(*, actor: User | None, practice: Practice, reason: str, now: dt.datetime) -> AuditEntry:
    """Build a practice together anew, for a reason: what holds goes on, what is announced waits until it is validated again."""
    row = open_one(practice)
    if row.state not in TO_REOPEN:
        raise NotTheMoment(_("Only what was validated, or is in force, is opened again."))
    if not reason.strip():
        raise NoReason(_("Say in one sentence why: those who live it read that."))
    tracker = audit.Tracker()
    for reach in announced(row, clock.today(now)):
        take_back(tracker, reach)
    tracker.change(row, state=PracticeState.CO_BUILT)
    return written("reopen", row, tracker, now, actor=actor, reason=reason.strip())


@transaction.atomic
def retire_practice(*, actor: User | None, practice: Practice, reason: str, now: dt.datetime) -> AuditEntry:
    """Retire a practice everywhere, for a reason that those who lived it read; trials end with it."""
    row = open_one(practice)
    day = clock.today(now)
    if not reason.strip():
        raise NoReason(_("Say in one sentence why: those who lived it read that."))
    tracker = audit.Tracker()
    held = list(to_hold(row, day))
    tell_retired(row, held, reason.strip(), now)
    for reach in held:
        tracker.change(reach, ends_on=max(reach.starts_on, day))
    for trial in row.trials.filter(ends_on=None):
        tracker.change(trial, ends_on=max(trial.starts_on, day))
    end_openings(tracker, flow_openings(row), now)
    tracker.change(row, state=PracticeState.RETIRED, reason=reason.strip())
    return written("retire", row, tracker, now, actor=actor, reason=reason.strip())


@transaction.atomic
def resume_practice(*, actor: User | None, practice: Practice, now: dt.datetime) -> AuditEntry:
    """Take up again what was retired: it is built together anew, and holds nowhere until it is validated."""
    row = locked(practice)
    if row.state != PracticeState.RETIRED:
        raise NothingChanges(_("It was not retired."))
    state = PracticeState.CO_BUILT if versions_of(row).published else PracticeState.IDEA
    tracker = audit.Tracker()
    tracker.change(row, state=state)
    return written("resume", row, tracker, now, actor=actor)
