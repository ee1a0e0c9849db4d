"""Measuring what came of an initiative: computed when due, told to its lead, computed again when values were corrected."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.actions.thread import tie
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import AuditEntry, User, Watch
from vertebra.accounts.outbox import queue_message
from vertebra.kit import clock
from vertebra.roadmap.labels.results import MeasuredBy
from vertebra.roadmap.models import KeyResult, Result
from vertebra.roadmap.queries.baselines import is_lower_better
from vertebra.roadmap.queries.measuring import columns_of, estimated


class TooEarly(Refusal):
    """The window is fixed with the baseline: nobody looks before it is over."""


@transaction.atomic
def measure_result(*, actor: User | None, key_result: KeyResult, now: dt.datetime) -> AuditEntry:
    """Compute the result of a key result by the method its data allow; one told before is superseded, never edited."""
    rows = KeyResult.objects.select_for_update(of=("self",))
    found = rows.select_related("initiative__lead__user", "metric", "pain_point").get(pk=key_result.pk)
    _refuse_early(found, clock.today(now))
    columns = columns_of(estimated(found), is_lower_better=is_lower_better(found))
    tracker = audit.Tracker()
    before = Result.objects.filter(key_result=found, superseded_at__isnull=True).first()
    if before is not None:
        tracker.change(before, superseded_at=now)
    result = Result(key_result=found, computed_at=now, **columns)
    tracker.create(result)
    me, initiative = (Kind.RESULT, result.pk), (Kind.INITIATIVE, found.initiative_id)
    tie(tracker, me, Relation.MEASURES, initiative, by=actor, now=now)
    if before is not None:
        tie(tracker, me, Relation.REPLACES, (Kind.RESULT, before.pk), by=actor, now=now)
    entry = audit.record(
        actor=actor, verb="measure", kind=Kind.RESULT, object_id=result.pk, object_name=found.name, now=now,
        particulars=_told(found, result), rows=tracker.changes,
    )  # fmt: skip
    if before is None or (before.verdict, before.reason) != (result.verdict, result.reason):
        _tell(found, result, entry, is_corrected=before is not None, now=now)
    return entry


def _refuse_early(found: KeyResult, today: dt.date) -> None:
    is_ready = found.fixed_at is not None
    if found.measured_by == MeasuredBy.METRIC:
        is_ready = is_ready and found.due_on is not None and found.due_on <= today
    elif found.measured_by == MeasuredBy.HAND:
        is_ready = is_ready and found.after is not None
    if not is_ready:
        raise TooEarly(_("It is too early: the result comes by itself when the window is over."))


def _told(found: KeyResult, result: Result) -> dict[str, Any]:
    return {"initiative": found.initiative.title, "verdict": result.verdict, "method": result.method}


def _tell(
    found: KeyResult, result: Result, entry: AuditEntry, *, is_corrected: bool, now: dt.datetime
) -> None:
    """Tell its lead and those who follow the initiative that the result is in."""
    watches = Watch.objects.filter(
        kind=Kind.INITIATIVE, object_id=found.initiative_id, user__is_active=True
    ).select_related("user")
    users = {one.user_id: one.user for one in watches}
    lead = found.initiative.lead
    if lead is not None and lead.user is not None and lead.user.is_active:
        users[lead.user.pk] = lead.user
    for pk in sorted(users):
        queue_message(
            key=f"result:{entry.pk}:{pk}",
            template="result_in",
            particulars={
                "title": found.initiative.title,
                "name": found.name,
                "verdict": result.verdict,
                "is_corrected": is_corrected,
            },
            language=users[pk].language,
            now=now,
            to_user=users[pk],
            address=reverse("roadmap:result-show", args=(found.pk,)),
        )
