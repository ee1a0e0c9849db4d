"""Questions to the data team: asked in a line, answered by what exists or by an analyst."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts import audit, search
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.accounts.outbox import queue_message
from vertebra.measures.labels.charts import RequestState
from vertebra.measures.models import Dashboard, DataRequest, Metric
from vertebra.org.models import Person, Unit


class NothingAsked(Refusal):
    """A question is written in a line."""


class NothingAnswered(Refusal):
    """An answer says something, or points at what answers."""


class AlreadyAnswered(Refusal):
    """A question is answered once; the discussion goes on under it."""


@transaction.atomic
def ask_data_team(
    *,
    actor: User,
    question: str,
    language: str,
    details: str = "",
    person: Person | None = None,
    of_unit: Unit | None = None,
    answered_by: Metric | Dashboard | None = None,
    now: dt.datetime,
) -> DataRequest:
    """Put a question to the data team, or note that what exists already answers it."""
    question = " ".join(question.split())[:300]
    if not question:
        raise NothingAsked(_("Write your question in a line."))
    row = DataRequest(
        question=question, details=details.strip(), language=language, asked_by=person, of_unit=of_unit,
        asked_at=now,
    )  # fmt: skip
    if answered_by is not None:
        row.state, row.answered_at, row.answered_by = RequestState.SELF_SERVED, now, actor
        _point(row, answered_by)
    tracker = audit.Tracker()
    tracker.create(row)
    _index(row, now)
    _record(actor, "raise", row, tracker, now)
    return row


@transaction.atomic
def answer_request(
    *,
    actor: User,
    request: DataRequest,
    answer: str = "",
    metric: Metric | None = None,
    dashboard: Dashboard | None = None,
    now: dt.datetime,
) -> AuditEntry:
    """Answer a question, in words or by pointing at a metric or a dashboard; whoever asked is told."""
    row = _open(request)
    if not answer.strip() and metric is None and dashboard is None:
        raise NothingAnswered(_("Write the answer, or choose the metric or the dashboard that gives it."))
    tracker = audit.Tracker()
    values: dict[str, Any] = {"metric": metric or row.metric, "dashboard": dashboard or row.dashboard}
    tracker.change(
        row, state=RequestState.ANSWERED, answer=answer.strip(), answered_at=now, answered_by=actor, **values
    )
    _tell(row, actor, now)
    _index(row, now)
    return _record(actor, "answer", row, tracker, now)


@transaction.atomic
def find_answer(
    *, actor: User, request: DataRequest, found: Metric | Dashboard | None, now: dt.datetime
) -> AuditEntry:
    """Say that a question was answered without an analyst."""
    row = _open(request)
    tracker = audit.Tracker()
    values: dict[str, Any] = {}
    if found is not None:
        values = {"metric" if isinstance(found, Metric) else "dashboard": found}
    tracker.change(row, state=RequestState.SELF_SERVED, answered_at=now, answered_by=actor, **values)
    return _record(actor, "settle", row, tracker, now)


@transaction.atomic
def decline_request(*, actor: User, request: DataRequest, reason: str, now: dt.datetime) -> AuditEntry:
    """Say that a question will not be answered, and why."""
    row = _open(request)
    if not reason.strip():
        raise NothingAnswered(_("Say why: whoever asked will read it."))
    tracker = audit.Tracker()
    tracker.change(
        row, state=RequestState.DECLINED, answer=reason.strip(), answered_at=now, answered_by=actor
    )
    _tell(row, actor, now)
    return _record(actor, "decline", row, tracker, now)


def _open(request: DataRequest) -> DataRequest:
    row = (
        DataRequest.objects.select_for_update(of=("self",))
        .select_related("asked_by__user")
        .get(pk=request.pk)
    )
    if row.state != RequestState.ASKED:
        raise AlreadyAnswered(_("It has its answer already: add to it in the discussion."))
    return row


def _point(row: DataRequest, found: Metric | Dashboard) -> None:
    if isinstance(found, Metric):
        row.metric = found
    else:
        row.dashboard = found


def _tell(row: DataRequest, actor: User, now: dt.datetime) -> None:
    user = row.asked_by.user if row.asked_by else None
    if user is None or user.pk == actor.pk:
        return
    queue_message(
        key=f"data-request:{row.pk}:{row.state}",
        to_user=user,
        template="data_request_answered",
        particulars={
            "question": row.question,
            "answer": row.answer[:1000],
            "is_declined": row.state == RequestState.DECLINED,
        },
        language=user.language,
        address=reverse("measures:request-show", args=(row.pk,)),
        now=now,
    )


def _index(row: DataRequest, now: dt.datetime) -> None:
    text = f"{row.details}\n{row.answer}"
    search.index(search.Entry(Kind.DATA_REQUEST, row.pk, row.question, "", text, row.language), now=now)


def _record(actor: User, verb: str, row: DataRequest, tracker: audit.Tracker, now: dt.datetime) -> AuditEntry:
    return audit.record(
        actor=actor, verb=verb, kind=Kind.DATA_REQUEST, object_id=row.pk, object_name=row.question, now=now,
        rows=tracker.changes,
    )  # fmt: skip
