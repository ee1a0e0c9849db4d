"""What is checked, marked and found of every incident, whoever writes it down."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from vertebra.accounts import audit, search
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.evidence.labels import IncidentSeverity
from vertebra.evidence.models import Incident
from vertebra.kit import clock
from vertebra.measures.actions.marks import mark, unmark
from vertebra.measures.labels.charts import MarkKind
from vertebra.measures.models import Mark

# What is learnt of an incident that hurt is written down within so many days.
POST_MORTEM_DAYS = 10
TIMES = ("started_at", "detected_at", "told_at", "resolved_at")


class NoTitle(Refusal):
    """An incident has a title."""


class EndsTooEarly(Refusal):
    """Nothing ends, and nobody is told, before it began."""


class NotYet(Refusal):
    """What has not happened yet cannot be written down."""


def cleaned(given: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    """What is said, in order; refuses a time before the beginning, or one to come."""
    given["title"] = " ".join(str(given["title"]).split())[:200]
    if not given["title"]:
        raise NoTitle(_("Give the incident a title."))
    soon = now + dt.timedelta(minutes=5)
    if any(given.get(name) and given[name] > soon for name in TIMES):
        raise NotYet(_("This has not happened yet."))
    for name in ("told_at", "resolved_at"):
        if given.get(name) and given[name] < given["started_at"]:
            raise EndsTooEarly(_("Nothing ends, and nobody is told, before it began."))
    return given


def due_on(row: Incident) -> dt.date | None:
    """When what was learnt is to be written down: ten days after the end of an incident that hurt."""
    if row.severity == IncidentSeverity.MINOR:
        return None
    return clock.today(row.resolved_at or row.started_at) + dt.timedelta(days=POST_MORTEM_DAYS)


def mark_on_lines(tracker: audit.Tracker, row: Incident) -> None:
    """Mark the incident on every line, from its first day to its last."""
    starts, ends = clock.today(row.started_at), clock.today(row.resolved_at) if row.resolved_at else None
    mark(
        tracker, MarkKind.INCIDENT, row.title, starts, ends if ends != starts else None, Kind.INCIDENT, row.pk
    )


def mark_anew(tracker: audit.Tracker, row: Incident) -> None:
    """Let the mark of an incident follow its days, where it is marked."""
    if Mark.objects.filter(object_kind=Kind.INCIDENT, object_id=row.pk).exists():
        unmark(tracker, Kind.INCIDENT, row.pk)
        mark_on_lines(tracker, row)


def index(row: Incident, now: dt.datetime) -> None:
    """Let search find the incident."""
    search.index(_entry(row), now=now)


def _entry(row: Incident) -> search.Entry:
    text = f"{row.summary}\n{row.post_mortem}\n{' '.join(row.systems)}"
    return search.Entry(Kind.INCIDENT, row.pk, row.title, "", text, row.language)


def reindex(kind: str, ids: Iterable[int], now: dt.datetime) -> None:
    """Bring what search knows of these incidents up to date, and forget those that are no more (list SEARCH)."""
    if kind != Kind.INCIDENT:
        return
    wanted = set(ids)
    rows = list(Incident.objects.filter(pk__in=wanted, archived_at__isnull=True).order_by("pk"))
    search.index_many([_entry(row) for row in rows], now=now)
    search.unindex(kind, wanted - {row.pk for row in rows})
