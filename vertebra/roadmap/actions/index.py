"""Keeping search true to the roadmap after a change that no other action of it made, such as one taken back."""

import datetime as dt
from collections.abc import Callable, Iterable

from django.db.models import F

from vertebra.accounts import search
from vertebra.accounts.labels import Kind
from vertebra.roadmap.actions.standing import index_initiatives
from vertebra.roadmap.labels.reports import ReportState
from vertebra.roadmap.models import Cycle, Decision, Initiative, Objective, Playbook, Report

Entries = Callable[[set[int]], Iterable[search.Entry]]


def reindex(kind: str, ids: Iterable[int], now: dt.datetime) -> None:
    """Bring what search knows of these objects up to date, and forget those that are put away (list SEARCH)."""
    wanted = set(ids)
    if kind in {Kind.INITIATIVE, Kind.LAUNCH}:
        _reindex_initiatives(kind, wanted, now)
        return
    entries = _ENTRIES.get(kind)
    if entries is None:
        return
    found = list(entries(wanted))
    search.index_many(found, now=now)
    search.unindex(kind, wanted - {entry.object_id for entry in found})


def report_entry(row: Report) -> search.Entry:
    """What search knows of a published report: its sentences, and what stands in it."""
    told = [*row.sentences.values()]
    for section in row.content.get("sections", []):
        told += [section["heading"], *(line["title"] for line in section["rows"])]
    return search.Entry(
        Kind.REPORT, row.pk, row.title, row.content.get("period", ""), "\n".join(told), row.language
    )


def _reindex_initiatives(kind: str, wanted: set[int], now: dt.datetime) -> None:
    number = "pk" if kind == Kind.INITIATIVE else "launch"
    rows = Initiative.objects.filter(**{f"{number}__in": wanted}, archived_at=None)
    found = list(rows.annotate(number=F(number)))
    search.unindex(kind, wanted - {row.number for row in found})
    index_initiatives(found, now)


def _objectives(ids: set[int]) -> Iterable[search.Entry]:
    rows = Objective.objects.filter(pk__in=ids, archived_at=None)
    return [
        search.Entry(Kind.OBJECTIVE, row.pk, row.title, "", row.description, row.language) for row in rows
    ]


def _decisions(ids: set[int]) -> Iterable[search.Entry]:
    rows = Decision.objects.filter(pk__in=ids, published_at__isnull=False).select_related("topic")
    return [
        search.Entry(
            Kind.DECISION,
            row.pk,
            row.topic.title,
            "",
            f"{row.what}\n{row.why}",
            row.language,
        )
        for row in rows
    ]


def _cycles(ids: set[int]) -> Iterable[search.Entry]:
    rows = Cycle.objects.filter(pk__in=ids, archived_at=None)
    return [search.Entry(Kind.CYCLE, row.pk, row.title, language=row.language) for row in rows]


def _playbooks(ids: set[int]) -> Iterable[search.Entry]:
    rows = Playbook.objects.filter(pk__in=ids, archived_at=None)
    return [search.Entry(Kind.PLAYBOOK, row.pk, row.title, "", row.description, row.language) for row in rows]


def _reports(ids: set[int]) -> Iterable[search.Entry]:
    rows = Report.objects.filter(pk__in=ids, archived_at=None, state=ReportState.PUBLISHED)
    return [report_entry(row) for row in rows]


_ENTRIES: dict[str, Entries] = {
    Kind.OBJECTIVE: _objectives,
    Kind.DECISION: _decisions,
    Kind.CYCLE: _cycles,
    Kind.PLAYBOOK: _playbooks,
    Kind.REPORT: _reports,
}
