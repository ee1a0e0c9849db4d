"""Importing a catalogue or values of many metrics: all or nothing, in one entry of the audit."""

import datetime as dt

from django.db import transaction
from django.utils.translation import get_language

from vertebra.accounts import audit, search
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.measures.actions.describing import clean, entry_of, free_slug
from vertebra.measures.actions.metrics import DEFINING
from vertebra.measures.actions.values import record_values
from vertebra.measures.importing.plan import MetricChange, Plan
from vertebra.measures.labels.metrics import MetricState
from vertebra.measures.models import Metric, Target
from vertebra.sources.labels import ImportState
from vertebra.sources.models import ImportRun


@transaction.atomic
def import_measures(*, actor: User, plan: Plan, run: ImportRun, now: dt.datetime) -> AuditEntry:
    """Put in the catalogue what the plan says, and record its values."""
    tracker = audit.Tracker()
    _write(actor, plan, tracker, now)
    entry = audit.record(
        actor=actor, verb="import", kind=Kind.IMPORT, object_id=run.pk, object_name=run.source.name,
        particulars={"counts": plan.counts()}, now=now, rows=tracker.changes,
    )  # fmt: skip
    run.state, run.applied_at, run.entry = ImportState.APPLIED, now, entry
    run.summary = {**run.summary, "counts": plan.counts()}
    run.save(update_fields=["state", "applied_at", "entry", "summary"])
    return entry


@transaction.atomic
def tell_measures(*, actor: User, plan: Plan, source: str, now: dt.datetime) -> AuditEntry | None:
    """The same for what a tool tells under a name: one entry for the catalogue, unless it changes nothing."""
    tracker = audit.Tracker()
    _write(actor, plan, tracker, now)
    if not tracker.changes:
        return None
    return audit.record(
        actor=actor, verb="import", kind=Kind.METRIC, object_name=source,
        particulars={"counts": plan.counts()}, now=now, rows=tracker.changes,
    )  # fmt: skip


def _write(actor: User, plan: Plan, tracker: audit.Tracker, now: dt.datetime) -> None:
    """Write the catalogue; the values of each metric have an entry of their own."""
    touched = []
    for one in plan.metrics:
        if one.effect == "unchanged" and one.target is None:
            continue
        count = len(tracker.changes)
        metric = _metric(actor, one, tracker, now)
        touched += [metric] if len(tracker.changes) > count else []
        _target(actor, metric, one, tracker, now)
    search.index_many([entry_of(metric) for metric in touched], now=now)
    for pk, values in plan.values.items():
        record_values(actor=actor, metric=plan.known[pk], rows=values, now=now)


def _metric(actor: User, one: MetricChange, tracker: audit.Tracker, now: dt.datetime) -> Metric:
    if one.there is None:
        given = clean(dict(one.given))
        given["slug"] = free_slug(given.get("slug") or given["name"])
        language = (get_language() or "fr")[:2]
        metric = Metric(**given, language=language, made_by=actor, created_at=now, changed_at=now)
        tracker.create(metric)
        return metric
    metric = Metric.objects.select_for_update().get(pk=one.there.pk)
    given = clean({**one.differing, "name": one.given["name"]}, metric)
    if touched := tracker.change(metric, **given):
        if DEFINING & set(touched) and metric.state == MetricState.VERIFIED:
            tracker.change(metric, state=MetricState.DRAFT, verified_by=None, verified_at=None)
        tracker.change(metric, changed_at=now)
    return metric


def _target(actor: User, metric: Metric, one: MetricChange, tracker: audit.Tracker, now: dt.datetime) -> None:
    if one.target is None:
        return
    value, by_on = one.target
    row = Target.objects.filter(metric=metric, by_on=by_on).first()
    if row is None:
        tracker.create(Target(metric=metric, value=value, by_on=by_on, made_by=actor, created_at=now))
    else:
        tracker.change(row, value=value)
