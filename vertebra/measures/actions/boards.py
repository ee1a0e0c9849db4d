"""Boards of charts: private until their owner shares them."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from vertebra.accounts import audit, search
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.measures.models import Board, Chart, Metric

MOST_CHARTS = 12
MOST_METRICS = 12
LONGEST_MONTHS = 120


class NotYours(Refusal):
    """Only its owner changes a board."""


class NoTitle(Refusal):
    """A board has a title."""


class NoMetric(Refusal):
    """A chart shows at least one metric, and not more than a reader can tell apart."""


class TooManyCharts(Refusal):
    """A board that takes minutes to read is read by nobody."""


@transaction.atomic
def create_board(*, actor: User, title: str, language: str, description: str = "", now: dt.datetime) -> Board:
    """Begin a board, which only its owner sees."""
    title = " ".join(title.split())[:200]
    if not title:
        raise NoTitle(_("Give the board a title."))
    row = Board(
        title=title, description=description.strip(), language=language, owner=actor, created_at=now,
        changed_at=now,
    )  # fmt: skip
    tracker = audit.Tracker()
    tracker.create(row)
    _record(actor, "create", row, tracker, now)
    return row


@transaction.atomic
def change_board(*, actor: User, board: Board, now: dt.datetime, **values: Any) -> AuditEntry:
    """Name a board otherwise, say what it is for, share it with everybody or keep it to oneself."""
    row = _own(actor, board)
    tracker = audit.Tracker()
    if not tracker.change(row, **values):
        raise NothingChanges(_("It is so already."))
    if not row.title.strip():
        raise NoTitle(_("Give the board a title."))
    tracker.change(row, changed_at=now)
    _index(row, now)
    return _record(actor, "share" if values.get("is_shared") else "change", row, tracker, now)


@transaction.atomic
def archive_board(*, actor: User, board: Board, now: dt.datetime) -> AuditEntry:
    """Take a board out of the lists."""
    row = _own(actor, board)
    tracker = audit.Tracker()
    tracker.change(row, archived_at=now)
    search.unindex(Kind.BOARD, [row.pk])
    return _record(actor, "archive", row, tracker, now)


@transaction.atomic
def set_chart(
    *,
    actor: User,
    board: Board,
    chart: Chart | None,
    metrics: Sequence[Metric],
    now: dt.datetime,
    **values: Any,
) -> AuditEntry:
    """Put a chart on a board, or change one that is there."""
    row = _own(actor, board)
    if not 1 <= len(metrics) <= MOST_METRICS:
        raise NoMetric(_("Choose between one and %(count)d metrics for a chart.") % {"count": MOST_METRICS})
    tracker = audit.Tracker()
    if chart is None:
        if row.charts.count() >= MOST_CHARTS:
            raise TooManyCharts(_("A board holds %(count)d charts at most.") % {"count": MOST_CHARTS})
        last = row.charts.aggregate(last=Max("position"))["last"]
        chart = Chart(board=row, position=0 if last is None else last + 1, **values)
        tracker.create(chart)
    else:
        tracker.change(chart, **values)
    tracker.relate(chart, "metrics", metrics)
    tracker.change(row, changed_at=now)
    return _record(actor, "change", row, tracker, now)


@transaction.atomic
def remove_chart(*, actor: User, chart: Chart, now: dt.datetime) -> AuditEntry:
    """Take a chart off its board."""
    row = _own(actor, chart.board)
    tracker = audit.Tracker()
    tracker.delete(chart)
    tracker.change(row, changed_at=now)
    return _record(actor, "change", row, tracker, now)


@transaction.atomic
def move_chart(*, actor: User, chart: Chart, by: int, now: dt.datetime) -> AuditEntry:
    """Move a chart before or after its neighbours."""
    row = _own(actor, chart.board)
    charts = list(row.charts.all())
    at = next(number for number, one in enumerate(charts) if one.pk == chart.pk)
    to = max(0, min(len(charts) - 1, at + by))
    if to == at:
        raise NothingChanges(_("It stands at the end already."))
    charts.insert(to, charts.pop(at))
    tracker = audit.Tracker()
    for number, one in enumerate(charts):
        tracker.change(one, position=number)
    return _record(actor, "move", row, tracker, now)


def _own(actor: User, board: Board) -> Board:
    row = Board.objects.select_for_update().get(pk=board.pk)
    if row.owner_id != actor.pk:
        raise NotYours(_("Only %(name)s changes this board.") % {"name": row.owner})
    return row


def _index(row: Board, now: dt.datetime) -> None:
    if row.is_shared:
        search.index(search.Entry(Kind.BOARD, row.pk, row.title, "", row.description, row.language), now=now)
    else:
        search.unindex(Kind.BOARD, [row.pk])


def _record(actor: User, verb: str, row: Board, tracker: audit.Tracker, now: dt.datetime) -> AuditEntry:
    # A board nobody else sees is nobody else's business: its name is not in the audit.
    name = row.title if row.is_shared else ""
    return audit.record(
        actor=actor, verb=verb, kind=Kind.BOARD, object_id=row.pk, object_name=name, now=now,
        rows=tracker.changes if row.is_shared else (),
    )  # fmt: skip
