"""Keeping search true to measures after a change that no other action of them made, such as one taken back."""

import datetime as dt
from collections.abc import Iterable

from vertebra.accounts import search
from vertebra.accounts.labels import Kind
from vertebra.measures.models import Board, Dashboard, DataRequest, Metric


def reindex(kind: str, ids: Iterable[int], now: dt.datetime) -> None:
    """Bring what search knows of these objects up to date, and forget those that are put away (list SEARCH)."""
    if kind not in {Kind.METRIC, Kind.DASHBOARD, Kind.BOARD, Kind.DATA_REQUEST}:
        return
    wanted = set(ids)
    found = _entries(kind, wanted)
    search.index_many(found, now=now)
    search.unindex(kind, wanted - {entry.object_id for entry in found})


def _entries(kind: str, ids: set[int]) -> list[search.Entry]:
    if kind == Kind.METRIC:
        metrics = Metric.objects.filter(pk__in=ids, archived_at=None)
        return [search.Entry(kind, m.pk, m.name, m.slug, m.definition, m.language) for m in metrics]
    if kind == Kind.DASHBOARD:
        dashboards = Dashboard.objects.filter(pk__in=ids, archived_at=None)
        return [
            search.Entry(kind, row.pk, row.name, row.get_tool_display(), row.description, row.language)
            for row in dashboards
        ]
    if kind == Kind.BOARD:
        boards = Board.objects.filter(pk__in=ids, archived_at=None, is_shared=True)
        return [search.Entry(kind, row.pk, row.title, "", row.description, row.language) for row in boards]
    requests = DataRequest.objects.filter(pk__in=ids)
    return [
        search.Entry(kind, row.pk, row.question, "", f"{row.details}\n{row.answer}", row.language)
        for row in requests
    ]
