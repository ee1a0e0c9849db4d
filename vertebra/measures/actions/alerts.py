"""Thresholds that somebody watches, and what somebody marks on a line by hand."""

import datetime as dt
import math

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.measures.actions.crossings import is_beyond
from vertebra.measures.actions.marks import mark
from vertebra.measures.labels.charts import MarkKind
from vertebra.measures.models import Alert, Mark, Metric


class NoThreshold(Refusal):
    """A threshold is a number."""


class NotYours(Refusal):
    """Each person watches for themselves."""


class NoTitle(Refusal):
    """A mark says what happened."""


@transaction.atomic
def set_alert(*, actor: User, metric: Metric, side: str, threshold: float, now: dt.datetime) -> AuditEntry:
    """Ask to be told when a metric crosses a threshold; one that lies beyond it already has to come back first."""
    if not math.isfinite(threshold):
        raise NoThreshold(_("Give the threshold as a number."))
    if Alert.objects.filter(metric=metric, user=actor, side=side, threshold=threshold).exists():
        raise NothingChanges(_("You watch this threshold already."))
    is_crossed = metric.latest_value is not None and is_beyond(metric.latest_value, side, threshold)
    tracker = audit.Tracker()
    tracker.create(
        Alert(
            metric=metric, user=actor, side=side, threshold=threshold, is_crossed=is_crossed, created_at=now
        )
    )
    return _record(actor, "set_alert", metric, tracker, now)


@transaction.atomic
def remove_alert(*, actor: User, alert: Alert, now: dt.datetime) -> AuditEntry:
    """Watch a threshold no longer."""
    if alert.user_id != actor.pk:
        raise NotYours(_("Only those who watch a threshold stop watching it."))
    tracker = audit.Tracker()
    metric = alert.metric
    tracker.delete(alert)
    return _record(actor, "remove_alert", metric, tracker, now)


@transaction.atomic
def mark_by_hand(
    *,
    actor: User,
    metric: Metric,
    title: str,
    starts_on: dt.date,
    ends_on: dt.date | None,
    kind: str = MarkKind.NOTE,
    is_everywhere: bool = False,
    now: dt.datetime,
) -> AuditEntry:
    """Note on the line of a metric what happened on a day, or on every line: a holiday, a release."""
    title = " ".join(title.split())
    if not title:
        raise NoTitle(_("Say what happened."))
    if ends_on is not None and ends_on < starts_on:
        raise NoTitle(_("It ends before it begins."))
    tracker = audit.Tracker()
    row = mark(tracker, kind, title, starts_on, ends_on, metrics=[] if is_everywhere else [metric])
    row.made_by = actor
    row.save(update_fields=["made_by"])
    return _record(actor, "mark", metric, tracker, now)


@transaction.atomic
def remove_mark(*, actor: User, metric: Metric, mark: Mark, now: dt.datetime) -> AuditEntry:
    """Take a note off the line of a metric."""
    tracker = audit.Tracker()
    tracker.delete(mark)
    return _record(actor, "mark", metric, tracker, now)


def _record(actor: User, verb: str, metric: Metric, tracker: audit.Tracker, now: dt.datetime) -> AuditEntry:
    return audit.record(
        actor=actor, verb=verb, kind=Kind.METRIC, object_id=metric.pk, object_name=metric.name,
        now=now, rows=tracker.changes,
    )  # fmt: skip
