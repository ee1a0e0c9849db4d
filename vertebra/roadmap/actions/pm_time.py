"""Saying which initiative reduces what takes product managers off product."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.actions.thread import tie, untie
from vertebra.accounts.audit import NothingChanges, Refusal, Tracker
from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import AuditEntry, User
from vertebra.roadmap.models import Initiative
from vertebra.roadmap.queries.pm_time import PmTime


class NoSuchCause(Refusal):
    """Only what was named in the latest pulse can be reduced."""


@transaction.atomic
def tie_to_cause(
    *, actor: User, initiative: Initiative, pulse: PmTime, cause: str, now: dt.datetime
) -> AuditEntry:
    """Say that an initiative reduces one cause of the latest pulse on time off product."""
    labels = {one.code: one.label for one in pulse.causes}
    if cause not in labels:
        raise NoSuchCause(_("Choose one of the causes that were named."))
    tracker, me, other = Tracker(), (Kind.INITIATIVE, initiative.pk), (Kind.SURVEY, pulse.survey_id)
    untie(tracker, me, Relation.ANSWERS, other, now=now)
    tie(tracker, me, Relation.ANSWERS, other, by=actor, why=labels[cause], now=now)
    return _record(actor, "link", initiative, tracker, now)


@transaction.atomic
def untie_from_causes(*, actor: User, initiative: Initiative, pulse: PmTime, now: dt.datetime) -> AuditEntry:
    """Say that an initiative does not reduce what takes the time after all."""
    tracker, me = Tracker(), (Kind.INITIATIVE, initiative.pk)
    for survey_id in pulse.waves:
        untie(tracker, me, Relation.ANSWERS, (Kind.SURVEY, survey_id), now=now)
    if not tracker.changes:
        raise NothingChanges(_("This initiative is tied to no cause."))
    return _record(actor, "unlink", initiative, tracker, now)


def _record(actor: User, verb: str, row: Initiative, tracker: Tracker, now: dt.datetime) -> AuditEntry:
    return audit.record(
        actor=actor, verb=verb, kind=Kind.INITIATIVE, object_id=row.pk, object_name=row.title, now=now,
        rows=tracker.changes,
    )  # fmt: skip
