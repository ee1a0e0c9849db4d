"""What is undertaken so that a practice is lived: initiatives that carry it out."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.actions.thread import End, tie, untie
from vertebra.accounts.audit import NothingChanges
from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import AuditEntry, User
from vertebra.practices.actions.standing import open_one, written
from vertebra.practices.models import Practice
from vertebra.practices.queries.undertaken import initiatives_of
from vertebra.roadmap.models import Initiative


@transaction.atomic
def link_initiative(
    *, actor: User | None, practice: Practice, initiative: Initiative, now: dt.datetime
) -> AuditEntry:
    """Say that an initiative carries a practice out: the thread goes through it from then on."""
    row = open_one(practice)
    if _carries_out(initiative, row):
        raise NothingChanges(_("It carries it out already."))
    tracker = audit.Tracker()
    tie(tracker, *_step(initiative, row), by=actor, now=now)
    return written("link", row, tracker, now, actor=actor, initiative=initiative.title)


@transaction.atomic
def unlink_initiative(
    *, actor: User | None, practice: Practice, initiative: Initiative, now: dt.datetime
) -> AuditEntry:
    """Say that an initiative does not carry a practice out after all; the step is kept as ended."""
    row = open_one(practice)
    if not _carries_out(initiative, row):
        raise NothingChanges(_("It does not carry it out."))
    tracker = audit.Tracker()
    untie(tracker, *_step(initiative, row), now=now)
    return written("unlink", row, tracker, now, actor=actor, initiative=initiative.title)


def _carries_out(initiative: Initiative, practice: Practice) -> bool:
    return initiatives_of(practice.pk).filter(pk=initiative.pk).exists()


def _step(initiative: Initiative, practice: Practice) -> tuple[End, str, End]:
    return (Kind.INITIATIVE, initiative.pk), Relation.CARRIES_OUT, (Kind.PRACTICE, practice.pk)
