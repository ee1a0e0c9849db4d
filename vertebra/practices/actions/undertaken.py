"""What is undertaken so that a practice is lived: initiatives that carry it out."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.actions.thread import tie, untie
from vertebra.accounts.audit import NothingChanges
from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import AuditEntry, User
from vertebra.practices.actions.standing import open_one, written
from vertebra.practices.models import Practice
from vertebra.practices.queries.undertaken import carried_out_by
from vertebra.roadmap.models import Initiative


@transaction.atomic
def link_initiative(
    *, actor: User | None, practice: Practice, initiative: Initiative, now: dt.datetime
) -> AuditEntry:
    """Say that an initiative carries a practice out: the thread goes through it from then on."""
    row = open_one(practice)
    if carried_out_by(row.pk).filter(pk=initiative.pk).exists():
        raise NothingChanges(_("It carries it out already."))
    tracker = audit.Tracker()
    ends = (Kind.INITIATIVE, initiative.pk), (Kind.PRACTICE, row.pk)
    tie(tracker, ends[0], Relation.CARRIES_OUT, ends[1], by=actor, now=now)
    return written("link", row, tracker, now, actor=actor, initiative=initiative.title)


@transaction.atomic
def unlink_initiative(
    *, actor: User | None, practice: Practice, initiative: Initiative, now: dt.datetime
) -> AuditEntry:
    """Say that an initiative does not carry a practice out after all; the step is kept as ended."""
    row = open_one(practice)
    if not carried_out_by(row.pk).filter(pk=initiative.pk).exists():
        raise NothingChanges(_("It does not carry it out."))
    tracker = audit.Tracker()
    ends = (Kind.INITIATIVE, initiative.pk), (Kind.PRACTICE, row.pk)
    untie(tracker, ends[0], Relation.CARRIES_OUT, ends[1], now=now)
    return written("unlink", row, tracker, now, actor=actor, initiative=initiative.title)
