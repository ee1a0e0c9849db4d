"""Building a practice together: changes, objections and support under one's name, each answered; who its co-authors are."""

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.models import AuditEntry, User
from vertebra.accounts.outbox import queue_message
from vertebra.kit import clock
from vertebra.org.models import Person
from vertebra.org.queries.people import language_for
from vertebra.practices.actions.standing import locked, open_one, take_back, written
from vertebra.practices.labels.practices import ContributionKind, PracticeState
from vertebra.practices.models import CoAuthor, Contribution, Practice
from vertebra.practices.queries.reach import announced, is_standard

# A practice that waits for others is built together from the first who takes part.
OPENED_BY_TAKING_PART = frozenset({PracticeState.PROPOSED})


class NoWords(Refusal):
    """A contribution says something, and so does its answer."""


class LastOfAStandard(Refusal):
    """A standard has co-authors."""


@transaction.atomic
def contribute(
    *,
    actor: User,
    practice: Practice,
    person: Person | None,
    kind: str,
    words: str,
    language: str,
    now: dt.datetime,
) -> Contribution:
    """Bring a change, an objection or support; an objection before the announced day takes the announcement back."""
    row = open_one(practice)
    if not words.strip() and kind != ContributionKind.SUPPORT:
        raise NoWords(_("Say it in one sentence: those who build it answer you."))
    tracker = audit.Tracker()
    contribution = Contribution(
        practice=row, kind=kind, words=words.strip() or str(_("I stand behind it.")), language=language,
        person=person, at=now,
    )  # fmt: skip
    tracker.create(contribution)
    if kind == ContributionKind.OBJECTION:
        _reopen(tracker, row, now)
    elif row.state in OPENED_BY_TAKING_PART:
        tracker.change(row, state=PracticeState.CO_BUILT)
    written("contribute", row, tracker, now, actor=actor, kind=kind)
    return contribution


def _reopen(tracker: audit.Tracker, row: Practice, now: dt.datetime) -> None:
    """What is announced and has not begun waits for the answer; what holds already goes on."""
    waiting = list(announced(row, clock.today(now)))
    for reach in waiting:
        take_back(tracker, reach)
    if (waiting or row.state in OPENED_BY_TAKING_PART) and row.state != PracticeState.IN_FORCE:
        tracker.change(row, state=PracticeState.CO_BUILT)


@transaction.atomic
def answer_contribution(
    *,
    actor: User,
    contribution: Contribution,
    answer: str,
    is_taken_up: bool,
    person: Person | None,
    now: dt.datetime,
) -> AuditEntry:
    """Answer what somebody brought: taken up or not, and why; they are told."""
    row = open_one(contribution.practice)
    held = Contribution.objects.select_for_update(of=("self",)).get(pk=contribution.pk)
    if not answer.strip():
        raise NoWords(_("Say in one sentence what becomes of it, and why."))
    tracker = audit.Tracker()
    touched = tracker.change(held, answer=answer.strip(), is_taken_up=is_taken_up)
    if not touched:
        raise NothingChanges(_("It is written like this already."))
    tracker.change(held, answered_at=now, answered_by=person)
    _tell(row, held, actor, now)
    return written("answer", row, tracker, now, actor=actor, kind=held.kind)


def _tell(row: Practice, held: Contribution, actor: User, now: dt.datetime) -> None:
    """Whoever brought it is told what becomes of it; nobody is told of their own answer."""
    person = Person.objects.select_related("user").filter(pk=held.person_id or 0).first()
    if person is None or person.user is None or person.user_id == actor.pk:
        return
    queue_message(
        key=f"practice-answer:{held.pk}:{now.isoformat()}",
        template="practice_answer",
        particulars={
            "title": row.name, "words": " ".join(held.words.split()), "answer": " ".join(held.answer.split()),
            "is_taken_up": bool(held.is_taken_up),
        },
        language=language_for(person, held.language),
        now=now,
        to_user=person.user,
        address=reverse("practices:practice-show", args=(row.pk,)),
    )  # fmt: skip


@transaction.atomic
def add_co_author(*, actor: User | None, practice: Practice, person: Person, now: dt.datetime) -> AuditEntry:
    """Name somebody who builds a practice with the others."""
    row = open_one(practice)
    if row.co_authors.filter(person=person).exists():
        raise NothingChanges(_("They build it already."))
    tracker = audit.Tracker()
    tracker.create(CoAuthor(practice=row, person=person, added_at=now))
    if row.state in OPENED_BY_TAKING_PART:
        tracker.change(row, state=PracticeState.CO_BUILT)
    return written("add_co_author", row, tracker, now, actor=actor, person=person.name)


@transaction.atomic
def remove_co_author(*, actor: User | None, co_author: CoAuthor, now: dt.datetime) -> AuditEntry:
    """Name somebody no longer among those who build a practice; a standard keeps one at least."""
    row = locked(co_author.practice)
    others = row.co_authors.exclude(pk=co_author.pk)
    if not others.exists() and is_standard(row, clock.today(now)):
        raise LastOfAStandard(_("It is a standard: name another co-author first."))
    tracker = audit.Tracker()
    tracker.delete(co_author)
    return written("remove_co_author", row, tracker, now, actor=actor, person=co_author.person.name)
